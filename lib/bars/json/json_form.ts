/**
 * Whether a file is JSON, where in it the rows are, and what their columns
 * are called: decided once, from its first block.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { quote } from "../../quote.ts";
import { JsonReader, MAX_DEPTH } from "./json_reader.ts";
import { JSON_HINT, JsonRecords } from "./json_records.ts";
import { layoutOf } from "../delimited/layouts.ts";
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

/** Keys under which exchanges and tools put the rows, or an object that holds them. */
export const ROWS_KEYS: readonly string[] = ["candles", "data", "bars", "klines", "result"];

/** A row with more keys than this is no row of bars. */
const MAX_KEYS = 1000;

/** How many rows have a say in what their columns are. */
const SAMPLED_ROWS = 100;

/** How many keys of a file without rows are shown. */
const SHOWN_KEYS = 5;

const QUOTE = 0x22;
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

/**
 * Detects the form from the first bytes of a file: null if it does not begin
 * as JSON does. `head` stays as it is.
 *
 * @throws {UserError} if it does, but is no JSON, holds no array of rows, or
 * its first row does not end within `head`
 */
export function detectJson(head: Uint8Array, options: DetectJsonOptions): JsonForm | null {
  const { path, whole } = options;
  const reader = new JsonReader(1);
  reader.bytes = head;
  reader.to = head.length;
  try {
    const first = beginning(reader);
    if (first === -1) return null;
    const place = head[first] === OPEN_ARRAY
      ? { open: first, depth: 0 }
      : arrayWithin(reader, first);
    const form = place === null ? null : formOf(reader, { ...place, whole });
    if (form !== null) return form;
    throw whole
      ? reader.error("the file ends before its first row does")
      : reader.error(`its first row does not end within ${head.length} bytes`);
  } catch (error) {
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

/** Where an array of rows is. */
interface RowsPlace {
  /** Offset of its opening bracket. */
  readonly open: number;
  /** How many objects it is within. */
  readonly depth: number;
}

/** The array of rows that an object at `from` holds; null if the block ends before it. */
function arrayWithin(reader: JsonReader, from: number): RowsPlace | null {
  const { bytes } = reader;
  const keys: string[] = [];
  let depth = 1;
  let p = reader.space(from + 1);
  while (p !== -1) {
    // At a key, or at the end of an object without any.
    if (bytes[p] !== CLOSE_OBJECT) {
      if ((p = reader.key(p)) === -1) return null;
      const key = reader.text();
      if (keys.length < SHOWN_KEYS) keys.push(key);
      if (ROWS_KEYS.includes(key.toLowerCase())) {
        if (bytes[p] === OPEN_OBJECT && depth < MAX_DEPTH) {
          depth++;
          p = reader.space(p + 1);
          continue;
        }
        const holds = bytes[p] === OPEN_ARRAY ? firstElement(reader, p) : undefined;
        if (holds === -1) return null;
        if (holds !== undefined && ROW_BYTES.includes(holds)) return { open: p, depth };
      }
      if ((p = reader.value(p)) === -1) return null;
      p = reader.space(p);
    }
    while (p !== -1 && bytes[p] === CLOSE_OBJECT) {
      p = reader.space(p + 1);
      if (--depth === 0) throw noRows(reader, { keys, more: p !== -1 });
    }
    if (p === -1) return null;
    if (bytes[p] !== COMMA) throw reader.unexpected(p, "a comma or }");
    p = reader.space(p + 1);
    if (p !== -1 && bytes[p] !== QUOTE) throw reader.unexpected(p, "a key in double quotes");
  }
  return null;
}

/** The byte with which an array's first element begins, or with which it ends; or -1. */
function firstElement(reader: JsonReader, open: number): number {
  const { line } = reader;
  const p = reader.space(open + 1);
  reader.line = line;
  return p === -1 ? -1 : reader.bytes[p]!;
}

function noRows(
  reader: JsonReader,
  { keys, more }: { readonly keys: readonly string[]; readonly more: boolean },
): MalformedRecord {
  if (more) {
    return reader.error("one JSON text after the other; make them one array first: jq -s . FILE");
  }
  const found = keys.length === 0
    ? "it has no keys"
    : `its keys are ${keys.map((key) => quote(key)).join(", ")}`;
  return reader.error(`no array of rows under ${ROWS_KEYS.join(", ")}: ${found}`);
}

/** The form of the rows in the array at `open`; null if the first one does not end in the block. */
function formOf(
  reader: JsonReader,
  { open, depth, whole }: RowsPlace & { readonly whole: boolean },
): JsonForm | null {
  const { bytes, line } = reader;
  const p = reader.space(open + 1);
  if (p === -1) return null;
  const first = bytes[p]!;
  if (!ROW_BYTES.includes(first)) throw reader.unexpected(p, "a row in [ ] or { }");
  const keys = first === OPEN_OBJECT ? keysOf(reader, p) : null;
  if (first === OPEN_OBJECT && keys === null) return null;
  const form = { dataOffset: open + 1, dataLine: line };
  const rows = { keys, depth, line };
  const cells = first === CLOSE_ARRAY ? [] : sample(new JsonRecords(rows), {
    bytes: bytes.slice(open + 1),
    whole,
  });
  if (cells === null) return null;
  return {
    ...form,
    header: keys ?? columnsOf(cells),
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
    // One further down is met again, and reported with its row.
    if (rows.length === 0 || !(error instanceof MalformedRecord)) throw error;
  }
  return rows.length === 0 ? null : rows;
}

/**
 * The names of the columns of rows that are arrays. Two exchanges' rows may be
 * of one length and in different order, so most rows that tell must agree: in
 * one whose high is its low, every order is plausible.
 */
function columnsOf(rows: readonly (readonly string[])[]): readonly string[] {
  const [first] = rows;
  if (first === undefined) return layoutOf(["0", "1", "1", "1", "1", "0"]).columns;
  const alike = rows.filter(({ length }) => length === first.length);
  const telling = alike.filter((cells) => new Set(cells.slice(1, 5).map(Number)).size > 1);
  const layouts = (telling.length === 0 ? [first] : telling).map(layoutOf);
  const named = layouts.filter(({ columns: [name] }) => name !== "1");
  return named.length * 2 > layouts.length ? named[0]!.columns : first.map((_, at) => `${at + 1}`);
}
