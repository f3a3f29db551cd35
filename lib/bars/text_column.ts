/**
 * Cells kept as they stood in the file, for files that show them again.
 *
 * @module
 */

/** One text per bar, UTF-8: text *t* is `bytes[start(t)..end(t))`. */
export interface TextColumn {
  /** How many texts there are. */
  readonly length: number;
  /** The bytes of all texts. */
  readonly bytes: Uint8Array;
  /** Offset of the first byte of text *t*. */
  start(t: number): number;
  /** Offset after the last byte of text *t*. */
  end(t: number): number;
}

/** The bytes of text *t*, as a view. */
export function textAt(column: TextColumn, t: number): Uint8Array {
  return column.bytes.subarray(column.start(t), column.end(t));
}

/** Collects texts. */
export class TextColumnBuilder implements TextColumn {
  #bytes: Uint8Array;
  #ends: Float64Array;
  #length = 0;

  /** `capacity` is a guess at the number of texts; it grows as needed. */
  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(Math.max(16, capacity) * 16);
    this.#ends = new Float64Array(Math.max(16, capacity));
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a copy of `bytes[start..end)`. */
  push(bytes: Uint8Array, start: number, end: number): void {
    const from = this.#length === 0 ? 0 : this.#ends[this.#length - 1]!;
    const to = from + end - start;
    if (to > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(to, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    if (this.#length === this.#ends.length) {
      const larger = new Float64Array(this.#ends.length * 2);
      larger.set(this.#ends);
      this.#ends = larger;
    }
    // Texts are a few bytes: a loop beats the views that set() would need.
    for (let p = start, write = from; p < end; p++, write++) this.#bytes[write] = bytes[p]!;
    this.#ends[this.#length++] = to;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  start(t: number): number {
    return t === 0 ? 0 : this.#ends[t - 1]!;
  }

  end(t: number): number {
    return this.#ends[t]!;
  }
}

/** The column with text `order[t]` of the given one at *t*; as long as `order`. */
export function reorderText(column: TextColumn, order: Uint32Array): TextColumn {
  return {
    length: order.length,
    bytes: column.bytes,
    start: (t) => column.start(order[t]!),
    end: (t) => column.end(order[t]!),
  };
}
