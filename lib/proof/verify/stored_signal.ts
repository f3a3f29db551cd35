/**
 * The positions in a signals file, hashed as the run hashed them.
 *
 * @module
 */

import { parquetRows } from "../../bars/parquet/parquet.ts";
import { Sha256 } from "../../sha256.ts";
import { blocksOf } from "./stored_file.ts";

const HEADER = "timestamp,close,signal\n";
const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const ONE = 0x31;

/** The names of the files that hold a signal. */
export const SIGNALS_FILES: readonly string[] = ["signals.csv", "signals.parquet"];

/**
 * The hash of the positions in a signals file, as `sha256:…`.
 *
 * @throws if it is no such file
 */
export async function storedSignalHash(path: string): Promise<string> {
  const positions = new LastCells();
  if (path.endsWith(".csv")) {
    for await (const block of withoutHeader(blocksOf(path))) await positions.add(block);
  } else {
    const { header, blocks } = await parquetRows(await Deno.readFile(path), { path });
    if (header.at(-1) !== "signal") throw new Error("its last column is not the signal");
    for await (const block of blocks) await positions.add(block);
  }
  return await positions.digest();
}

async function* withoutHeader(
  blocks: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let header = "";
  for await (const block of blocks) {
    const left = HEADER.length - header.length;
    header += new TextDecoder().decode(block.subarray(0, left));
    if (!HEADER.startsWith(header)) break;
    yield block.subarray(left);
  }
  if (header !== HEADER) throw new Error("its first line is not timestamp,close,signal");
}

/** Hashes the last cell of each line of CSV as a position. */
class LastCells {
  readonly #hash = new Sha256();
  #line = 1;
  #isQuoted = false;
  // The three bytes before, of which the last cell and its comma are made.
  #first = LF;
  #second = LF;
  #third = LF;

  /** Adds bytes that end wherever they may. */
  async add(bytes: Uint8Array): Promise<void> {
    const positions = new Int8Array(bytes.length);
    let count = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === LF && !this.#isQuoted) positions[count++] = this.#position();
      // One in a quoted cell is written twice.
      else if (byte === QUOTE) this.#isQuoted = !this.#isQuoted;
      this.#first = this.#second;
      this.#second = this.#third;
      this.#third = byte;
    }
    await this.#hash.update(new Uint8Array(positions.buffer, 0, count));
  }

  /** The hash of all positions. */
  async digest(): Promise<string> {
    if (this.#third !== LF || this.#isQuoted) throw new Error("its last line is cut off");
    return await this.#hash.digest();
  }

  #position(): number {
    this.#line++;
    const digit = this.#third;
    if (this.#second === COMMA && (digit === ZERO || digit === ONE)) return digit - ZERO;
    if (this.#first === COMMA && this.#second === MINUS && digit === ONE) return -1;
    throw new Error(`line ${this.#line} does not end with a position`);
  }
}
