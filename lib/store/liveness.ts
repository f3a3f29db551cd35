/**
 * Which runs are still going: those whose `run.log` is locked.
 *
 * @module
 */

import { dirname, join } from "node:path";
import type { System } from "../host.ts";
import type { RegistryLocation } from "../registry/location.ts";
import { isBusy, type Registry } from "../registry/open.ts";
import type { RunRecord } from "../record.ts";
import { runningRuns } from "../registry/run_queries.ts";
import { commitIfRunning, type StorableRun } from "../registry/store.ts";
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

/** What tells where a run's directory is. */
export type PlacedRun = Pick<RunRecord, "id" | "directory">;

/**
 * Where a run's directory may be: beside a registry that is a file, as both
 * may have been moved, or be mounted in another place here than where the run
 * is; and where its row says.
 */
function placesOf(
  { id, directory }: PlacedRun,
  { registry }: Pick<Viewpoint, "registry">,
): Iterable<string> {
  return registry.kind === "local"
    ? new Set([join(dirname(registry.path), id), directory])
    : [directory];
}

/** Whether the process of a run lives, as far as that can be seen from here. */
export async function isRunAlive(
  run: PlacedRun,
  from: Pick<Viewpoint, "registry">,
): Promise<boolean> {
  for (const place of placesOf(run, from)) if (await isAlive(place)) return true;
  return false;
}

/** What the manifest of a run says, if its directory can be seen from here and is complete. */
export async function sealedRun(
  run: PlacedRun,
  from: Pick<Viewpoint, "registry">,
): Promise<StorableRun | undefined> {
  for (const place of placesOf(run, from)) {
    const sealed = await readManifest(place);
    if (sealed?.id === run.id) return sealed;
  }
  return undefined;
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
  registry: Registry,
  { hostname }: Pick<System, "hostname">,
): Promise<readonly string[]> {
  const from = { registry: registry.location, hostname };
  const running = (await runningRuns(registry, { deleted: "included" }))
    .filter((run) => isHere(run.hostname, from));
  const alive = await Promise.all(running.map((run) => isRunAlive(run, from)));
  return running.filter((_, at) => !alive[at]).map(({ id }) => id);
}

/**
 * The run as it stands: one that is stored as running but has no process is
 * `crashed`. That of another machine is what its row says.
 */
export async function withLiveness(run: RunRecord, from: Viewpoint): Promise<RunRecord> {
  if (run.status !== "running" || !isHere(run.environment.hostname, from)) return run;
  return await isRunAlive(run, from) ? run : { ...run, status: "crashed" };
}

/**
 * Records runs of this machine whose process died after their directory was
 * complete and before their row was.
 */
export async function rollForward(
  registry: Registry,
  { hostname }: Pick<System, "hostname">,
): Promise<void> {
  const from = { registry: registry.location, hostname };
  for (const run of await runningRuns(registry)) {
    if (!isHere(run.hostname, from) || await isRunAlive(run, from)) continue;
    const sealed = await sealedRun(run, from);
    if (sealed === undefined) continue;
    try {
      await commitIfRunning(registry, sealed);
    } catch (error) {
      // A manifest that is no use must not keep new runs from starting.
      if (isBusy(error)) throw error;
    }
  }
}
