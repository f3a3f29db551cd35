import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { withWorkspace, type Workspace } from "../workspace.ts";

/** Ids of the run directories in a folder of runs, oldest first. */
function ids({ dir }: Workspace, folder = "runs"): readonly string[] {
  return [...Deno.readDirSync(join(dir, folder))].map(({ name }) => name)
    .filter((name) => /^\d{8}-/.test(name)).sort();
}

/** All runs as `runs:list` gives them. */
async function listed({ call }: Workspace, folder = "runs"): Promise<readonly unknown[]> {
  return JSON.parse((await call(`runs:list --json --all --runs-dir ${folder}`)).out).runs;
}

/** Runs of several kinds, and an archive `a.tar.gz` of all of them. */
async function exported(workspace: Workspace): Promise<void> {
  const { call } = workspace;
  await call("run --name first --tag b --tag a");
  await call("run --set signals=parquet --set window=2");
  await call("run --set signals=none");
  await call("run --set window=6");
  const { exit } = await call("runs:export --all --with-data -o a.tar.gz");
  assertEquals(exit, 0);
}

/** Takes away what the runs were made of, as on another machine. */
async function takeAway({ dir }: Workspace): Promise<void> {
  await Deno.rename(join(dir, "runs"), join(dir, "gone"));
  await Deno.rename(join(dir, "data.csv"), join(dir, "gone.csv"));
}

Deno.test("what was exported is imported: listed the same, intact, and reproduced from its data", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    await exported(workspace);
    const before = await listed(workspace);
    await takeAway(workspace);
    assertEquals(await call("runs:import a.tar.gz"), {
      exit: 0,
      out: `RUN     OUTCOME   DETAIL
7adgkp  imported
ekrx27  imported
nw3ahr  imported
w5eq09  imported

4 runs: 4 imported; 1 file of data (76 bytes)
`,
      err: "",
    });
    assertEquals(await listed(workspace), before);
    assertEquals((await call("runs:verify")).out, "4 runs: 4 intact; the registry is sound\n");
    const { directory } = JSON.parse((await call("runs:show latest --json")).out);
    assertEquals(directory, `$DIR/runs/${ids(workspace)[3]}`);
    const { exit, out } = await call("runs:reproduce --all");
    assertEquals(exit, 0, out);
    assertMatch(out, /^3 runs: 3 identical$/m);
    assert(workspace.files().every((path) => !path.includes(".import-")));
  });
});

Deno.test("importing twice changes nothing, from an archive, a folder, a run directory or a pipe", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await exported(workspace);
    await takeAway(workspace);
    await call("runs:import a.tar.gz");
    const [before, files] = [await listed(workspace), workspace.files()];
    const again = (sources: string, count: number) =>
      assertMatch(sources, new RegExp(`\\n${count} runs?: ${count} already here\\n$`));
    again((await call("runs:import a.tar.gz")).out, 4);
    again((await call("runs:import gone")).out, 4);
    again((await call("runs:import a.tar.gz gone a.tar.gz")).out, 4);
    again((await call(`runs:import gone/${ids(workspace)[0]}`)).out, 1);
    again((await call("runs:import runs")).out, 4);
    const piped = await call("runs:import -", { stdin: Deno.readFileSync(join(dir, "a.tar.gz")) });
    again(piped.out, 4);
    assertEquals([await listed(workspace), workspace.files()], [before, files]);
  });
});

Deno.test("a folder of runs is imported with its data; its registry, what crashed and other files are not", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir, write } = workspace;
    await exported(workspace);
    const [first, ...others] = ids(workspace);
    await takeAway(workspace);
    await Deno.remove(join(dir, "gone", first!, "manifest.json"));
    await write("gone/registry.db", "no registry");
    await write("gone/notes.txt", "x");
    await Deno.mkdir(join(dir, "gone", "x"));
    const { exit, out } = await call("runs:import gone --json");
    assertEquals(exit, 0);
    const { runs, ...counts } = JSON.parse(out);
    assertEquals(counts, {
      schema: 1,
      dry_run: false,
      refused: false,
      total: 4,
      imported: 3,
      recorded: 0,
      already_here: 0,
      conflicting: 0,
      damaged: 0,
      unfinished: 1,
      held_back: 0,
      data_files: 1,
      data_bytes: 76,
    });
    assertEquals(runs[0], { id: first, source: "gone", outcome: "unfinished", detail: "crashed" });
    assertEquals(ids(workspace), others);
    assertEquals((await call("runs:verify")).exit, 0);
    assertEquals([...Deno.readDirSync(join(dir, "runs"))].length, 5);
  });
});

Deno.test("a folder of runs that is where runs are gets the rows that it lacks", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await exported(workspace);
    const before = await listed(workspace);
    await Deno.remove(join(dir, "runs", "registry.db"));
    const { exit, out } = await call("runs:import runs");
    assertEquals(exit, 0);
    assertMatch(out, /^7adgkp {2}recorded {2}its directory was here, its row was not$/m);
    assertMatch(out, /\n4 runs: 4 recorded\n$/);
    assertEquals(await listed(workspace), before);
    assertEquals((await call("runs:verify")).exit, 0);
    // And the other way round.
    await Deno.remove(join(dir, "runs", ids(workspace)[1]!), { recursive: true });
    const back = await call("runs:import a.tar.gz");
    assertMatch(back.out, /^ekrx27 +imported +its row was here, its directory was not$/m);
    assertEquals(await listed(workspace), before);
    assertEquals((await call("runs:verify")).exit, 0);
  });
});

Deno.test("a dry run says the same and changes nothing", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    await exported(workspace);
    const before = workspace.files();
    const dry = await call("runs:import a.tar.gz --runs-dir new --dry-run");
    assertEquals(workspace.files(), before);
    const { exit, out } = await call("runs:import a.tar.gz --runs-dir new");
    assertEquals([dry.exit, dry.out], [exit, out.replace(/\n$/, "; nothing was changed\n")]);
    const files = workspace.files();
    await call("runs:import gone --runs-dir new --dry-run");
    await call("runs:import a.tar.gz --runs-dir runs --dry-run");
    assertEquals(workspace.files(), files);
  });
});

Deno.test("an id that another run has refuses the whole import, unless such runs are left out", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await call("run --set signals=none");
    await exported(workspace);
    const [taken, , third] = ids(workspace);
    await takeAway(workspace);
    // A run of the id of the first: its directory, then its row, then in another source.
    await call("runs:import gone");
    await Deno.rename(join(dir, "runs"), join(dir, "other"));
    const manifest = join(dir, "other", taken!, "manifest.json");
    const text = await Deno.readTextFile(manifest);
    await Deno.writeTextFile(manifest, text.replace("/gone/", "/wrong/").replace("latency", "x"));
    await Deno.remove(join(dir, "other", third!), { recursive: true });
    await Deno.remove(join(dir, "other", "registry.db"));
    const files = (): readonly string[] =>
      workspace.files().filter((path) => path !== "other/registry.db");
    const before = files();
    const refused = await call("runs:import a.tar.gz --runs-dir other");
    assertEquals(refused.exit, 1);
    assertMatch(refused.out, /^7adgkp +conflicting +another run of this id is here$/m);
    assertMatch(refused.out, /^nw3ahr +held back$/m);
    assertMatch(refused.out, /1 conflicting, 4 held back; nothing was imported\n$/m);
    assertMatch(refused.err, /^error: Nothing was imported: .*\nhint: .* --skip-conflicts\n$/);
    assertEquals(files(), before);
    const { exit, out } = await call("runs:import a.tar.gz --runs-dir other --skip-conflicts");
    assertEquals(exit, 0);
    assertMatch(out, /\n5 runs: 1 imported, 3 recorded, 1 conflicting\n$/);
    assertEquals(ids(workspace, "other").includes(third!), true);
    assert((await Deno.readTextFile(manifest)).includes('"x_ms"'), "what was here stays");
  });
});

Deno.test("of labels those that were given last hold, in both directions", async () => {
  await withWorkspace(async (workspace) => {
    const { call } = workspace;
    const labels = async (folder: string): Promise<unknown> => {
      const { out } = await call(`runs:show latest --json --runs-dir ${folder}`);
      const { name, tags, note } = JSON.parse(out);
      return [name, tags, note];
    };
    await call("run --name one");
    await call("runs:export latest -o 0.tar");
    await call("runs:import 0.tar --runs-dir other");
    await call("runs:tag latest x");
    await call(["runs:note", "latest", "noted"]);
    await call("runs:export latest -o 1.tar");
    const newer = await call("runs:import 1.tar --runs-dir other");
    assertMatch(newer.out, /^7adgkp +already here +its labels were older than these$/m);
    assertEquals(await labels("other"), ["one", ["x"], "noted"]);
    await call("runs:name latest two --runs-dir other");
    for (const archive of ["0.tar", "1.tar"]) {
      const { out } = await call(`runs:import ${archive} --runs-dir other`);
      assertMatch(out, /^7adgkp +already here$/m);
      assertEquals(await labels("other"), ["two", ["x"], "noted"]);
    }
    await call("runs:import other");
    assertEquals(await labels("runs"), ["two", ["x"], "noted"]);
    for (const folder of ["runs", "other"]) {
      assertEquals((await call(`runs:verify --runs-dir ${folder}`)).exit, 0);
    }
    // New to a folder, and with labels that came later than its manifest.
    await call("runs:import 1.tar --runs-dir third");
    assertEquals(await labels("third"), ["one", ["x"], "noted"]);
    assertEquals((await call("runs:verify --runs-dir third")).exit, 0);
  });
});

Deno.test("a folder that holds links, no runs, or nothing at all is refused", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir, write } = workspace;
    await call("run");
    const [id] = ids(workspace);
    const link = async (target: string, name: string): Promise<string> => {
      await Deno.symlink(target, join(dir, name));
      return name;
    };
    await Deno.mkdir(join(dir, "a"));
    await link(join(dir, "runs", id!), `a/${id}`);
    await Deno.mkdir(join(dir, "b", id!), { recursive: true });
    for (const name of ["manifest.json", "metrics.json", "run.log"]) {
      await Deno.copyFile(join(dir, "runs", id!, name), join(dir, "b", id!, name));
    }
    await link("/etc/passwd", `b/${id}/config.yaml`);
    await Deno.mkdir(join(dir, "c"));
    const before = workspace.files();
    for (
      const [source, error] of [
        ["a", `Cannot import $DIR/a/${id}: it is a symbolic link`],
        ["b", `Cannot import $DIR/b/${id}/config.yaml: it is a symbolic link, not a file`],
        ["c", "There are no runs in c"],
        ["nope", "Cannot import $DIR/nope: there is no such file or folder"],
        ["data.csv", "Cannot import data.csv: it is cut off"],
      ] as const
    ) {
      const { exit, out, err } = await call(`runs:import ${source} --runs-dir other`);
      assertEquals([exit > 0, out, err.split("\n")[0]], [true, "", `error: ${error}`]);
    }
    assertEquals(workspace.files(), before);
    await write("x", "");
    const size = await call("runs:import x --max-size lots");
    assertMatch(size.err, /^error: Cannot use --max-size 'lots': expected a size\n/);
    const terminal = await call("runs:import -", { isTerminal: true });
    assertMatch(terminal.err, /from standard input: it is a terminal/);
  });
});

Deno.test("what an import that was killed left behind goes with the next one, or as garbage", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir, write } = workspace;
    await exported(workspace);
    await Deno.mkdir(join(dir, "runs", ".import-old"));
    await write("runs/.import-old/lock", "");
    await write("runs/.import-old/x", "four");
    const garbage = await call("runs:gc --yes");
    assertMatch(garbage.out, /4 bytes/);
    assertEquals(workspace.files().filter((path) => path.includes(".import-")), []);
    await takeAway(workspace);
    for (const name of ["dead/0/runs/x", "empty", "alive/0"]) {
      await Deno.mkdir(join(dir, "runs", `.import-${name}`), { recursive: true });
    }
    await write("runs/.import-dead/lock", "");
    await write("runs/.import-alive/lock", "");
    using alive = await Deno.open(join(dir, "runs/.import-alive/lock"), { write: true });
    await alive.lock(true);
    assertEquals((await call("runs:import a.tar.gz")).exit, 0);
    const left = workspace.files().filter((path) => path.includes(".import-"));
    assertEquals(left, [
      "runs/.import-alive",
      "runs/.import-alive/0",
      "runs/.import-alive/lock",
    ]);
  });
});

Deno.test("a run of another machine is shown, labelled, deleted and collected here like any other", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    const cluster = { system: { hostname: "cluster" } };
    await call("run", cluster);
    await call("run --set window=2", cluster);
    await call("runs:export --all --with-data -o a.tar.gz", cluster);
    await takeAway(workspace);
    await call("runs:import a.tar.gz");
    const [first, second] = ids(workspace);
    const shown = JSON.parse((await call("runs:show 7adgkp --json")).out);
    assertEquals([shown.status, shown.environment.hostname], ["finished", "cluster"]);
    assertEquals(shown.directory, `$DIR/runs/${first}`);
    assertEquals((await call("runs:tag 7adgkp x")).exit, 0);
    assert((await Deno.stat(join(dir, "runs", first!, "labels.json"))).isFile);
    assertEquals((await call("runs:delete 7adgkp --yes")).exit, 0);
    assertMatch(
      (await call("runs:import a.tar.gz")).out,
      /^7adgkp +already here +deleted: runs:re/m,
    );
    assertEquals((await call("runs:gc --yes")).exit, 0);
    assertEquals(ids(workspace), [second!]);
    assertEquals((await call("runs:verify")).out, "1 run: 1 intact; the registry is sound\n");
    // What was collected can be imported again.
    assertMatch((await call("runs:import a.tar.gz")).out, /1 imported, 1 already here\n$/);
    assertEquals((await call("runs:verify")).out, "2 runs: 2 intact; the registry is sound\n");
  });
});
