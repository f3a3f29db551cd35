/**
 * The rows of a JSON file that is an array of arrays or of objects. Pure: bytes
 * in, offsets out.
 *
 * A cell is the text of its value as it stands in the file, so that decimals
 * are kept exactly: a number's digits, a string without its quotes, nothing
 * for null and NaN, and all of a nested value.
 *
 * @module
 */

import { quote } from "../../quote.ts";
import { knownRole } from "../header.ts";
import { JsonReader, unescape } from "./json_reader.ts";
import { MalformedRecord, type Records } from "../delimited/records.ts";

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
  /** Line of the file at the array's opening bracket. */
  readonly line: number;
}

/** What comes next in the file. */
type Place =
  /** The first row, or the end of the array. */
  | "start"
  /** A comma and a row, or the end of the array. */
  | "rows"
  /** White space. */
  | "end";

/**
 * Finds the rows of a JSON file, from the byte after the bracket that opens
 * their array. A row is only given once it is certain that the file goes on
 * after it, so a file that was cut off is noticed wherever the cut is.
 *
 * A key that the first row lacks is ignored, unless it may be that of a
 * column that is read; one that a later row lacks gives it an empty cell.
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
  /** The attempt at a row in which each cell was last met, to notice a key that is there twice. */
  readonly #met: Float64Array;
  #attempt = 0;
  #place: Place = "start";
  #nextLine: number;
  /** Cells of the row whose escapes are to be undone. */
  readonly #escaped: number[] = [];

  /** The rows of one file. */
  constructor({ keys, line }: JsonRowsOptions) {
    const encoder = new TextEncoder();
    this.#keys = keys === null ? null : keys.map((key) => encoder.encode(key));
    this.#cells = new Map(keys?.map((key, cell) => [key, cell]));
    this.#met = new Float64Array(keys?.length ?? 0);
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
    const place = this.#place;
    const after = this.#read(from, final);
    if (after === -1) {
      if (final) throw reader.error("the file ends before its rows do");
      this.#place = place;
      this.fieldCount = 0;
      return -1;
    }
    this.#nextLine = reader.line;
    for (const cell of this.#escaped) this.#unescape(cell);
    return after;
  }

  /** Reads what the place is for; -1 also if an error would show half a word. */
  #read(from: number, final: boolean): number {
    const reader = this.#reader;
    reader.showsCutWord = false;
    try {
      if (this.#place === "end") return this.#nothing(from);
      return this.#row(from);
    } catch (error) {
      if (error instanceof MalformedRecord && reader.showsCutWord && !final) return -1;
      throw error;
    }
  }

  /** Reads the row at `from`, or the end of their array. */
  #row(from: number): number {
    const reader = this.#reader;
    let p = reader.space(from);
    if (p === -1) return -1;
    if (reader.bytes[p] === CLOSE_ARRAY) {
      this.#place = "end";
      return p + 1;
    }
    if (this.#place === "rows") {
      // Only a comma or the end of the array was left behind.
      if ((p = reader.space(p + 1)) === -1) return -1;
    }
    this.line = reader.line;
    const after = this.#keys === null ? this.#array(p) : this.#object(p, this.#keys);
    if (after === -1) return -1;
    this.#place = "rows";
    return this.#before(after, CLOSE_ARRAY);
  }

  /** Gives the offset of the comma or the closing bracket that has to come at `from`. */
  #before(from: number, close: number): number {
    const reader = this.#reader;
    const p = reader.space(from);
    if (p === -1) return -1;
    const byte = reader.bytes[p]!;
    if (byte === COMMA || byte === close) return p;
    throw reader.unexpected(p, `a comma or ${String.fromCharCode(close)}`);
  }

  #nothing(from: number): number {
    const reader = this.#reader;
    const p = reader.space(from);
    if (p === -1) return reader.to;
    throw reader.unexpected(p, "nothing after the end of the JSON text");
  }

  #array(from: number): number {
    const reader = this.#reader;
    const { bytes } = reader;
    if (bytes[from] !== OPEN_ARRAY) throw reader.unexpected(from, "a row in [ ] like the first");
    let p = reader.space(from + 1);
    if (p !== -1 && bytes[p] === CLOSE_ARRAY) throw reader.error("a row without values");
    for (let cell = 0; p !== -1; cell++) {
      if ((p = reader.value(p)) === -1) return -1;
      this.#cell(cell);
      if ((p = this.#before(p, CLOSE_ARRAY)) === -1) return -1;
      if (bytes[p] === CLOSE_ARRAY) {
        this.fieldCount = cell + 1;
        return p + 1;
      }
      p = reader.space(p + 1);
    }
    return -1;
  }

  #object(from: number, keys: readonly Uint8Array[]): number {
    const reader = this.#reader;
    const { bytes } = reader;
    if (bytes[from] !== OPEN_OBJECT) throw reader.unexpected(from, "a row in { } like the first");
    this.starts.fill(from, 0, keys.length);
    this.ends.fill(from, 0, keys.length);
    this.#attempt++;
    let p = reader.space(from + 1);
    let expected = 0;
    if (p !== -1 && bytes[p] === CLOSE_OBJECT) {
      this.fieldCount = keys.length;
      return p + 1;
    }
    while (p !== -1) {
      if ((p = reader.key(p)) === -1) return -1;
      const cell = this.#isKey(keys[expected]) ? expected : this.#cells.get(reader.text()) ?? -1;
      if (cell !== -1 && this.#met[cell] === this.#attempt) {
        throw reader.error(`the key ${quote(reader.text())} twice in a row`);
      }
      if (cell === -1 && isTelling(reader.text())) throw new OtherKeys(reader.text(), reader.line);
      if ((p = reader.value(p)) === -1) return -1;
      if (cell !== -1) {
        this.#met[cell] = this.#attempt;
        this.#cell(cell);
        expected = cell + 1;
      }
      if ((p = this.#before(p, CLOSE_OBJECT)) === -1) return -1;
      if (bytes[p] === CLOSE_OBJECT) {
        this.fieldCount = keys.length;
        return p + 1;
      }
      p = reader.space(p + 1);
    }
    return -1;
  }

  /** Whether the key just read is `key`, byte by byte. */
  #isKey(key: Uint8Array | undefined): boolean {
    const { bytes, start, end, escaped } = this.#reader;
    if (escaped || key === undefined || key.length !== end - start) return false;
    for (let at = 0; at < key.length; at++) {
      if (bytes[start + at] !== key[at]) return false;
    }
    return true;
  }

  /** The value just read is that of a cell. */
  #cell(cell: number): void {
    if (cell === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    this.starts[cell] = this.#reader.start;
    this.ends[cell] = this.#reader.end;
    if (this.#reader.escaped) this.#escaped.push(cell);
  }

  #unescape(cell: number): void {
    this.ends[cell] = unescape(this.#reader.bytes, this.starts[cell]!, this.ends[cell]!);
  }
}

/** Rows that have a column which the first one lacks. */
export class OtherKeys extends MalformedRecord {
  /** For one of their keys. */
  constructor(key: string, line: number) {
    super(`the key ${quote(key)} is not in the first row`, line);
  }
}

/** Whether a key may be that of a column which is read. */
function isTelling(key: string): boolean {
  return knownRole(key) !== null || /time|date|symbol|ticker|close/i.test(key);
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
