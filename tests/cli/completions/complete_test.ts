import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { join } from "node:path";
import { COMMANDS } from "../../../lib/cli/commands/mod.ts";
import { candidateLines } from "../../../lib/cli/completions/candidates.ts";
import { operandKind } from "../../../lib/cli/completions/values.ts";
import { registryLocation } from "../../../lib/registry/location.ts";
import { openRegistry } from "../../../lib/registry/open.ts";
import { commitRun } from "../../../lib/registry/store.ts";
import { withWorkspace, type Workspace } from "../workspace.ts";

/** The words that are offered for the last of these; that it is an empty one is said by a space. */
async function offered({ call }: Pick<Workspace, "call">, line: string): Promise<string[]> {
  const { exit, out, err } = await call(["__complete", ...line.split(" ")]);
  assertEquals([exit, err], [0, ""], line);
  return out.split("\n").slice(0, -1).map((line) => line.split("\t")[0]!);
}

Deno.test("commands are offered by group and member, and as the tasks spell them", async () => {
  await withWorkspace(async (workspace) => {
    const top = await offered(workspace, "");
    const first = new Set(Object.keys(COMMANDS).map((name) => name.split(":")[0]!));
    assertEquals(top, [...first, "version"]);
    const members = Object.keys(COMMANDS).filter((name) => name.startsWith("check:"));
    assertEquals(
      await offered(workspace, "check "),
      members.map((name) => name.slice("check:".length)),
    );
    assertEquals(await offered(workspace, "check:"), members);
    assertEquals(await offered(workspace, "help runs co"), ["compare"]);
    assertEquals(await offered(workspace, "help wh"), ["where"]);
    assertEquals(await offered(workspace, "runs sh"), ["show"]);
    assertEquals(await offered(workspace, "zebra "), []);
    assertEquals(await offered(workspace, "runs zebra "), []);
  });
});

Deno.test("flags of every command are offered with their help, once each unless repeatable", async () => {
  await withWorkspace(async (workspace) => {
    for (const [name, { load }] of Object.entries(COMMANDS)) {
      const { flags } = (await load()).default;
      const words = await offered(workspace, `${name.replace(":", " ")} --`);
      for (const flag of flags) assert(words.includes(`--${flag.name}`), `${name} --${flag.name}`);
      assert(words.includes("--help"));
    }
    const after = await offered(workspace, "run --json --tag x --seed=5 --");
    assertEquals(["--json", "--seed", "--tag"].filter((flag) => after.includes(flag)), ["--tag"]);
    const { out } = await workspace.call(["__complete", "run", "--if"]);
    assertEquals(out.slice(0, 20), "--if-new\trun nothing");
    assertEquals(await offered(workspace, "run -- --"), []);
  });
});

Deno.test("values are offered by what the help calls them", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.call("run --tag baseline --set window=2");
    await workspace.call("run --tag sweep");
    const cases: [line: string, words: string[]][] = [
      ["run --config ", [":files"]],
      ["run -c ", [":files"]],
      ["run --input=x", [":files"]],
      ["runs list --runs-dir ", [":folders"]],
      ["runs list --status f", ["finished", "failed"]],
      ["runs list --tag ", ["baseline", "sweep"]],
      ["runs list --tag=ba", ["--tag=baseline"]],
      ["runs list --where wind", ["window"]],
      ["runs list --sort signal_r", ["signal_rate"]],
      ["runs best --max s", ["signal_rate"]],
      ["runs best --max wind", []],
      ["runs list --experiment rolling-m", ["rolling-mean"]],
      ["runs list --limit ", []],
      ["run --set windo", [":goes-on", "window="]],
      ["run --set columns.clo", [":goes-on", "columns.close="]],
      ["run --set evaluate.cost", [":goes-on", "evaluate.cost_bps="]],
      ["run --set=see", [":goes-on", "--set=seed="]],
      ["runs show ", ["latest", "latest~1", "ekrx27", "7adgkp"]],
      ["runs show la", ["latest", "latest~1"]],
      ["runs show latest~", ["latest~1"]],
      ["runs show 7", ["7adgkp"]],
      ["runs show 20261123-085500", ["20261123-085500-7adgkp"]],
      ["runs show EK", []],
      ["runs compare 7adgkp --all ek", ["ekrx27"]],
      ["runs compare --baseline ek", ["ekrx27"]],
      ["runs tag 7adgkp ", ["baseline", "sweep"]],
      ["runs restore ", []],
      ["data check ", [":files"]],
      ["completions ", ["bash", "zsh", "fish"]],
    ];
    for (const [line, words] of cases) assertEquals(await offered(workspace, line), words, line);
    await workspace.call("runs:delete 7adgkp --yes");
    assertEquals(await offered(workspace, "runs restore "), ["7adgkp"]);
    assertEquals(await offered(workspace, "runs show 7"), []);
  });
});

Deno.test("a registry is found by the words before the cursor, and none is made", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.call("run --runs-dir elsewhere --tag there");
    const before = workspace.files();
    assertEquals(await offered(workspace, "runs list --tag "), []);
    assertEquals(await offered(workspace, "runs list --runs-dir elsewhere --tag "), ["there"]);
    assertEquals(
      await offered(workspace, "runs list --registry=file:elsewhere/registry.db --tag "),
      ["there"],
    );
    assertEquals(await offered(workspace, "runs list --registry http://127.0.0.1:9 --tag "), []);
    assertEquals(await offered(workspace, "runs list --registry postgres://x --tag "), []);
    assertEquals(workspace.files(), before);
  });
});

Deno.test("a registry that is none, or is held, offers nothing and says nothing", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.call("run --tag there");
    await workspace.write("runs/registry.db", "no database".repeat(1000));
    assertEquals(await offered(workspace, "runs list --tag "), []);
    assertEquals(await offered(workspace, "runs show "), []);
    assertEquals((await offered(workspace, "run --set windo")).includes("window="), true);
  });
});

Deno.test("names that a shell would take for more than a word are left out", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    const hostile = ["$(id)", "`id`", "a b", "a'b", 'a"b', "a;b", "a\nb", "a\tb", "-x", "--x", "~x"]
      .concat("a\u001b[2J", "a\u202eb", "*", "a&b", "a|b", "a>b", "!x", "a\\b", "#x", "{a,b}");
    await call(["run", ...[...hostile, "good", "größer"].flatMap((tag) => [`--tag=${tag}`])]);
    const { runs: [run] } = JSON.parse((await call("runs:list --json")).out);
    const registry = await openRegistry(registryLocation(join(dir, "runs/registry.db"), dir));
    const named = (value: number) => Object.fromEntries(hostile.map((name) => [name, value]));
    try {
      await commitRun(registry, {
        ...run,
        name: "a\nb\t$(id)\u001b[2J",
        params: { ...named(1), lag: 1 },
        metrics: { ...named(1), loss: 1 },
      });
    } finally {
      registry.close();
    }
    assertEquals(await offered(workspace, "runs list --tag "), ["good", "größer"]);
    assertEquals(await offered(workspace, "runs list --sort lo"), ["loss"]);
    const names = await offered(workspace, "runs list --where ");
    assertEquals(names.filter((name) => hostile.includes(name)), []);
    assert(names.includes("lag") && names.includes("loss"));
    const { out } = await call(["__complete", "runs", "show", ""]);
    assertEquals(out.split("\n").length, 3);
    assertEquals(/[^\t\n\x20-\x7e]/.test(out), false, out);
  });
});

Deno.test("whatever words there are, each line is a directive or a plain word", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom("a", ":", "\t", "\n", "$", "-", "\u202e", "=") }),
  );
  const word = fc.record({ value: text, description: text });
  fc.assert(fc.property(fc.array(word), (words) => {
    for (const line of candidateLines({ words, goesOn: true }, { prefix: "" }).split("\n")) {
      assert(/^(|:goes-on|[\p{L}\p{N}_./-][^\s$'"`\\;&|<>*?!#()[\]{}]*(\t.+)?)$/u.test(line), line);
    }
  }));
});

Deno.test("what a flag and an operand take stands beside how the help calls it", async () => {
  const free = ["N", "K", "NAME", "SPAN", "SIZE", "TEXT", "SELECT", "HASH"];
  for (const [name, { load }] of Object.entries(COMMANDS)) {
    const { flags, operands } = (await load()).default;
    for (const { name: flag, value, takes } of flags) {
      const hasKind = value !== undefined && !free.includes(value) || flag === "experiment";
      assertEquals(takes !== undefined, hasKind, `${name} --${flag} ${value}`);
    }
    const words = operands?.usage.match(/[A-Z]+/g) ?? [];
    if (words.some((word) => !free.includes(word))) assert(operands?.takes, name);
  }
});

Deno.test("the last kind of operand is that of all that follow", () => {
  const operands = { usage: "REF TAG …", min: 0, max: 3, takes: ["run", "tag"] } as const;
  assertEquals([0, 1, 2, 3].map((at) => operandKind(operands, at)), ["run", "tag", "tag", null]);
  assertEquals(operandKind(undefined, 0), null);
});
