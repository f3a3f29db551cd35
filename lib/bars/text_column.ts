/**
 * Texts of the bars, kept as bytes for files that show them again.
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
    this.#bytes = new Uint8Array(Math.max(16, capacity) * 32);
    this.#ends = new Float64Array(Math.max(16, capacity));
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a copy of a text. */
  push(text: Uint8Array): void {
    this.append(text, Uint32Array.of(text.length));
  }

  /** Adds a copy of texts that follow one another; `ends` are the offsets after each. */
  append(texts: Uint8Array, ends: Uint32Array): void {
    const from = this.#length === 0 ? 0 : this.#ends[this.#length - 1]!;
    const length = this.#length + ends.length;
    if (from + texts.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(from + texts.length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    if (length > this.#ends.length) {
      const larger = new Float64Array(Math.max(length, this.#ends.length * 2));
      larger.set(this.#ends);
      this.#ends = larger;
    }
    this.#bytes.set(texts, from);
    const all = this.#ends;
    for (let t = 0, write = this.#length; t < ends.length; t++, write++) {
      all[write] = from + ends[t]!;
    }
    this.#length = length;
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
