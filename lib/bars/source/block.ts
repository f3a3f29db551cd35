/**
 * A block of a file: its memory, with room around the data, and how it is
 * filled.
 *
 * @module
 */

/** Room before the data of a block, for the end of the block before. */
export const HEADROOM_BYTES = 1 << 16;

/** Room after it, so that a parser may look a few bytes ahead. */
export const SLACK_BYTES = 64;

/** A block of a file. */
export interface Block {
  /** The block's memory, with room around the data. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Offset of the first byte of data. */
  readonly from: number;
  /** Offset after the last. */
  readonly to: number;
  /** Whether it is the last one. */
  readonly final: boolean;
}

/** What blocks are filled from: an open file, or what is read like one. */
export interface ByteInput {
  /** Fills some of `buffer`: the result is how many bytes, or null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** Fills `block` from the file, so that only the last one is short. */
export async function fillBlock(file: ByteInput, block: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < block.length) {
    const read = await file.read(block.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return filled;
}
