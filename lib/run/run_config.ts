/**
 * The config of a recorded run, as a document that can be resolved again.
 *
 * @module
 */

import { join } from "node:path";
import { type ConfigDocument, readConfigDocument } from "../config/document.ts";
import type { RunRecord } from "../registry/record.ts";
import { CONFIG_YAML } from "./run_directory.ts";

/**
 * The config in a run directory; where there is no such directory, as of a run
 * on another machine, the one in the run's row.
 *
 * @param directory absolute path of the run directory, if it is anywhere
 * @throws {UserError} if neither can be read
 */
export async function runConfigDocument(
  { config }: Pick<RunRecord, "config">,
  directory: string,
): Promise<ConfigDocument> {
  const path = join(directory, CONFIG_YAML);
  if (config === null || await exists(directory)) return await readConfigDocument(path);
  return { path, values: config, positionOf: () => undefined };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
