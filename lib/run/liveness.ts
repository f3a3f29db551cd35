/**
 * Which runs are still going: those whose `run.log` is locked.
 *
 * @module
 */

import { join } from "node:path";
import type { System } from "../host.ts";
import type { RegistryLocation } from "../registry/location.ts";
import { type Connection, isBusy } from "../registry/open.ts";
import type { RunRecord } from "../registry/record.ts";
import { runningRuns } from "../registry/run_queries.ts";
import { commitIfRunning } from "../registry/store.ts";
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

/** From where runs are looked at. */
export interface Viewpoint {
  /** The registry that they are in. */
  readonly registry: RegistryLocation;
  /** This machine's name. */
  readonly hostname: string;
}

/**
 * Whether the run directories of a machine can be looked at from here. Those
 * beside a file can, whatever name the machine had: containers have a new one
 * each time.
 *
 * @param hostname the machine's name in the run's environment; null if it has none
 */
export function isHere(hostname: unknown, from: Viewpoint): boolean {
  return from.registry.kind === "local" || hostname === from.hostname;
}

/**
 * Ids of the runs that are stored as running and have no process, deleted ones
 * included; of those on another machine that cannot be told.
 */
export async function crashedRuns(
  registry: Connection,
  { hostname }: Pick<System, "hostname">,
): Promise<readonly string[]> {
  const from = { registry: registry.location, hostname };
  const running = (await runningRuns(registry, { deleted: "included" }))
    .filter((run) => isHere(run.hostname, from));
  const alive = await Promise.all(running.map(({ directory }) => isAlive(directory)));
  return running.filter((_, at) => !alive[at]).map(({ id }) => id);
}

/**
 * The run as it stands: one that is stored as running but has no process is
 * `crashed`. That of another machine is what its row says.
 */
export async function withLiveness(run: RunRecord, from: Viewpoint): Promise<RunRecord> {
  if (run.status !== "running" || !isHere(run.environment.hostname, from)) return run;
  return await isAlive(run.directory) ? run : { ...run, status: "crashed" };
}

/**
 * Records runs of this machine whose process died after their directory was
 * complete and before their row was.
 */
export async function rollForward(
  registry: Connection,
  { hostname }: Pick<System, "hostname">,
): Promise<void> {
  const from = { registry: registry.location, hostname };
  for (const run of await runningRuns(registry)) {
    if (!isHere(run.hostname, from) || await isAlive(run.directory)) continue;
    const sealed = await readManifest(run.directory);
    if (sealed?.id !== run.id) continue;
    try {
      await commitIfRunning(registry, sealed);
    } catch (error) {
      // A manifest that is no use must not keep new runs from starting.
      if (isBusy(error)) throw error;
    }
  }
}
