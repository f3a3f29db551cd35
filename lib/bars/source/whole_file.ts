/**
 * A data file held whole, for forms whose table of contents is at the end, or
 * whose rows are all needed to tell which column is what.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import type { Block } from "./block.ts";
import type { BlockSource } from "./block_source.ts";
import { nextBlock } from "./data_file.ts";

/** No longer file is held. */
const MAX_BYTES = 2 ** 32;

/** Which file it is. */
export interface WholeFileOptions {
  /** The first block, which was taken before. */
  readonly first: Block;
  /** How long the file probably is. */
  readonly size: number;
  /** Its path, for messages. */
  readonly path: string;
  /** Ends the reading early. */
  readonly abort?: AbortSignal | undefined;
}

/**
 * All bytes of a file, in memory that holds nothing else.
 *
 * @throws {UserError} if it cannot be read, or is longer than 4 GiB
 */
export async function wholeFile(
  blocks: BlockSource,
  { first, size, path, abort }: WholeFileOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  let file = new Uint8Array(Math.min(Math.max(size, 1 << 16), MAX_BYTES));
  let length = 0;
  for (let block = first;; block = await nextBlock(blocks, path)) {
    abort?.throwIfAborted();
    const piece = block.bytes.subarray(block.from, block.to);
    const needed = length + piece.length;
    if (needed > MAX_BYTES) throw tooLong(path);
    if (needed > file.length) {
      const room = Math.min(MAX_BYTES, Math.max(needed, file.length * 2));
      file = new Uint8Array(file.buffer.transfer(room));
    }
    file.set(piece, length);
    length = needed;
    blocks.recycle(block);
    if (block.final) return new Uint8Array(file.buffer.transfer(length));
  }
}

function tooLong(path: string): UserError {
  return new UserError(
    `Cannot read ${path}: it has to be held in memory, and is longer than ` +
      `${MAX_BYTES / 2 ** 30} GiB`,
    { code: "data_invalid", hint: "Convert it to CSV, or split it." },
  );
}
