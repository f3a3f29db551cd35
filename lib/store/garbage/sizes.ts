/**
 * How large files and folders are.
 *
 * @module
 */

import { join } from "node:path";

/** A file or folder, and the bytes of all that is in it. */
export interface SizedPath {
  /** Its absolute path. */
  readonly path: string;
  /** Bytes of files; blocks that several files share count for each. */
  readonly bytes: number;
}

/** The bytes of a file, or of all files in a folder; none for what is gone. No link is followed. */
export async function sizeOf(path: string): Promise<number> {
  try {
    const { isDirectory, size } = await Deno.lstat(path);
    if (!isDirectory) return size;
    let bytes = 0;
    for await (const { name } of Deno.readDir(path)) bytes += await sizeOf(join(path, name));
    return bytes;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
