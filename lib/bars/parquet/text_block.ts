/**
 * Text collected as bytes, up to a block of it. Pure.
 *
 * @module
 */

/** How many bytes a block has, about. */
const BLOCK_BYTES = 1 << 20;

/** A unit of UTF-16 is three bytes of UTF-8 at the most. */
const BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

/** Encodes each piece at once: a text put together first would be in memory several times. */
export class TextBlock {
  #bytes = new Uint8Array(BLOCK_BYTES);
  #length = 0;

  /** Bytes that were added since the last were taken. */
  get length(): number {
    return this.#length;
  }

  /** Whether there is room for `text`; in an empty block there is, whatever its length. */
  hasRoom(text: string): boolean {
    return this.#length === 0 || this.#length + text.length * BYTES_PER_UNIT <= this.#bytes.length;
  }

  /** Adds `text`, for which there has to be room. */
  add(text: string): void {
    const room = text.length * BYTES_PER_UNIT;
    if (this.#length === 0 && room > this.#bytes.length) this.#bytes = new Uint8Array(room);
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  /** What was added; the block is empty afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(BLOCK_BYTES);
    this.#length = 0;
    return taken;
  }
}
