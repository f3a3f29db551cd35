import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { DATA, withWorkspace, type Workspace } from "../workspace.ts";

/** Names of the run directories. */
function runs({ files }: Workspace): readonly string[] {
  return files().filter((path) => /^runs\/\d{8}-\d{6}-\w{6}$/.test(path));
}

Deno.test("--if-new runs what was not run before", async () => {
  await withWorkspace(async (workspace) => {
    const { call, write } = workspace;
    assertMatch((await call("run --if-new")).out, /^run +20261123-085500-7adgkp +finished\n/);
    const changes: [what: string, change: () => Promise<unknown>, words: string][] = [
      ["the config", () => Promise.resolve(), "run --if-new --set window=2"],
      ["the data", () => write("data.csv", DATA.replace("13", "14")), "run --if-new"],
      ["the code", () => write(".program/main.ts", "changed"), "run --if-new"],
    ];
    for (const [at, [what, change, words]] of changes.entries()) {
      await change();
      const { exit, err } = await call(words);
      assertEquals([exit, err, runs(workspace).length], [0, "", at + 2], what);
    }
  });
});

Deno.test("--if-new prints the run that there is, and records none", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    const first = await call("run --name first");
    const json = await Deno.readTextFile(join(dir, runs(workspace)[0]!, "metrics.json"));
    const said = "Nothing was run: 7adgkp has the same config, data and code.\n";
    assertEquals(await call("run --if-new --name second"), { ...first, err: said });
    assertEquals(await call("run --if-new --json --output out.json --log-file out.log"), {
      exit: 0,
      out: json.replaceAll(dir, "$DIR"),
      err: said,
    });
    assertEquals(await Deno.readTextFile(join(dir, "out.json")), json);
    assertMatch(await Deno.readTextFile(join(dir, "out.log")), /^time=.* run=\S+7adgkp /);
    assertEquals(await call("run --if-new --quiet"), { exit: 0, out: "", err: "" });
    assertEquals(runs(workspace).length, 1);
    assertEquals(JSON.parse((await call("runs:list --json")).out).total, 1);
    // Which data is kept, and where it lies, makes no new run.
    await workspace.write("copy.csv", DATA);
    const words = "run --if-new --data copy.csv --set keep_data=false";
    assertEquals((await call(words)).err, said);
  });
});

Deno.test("--if-new knows a series by its files, in whatever order they are named", async () => {
  await withWorkspace(async ({ call, write }) => {
    const rows = DATA.split("\n");
    await write("a.csv", `${rows.slice(0, 3).join("\n")}\n`);
    await write("b.csv", [rows[0], ...rows.slice(3)].join("\n"));
    await call("run --data a.csv --data b.csv");
    const said = "Nothing was run: 7adgkp has the same config, data and code.\n";
    assertEquals((await call("run --if-new --data b.csv --data a.csv")).err, said);
    assertEquals((await call(["run", "--if-new", "--data", "?.csv"])).err, said);
    assertEquals((await call("run --if-new --data a.csv")).err.includes("Nothing"), false);
  });
});

Deno.test("--if-new answers from the registry where metrics.json is gone or was changed", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    const { out } = await call("run --json");
    const path = join(dir, runs(workspace)[0]!, "metrics.json");
    await Deno.writeTextFile(path, out.replace("0.6", "0.7"));
    assertEquals(JSON.parse((await call("run --if-new --json")).out), JSON.parse(out));
    await Deno.remove(path);
    assertEquals(JSON.parse((await call("run --if-new --json")).out), JSON.parse(out));
  });
});

Deno.test("--if-new takes no run that did not finish for one", async () => {
  await withWorkspace(async (workspace) => {
    const { call, write } = workspace;
    await write("data.csv", "time,close\n");
    for (const total of [1, 2]) {
      const { exit, err } = await call("run --if-new");
      assertEquals([exit, runs(workspace).length], [1, total]);
      assertMatch(err, /^error: /);
      assert(!err.includes("Nothing was run"));
    }
  });
});

Deno.test("--if-new lets a run fail, and be recorded, that cannot run at all", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    await call("run");
    const cases: [words: string, exit: number, runs: number][] = [
      ["run --if-new --config none.yaml", 2, 1],
      ["run --if-new --set windw=2", 2, 1],
      ["run --if-new --data none.csv", 1, 2],
      ["run --if-new --data .program", 1, 3],
      ["run --if-new --set experiment=./none.ts", 2, 3],
    ];
    for (const [words, exit, count] of cases) {
      assertEquals((await call(words)).exit, exit, words);
      assertEquals(runs(workspace).length, count, words);
    }
  });
});

Deno.test({
  name: "--if-new refuses data that can be read only once, and a check that may not have been made",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withWorkspace(async (workspace) => {
      const { call, dir } = workspace;
      await new Deno.Command("mkfifo", { args: [join(dir, "pipe")] }).output();
      const piped = await call("run --if-new --data pipe");
      assertEquals([piped.exit, piped.out, runs(workspace)], [2, "", []]);
      assertMatch(piped.err, /^error: Cannot use --if-new with \$DIR\/pipe: it can be read only o/);
      const input = await call("run --if-new --data -", { stdin: DATA });
      assertEquals([input.exit, input.out, runs(workspace)], [2, "", []]);
      assertMatch(input.err, /^error: Cannot use --if-new with standard input: /);
      const checked = await call("run --if-new --check-lookahead");
      assertEquals([checked.exit, checked.out, runs(workspace)], [2, "", []]);
      assertMatch(checked.err, /^error: Cannot use both --if-new and --check-lookahead: /);
      assertMatch(checked.err, /\nhint: .*deno task check:lookahead/);
    });
  },
});
