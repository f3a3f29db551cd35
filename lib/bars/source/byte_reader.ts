/**
 * The bytes of a source of blocks, taken in pieces of any size.
 *
 * @module
 */

import type { Block } from "./block.ts";
import type { BlockSource } from "./block_source.ts";

/** Takes bytes from blocks, giving each block back once the next one is wanted. */
export class ByteReader {
  readonly #blocks: BlockSource;
  readonly #cutOff: () => Error;
  #block: Block;
  /** Whether the block's memory belongs to the source. */
  #owned: boolean;
  #from: number;
  #done: number;

  /** `block` was taken from `blocks` before; `cutOff` is the error if there are too few bytes. */
  constructor(
    blocks: BlockSource,
    { block, owned, cutOff }: {
      readonly block: Block;
      readonly owned: boolean;
      readonly cutOff: () => Error;
    },
  ) {
    this.#blocks = blocks;
    this.#cutOff = cutOff;
    this.#block = block;
    this.#owned = owned;
    this.#from = block.from;
    this.#done = block.to - block.from;
  }

  /** Bytes of the file that were read so far, taken or not. */
  get bytesRead(): number {
    return this.#done;
  }

  /** Bytes of the file that were taken so far. */
  get bytesTaken(): number {
    return this.#done - (this.#block.to - this.#from);
  }

  /**
   * Takes what is at hand, `most` bytes at the most; nothing at the end. The
   * bytes are valid until something else is taken.
   */
  async some(most = Infinity): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#from === this.#block.to && !this.#block.final) {
      if (this.#owned) this.#blocks.recycle(this.#block);
      this.#block = await this.#blocks.next();
      this.#owned = true;
      this.#from = this.#block.from;
      this.#done += this.#block.to - this.#from;
    }
    const from = this.#from;
    this.#from = Math.min(this.#block.to, from + most);
    return this.#block.bytes.subarray(from, this.#from);
  }

  /** Puts back the last `count` bytes of the piece just taken. */
  putBack(count: number): void {
    this.#from -= count;
  }

  /** Takes exactly `count` bytes, as a copy. */
  async take(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count;) {
      const piece = await this.some(count - filled);
      if (piece.length === 0) throw this.#cutOff();
      bytes.set(piece, filled);
      filled += piece.length;
    }
    return bytes;
  }

  /** Passes over `count` bytes. */
  async skip(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      const piece = await this.some(left);
      if (piece.length === 0) throw this.#cutOff();
      left -= piece.length;
    }
  }
}
