/**
 * Opening and reading a data file, and what to say where that fails.
 *
 * @module
 */

import { resolve } from "node:path";
import { UserError } from "../../errors.ts";
import { printable } from "../../quote.ts";
import type { Block } from "./block.ts";
import type { BlockSource } from "./block_source.ts";
import { hintFor, reasonOf } from "../../system_error.ts";

/** The path that stands for standard input; that of a file is absolute. */
export const STANDARD_INPUT = "-";

/** The absolute path of a data file that is named in `folder`; `-` as it is. */
export function dataPath(name: string, folder: string): string {
  return name === STANDARD_INPUT ? name : resolve(folder, name);
}

/** Whether a path may be a pattern of paths; that is for the files that there are to tell. */
export function mayBePattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/** A path as messages show it. */
export function shownPath(path: string): string {
  return path === STANDARD_INPUT ? "standard input" : printable(path);
}

/**
 * Opens a data file.
 *
 * @throws {UserError} if there is none, or it may not be read
 */
export async function openDataFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    throw cannotOpen(printable(path), error);
  }
}

/**
 * The size of a data file in bytes; 0 where only reading tells.
 *
 * @throws {UserError} if there is none, or it is a directory
 */
export async function sizeOfDataFile(path: string): Promise<number> {
  if (path === STANDARD_INPUT) return 0;
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (error) {
    throw cannotOpen(printable(path), error);
  }
  if (info.isDirectory) throw isDirectory(printable(path));
  return info.size;
}

function cannotOpen(path: string, error: unknown): UserError {
  if (error instanceof Deno.errors.NotFound) {
    return new UserError(`Cannot find the data file ${path}`, {
      code: "data_unreadable",
      hint: "Name it with --data FILE, or as data: in the config (relative to the config file).",
      cause: error,
    });
  }
  if (error instanceof Deno.errors.NotCapable && error.message.startsWith("Requires all access")) {
    return new UserError(`Cannot read ${path}: Deno does not open this device`, {
      code: "data_unreadable",
      hint: "Standard input is named by a dash, as in --data -; pipe the data into it.",
      cause: error,
    });
  }
  return error instanceof Deno.errors.IsADirectory ? isDirectory(path) : cannotRead(path, error);
}

/** The error for a path that is a folder. */
export function isDirectory(path: string): UserError {
  return new UserError(`Cannot read ${path}: it is a directory, not a data file`, {
    code: "data_unreadable",
    hint: "Name the file in it, or a pattern of several, in quotes: --data 'FOLDER/*.csv'",
  });
}

function cannotRead(path: string, cause: unknown): UserError {
  return new UserError(`Cannot read ${path}: ${reasonOf(cause)}`, {
    code: "data_unreadable",
    hint: hintFor(cause, "Check that it is a file and that you may read it."),
    cause,
  });
}

/**
 * The next block of a data file.
 *
 * @throws {UserError} if it cannot be read
 */
export async function nextBlock(blocks: BlockSource, path: string): Promise<Block> {
  try {
    return await blocks.next();
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof Deno.errors.IsADirectory) throw isDirectory(path);
    throw cannotRead(path, error);
  }
}
