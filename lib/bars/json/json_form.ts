/**
 * Whether a file is JSON, where in it the rows are, and what their columns
 * are called: decided once, from its first block.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { quote } from "../../quote.ts";
import { JsonReader } from "./json_reader.ts";
import { JSON_HINT, JsonRecords, OtherKeys } from "./json_records.ts";
import { MalformedRecord } from "../delimited/records.ts";

/** The form of a JSON file. */
export interface JsonForm {
  /** The names of the columns: the first object's keys, or what arrays of that length hold. */
  readonly header: readonly string[];
  /** Whether the rows are objects; else they are arrays. */
  readonly areObjects: boolean;
  /** Offset of the first byte after the bracket that opens the array of rows. */
  readonly dataOffset: number;
  /** Line of the file, from 1, on which that is. */
  readonly dataLine: number;
  /** Finds the rows from there on. */
  readonly records: JsonRecords;
}

/** How a form is detected. */
export interface DetectJsonOptions {
  /** The file's path, for messages. */
  readonly path: string;
  /** Whether `head` is the whole file. */
  readonly whole: boolean;
}

/** A row with more keys than this is no row of bars. */
const MAX_KEYS = 1000;

/** How many rows have a say in what their columns are. */
const SAMPLED_ROWS = 100;

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** With what a row begins, or an array of none ends. */
const ROW_BYTES: readonly number[] = [OPEN_ARRAY, OPEN_OBJECT, CLOSE_ARRAY];
/** A bracket and what may come after it in a file of rows, right or wrong. */
const OPENING = /^[ \t\r\n]*(?:\[[ \t\r\n]*(?:[[{\]"\d-]|$)|\{[ \t\r\n]*(?:["}]|$))/;
const text = new TextDecoder();

/** JSON that is no array of flat rows: all of it is needed to find the table in it. */
export const DOCUMENT = "document";

/**
 * Detects the form from the first bytes of a file: null if it does not begin
 * as JSON does, {@linkcode DOCUMENT} if its rows are not in one flat array.
 * `head` stays as it is.
 *
 * @throws {UserError} if it is no JSON, or its first row does not end within `head`
 */
export function detectJson(
  head: Uint8Array,
  options: DetectJsonOptions,
): JsonForm | typeof DOCUMENT | null {
  const { path, whole } = options;
  const reader = new JsonReader(1);
  reader.bytes = head;
  reader.to = head.length;
  try {
    const first = beginning(reader);
    if (first === -1) return null;
    if (head[first] !== OPEN_ARRAY) return DOCUMENT;
    const form = formOf(reader, { open: first, whole });
    if (form !== null) return form;
    throw whole
      ? reader.error("the file ends before its first row does")
      : reader.error(`its first row does not end within ${head.length} bytes`);
  } catch (error) {
    if (error instanceof OtherKeys) return DOCUMENT;
    if (!(error instanceof MalformedRecord)) throw error;
    throw new UserError(`Cannot read ${path}:${error.line}: ${error.message}`, {
      code: "data_invalid",
      hint: JSON_HINT,
      cause: error,
    });
  }
}

/** The offset of the bracket with which JSON begins, or -1: `[notice]` is none. */
function beginning(reader: JsonReader): number {
  const { bytes } = reader;
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const opening = text.decode(bytes.subarray(mark, mark + 1024));
  return OPENING.test(opening) ? reader.space(mark) : -1;
}

/**
 * The form of the rows in the array at `open`; null if the first one does not
 * end in the block.
 */
function formOf(
  reader: JsonReader,
  { open, whole }: { readonly open: number; readonly whole: boolean },
): JsonForm | typeof DOCUMENT | null {
  const { bytes, line } = reader;
  const p = reader.space(open + 1);
  if (p === -1) return null;
  const first = bytes[p]!;
  if (!ROW_BYTES.includes(first)) return DOCUMENT;
  const keys = first === OPEN_OBJECT ? keysOf(reader, p) : null;
  if (first === OPEN_OBJECT && keys === null) return null;
  const rows = { keys, line };
  const cells = first === CLOSE_ARRAY ? [] : sample(new JsonRecords(rows), {
    bytes: bytes.slice(open + 1),
    whole,
  });
  if (cells === null) return null;
  if (cells.some((row) => row.some((cell) => /^[[{]/.test(cell)))) return DOCUMENT;
  return {
    dataOffset: open + 1,
    dataLine: line,
    header: keys ?? (cells[0] ?? []).map((_, at) => `${at + 1}`),
    areObjects: keys !== null,
    records: new JsonRecords(rows),
  };
}

/** The keys of the object at `from`; null if the block ends before it does. */
function keysOf(reader: JsonReader, from: number): readonly string[] | null {
  const { bytes } = reader;
  const keys = new Set<string>();
  let p = reader.space(from + 1);
  if (p !== -1 && bytes[p] === CLOSE_OBJECT) throw reader.error("a first row without keys");
  while (p !== -1) {
    if ((p = reader.key(p)) === -1) return null;
    const key = reader.text();
    if (keys.has(key)) throw reader.error(`the key ${quote(key)} twice in a row`);
    if (keys.size === MAX_KEYS) throw reader.error(`a row with more than ${MAX_KEYS} keys`);
    keys.add(key);
    if ((p = reader.value(p)) === -1 || (p = reader.space(p)) === -1) return null;
    if (bytes[p] === CLOSE_OBJECT) return [...keys];
    if (bytes[p] !== COMMA) throw reader.unexpected(p, "a comma or }");
    p = reader.space(p + 1);
  }
  return null;
}

/** The cells of the first rows; null if the first one does not end in `bytes`, which change. */
function sample(
  records: JsonRecords,
  { bytes, whole }: { readonly bytes: Uint8Array; readonly whole: boolean },
): string[][] | null {
  const rows: string[][] = [];
  let from = 0;
  try {
    while (from < bytes.length && rows.length < SAMPLED_ROWS) {
      from = records.next(bytes, from, bytes.length, whole);
      if (from === -1) break;
      if (records.fieldCount === 0) continue;
      const { starts, ends, fieldCount } = records;
      rows.push(Array.from(
        { length: fieldCount },
        (_, cell) => text.decode(bytes.subarray(starts[cell], ends[cell])),
      ));
    }
  } catch (error) {
    if (error instanceof OtherKeys) throw error;
    // One further down is met again, and reported with its row.
    if (rows.length === 0 || !(error instanceof MalformedRecord)) throw error;
  }
  return rows.length === 0 ? null : rows;
}
