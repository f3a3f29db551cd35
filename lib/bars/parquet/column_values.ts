/**
 * The values of a column, left in the chunks in which they were decoded, as a
 * copy of them all would take several times the memory. Pure.
 *
 * @module
 */

import type { DecodedArray } from "hyparquet";

/** Gives one value after the other, and lets go of what it gave. */
export class ColumnValues {
  /** How many values there were at first. */
  readonly length: number;
  /** The chunks that are left, the last one first. */
  readonly #chunks: DecodedArray[];
  #at = 0;

  /** `chunks` hold the values in order. */
  constructor(chunks: readonly DecodedArray[]) {
    this.#chunks = chunks.filter(({ length }) => length > 0).reverse();
    this.length = chunks.reduce((length, chunk) => length + chunk.length, 0);
  }

  /** The next value; undefined after the last. */
  next(): unknown {
    const chunk = this.#chunks.at(-1);
    const value: unknown = chunk?.[this.#at++];
    if (this.#at === chunk?.length) {
      this.#chunks.pop();
      this.#at = 0;
    }
    return value;
  }
}
