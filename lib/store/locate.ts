/**
 * Where a run directory is.
 *
 * @module
 */

import { dirname, join } from "node:path";
import type { RegistryLocation } from "../registry/location.ts";
import type { RunRecord } from "../record.ts";
import { MANIFEST_JSON } from "./run_directory.ts";

/** Where run directories may be. */
export interface RunPlaces {
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** The registry. */
  readonly registry: RegistryLocation;
}

/**
 * Absolute path of a run's directory: the one of its name beside a registry
 * that is a file, or in the folder of runs, as these may have been moved or
 * copied; if there is none, the recorded one, be it on this machine or not.
 */
export async function locateRun(
  { id, directory }: Pick<RunRecord, "id" | "directory">,
  { runsDir, registry }: RunPlaces,
): Promise<string> {
  const folders = registry.kind === "local" ? [dirname(registry.path), runsDir] : [runsDir];
  for (const folder of new Set(folders)) {
    if (await isSealed(join(folder, id))) return join(folder, id);
  }
  return directory;
}

async function isSealed(directory: string): Promise<boolean> {
  const manifest = await Deno.stat(join(directory, MANIFEST_JSON)).catch(() => undefined);
  return manifest?.isFile === true;
}
