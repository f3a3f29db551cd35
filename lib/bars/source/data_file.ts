/**
 * Opening and reading a data file, and what to say where that fails.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { printable } from "../../quote.ts";
import type { Block, BlockSource } from "./block_source.ts";

/**
 * Opens a data file.
 *
 * @throws {UserError} if there is none, or it may not be read
 */
export async function openDataFile(opened: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(opened);
  } catch (error) {
    const path = printable(opened);
    if (error instanceof Deno.errors.NotFound) {
      throw new UserError(`Cannot find the data file ${path}`, {
        code: "data_unreadable",
        hint: "Name it with --data FILE, or as data: in the config (relative to the config file).",
        cause: error,
      });
    }
    if (error instanceof Deno.errors.IsADirectory) throw isDirectory(path);
    throw cannotRead(path, error);
  }
}

/** The error for a path that is a folder. */
export function isDirectory(path: string): UserError {
  return new UserError(`Cannot read ${path}: it is a directory, not a data file`, {
    code: "data_unreadable",
    hint: "Name the file in it: --data FILE.",
  });
}

function cannotRead(path: string, cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UserError(`Cannot read ${path}: ${reason}`, {
    code: "data_unreadable",
    hint: "Check that it is a file and that you may read it.",
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
