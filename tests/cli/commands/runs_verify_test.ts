import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { withWorkspace, type Workspace } from "../workspace.ts";

/** The directory of the latest run. */
function latest({ dir }: Workspace): string {
  // Beside them are the registry and the copies of data.
  const names = [...Deno.readDirSync(join(dir, "runs"))].map(({ name }) => name)
    .filter((name) => /^\d{8}-/.test(name));
  return join(dir, "runs", names.sort().at(-1)!);
}

/** Changes a file of the latest run. */
async function change(workspace: Workspace, name: string, change: (text: string) => string) {
  const path = join(latest(workspace), name);
  await Deno.writeTextFile(path, change(await Deno.readTextFile(path)));
}

Deno.test("runs that are intact are one line", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run --set window=6");
    for (const words of ["runs:verify", "runs:verify --all", "runs verify latest latest~1"]) {
      assertEquals(await call(words), {
        exit: 0,
        out: "2 runs: 2 intact; the registry is sound\n",
        err: "",
      });
    }
  });
});

Deno.test("what is off is a line of the table, with the exit status of a failed proof", async () => {
  await withWorkspace(async (workspace) => {
    const { call, write } = workspace;
    await call("run");
    await call("run");
    await change(workspace, "metrics.json", (text) => text.replaceAll('"ones": 2', '"ones": 3'));
    await write(`${latest(workspace).slice(workspace.dir.length)}/\u001b[2J`, "");
    const { exit, out, err } = await call("runs:verify");
    assertEquals([exit, err], [3, ""]);
    assertEquals(
      out.replace(/^(ekrx27 +metrics.json sha256 ) +[0-9a-f]{8} +[0-9a-f]{8} +/m, "$1 … … "),
      `RUN     CHECK                      EXPECTED  ACTUAL    STATUS
ekrx27  metrics.json sha256  … … differs
ekrx27  \\u{1b}[2J                  none      a file    unexpected
ekrx27  metrics.json metrics.ones  2         3         differs

2 runs: 1 intact, 1 damaged; the registry is sound
`,
    );
    assertEquals((await call("runs:verify latest~1")).exit, 0);
    assertEquals((await call("runs:verify ekrx27")).exit, 3);
  });
});

Deno.test("--verbose shows what is as it should be, and what could not be checked", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run --set signals=none");
    const { exit, out } = await call("runs:verify --verbose");
    assertEquals(exit, 0);
    assertMatch(out, /^ +registry integrity +ok +ok +ok$/m);
    assertMatch(out, /^7adgkp +row +as the manifest +as the manifest +ok$/m);
    assertMatch(out, /^7adgkp +run\.log sha256 +([0-9a-f]{8}) +\1 +ok$/m);
    assertMatch(out, /^7adgkp +signal hash +[0-9a-f]{8} +no signals file +not checked$/m);
  });
});

Deno.test("with --json the checks are data, hashes in full", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.call("run");
    assertEquals(JSON.parse((await workspace.call("runs:verify --json")).out), {
      schema: 1,
      verdict: "intact",
      total: 1,
      intact: 1,
      damaged: 0,
      crashed: 0,
      running: 0,
      elsewhere: 0,
      checks: [],
      repairs: [],
    });
    await change(workspace, "run.log", (text) => text.replace("started", "startex"));
    const { exit, out } = await workspace.call("runs:verify --json");
    const { verdict, damaged, checks } = JSON.parse(out);
    assertEquals([exit, verdict, damaged, checks.length], [3, "not intact", 1, 1]);
    assertEquals(Object.keys(checks[0]), ["run", "check", "expected", "actual", "status"]);
    assertEquals(checks[0].run, "20261123-085500-7adgkp");
    assertMatch(checks[0].actual, /^sha256:[0-9a-f]{64}$/);
  });
});

Deno.test("a registry that is gone is made again, and lists the same runs", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await call(["run", "--name", "the \u{1f3b2} first", "--tag", "b", "--tag", "a"]);
    await call("run --set signals=parquet");
    await call("run --set window=6 --tag failed");
    const before = await call("runs:list --json");
    await Deno.remove(join(dir, "runs", "registry.db"));
    const lost = await call("runs:verify");
    assertEquals(lost.exit, 3);
    assertMatch(lost.out, /^ +registry +a database +none +missing$/m);
    const listed = await call("runs:list --json --registry runs/registry.db");
    assertEquals([listed.exit, listed.out], [1, ""], "an audit makes none");
    assertMatch(listed.err, /knows no run, but there are 3 run directories in its folder/);
    assertEquals(await call("runs:verify --repair"), {
      exit: 0,
      out: `registry rebuilt: none was there
7adgkp: row rebuilt: from manifest.json
ekrx27: row rebuilt: from manifest.json
nw3ahr: row rebuilt: from manifest.json
3 runs: 3 intact; the registry is sound
`,
      err: "",
    });
    assertEquals(await call("runs:list --json"), before);
    assertEquals((await call("runs:verify --repair")).out.split("\n").length, 2);
  });
});

Deno.test("a damaged run is marked, which lists and pages say until it is whole again", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    await call("run");
    const [list, page] = [await call("runs:list"), await call("runs:show latest")];
    await change(workspace, "run.log", (text) => text.replace("started", "startex"));
    const marked = await call("runs:verify --repair");
    assertEquals(marked.exit, 3);
    assertMatch(marked.out, /^7adgkp: marked: run\.log sha256 differs$/m);
    assertMatch((await call("runs:list")).out, /^7adgkp +finished, damaged +2026/m);
    assertMatch(
      (await call("runs:show latest")).out,
      /^ +status +finished\n +damaged +run\.log sha256 differs\n/m,
    );
    const shown = JSON.parse((await call("runs:show latest --json")).out);
    assertEquals(shown.damage, "run.log sha256 differs");
    await change(workspace, "run.log", (text) => text.replace("startex", "started"));
    const outdated = await call("runs:verify");
    assertEquals(outdated.exit, 3);
    assertMatch(outdated.out, /^7adgkp +mark +none +run\.log sha256 differs +outdated$/m);
    assertEquals((await call("runs:verify --repair")).exit, 0);
    assertEquals([await call("runs:list"), await call("runs:show latest")], [list, page]);
  });
});

Deno.test("without any run, and of no such run, there is nothing to audit", async () => {
  await withWorkspace(async ({ call, files }) => {
    for (const words of ["runs:verify", "runs:verify --repair"]) {
      const { exit, err } = await call(words);
      assertEquals(exit, 2);
      assertMatch(err, /^error: There is no registry at \$DIR\/runs\/registry\.db yet\n/);
    }
    assertEquals(files(), ["config.yaml", "data.csv"]);
    await call("run");
    assertMatch((await call("runs:verify nope")).err, /^error: Cannot find run 'nope'/);
    assertMatch((await call("runs:verify --all latest")).err, /^error: Cannot use both --all and/);
    assertEquals((await call("runs:verify --all latest")).exit, 2);
  });
});
