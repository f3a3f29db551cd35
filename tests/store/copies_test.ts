/**
 * `--output` and `--log-file` of a run.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { CONFIG, DATA, withWorkspace, type Workspace } from "../cli/workspace.ts";
import { snapshotOf } from "../hostile/folder_snapshot.ts";

function read({ dir }: Workspace, name: string): Promise<string> {
  return Deno.readTextFile(join(dir, name));
}

/** Name of the one run directory. */
function runDirectory({ files }: Workspace): string {
  return files().find((path) => /^runs\/\d{8}-\d{6}-\w{6}$/.test(path))!;
}

Deno.test("copies of a run that finished are those of its directory", async () => {
  await withWorkspace(async (workspace) => {
    const { exit } = await workspace.call("run --output out.json --log-file logs/deep/run.log");
    assertEquals(exit, 0);
    const directory = runDirectory(workspace);
    assertEquals(
      await read(workspace, "out.json"),
      await read(workspace, `${directory}/metrics.json`),
    );
    assertEquals(
      await read(workspace, "logs/deep/run.log"),
      await read(workspace, `${directory}/run.log`),
    );
    assertEquals(workspace.files().filter((path) => path.endsWith(".tmp")), []);
  });
});

Deno.test("copies of a run that failed tell the failure", async () => {
  await withWorkspace(async (workspace) => {
    const words = "run --data none.csv --output out.json --log-file out.log";
    assertEquals((await workspace.call(words)).exit, 1);
    assertEquals(JSON.parse(await read(workspace, "out.json")).error_code, "data_unreadable");
    assertMatch(await read(workspace, "out.log"), /level=error .*\n.* status=failed /);
    await workspace.write("config.yaml", "windw: 3\n");
    assertEquals((await workspace.call(words)).exit, 2);
    assertEquals(JSON.parse(await read(workspace, "out.json")).error_code, "config_invalid");
  });
});

Deno.test("a run that could not even be reserved answers in JSON all the same", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("registry.db", "this is no database, but long enough to be one");
    const words = "run --registry file:registry.db --output out.json --json";
    const { exit, out } = await workspace.call(words);
    assertEquals(exit, 1);
    assertEquals(await read(workspace, "out.json"), out.replaceAll("$DIR", workspace.dir));
    const { status, error_code, version, run_id } = JSON.parse(out);
    assertEquals([status, error_code, version, run_id], [
      "error",
      "registry_unavailable",
      "v1",
      null,
    ]);
  });
});

Deno.test("an older copy is replaced", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("out.json", "old and long ".repeat(1000));
    await workspace.call("run --output out.json");
    assertEquals(JSON.parse(await read(workspace, "out.json")).status, "success");
  });
});

Deno.test("a copy over an input, a folder or the other copy is refused before anything runs", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("other.csv", DATA);
    await Deno.mkdir(join(workspace.dir, "folder"));
    await Deno.symlink("config.yaml", join(workspace.dir, "link.yaml"));
    await Deno.symlink(".", join(workspace.dir, "here"));
    const before = workspace.files();
    const cases: [words: string, message: RegExp][] = [
      ["--output config.yaml", /config\.yaml: the run needs that file/],
      ["--log-file config.yaml", /config\.yaml: the run needs that file/],
      ["--output ./folder/../config.yaml", /config\.yaml: the run needs that file/],
      ["--output link.yaml", /link\.yaml: the run needs that file/],
      ["--output here/config.yaml", /config\.yaml: the run needs that file/],
      ["--output data.csv", /data\.csv: the run needs that file/],
      ["--output runs/registry.db", /registry\.db: the run needs that file/],
      ["--registry file:r.db --log-file r.db", /r\.db: the run needs that file/],
      ["--data other.csv --output other.csv", /other\.csv: the run needs that file/],
      ["--data none.csv --log-file none.csv", /none\.csv: the run needs that file/],
      ["--output folder", /folder: it is a directory/],
      ["--log-file folder/", /folder: it is a directory/],
      ["--output x --log-file ./x", /Cannot write both metrics\.json and run\.log to /],
    ];
    for (const [words, message] of cases) {
      const { exit, err, out } = await workspace.call(`run ${words}`);
      assertEquals([exit, out], [2, ""], words);
      assertMatch(err, message);
    }
    assertEquals(workspace.files(), before);
    assertEquals([await read(workspace, "config.yaml"), await read(workspace, "other.csv")], [
      CONFIG,
      DATA,
    ]);
  });
});

Deno.test("a copy that cannot be written fails a run that is recorded as finished", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("file", "");
    const { exit, err } = await workspace.call("run --output file/out.json");
    assert(exit !== 0);
    assertMatch(err, /^error: Cannot write \$DIR\/file\/out\.json: /);
    const metrics = await read(workspace, `${runDirectory(workspace)}/metrics.json`);
    assertEquals(JSON.parse(metrics).status, "success");
  });
});

Deno.test("a copy never replaces or joins what sigrun keeps, in this folder of runs or in another", async () => {
  await withWorkspace(async (workspace) => {
    const { dir, call } = workspace;
    assertEquals((await call("run")).exit, 0);
    const copied = await new Deno.Command("cp", { args: ["-r", "runs", "copy"], cwd: dir })
      .output();
    assert(copied.success);
    await Deno.symlink(join(dir, "copy"), join(dir, "link"));
    const id = runDirectory(workspace).replace("runs/", "");
    await Deno.mkdir(join(dir, "copy", ".trash"));
    await Deno.mkdir(join(dir, "runs", "sweeps"));
    const before = await snapshotOf(dir);
    const names = [
      ...["metrics.json", "run.log", "config.yaml", "manifest.json", "labels.json", "new", "a/b"]
        .map((name) => `${id}/${name}`),
      ...["registry.db", "registry.db-journal", "data/x", "sweeps/x", "sweeps/y/z", ".trash/x"],
    ];
    for (const flag of ["--output", "--log-file"]) {
      for (const folder of ["runs", "copy", "link", "./runs/../copy"]) {
        for (const name of names) {
          const words = `${flag} ${folder}/${name}`;
          const { exit, out, err } = await call(`run ${words}`);
          assertEquals([exit, out], [2, ""], words);
          assertMatch(
            err,
            /Cannot write --[a-z-]+ to .*(?:sigrun keeps|of run|registry|needs)/,
            words,
          );
        }
      }
    }
    for (const folder of ["runs", "copy"]) {
      const words = `runs:export --all --force --output ${folder}/${id}/metrics.json`;
      const { exit, err } = await call(words);
      assertEquals(exit, 2, words);
      assertMatch(err, /Cannot write the archive to .*: it lies in the directory of run /);
    }
    assertEquals(await snapshotOf(dir), before);
    for (const free of ["runs/out.json", "data/out.json", "out/data/x", "copy/out.json"]) {
      assertEquals((await call(`run --output ${free}`)).exit, 0, free);
    }
  });
});
