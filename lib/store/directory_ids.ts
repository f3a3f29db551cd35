/**
 * Which run directories there are, by their names.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { startOfRunId } from "../run_id.ts";
import { hintFor, reasonOf } from "../system_error.ts";

/** What counts as a run directory. */
export interface DirectoryIdsOptions {
  /**
   * Whether what is no directory counts, too, if a run has its name: an audit
   * has to find it. Default no.
   */
  readonly anyKind?: boolean;
}

/**
 * The ids of the run directories in a folder of runs, oldest first; none if
 * there is no such folder.
 *
 * @throws {UserError} if it cannot be read
 */
export async function directoryIds(
  runsDir: string,
  options: DirectoryIdsOptions = {},
): Promise<readonly string[]> {
  try {
    return await runIdsIn(runsDir, options);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    const reason = reasonOf(cause);
    throw new UserError(`Cannot read the folder of runs ${runsDir}: ${reason}`, {
      code: "runs_dir_unusable",
      hint: hintFor(cause, "Name a folder that you can read: --runs-dir DIR."),
      cause,
    });
  }
}

/**
 * The same of any folder, such as one that is to be imported.
 *
 * @throws what reading a folder throws, if there is none, too
 */
export async function runIdsIn(
  folder: string,
  { anyKind = false }: DirectoryIdsOptions = {},
): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if ((isDirectory || anyKind) && startOfRunId(name) !== undefined) ids.push(name);
  }
  return ids.sort();
}
