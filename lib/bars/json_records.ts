/**
 * The rows of a JSON file: an array of arrays or of objects, alone or within
 * an object. Pure: bytes in, offsets out.
 *
 * A cell is the text of its value as it stands in the file, so that decimals
 * are kept exactly: a number's digits, a string without its quotes, nothing
 * for null and NaN, and all of a nested value.
 *
 * @module
 */

import { JsonReader } from "./json_reader.ts";
import type { MalformedRecord, Records } from "./records.ts";

/** What to do about a {@linkcode MalformedRecord} in a JSON file. */
export const JSON_HINT = "The rows are an array of arrays or of objects. Was the file cut off?";

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Where the rows are, and what they look like. */
export interface JsonRowsOptions {
  /** The keys of the objects that are rows, or null if the rows are arrays. */
  readonly keys: readonly string[] | null;
  /** How many objects the array of rows is within. */
  readonly depth: number;
  /** Line of the file at the array's opening bracket. */
  readonly line: number;
}

/** What comes next in the file. */
type Place =
  /** The first row, or the end of the array. */
  | "start"
  /** A comma and a row, or the end of the array. */
  | "rows"
  /** More keys of the objects around the array, or their ends. */
  | "around"
  /** White space. */
  | "end";

/**
 * Finds the rows of a JSON file, from the byte after the bracket that opens
 * their array. A row is only given once it is certain that the file goes on
 * after it, so a file that was cut off is noticed wherever the cut is.
 *
 * A key that the first row lacks is ignored; one that a later row lacks gives
 * it an empty cell.
 */
export class JsonRecords implements Records {
  /** Offset of the first byte of each cell. */
  starts: Int32Array;
  /** Offset after the last byte of each cell. */
  ends: Int32Array;
  /** How many cells the row has; 0 for what stands around the rows. */
  fieldCount = 0;
  /** Line of the file, from 1, on which the row begins. */
  line: number;

  readonly #reader: JsonReader;
  readonly #keys: readonly Uint8Array[] | null;
  /** The cell of each key. */
  readonly #cells: ReadonlyMap<string, number>;
  /** The row in which each cell was last met, to notice a key that is there twice. */
  readonly #met: Float64Array;
  #row = 0;
  #place: Place = "start";
  #depth: number;
  #nextLine: number;
  /** Cells of the row whose escapes are to be undone. */
  readonly #escaped: number[] = [];

  /** The rows of one file. */
  constructor({ keys, depth, line }: JsonRowsOptions) {
    const encoder = new TextEncoder();
    this.#keys = keys === null ? null : keys.map((key) => encoder.encode(key));
    this.#cells = new Map(keys?.map((key, cell) => [key, cell]));
    this.#met = new Float64Array(keys?.length ?? 0);
    this.#depth = depth;
    this.#reader = new JsonReader(line);
    this.#nextLine = line;
    this.line = line;
    this.starts = new Int32Array(Math.max(16, keys?.length ?? 0));
    this.ends = new Int32Array(this.starts.length);
  }

  /** Line of the file on which what comes next begins. */
  get nextLine(): number {
    return this.#nextLine;
  }

  /** Takes note of lines that were read by other means. */
  skipLines(count: number): void {
    this.#nextLine += count;
  }

  /**
   * Finds the row that begins at `from`, after its comma if there is one. Its
   * escapes are undone in place.
   *
   * @returns the offset after the row, or -1 if the row is not complete
   * @throws {MalformedRecord} on what is no JSON, no row, or cut off
   */
  next(bytes: Uint8Array, from: number, to: number, final: boolean): number {
    const reader = this.#reader;
    reader.bytes = bytes;
    reader.to = to;
    reader.line = this.#nextLine;
    this.line = this.#nextLine;
    this.fieldCount = 0;
    this.#escaped.length = 0;
    // What was read of an incomplete row is forgotten with it.
    let place = this.#place;
    let depth = this.#depth;
    const after = this.#unit(from, (to) => place = to, () => --depth);
    if (after === -1) {
      if (final && place !== "end") throw this.#cutOff();
      this.fieldCount = 0;
      return -1;
    }
    this.#place = place;
    this.#depth = depth;
    this.#nextLine = reader.line;
    this.#row++;
    for (const cell of this.#escaped) this.#unescape(cell);
    return after;
  }
}
