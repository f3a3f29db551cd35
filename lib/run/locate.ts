/**
 * Where a run directory is.
 *
 * @module
 */

import { dirname, join } from "node:path";
import type { RegistryLocation } from "../registry/location.ts";
import type { RunRecord } from "../registry/record.ts";
import { MANIFEST_JSON } from "./run_directory.ts";

/**
 * Absolute path of a run's directory: the one of its name beside the registry,
 * as a folder of runs may have been moved or copied; if there is none, the
 * recorded one.
 */
export async function locateRun(
  { id, directory }: Pick<RunRecord, "id" | "directory">,
  registry: RegistryLocation,
): Promise<string> {
  const beside = join(dirname(registry.path), id);
  return await isSealed(beside) ? beside : directory;
}

async function isSealed(directory: string): Promise<boolean> {
  const manifest = await Deno.stat(join(directory, MANIFEST_JSON)).catch(() => undefined);
  return manifest?.isFile === true;
}
