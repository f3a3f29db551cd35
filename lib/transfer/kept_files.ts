/**
 * The kept data of runs as files: one for each hash, or the list of a series
 * and the files that it names.
 *
 * @module
 */

import { parseSeriesList } from "../bars/series_list.ts";
import { keptDataPath } from "../store/kept_data.ts";
import { readRegularText } from "../regular_file.ts";

/** Lists of more files than fit in here are no lists. */
const MAX_LIST_BYTES = 16 << 20;

/** A kept file. */
export interface KeptFile {
  /** Its hash, which is its name. */
  readonly hash: string;
  /** Its absolute path. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
}

/** What is kept of the data of a hash. */
export interface KeptData {
  /** The files that are there. */
  readonly files: readonly KeptFile[];
  /** Whether that is all of it. */
  readonly isComplete: boolean;
}

/** What is kept of the data of a hash in a folder of runs. Links are not followed. */
export async function keptFiles(runsDir: string, hash: string): Promise<KeptData> {
  const file = await keptFile(runsDir, hash);
  if (file === undefined) return { files: [], isComplete: false };
  const members = file.bytes > MAX_LIST_BYTES
    ? undefined
    : parseSeriesList(await readRegularText(file.path).catch(() => ""));
  if (members === undefined) return { files: [file], isComplete: true };
  const hashes = [...new Set(members.map(({ dataHash }) => dataHash))];
  const found = await Promise.all(hashes.map((hash) => keptFile(runsDir, hash)));
  const files = found.filter((file) => file !== undefined);
  return { files: [file, ...files], isComplete: files.length === hashes.length };
}

async function keptFile(runsDir: string, hash: string): Promise<KeptFile | undefined> {
  const path = keptDataPath(runsDir, hash);
  const found = await Deno.lstat(path).catch(() => undefined);
  return found?.isFile ? { hash, path, bytes: found.size } : undefined;
}
