/**
 * How a delimited file is written: decided once, from its first block, before
 * any row is read.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { columnEvidence, type MarkEvidence } from "../number/decimal_mark.ts";
import type { PlainForm } from "../plain/plain_rows.ts";
import { isMissing, isValue } from "./cell_kinds.ts";
import { type MalformedRecord, QUOTING_HINT, type Records } from "./records.ts";
import {
  bestSample,
  MAX_PREAMBLE,
  recordsOf,
  type Sample,
  type SampleRow,
  trimmedCount,
} from "./sample.ts";
import { findTitles, type FoundTitles, type Titles } from "./titles.ts";

/** The form of a file of rows. */
export interface Dialect {
  /** The form in words, for people. */
  readonly description: string;
  /** The names of the columns: their titles, or their numbers from 1. */
  readonly header: readonly string[];
  /** Whether the names stand in the file. */
  readonly hasHeader: boolean;
  /** Offset of the first byte of data. */
  readonly dataOffset: number;
  /** Finds the rows, from that byte on. */
  readonly records: Records;
  /** Whether the rows are values of JSON. */
  readonly isJson: boolean;
  /** How plain rows are written; null if there are none to be expected. */
  readonly plain: PlainForm | null;
  /** What the first rows say of the decimal mark of each field; left out where none were asked. */
  readonly marks?: readonly MarkEvidence[];
  /** What to do about a row that breaks the rules of the form. */
  readonly remedy: string;
  /** The instrument that the lines of titles name; null or left out if they name none. */
  readonly symbol?: string | null;
  /** Lines that may stand among the rows or below them; left out where there are none. */
  readonly known?: KnownLines;
}

/** Lines of a delimited file that are no rows. */
export interface KnownLines {
  /** The lines of titles. */
  readonly titles: readonly (readonly string[])[];
  /** The lines above them. */
  readonly above: readonly (readonly string[])[];
  /** The byte between fields. */
  readonly delimiter: string;
  /** The first row of values. */
  readonly firstRow: readonly string[];
}

const POINT = 0x2e;
const LF = 0x0a;
const CR = 0x0d;

/** How much of the file is looked at. */
const SAMPLE_BYTES = 1 << 16;

const EXPECTED_FORM = "The data is a text file of columns with a header line, as CSV is.";

/** How a dialect is detected. */
export interface DetectOptions {
  /** The file's path, for messages. */
  readonly path: string;
  /** Whether `head` is the whole file. */
  readonly whole: boolean;
}

/**
 * Detects the dialect from the first bytes of a file.
 *
 * @throws {UserError} if the file is empty, binary, or cannot be told to be a table
 */
export function detectDialect(head: Uint8Array, { path, whole }: DetectOptions): Dialect {
  if (head.includes(0)) {
    throw new UserError(`Cannot read ${path}: it is binary, not a table`, {
      code: "data_invalid",
      hint: EXPECTED_FORM,
    });
  }
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const cut = Math.min(head.length, SAMPLE_BYTES);
  const sample = bestSample({ head, start, cut, complete: whole && cut === head.length });
  if (sample.rows.length === 0) throw noRow(sample, { path, whole, length: head.length });
  return dialectOf(sample, path);
}

function dialectOf(sample: Sample, path: string): Dialect {
  const { candidate, rows, fields } = sample;
  const { titles, firstRow } = beginning(sample, path);
  const first = titles?.rows.at(-1) ?? rows[firstRow]!;
  const at = rows.findIndex(({ line }) => line === (titles?.rows[0] ?? first).line);
  if (at > MAX_PREAMBLE) {
    throw new UserError(
      `Cannot read ${path}: no header line within its first ${MAX_PREAMBLE} lines`,
      { code: "data_invalid", hint: EXPECTED_FORM },
    );
  }
  if (titles === null) refuseOddRows(sample, { at, path });
  const header = titles?.names ?? first.cells.slice(0, fields).map((_, at) => `${at + 1}`);
  const data = rows.filter(({ line }) =>
    line > first.line || (titles === null && line === first.line)
  );
  const { byte, name } = candidate.delimiter;
  const marks = header.map((_, field) =>
    columnEvidence(data.map(({ cells }) => cells[field] ?? ""))
  );
  const hasComments = !(data[0]?.cells[0] ?? "").startsWith("#");
  return {
    description: [
      fields === 1 ? "one column" : name,
      ...(candidate.quotedLines ? ["every line in quotes"] : []),
      ...(candidate.returnEndsLine ? ["lines end with carriage returns"] : []),
      ...(marks.includes("comma") ? ["decimal commas"] : []),
      titles === null ? "no header" : titlesText(titles),
    ].join(", "),
    header,
    hasHeader: titles !== null,
    dataOffset: titles === null ? first.start : first.end,
    records: recordsOf(candidate, {
      line: titles === null ? first.line : first.nextLine,
      hasComments,
    }),
    isJson: false,
    plain: candidate.delimiter.inRuns ? null : {
      delimiter: byte,
      decimalMark: POINT,
      thousands: false,
      rowEnd: candidate.returnEndsLine ? CR : LF,
      kind: candidate.quotedLines ? "quoted lines" : "lines",
      hasComments,
    },
    marks,
    remedy: QUOTING_HINT,
    symbol: titles?.symbol ?? null,
    known: {
      titles: titles?.rows.map(({ cells }) => cells) ?? [],
      above: rows.slice(0, at).map(({ cells }) => cells),
      delimiter: String.fromCharCode(byte),
      firstRow: data[0]?.cells ?? [],
    },
  };
}

/** The titles, or the first row where there are none; a file without values has a header at least. */
function beginning(sample: Sample, path: string): FoundTitles {
  const { rows, fields } = sample;
  const found = findTitles(sample, path);
  if (found.firstRow !== -1) return found;
  const header = rows.find(({ cells }) => trimmedCount(cells) === fields)!;
  const names = header.cells.length > fields ? header.cells.slice(0, fields) : header.cells;
  return { titles: { names, rows: [header], symbol: null }, firstRow: -1 };
}

function titlesText({ rows }: Titles): string {
  const [first, last] = [rows[0]!.line, rows.at(-1)!.line];
  return first === last ? `header in line ${first}` : `header in lines ${first} to ${last}`;
}

/** Without a header, nothing tells a notice above the first row from a row that is damaged. */
function refuseOddRows(
  { rows, fields, broken }: Sample,
  { at, path }: { readonly at: number; readonly path: string },
): void {
  const odd = rows.slice(0, at).find(({ cells }) => isMostlyValues(cells));
  if (odd !== undefined) throw oddRow(odd, { fields, path });
  if (broken !== undefined && broken.line < rows[at]!.line) throw brokenRecord(broken, path);
}

function isMostlyValues(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => !isMissing(cell));
  return filled.length > 0 && filled.filter(isValue).length * 2 > filled.length;
}

/** The error for a row among the lines above the first one, in a file that has no header. */
function oddRow(
  { line, cells }: SampleRow,
  { fields, path }: { readonly fields: number; readonly path: string },
): UserError {
  const got = `${cells.length} field${cells.length === 1 ? "" : "s"}`;
  return new UserError(
    `Cannot read ${path}:${line}: a row of ${got} above rows of ${fields}, and no header line`,
    { code: "data_invalid", hint: "Was the beginning cut off? Complete the line or remove it." },
  );
}

function brokenRecord(broken: MalformedRecord, path: string): UserError {
  return new UserError(`Cannot read ${path}:${broken.line}: ${broken.message}`, {
    code: "data_invalid",
    hint: QUOTING_HINT,
    cause: broken,
  });
}

function noRow(
  { broken }: Sample,
  { path, whole, length }: {
    readonly path: string;
    readonly whole: boolean;
    readonly length: number;
  },
): UserError {
  if (broken !== undefined) return brokenRecord(broken, path);
  if (whole && length <= SAMPLE_BYTES) {
    return new UserError(`Cannot read ${path}: it is empty`, {
      code: "data_empty",
      hint: EXPECTED_FORM,
    });
  }
  return new UserError(`Cannot read ${path}: its first ${SAMPLE_BYTES / 1024} KiB hold no line`, {
    code: "data_invalid",
    hint: EXPECTED_FORM,
  });
}
