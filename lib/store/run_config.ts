/**
 * The config of a recorded run, as a document that can be resolved again.
 *
 * @module
 */

import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { type ConfigDocument, readConfigDocument } from "../config/document.ts";
import { UserError } from "../errors.ts";
import type { RunRecord } from "../record.ts";
import { CONFIG_YAML } from "./run_directory.ts";

/**
 * The config in a run directory; where there is no such directory, as of a run
 * on another machine, the one in the run's row. If the directory was moved, or
 * copied, with what is around it, files that are no longer where they were are
 * where they would be now.
 *
 * @param directory absolute path of the run directory; null if it is not here
 * @throws {UserError} if neither can be read
 */
export async function runConfigDocument(
  { config, directory: recorded }: Pick<RunRecord, "config" | "directory">,
  directory: string | null,
): Promise<ConfigDocument> {
  const document = directory === null
    ? rowDocument(config, recorded)
    : await readConfigDocument(join(directory, CONFIG_YAML));
  if (directory === null || directory === recorded) return document;
  const { experiment, data } = document.values;
  const moved = async (value: unknown): Promise<unknown> => {
    if (typeof value !== "string" || !isAbsolute(value)) return value;
    const now = resolve(directory, relative(recorded, value));
    // What was beside the run is beside it now: a copy has nothing to do with the original.
    if (isBelow(value, dirname(recorded))) return now;
    return !await exists(value) && await exists(now) ? now : value;
  };
  const values = {
    ...document.values,
    ...(experiment === undefined ? {} : { experiment: await moved(experiment) }),
    ...(data === undefined ? {} : {
      data: Array.isArray(data) ? await Promise.all(data.map(moved)) : await moved(data),
    }),
  };
  return { ...document, values };
}

/** The config that the row of a run has, where its directory is not at hand. */
function rowDocument(config: RunRecord["config"], recorded: string): ConfigDocument {
  const path = join(recorded, CONFIG_YAML);
  if (config !== null) {
    return {
      path,
      values: config,
      written: new Map<string, string>(),
      positionOf: () => undefined,
      isOfRun: true,
      foreign: "the config that names it is that of a run whose directory is not here",
    };
  }
  throw new UserError(`Cannot read the config ${path}: its directory is not here`, {
    code: "config_unreadable",
    hint: "Name the folder that the run directory is in: --runs-dir DIR.",
  });
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder + sep);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
