/**
 * The run protocol between processes: starts at once, signals, kills.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { createClient } from "@libsql/client/sqlite3";
import { join } from "node:path";
import { localRegistry, registryLocation } from "../../lib/registry/location.ts";
import { isAlive, withLiveness } from "../../lib/store/liveness.ts";
import { assertComplete } from "./complete.ts";
import { type Ended, sigrun, type SigrunProcess, startSigrun } from "./sigrun_process.ts";
import { DATA, withWorkspace, type Workspace } from "./workspace.ts";

/** Named pipes, and signals other than SIGINT. */
const POSIX = Deno.build.os !== "windows";

/** Names of the run directories, oldest first. */
function runDirectories({ path }: Workspace): readonly string[] {
  return [...Deno.readDirSync(path("runs"))]
    .filter(({ name }) => /^\d{8}-/.test(name)).map(({ name }) => path(`runs/${name}`)).sort();
}

/**
 * Checks all that holds whatever was killed when: every row that says that its
 * run ended has its files, and what has no such row has no live process.
 */
async function assertSound(workspace: Workspace): Promise<readonly string[]> {
  const statuses: string[] = [];
  for (const run of await workspace.runs()) {
    const { status } = await withLiveness(run, {
      runsDir: workspace.path("runs"),
      registry: localRegistry(workspace.path("runs/registry.db")),
      hostname: "test",
    });
    statuses.push(status);
    if (status === "crashed") assertEquals([run.artifacts, run.duration_ms], [[], null]);
    else {
      assertEquals(status, "finished");
      await assertComplete(run);
    }
  }
  return statuses;
}

/** The statuses that `runs list` shows, newest first. */
async function listed({ dir }: Workspace): Promise<readonly string[]> {
  const { code, out, err } = await sigrun(["runs", "list", "--json", "--all"], { cwd: dir });
  assertEquals([code, err], [0, ""]);
  const { runs }: { readonly runs: readonly { readonly status: string }[] } = JSON.parse(out);
  return runs.map(({ status }) => status);
}

/** A run that goes on reading its data until it is let go. */
interface HeldRun {
  readonly process: SigrunProcess;
  readonly directory: string;
  /** Lets it come to the end of its data. */
  release(): void;
  /** Goes on giving it data until it has ended. */
  feed(): Promise<Ended>;
}

/** Starts a run that reads from a pipe, and waits until it does. */
async function heldRun(workspace: Workspace, words: readonly string[] = []): Promise<HeldRun> {
  const pipe = workspace.path("pipe.csv");
  const made = await new Deno.Command("mkfifo", { args: [pipe] }).output();
  assertEquals(made.code, 0);
  const process = startSigrun(["run", "--data", pipe, ...words], { cwd: workspace.dir });
  const opened = await Promise.race([Deno.open(pipe, { write: true }), process.ended]);
  if (!("write" in opened)) throw new Error(`ended before it read its data: ${opened.err}`);
  await opened.write(new TextEncoder().encode(DATA));
  return {
    process,
    directory: runDirectories(workspace).at(-1)!,
    release: () => opened.close(),
    async feed() {
      const rows = new TextEncoder().encode("100000006,12\n".repeat(10_000));
      try {
        for (;;) await opened.write(rows);
      } catch (error) {
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      }
      opened.close();
      return await process.ended;
    },
  };
}

/** Resolves once `path` is there. */
async function appearance(path: string, folder: string): Promise<void> {
  using watcher = Deno.watchFs(folder);
  const isThere = () => Deno.stat(path).then(() => true, () => false);
  if (await isThere()) return;
  for await (const _ of watcher) {
    if (await isThere()) return;
  }
}

/** Runs sigrun until something has happened in the workspace `count` times, then kills it. */
async function killedAt(count: number, { dir }: Workspace): Promise<Ended> {
  using watcher = Deno.watchFs(dir);
  const process = startSigrun(["run"], { cwd: dir });
  let seen = 0;
  void (async () => {
    for await (const { kind } of watcher) {
      if (kind !== "access" && ++seen === count) process.kill("SIGKILL");
    }
  })();
  return await process.ended;
}

Deno.test("a run writes its result to standard output, and nothing of its log", async () => {
  await withWorkspace(async (workspace) => {
    const { dir } = workspace;
    const json = await sigrun(["run", "--json"], { cwd: dir });
    assertEquals([json.code, json.err], [0, ""]);
    const [directory] = runDirectories(workspace);
    assertEquals(json.out, await Deno.readTextFile(join(directory!, "metrics.json")));
    const told = await sigrun(["run"], { cwd: dir });
    assertEquals([told.code, told.err], [0, ""]);
    assertMatch(told.out, /signal rate +0\.666667 +\(2 of 3 valid bars\)/);
    assertMatch(told.out, /reproduces +\w{6}: same config, data and code, same result/);
    assert(!told.out.includes("level="));
    const quiet = await sigrun(["run", "--quiet"], { cwd: dir });
    assertEquals([quiet.code, quiet.out, quiet.err], [0, "", ""]);
    const failed = await sigrun(["run", "--json", "--data", "none.csv"], { cwd: dir });
    assertEquals(failed.code, 1);
    assertEquals(JSON.parse(failed.out).status, "error");
    assertMatch(failed.err, /^error: Cannot find the data file /);
    assert(!failed.err.includes("level="));
    assertEquals(await listed(workspace), ["failed", "finished", "finished", "finished"]);
  });
});

Deno.test("sixteen processes that start their first run at once all succeed", async () => {
  await withWorkspace(async (workspace) => {
    const ended = await Promise.all(
      Array.from(
        { length: 16 },
        (_, i) => sigrun(["run", "--name", `run ${i}`, "--json"], { cwd: workspace.dir }),
      ),
    );
    for (const { code, err } of ended) assertEquals([code, err], [0, ""]);
    const runs = await workspace.runs();
    const names = Array.from({ length: 16 }, (_, i) => `run ${i}`);
    assertEquals(runs.map(({ name }) => name!).sort(), names.sort());
    assertEquals(new Set(runs.map(({ status }) => status)), new Set(["finished"]));
    assertEquals(new Set(runs.map(({ hashes }) => hashes.result)).size, 1);
    for (const run of runs) await assertComplete(run);
    assertEquals(runDirectories(workspace), runs.map(({ directory }) => directory).sort());
    // The registry, and the data: one copy for all, and nothing left over.
    assertEquals([...Deno.readDirSync(workspace.path("runs"))].length, 18);
    assertEquals([...Deno.readDirSync(workspace.path("runs/data"))].map(({ name }) => name), [
      runs[0]!.hashes.data!.slice("sha256:".length),
    ]);
  });
});

Deno.test({
  name: "a run that hears nothing more of its data ends when it is told a second time",
  ignore: !POSIX,
  async fn() {
    await withWorkspace(async (workspace) => {
      const held = await heldRun(workspace);
      let ended: Ended | undefined;
      const end = held.process.ended.then((how) => ended = how);
      // Two signals sent at once may arrive as one.
      while (ended === undefined) {
        held.process.kill("SIGINT");
        await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 20))]);
      }
      held.release();
      assertEquals([ended.code, ended.signal], [130, null]);
      assertEquals(await listed(workspace), ["crashed"]);
    });
  },
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name: `${signal} while a run reads ends it as interrupted, with all that belongs to it`,
    ignore: !POSIX,
    async fn() {
      await withWorkspace(async (workspace) => {
        const held = await heldRun(workspace, ["--json", "--output", "out.json"]);
        assertEquals(await isAlive(held.directory), true);
        assertEquals(await listed(workspace), ["running"]);
        held.process.kill(signal);
        const ended = await held.feed();
        assertEquals([ended.code, ended.signal], [code, null]);
        const [run] = await workspace.runs();
        assertEquals([run!.status, run!.error_code], ["interrupted", "interrupted"]);
        assertEquals(JSON.parse(ended.out), {
          version: "v1",
          status: "error",
          error_message: `Interrupted by ${signal}`,
          error_code: "interrupted",
          run_id: run!.id,
        });
        assertEquals(await Deno.readTextFile(workspace.path("out.json")), ended.out);
        assertMatch(ended.err, new RegExp(`^error: Interrupted by ${signal}\n`));
        await assertComplete(run!);
        assertEquals(await isAlive(run!.directory), false);
        assertEquals(await listed(workspace), ["interrupted"]);
        assertEquals((await workspace.run()).exitCode, 0);
      });
    },
  });
}

Deno.test({
  name: "a run that is killed while it reads is shown as crashed, and is in nobody's way",
  ignore: !POSIX,
  async fn() {
    await withWorkspace(async (workspace) => {
      const held = await heldRun(workspace);
      // Another run meanwhile leaves it alone.
      assertEquals((await workspace.run()).exitCode, 0);
      assertEquals(await isAlive(held.directory), true);
      held.process.kill("SIGKILL");
      assertEquals((await held.feed()).signal, "SIGKILL");
      assertEquals((await listed(workspace)).toSorted(), ["crashed", "finished"]);
      const shown = await sigrun(["runs", "show", held.directory.slice(-6), "--json"], {
        cwd: workspace.dir,
      });
      assertEquals([shown.code, JSON.parse(shown.out).status], [0, "crashed"]);
      assertEquals((await workspace.run()).exitCode, 0);
      assertEquals((await assertSound(workspace)).toSorted(), ["crashed", "finished", "finished"]);
    });
  },
});

Deno.test({
  name: "a run that is killed between its manifest and its row is recorded by the next run",
  ignore: !POSIX,
  async fn() {
    await withWorkspace(async (workspace) => {
      const held = await heldRun(workspace, ["--name", "first", "--tag", "x"]);
      const client = createClient({
        url: registryLocation(workspace.path("runs/registry.db"), "/").url,
      });
      // As long as another writer is in, the run cannot commit its row.
      const writer = await client.transaction("write");
      held.release();
      await appearance(join(held.directory, "manifest.json"), held.directory);
      held.process.kill("SIGKILL");
      assertEquals((await held.process.ended).signal, "SIGKILL");
      await writer.rollback();
      client.close();
      const before = (await workspace.runs()).map(({ status, name }) => [status, name]);
      assertEquals(before, [["running", "first"]]);
      assertEquals(await listed(workspace), ["crashed"]);

      const { run } = await workspace.run({ name: "second" });
      const rolled = (await workspace.runs()).find(({ name }) => name === "first")!;
      assertEquals([rolled.status, rolled.tags, rolled.signal_rate], ["finished", ["x"], 2 / 3]);
      assertEquals(rolled.hashes.result, run.hashes.result);
      assertEquals((await assertSound(workspace)).length, 2);
      assertEquals((await listed(workspace)).toSorted(), ["finished", "finished"]);
    });
  },
});

Deno.test("a first run that is killed at any moment leaves a registry that the next can use", async () => {
  for (const count of [1, 2, 5, 9, 14]) {
    await withWorkspace(async (workspace) => {
      await killedAt(count, workspace);
      const { exitCode } = await workspace.run();
      assertEquals(exitCode, 0, `killed at event ${count}`);
      await assertSound(workspace);
    });
  }
});

Deno.test("runs that are killed at any moment leave no finished row without its files", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.run();
    const ends: (Deno.Signal | null)[] = [];
    for (let count = 1; count <= 65; count += 4) {
      ends.push((await killedAt(count, workspace)).signal);
      await assertSound(workspace);
    }
    // Not which moments were hit, but that some were.
    assert(ends.filter((signal) => signal === "SIGKILL").length >= 10, ends.join());
    const last = await sigrun(["run", "--json"], { cwd: workspace.dir });
    assertEquals([last.code, last.err], [0, ""]);
    const statuses = await assertSound(workspace);
    assertEquals(statuses[0], "finished");
    assertEquals(await listed(workspace), statuses);
    // All that was complete is recorded by now.
    for (const run of await workspace.runs()) {
      const manifest = join(run.directory, "manifest.json");
      const isSealed = await Deno.stat(manifest).then(() => true, () => false);
      assertEquals(isSealed, run.status === "finished", run.id);
    }
  });
});

Deno.test({
  name: "a run that may write no more fails, and says so (needs ulimit)",
  ignore: !POSIX,
  async fn() {
    // 512 times 700 bytes for any one file: enough for the registry, too little for the signals.
    const under = ["sh", "-c", `trap "" XFSZ; ulimit -f 700; exec "$@"`, "sh"];
    await withWorkspace(async (workspace) => {
      const rows = Array.from(
        { length: 40_000 },
        (_, t) => `${1_600_000_000 + t * 60},${t % 7}1.5`,
      );
      await workspace.write("data.csv", ["time,close", ...rows, ""].join("\n"));
      const { code, err } = await sigrun(["run"], { cwd: workspace.dir, under });
      assertEquals(code, 1, err);
      assertMatch(err, /^error: Cannot write .*signals\.csv: the file would be too large/);
      const [run] = await workspace.runs();
      assertEquals([run!.status, run!.error_code], ["failed", "runs_dir_unusable"]);
      await assertComplete(run!);
    });
    await withWorkspace(async (workspace) => {
      await workspace.write(
        "chatty.ts",
        `import { defineExperiment } from "sigrun";
        export default defineExperiment({
          name: "chatty", version: 1, summary: "logs a lot", params: {}, columns: ["close"],
          signal({ bars, log }) {
            for (let i = 0; i < 500; i++) log.info("x".repeat(1000));
            return { positions: new Int8Array(bars.length), warmup: 0 };
          },
        });`,
      );
      await workspace.write("config.yaml", "version: v1\nseed: 1\nexperiment: ./chatty.ts\n");
      const { code, err } = await sigrun(["run"], { cwd: workspace.dir, under });
      assertEquals(code, 1, err);
      assertMatch(err, /^error: Cannot write .*run\.log: the file would be too large/);
      const [run] = await workspace.runs();
      assertEquals([run!.status, run!.error_code], ["failed", "runs_dir_unusable"]);
      assertEquals(run!.artifacts, [], "a log that is cut off is not listed");
    });
  },
});
