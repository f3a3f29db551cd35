/**
 * The config of a recorded run, as a document that can be resolved again.
 *
 * @module
 */

import { isAbsolute, join, relative, resolve } from "node:path";
import { type ConfigDocument, readConfigDocument } from "../config/document.ts";
import type { RunRecord } from "../record.ts";
import { CONFIG_YAML } from "./run_directory.ts";

/**
 * The config in a run directory; where there is no such directory, as of a run
 * on another machine, the one in the run's row. If the directory was moved, or
 * copied, with what is around it, files that are no longer where they were are
 * where they would be now.
 *
 * @param directory absolute path of the run directory, if it is anywhere
 * @throws {UserError} if neither can be read
 */
export async function runConfigDocument(
  { config, directory: recorded }: Pick<RunRecord, "config" | "directory">,
  directory: string,
): Promise<ConfigDocument> {
  const path = join(directory, CONFIG_YAML);
  const document = config === null || await exists(directory) ? await readConfigDocument(path) : {
    path,
    values: config,
    written: new Map<string, string>(),
    positionOf: () => undefined,
    isOfRun: true,
    foreign: "the config that names it is that of a run whose directory is not here",
  };
  if (directory === recorded) return document;
  const { experiment, data } = document.values;
  const moved = async (value: unknown): Promise<unknown> => {
    if (typeof value !== "string" || !isAbsolute(value) || await exists(value)) return value;
    const now = resolve(directory, relative(recorded, value));
    return await exists(now) ? now : value;
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

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
