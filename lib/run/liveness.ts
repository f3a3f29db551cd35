/**
 * Which runs are still going: those whose `run.log` is locked.
 *
 * @module
 */

import { join } from "node:path";
import { isBusy, type Registry } from "../registry/open.ts";
import { runningRuns } from "../registry/queries.ts";
import type { RunRecord } from "../registry/record.ts";
import { commitRunLocked } from "../registry/store.ts";
import { labelledRow } from "../registry/labels.ts";
import { whileLocked } from "../registry/transaction.ts";
import { readManifest } from "./manifest.ts";
import { RUN_LOG } from "./run_directory.ts";

/** Whether the process of the run in this directory lives. */
export async function isAlive(directory: string): Promise<boolean> {
  try {
    using log = await Deno.open(join(directory, RUN_LOG));
    // Shared with others who ask: it is held against the run's own lock only.
    return !await log.tryLock(false);
  } catch {
    return false;
  }
}

/** The run as it stands: one that is stored as running but has no process is `crashed`. */
export async function withLiveness(run: RunRecord): Promise<RunRecord> {
  if (run.status !== "running" || await isAlive(run.directory)) return run;
  return { ...run, status: "crashed" };
}

/** Ids of the runs that are stored as running and have no process, deleted ones included. */
export async function crashedRuns(registry: Registry): Promise<readonly string[]> {
  const running = await runningRuns(registry, { deleted: "included" });
  const alive = await Promise.all(running.map(({ directory }) => isAlive(directory)));
  return running.filter((_, at) => !alive[at]).map(({ id }) => id);
}

/**
 * Records runs whose process died after their directory was complete and
 * before their row was.
 */
export async function rollForward(registry: Registry): Promise<void> {
  for (const run of await runningRuns(registry)) {
    if (await isAlive(run.directory)) continue;
    const sealed = await readManifest(run.directory);
    if (sealed?.id !== run.id) continue;
    try {
      await whileLocked(registry, async (tables) => {
        // Another process may have been faster, and a user then have labelled the run.
        if ((await labelledRow(tables, run.id))?.status !== "running") return;
        await commitRunLocked(tables, sealed);
      });
    } catch (error) {
      // A manifest that is no use must not keep new runs from starting.
      if (isBusy(error)) throw error;
    }
  }
}
