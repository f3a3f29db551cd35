import { createClient } from "@libsql/client/sqlite3";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { pathToFileURL } from "node:url";
import { localRegistry } from "../../lib/registry/location.ts";
import type { RunOutcome } from "../../lib/run/publish.ts";
import { startTask } from "../program.ts";
import { assertComplete } from "./complete.ts";
import { withWorkspace } from "./workspace.ts";

/** A process that takes the registry for itself until it is let go of. */
async function holdLocked(path: string): Promise<AsyncDisposable> {
  const script = `
    import { DatabaseSync } from "node:sqlite";
    const database = new DatabaseSync(${JSON.stringify(path)});
    database.exec("BEGIN EXCLUSIVE");
    console.log("held");
    await Deno.stdin.read(new Uint8Array(1));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", script],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  assertMatch(new TextDecoder().decode((await reader.read()).value), /held/);
  return {
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await reader.cancel();
      await child.status;
    },
  };
}

Deno.test("a registry that is locked for longer than the wait stops no run, and the wait is no latency", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.run();
    const before = (await workspace.runs()).length;
    const path = workspace.path("runs/registry.db");
    let outcome: RunOutcome;
    {
      await using _ = await holdLocked(path);
      outcome = await workspace.run({
        registry: { ...localRegistry(path), timeoutMs: 1500 },
        machine: { monotonicMs: () => performance.now() },
      });
    }
    const { run, exitCode, unrecorded } = outcome;
    assertEquals([run.status, exitCode], ["finished", 1]);
    assertMatch(unrecorded!.message, /is complete, but not in the registry: .*locked$/);
    assertMatch(unrecorded!.hint!, /^Nothing is lost: .*runs:sync records it/);
    // Waited for were three seconds.
    assert(run.duration_ms! - run.latency_ms! > 1000, `${run.duration_ms} ${run.latency_ms}`);
    await assertComplete(run);
    assertEquals((await workspace.runs()).length, before);
    const synced = await startTask("runs:sync", { cwd: workspace.dir });
    assertEquals([synced.exit, synced.err], [0, ""]);
    const recorded = (await workspace.runs()).find(({ id }) => id === run.id);
    assertEquals(recorded, { ...run, artifacts: recorded!.artifacts });
  });
});

Deno.test("a registry that was emptied is not taken for one without runs, and one command mends it", async () => {
  const emptiers: readonly ((path: string) => Promise<unknown>)[] = [
    (path) => Deno.writeFile(path, new Uint8Array()),
    (path) => Deno.remove(path),
    async (path) => {
      const client = createClient({ url: pathToFileURL(path).href, concurrency: 1 });
      await client.execute("DELETE FROM runs");
      client.close();
    },
  ];
  for (const empty of emptiers) {
    await withWorkspace(async (workspace) => {
      await workspace.run();
      await workspace.run({ set: ["window=4"] });
      const before = await workspace.runs();
      const path = workspace.path("runs/registry.db");
      await empty(path);
      const size = (await Deno.stat(path).catch(() => undefined))?.size;
      for (const task of ["runs:list", "runs:show", "runs:best", "runs:compare"] as const) {
        const words = { "runs:show": ["latest"], "runs:best": ["--max", "ones"] }[task as string] ??
          (task === "runs:compare" ? ["latest", "latest~1"] : ["--json"]);
        const { exit, out, err } = await startTask(task, { words, cwd: workspace.dir });
        assertEquals([exit, out], [1, ""], `${task}: ${err}`);
        assertMatch(
          err,
          /^error: The registry .*registry\.db knows no run, but there are 2 run directories in its folder\nhint: .*: deno task runs:sync\n$/,
        );
      }
      // Looking has made nothing.
      assertEquals((await Deno.stat(path).catch(() => undefined))?.size, size);
      const synced = await startTask("runs:sync", { cwd: workspace.dir });
      assertEquals([synced.exit, synced.err], [0, ""]);
      assertEquals(await workspace.runs(), before);
    });
  }
});

Deno.test("a run says that the registry, which it makes anew, was lost", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.run();
    await Deno.writeFile(workspace.path("runs/registry.db"), new Uint8Array());
    const { exit, err } = await startTask("run", { words: ["--quiet"], cwd: workspace.dir });
    assertEquals(exit, 0);
    assertMatch(err, /^warning: The registry .* knows no run, but there is 1 run directory/);
    const again = await startTask("run", { words: ["--quiet"], cwd: workspace.dir });
    assertEquals([again.exit, again.err], [0, ""]);
  });
});
