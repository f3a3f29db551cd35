/**
 * Files that others may have put there: what is no regular file is not opened,
 * as a pipe would be waited for without end, and no more is read than makes
 * sense.
 *
 * @module
 */

import { UserError } from "./errors.ts";

/** A file of a run that is JSON or YAML is a few pages: what is larger is none. */
export const MOST_TEXT_BYTES: number = 16 << 20;

/**
 * The bytes of a file.
 *
 * @throws {UserError} if it is a link, no regular file, or larger than `mostBytes`
 * @throws {Deno.errors} if it is not there, or cannot be read
 */
export async function readRegular(
  path: string,
  { mostBytes = MOST_TEXT_BYTES }: { readonly mostBytes?: number } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { isFile, size } = await Deno.lstat(path);
  if (!isFile) throw unreadable(path, "it is no regular file");
  if (size > mostBytes) throw unreadable(path, `it is larger than ${mostBytes} bytes`);
  return await Deno.readFile(path);
}

/** The text of such a file, with U+FFFD for what is not UTF-8. */
export async function readRegularText(path: string): Promise<string> {
  return new TextDecoder().decode(await readRegular(path));
}

/**
 * Opens a file, to read from it if not to write; links are followed.
 *
 * @throws {UserError} if it is no regular file
 * @throws {Deno.errors} if it is not there, or cannot be opened
 */
export async function openRegular(
  path: string,
  options: Deno.OpenOptions = { read: true },
): Promise<Deno.FsFile> {
  if (!(await Deno.stat(path)).isFile) throw unreadable(path, "it is no regular file");
  return await Deno.open(path, options);
}

/**
 * Opens a folder, to lock it or to flush it to the disk.
 *
 * @throws {UserError} if it is no folder
 * @throws {Deno.errors} if it is not there, or cannot be opened, as on Windows
 */
export async function openFolder(path: string): Promise<Deno.FsFile> {
  if (!(await Deno.stat(path)).isDirectory) throw unreadable(path, "it is no folder");
  return await Deno.open(path);
}

function unreadable(path: string, reason: string): UserError {
  return new UserError(`Cannot read ${path}: ${reason}`, {
    code: "runs_dir_unusable",
    hint: "Look at it, and move it away if it is not sigrun's.",
  });
}
