import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/csv/parse";
import { join } from "node:path";
import { printableLines } from "../../../lib/quote.ts";
import { registryLocation } from "../../../lib/registry/location.ts";
import { openRegistry } from "../../../lib/registry/open.ts";
import { commitRun, type StorableRun } from "../../../lib/registry/store.ts";
import { type Called, withWorkspace } from "../workspace.ts";

/** Clears the screen, reorders, hides, rings, goes back to the line's start. */
const HOSTILE = "a\u001b[2J\u009b31m\u202e\u2066\u200b\u00ad\u{e0041}\u0007\r\tz";

/** All that an attacker would want: the same, and a line that looks like sigrun's. */
const FORGED = `${HOSTILE}\nstatus finished`;

/** Asserts that no text reached a stream raw, and no line was made up. */
function assertHarmless({ out, err }: Called, said: string): void {
  for (const text of [out, err]) {
    assertEquals(printableLines(text), text, said);
    assert(!/^\s*status finished/m.test(text), `${said}: ${text}`);
  }
}

Deno.test("hostile names, tags and labels of a run reach no terminal as they are", async () => {
  await withWorkspace(async ({ call, write }) => {
    const yaml = JSON.stringify(HOSTILE).replaceAll("\u009b", "\\x9b");
    await write("config.yaml", `version: ${yaml}\nseed: 1\nwindow: 3\n`);
    const run = ["run", "--name", FORGED, "--tag", FORGED];
    for (
      const words of [
        run,
        [...run, "--set", "window=2"],
        [...run, "--set", "window=100"],
        ["run", "--dry-run"],
        ["config:check"],
        ["runs:list"],
        ["runs:list", "--tag", FORGED],
        ["runs:list", "--md"],
        ["runs:list", "--where", `name = ${JSON.stringify(FORGED)} and tag is not missing`],
        ["runs:list", "--cols", "id,name,tags,version", "--sort", "name"],
        ["runs:list", "--all-columns"],
        ["runs:best", "--max", "ties"],
        ["runs:show", "latest"],
        ["runs:show", "latest~1"],
        ["runs:compare", "latest~2", "latest~1"],
        ["runs:compare", "latest~2", "latest", "--all"],
        ["runs:compare", "latest~2", "latest~1", "--md"],
        ["runs:diff", "latest~2", "latest~1"],
        ["runs:diff", "latest~2", "latest~1", "--config", "--all"],
        ["runs:name", "latest", FORGED],
        ["runs:tag", "latest", `${FORGED}2`],
        ["runs:untag", "latest", `${FORGED}2`],
        ["runs:note", "latest", FORGED.repeat(2)],
        ["runs:note", "latest", "--json"],
        ["runs:show", "latest"],
        ["runs:gc", "--dry-run"],
        // Last, as its statements hold the file until they are collected, or the process ends.
        ["runs:sql", "SELECT name, config_version, config FROM runs"],
        ["runs:sql", "SELECT name, config_version, config FROM runs", "--md"],
      ]
    ) {
      const called = await call(words);
      const told = `${words.join(" ")}: ${called.err}`;
      assertEquals(called.exit, words.includes("window=100") ? 1 : 0, told);
      assertHarmless(called, words.join(" "));
    }
    const asked = await call("runs:delete latest", { stdin: "n\n", isTerminal: true });
    assert(asked.err.includes("a\\u{1b}[2J"), "the question names the run");
    assertHarmless(asked, "runs:delete");
    const { runs } = JSON.parse((await call("runs:list --json")).out);
    assertEquals([runs[0].name, runs[0].tags], [FORGED, [FORGED]]);
    const [header, first] = parse((await call("runs:list --csv")).out);
    assertEquals(first![header!.indexOf("name")], FORGED);
  });
});

Deno.test("hostile words of the command line are quoted in errors", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run -q");
    for (
      const words of [
        [FORGED],
        ["runs", FORGED],
        ["run", FORGED],
        ["run", `--${FORGED}`],
        ["run", `--json=${FORGED}`],
        ["run", "--set", FORGED],
        ["run", "--set", `${FORGED}=1`],
        ["run", "--set", `window=${FORGED}`],
        ["run", "--seed", FORGED],
        ["runs:list", "--status", FORGED],
        ["runs:list", "--sort", FORGED],
        ["runs:list", "--where", FORGED],
        ["runs:list", "--where", `${JSON.stringify(FORGED)} = 1`],
        ["runs:list", "--where", `status = ${JSON.stringify(FORGED)}`],
        ["runs:list", "--cols", FORGED],
        ["runs:best", "--max", FORGED],
        ["runs:sql", FORGED],
        ["runs:sql", `SELECT ${JSON.stringify(FORGED)}`],
        ["runs:list", "-n", FORGED],
        ["runs:show", FORGED],
        ["runs:compare", "latest", FORGED],
        ["runs:show", "x", "--registry", `ftp://${FORGED}`],
      ]
    ) {
      const called = await call(words);
      assertEquals([called.exit, called.out], [2, ""], words.join(" "));
      assertHarmless(called, words.join(" "));
    }
  });
});

Deno.test("hostile paths are shown without what commands a terminal", async () => {
  await withWorkspace(async ({ call, dir }) => {
    const name = HOSTILE.replaceAll(/[\r\t]/g, "");
    await Deno.mkdir(join(dir, name));
    for (
      const words of [
        ["config:check", "--config", name],
        ["config:check", "--config", `${name}.yaml`],
        ["config:check", "--data", name],
        ["run", "--data", `${name}.csv`],
        ["run", "--data", name],
        ["run", "--runs-dir", name],
        ["run", "--runs-dir", name, "--data", "nope.csv"],
        ["run", "--output", name],
        ["run", "--set", `experiment=./${name}.ts`],
        ["runs:list", "--runs-dir", name],
        ["runs:show", "latest", "--runs-dir", name],
        ["runs:list", "--registry", `file:${name}.db`],
      ]
    ) {
      assertHarmless(await call(words), words.join(" "));
    }
  });
});

Deno.test("hostile titles and cells of a data file are quoted in errors", async () => {
  await withWorkspace(async ({ call, write }) => {
    const cell = `"${HOSTILE}"`;
    for (
      const data of [
        `time,${cell}\n1,2\n`,
        `${cell},close\n${cell},n.a.\n`,
        `time,close\n1,${cell}\n`,
        `time,close\n${cell},1\n2,2\n`,
        `time,close,${cell}\n1\n`,
        `"${FORGED}",open\n1,1\n`,
        `time,close\n1,"${FORGED}"\n`,
      ]
    ) {
      await write("data.csv", data);
      for (const words of ["run", "run --dry-run", "runs:list", "runs:show latest"]) {
        assertHarmless(await call(words), `${words} of ${data}`);
      }
    }
  });
});

Deno.test("hostile keys and values of a config are quoted in errors", async () => {
  await withWorkspace(async ({ call, write }) => {
    const text = JSON.stringify(FORGED).replaceAll("\u009b", "\\x9b");
    for (
      const line of [
        `${text}: 5`,
        `window: ${text}`,
        `columns: {close: ${text}}`,
        `columns:\n  ${text}: x`,
        `experiment: ${text}`,
        `experiment: ${text.slice(0, -1)}/x.ts"`,
        `signals: ${text}`,
        `window: *${HOSTILE}`,
        `window: !!${HOSTILE} x`,
      ]
    ) {
      await write("config.yaml", `version: v1\nseed: 1\n${line}\n`);
      for (const words of ["config:check", "run", "runs:show latest"]) {
        assertHarmless(await call(words), `${words} of ${line}`);
      }
    }
  });
});

Deno.test("a registry that others write to is shown as warily as a file", async () => {
  await withWorkspace(async ({ call, dir }) => {
    await call("run -q");
    const { runs: [run] } = JSON.parse((await call("runs:list --json")).out);
    const hostile = (id: string, window: unknown): StorableRun => ({
      ...run,
      id,
      name: FORGED,
      experiment: FORGED,
      config_version: FORGED,
      started_at: FORGED,
      data_path: FORGED,
      error_code: FORGED,
      error_message: HOSTILE,
      directory: FORGED,
      environment: { [FORGED]: { [FORGED]: FORGED } },
      config: { [FORGED]: FORGED },
      params: { [FORGED]: FORGED, window },
      metrics: { [FORGED]: 1 },
      hashes: Object.fromEntries(Object.keys(run.hashes).map((name) => [name, FORGED])),
      tags: [FORGED],
      artifacts: [{ path: FORGED, sha256: FORGED, bytes: 1 }],
    });
    const registry = await openRegistry(registryLocation("runs/registry.db", dir));
    try {
      await commitRun(registry, hostile(`20261123-085559-${HOSTILE}`, FORGED));
      await commitRun(registry, hostile("20261123-085559-000000", 2));
    } finally {
      registry.close();
    }
    for (
      const words of [
        "runs:list",
        "runs:list --sort window",
        "runs:list --sort nope",
        "runs:show 000000",
        "runs:show 20261123-085559",
        "runs:compare 000000 7adgkp",
        "runs:compare 000000 7adgkp --all",
        "runs:compare 000000 7adgkp --all --md",
        "runs:diff 000000 7adgkp --all",
        "run",
      ]
    ) {
      assertHarmless(await call(words), words);
    }
  });
});

Deno.test("a megabyte of hostile text is compared unharmed, and cut where people read", async () => {
  await withWorkspace(async ({ call, dir }) => {
    await call("run -q");
    await call("run -q --set window=2");
    const long = FORGED.repeat(Math.ceil(2 ** 20 / FORGED.length));
    const { runs: [run] } = JSON.parse((await call("runs:list --json")).out);
    const registry = await openRegistry(registryLocation("runs/registry.db", dir));
    try {
      await commitRun(registry, {
        ...run,
        name: long,
        config: { ...run.config, text: FORGED },
        params: { ...run.params, text: long },
      });
    } finally {
      registry.close();
    }
    for (
      const words of [
        "runs:compare latest~1 latest",
        "runs:compare latest~1 latest --md",
        "runs:compare --where window>0 --all",
        "runs:diff latest~1 latest",
      ]
    ) {
      const called = await call(words);
      assertEquals(called.exit, 0, words);
      assertHarmless(called, words);
      assert(called.out.length < 20_000, `${words}: ${called.out.length} characters`);
    }
    const compared = JSON.parse((await call("runs:compare latest~1 latest --json")).out);
    const values = ["name", "text"].map((wanted) =>
      compared.comparison.find(({ name }: { name: string }) => name === wanted).values[1]
    );
    assertEquals(values.map((value) => value === long), [true, true]);
    const diff = JSON.parse((await call("runs:diff latest~1 latest --config --json")).out);
    const added = diff.config.differences.find(({ key }: { key: string }) => key === "text");
    assertEquals(added.after, FORGED);
  });
});
