/**
 * What sigrun keeps, which a file that a user names is never written over: run
 * directories, kept data, what is on its way in or out, and registries.
 *
 * @module
 */

import { basename, dirname } from "node:path";
import { APPLICATION_ID } from "../registry/migrate.ts";
import { isRunId } from "../run_id.ts";

/** Folders beside run directories, but for those whose name begins with a dot. */
const KEPT_FOLDERS: readonly string[] = ["data", "sweeps"];

/** What SQLite writes beside a database. */
const JOURNALS = /-(?:journal|wal|shm)$/;

/**
 * What sigrun keeps at a path, as words for a message; undefined if it is free
 * to be written.
 *
 * @param path absolute path, of which links were followed
 * @param runsDir absolute path of the folder of runs that is in use
 */
export async function ownFile(path: string, runsDir: string): Promise<string | undefined> {
  const folders = await foldersOfRuns(runsDir);
  for (let at = path; dirname(at) !== at; at = dirname(at)) {
    const [name, folder] = [basename(at), dirname(at)];
    if (isRunId(name)) return `it lies in the directory of run ${name}`;
    const isKept = at !== path && (KEPT_FOLDERS.includes(name) || name.startsWith("."));
    if (isKept && await folders.has(folder)) return `it lies in ${at}, where sigrun keeps files`;
  }
  const database = path.replace(JOURNALS, "");
  return await isRegistry(database) ? `it belongs to the registry ${database}` : undefined;
}

/** Tells folders of runs: the one in use, and any other that has a run directory. */
async function foldersOfRuns(
  runsDir: string,
): Promise<{ has(folder: string): Promise<boolean> }> {
  const inUse = await Deno.realPath(runsDir).catch(() => runsDir);
  return {
    has: async (folder) => folder === inUse || folder === runsDir || await holdsRuns(folder),
  };
}

/** Whether there is a run directory in a folder. */
async function holdsRuns(folder: string): Promise<boolean> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory && isRunId(name)) return true;
    }
  } catch {
    // What cannot be listed is no folder of runs.
  }
  return false;
}

/** Whether a file is a registry, by the mark in its header, or has the name of one in use. */
async function isRegistry(path: string): Promise<boolean> {
  if (basename(path) === "registry.db" && await holdsRuns(dirname(path))) return true;
  try {
    // To open a pipe would wait for a writer.
    if (!(await Deno.stat(path)).isFile) return false;
    // SQLite's locks are gone once the file is closed here: nothing is open yet.
    using file = await Deno.open(path);
    const header = new Uint8Array(72);
    const read = await file.read(header) ?? 0;
    return read === header.length && new DataView(header.buffer).getUint32(68) === APPLICATION_ID;
  } catch {
    return false;
  }
}
