/**
 * The positions of a run, read back from its signals file.
 *
 * @module
 */

import { join } from "node:path";
import { parquetRows } from "../bars/parquet/parquet.ts";
import type { RunRecord } from "../record.ts";
import { Sha256 } from "../sha256.ts";
import { blocksOf, hashOfFile } from "./file_hash.ts";
import { signalHash } from "../hashes.ts";
import { SIGNALS_FILES } from "./run_directory.ts";

const HEADER = "timestamp,close,signal\n";
const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const ONE = 0x31;

/**
 * The positions that a run computed; undefined without a signals file, and
 * where what that holds is not what the run published.
 */
export async function storedPositions(
  { hashes, artifacts }: Pick<RunRecord, "hashes" | "artifacts">,
  directory: string | null,
): Promise<Int8Array | undefined> {
  if (directory === null) return undefined;
  const published = artifacts.find(({ path }) => SIGNALS_FILES.includes(path));
  if (published === undefined) return undefined;
  const path = join(directory, published.path);
  try {
    // A file that was damaged is not worth decoding, and may take without end.
    if (await hashOfFile(path) !== published.sha256) return undefined;
    const pieces = await Array.fromAsync(positionsIn(path));
    const positions = new Int8Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) {
      positions.set(piece, at);
      at += piece.length;
    }
    return await signalHash(positions) === hashes.signal ? positions : undefined;
  } catch {
    // It is missing, or no signals file: there is nothing to compare with.
    return undefined;
  }
}

/**
 * The hash of the positions in a signals file, as `sha256:…`.
 *
 * @throws if it is no such file
 */
export async function storedSignalHash(path: string): Promise<string> {
  const hash = new Sha256();
  for await (const positions of positionsIn(path)) {
    await hash.update(new Uint8Array(positions.buffer, 0, positions.length));
  }
  return await hash.digest();
}

/** The positions in a signals file, some at a time. */
async function* positionsIn(path: string): AsyncGenerator<Int8Array> {
  const cells = new LastCells();
  if (path.endsWith(".csv")) {
    for await (const block of withoutHeader(blocksOf(path))) yield cells.take(block);
  } else {
    const { header, blocks } = await parquetRows(await Deno.readFile(path), { path });
    if (header.at(-1) !== "signal") throw new Error("its last column is not the signal");
    for await (const block of blocks) yield cells.take(block);
  }
  cells.end();
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

/** Reads the last cell of each line of CSV as a position. */
class LastCells {
  #line = 1;
  #isQuoted = false;
  // The three bytes before, of which the last cell and its comma are made.
  #first = LF;
  #second = LF;
  #third = LF;

  /** The positions of the lines that end in these bytes, which may be cut anywhere. */
  take(bytes: Uint8Array): Int8Array {
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
    return positions.subarray(0, count);
  }

  /** Has to be called once all bytes were taken. */
  end(): void {
    if (this.#third !== LF || this.#isQuoted) throw new Error("its last line is cut off");
  }

  #position(): number {
    this.#line++;
    const digit = this.#third;
    if (this.#second === COMMA && (digit === ZERO || digit === ONE)) return digit - ZERO;
    if (this.#first === COMMA && this.#second === MINUS && digit === ONE) return -1;
    throw new Error(`line ${this.#line} does not end with a position`);
  }
}
