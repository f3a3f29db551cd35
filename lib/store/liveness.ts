/**
 * Which runs are still going: those whose `run.log` is locked.
 *
 * @module
 */

import { join } from "node:path";
import { isBusy, type Registry } from "../registry/open.ts";
import type { RunRecord } from "../record.ts";
import { runningRuns } from "../registry/run_queries.ts";
import { commitIfRunning, type StorableRun } from "../registry/store.ts";
import { isRunId } from "../run_id.ts";
import { readManifest } from "./manifest.ts";
import { belongsHere, locateRun, type PlacedRun, type RunPlaces } from "./place.ts";
import { RUN_LOG } from "./run_directory.ts";

/** Whether the process of the run in this directory lives; a log that is no file cannot be locked. */
export async function isAlive(directory: string): Promise<boolean> {
  const path = join(directory, RUN_LOG);
  try {
    // To open a pipe would wait for a writer.
    if (!(await Deno.lstat(path)).isFile) return false;
    using log = await Deno.open(path);
    // Shared with others who ask: it is held against the run's own lock only.
    return !await log.tryLock(false);
  } catch {
    return false;
  }
}

/** From where runs are looked at. */
export interface Viewpoint extends RunPlaces {
  /** This machine's name. */
  readonly hostname: string;
}

/** A run that is stored as running, and the machine that it is on if that is known. */
export type StoredAsRunning = PlacedRun & { readonly hostname: unknown };

/** How a run that is stored as running stands: what is elsewhere cannot be told. */
export type Standing = "alive" | "dead" | "unknown";

/**
 * How a run that is stored as running stands, as far as that can be seen in
 * the folders that were given. One that has no directory there is dead if it
 * would have it there, and else may go on in another folder.
 */
export async function standingOf(run: StoredAsRunning, from: Viewpoint): Promise<Standing> {
  if (!isRunId(run.id) || !isHere(run.hostname, from)) return "unknown";
  const directory = await locateRun(run, from);
  if (directory !== null) return await isAlive(directory) ? "alive" : "dead";
  const isOfOtherMachine = run.hostname !== from.hostname;
  // Where the machine has another name the folder may have another path, as in a container.
  return belongsHere(run, from) || isOfOtherMachine ? "dead" : "unknown";
}

/** What the manifest of a run says, if its directory can be seen from here and is complete. */
export async function sealedRun(
  run: PlacedRun,
  from: RunPlaces,
): Promise<StorableRun | undefined> {
  const directory = await locateRun(run, from);
  const sealed = directory === null ? undefined : await readManifest(directory);
  return sealed?.id === run.id ? sealed : undefined;
}

/**
 * Whether the run directories of a machine can be looked at from here. Those
 * beside a file can, whatever name the machine had: containers have a new one
 * each time.
 *
 * @param hostname the machine's name in the run's environment; null if it has none
 */
export function isHere(
  hostname: unknown,
  from: Pick<Viewpoint, "registry" | "hostname">,
): boolean {
  return from.registry.kind === "local" || hostname === from.hostname;
}

/** From where a registry's runs are looked at. */
export type RegistryView = Pick<Viewpoint, "runsDir" | "hostname">;

/**
 * Ids of the runs that are stored as running and have no process, deleted ones
 * included; of those elsewhere that cannot be told.
 */
export async function crashedRuns(
  registry: Registry,
  view: RegistryView,
): Promise<readonly string[]> {
  const from = { ...view, registry: registry.location };
  const running = await runningRuns(registry, { deleted: "included" });
  const standings = await Promise.all(running.map((run) => standingOf(run, from)));
  return running.filter((_, at) => standings[at] === "dead").map(({ id }) => id);
}

/**
 * The run as it stands: one that is stored as running but has no process is
 * `crashed`. One that is elsewhere is what its row says.
 */
export async function withLiveness<T extends RunRecord>(run: T, from: Viewpoint): Promise<T> {
  if (run.status !== "running") return run;
  const standing = await standingOf({ ...run, hostname: run.environment.hostname }, from);
  return standing === "dead" ? { ...run, status: "crashed" } : run;
}

/**
 * Records runs of this machine whose process died after their directory was
 * complete and before their row was.
 */
export async function rollForward(
  registry: Registry,
  view: RegistryView,
): Promise<void> {
  const from = { ...view, registry: registry.location };
  for (const run of await runningRuns(registry)) {
    if (await standingOf(run, from) !== "dead") continue;
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
