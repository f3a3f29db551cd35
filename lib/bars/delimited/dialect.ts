/**
 * How a delimited file is written: decided once, from its first block, before
 * any row is read.
 *
 * Every candidate (comma, semicolon, tab or pipe; lines in quotes or not)
 * reads a sample of the file; the one under which most rows have the same
 * number of fields, and then the one with the most fields, is right.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { layoutOf } from "./layouts.ts";
import { type CommaMeaning, commaMeaning } from "../number/number_forms.ts";
import type { PlainForm } from "../plain/plain_rows.ts";
import { QuotedLineRecords } from "./quoted_lines.ts";
import { MalformedRecord, QUOTING_HINT, type Records, RecordScanner } from "./records.ts";

/** The form of a file of rows. */
export interface Dialect {
  /** The form in words, for people. */
  readonly description: string;
  /** The names of the columns, from the header line or a known layout. */
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
  /** What a comma inside a number means. */
  readonly comma: CommaMeaning;
  /** What to do about a row that breaks the rules of the form. */
  readonly remedy: string;
}

const COMMA = 0x2c;
const POINT = 0x2e;
const LF = 0x0a;
const CR = 0x0d;

/** The delimiters, the likeliest first. */
const DELIMITERS: readonly { readonly byte: number; readonly name: string }[] = [
  { byte: 0x2c, name: "commas" },
  { byte: 0x3b, name: "semicolons" },
  { byte: 0x09, name: "tabs" },
  { byte: 0x7c, name: "pipes" },
];

/** How much of the file is looked at. */
const SAMPLE_BYTES = 1 << 16;
const SAMPLE_ROWS = 40;
/** Lines above the header that are passed over. */
const MAX_PREAMBLE = 20;

const EXPECTED_FORM = "The data is a text file of columns with a header line, as CSV is.";

const text = new TextDecoder("utf-8", { ignoreBOM: true });

/** How a dialect is detected. */
export interface DetectOptions {
  /** The file's path, for messages. */
  readonly path: string;
  /** Whether `head` is the whole file. */
  readonly whole: boolean;
}

/** One way to read the file. */
interface Candidate {
  readonly delimiter: { readonly byte: number; readonly name: string };
  readonly quotedLines: boolean;
  readonly returnEndsLine: boolean;
}

/** A row of the sample. */
interface SampleRow {
  readonly cells: readonly string[];
  /** Offset after the row. */
  readonly end: number;
  /** Line of the file on which the next row begins. */
  readonly nextLine: number;
  /** Line of the file on which it begins, and the offset. */
  readonly line: number;
  readonly start: number;
}

/** What a candidate makes of the file. */
interface Sample {
  readonly candidate: Candidate;
  readonly rows: readonly SampleRow[];
  /** The number of fields that most rows have, and how many rows have it. */
  readonly fields: number;
  readonly agreeing: number;
  /** Where its rules were broken, if they were. */
  readonly broken: MalformedRecord | undefined;
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
  const complete = whole && cut === head.length;
  const returnEndsLine = endsLinesWithReturns(head.subarray(0, cut));
  const best = bestSample(returnEndsLine, { head, start, cut, complete });
  if (best.rows.length === 0) throw noRow(best, { path, whole, length: head.length });
  return dialectOf(best, path);
}

/** What is sampled. */
interface SampledBytes {
  readonly head: Uint8Array;
  readonly start: number;
  readonly cut: number;
  readonly complete: boolean;
}

/** The sample of the candidate that understands the file best. */
function bestSample(returnEndsLine: boolean, bytes: SampledBytes): Sample {
  let best: Sample | undefined;
  for (const quotedLines of [false, true]) {
    for (const delimiter of DELIMITERS) {
      const sample = sampled({ delimiter, quotedLines, returnEndsLine }, bytes);
      if (best === undefined || isBetter(sample, best)) best = sample;
      if (isBeyondDoubt(best, bytes)) return best;
    }
  }
  return best!;
}

/** Whether all rows agree and no other delimiter is in sight. */
function isBeyondDoubt(
  { candidate, rows, fields, agreeing }: Sample,
  bytes: SampledBytes,
): boolean {
  if (fields < 2 || agreeing < rows.length) return false;
  const sampledBytes = bytes.head.subarray(bytes.start, rows.at(-1)!.end);
  return DELIMITERS.every(({ byte }) =>
    byte === candidate.delimiter.byte || !sampledBytes.includes(byte)
  );
}

/** Whether a carriage return by itself ends a line: there are some, and lines agree with it. */
function endsLinesWithReturns(head: Uint8Array): boolean {
  if (!head.includes(CR)) return false;
  let alone = 0;
  let feeds = 0;
  for (let p = 0; p + 1 < head.length; p++) {
    if (head[p] === LF) feeds++;
    else if (head[p] === CR && head[p + 1] !== LF) alone++;
  }
  // One among many lines is more likely a cell's own.
  return alone > 0 && (feeds === 0 || alone * 10 > feeds);
}

function sampled(
  candidate: Candidate,
  { head, start, cut, complete }: SampledBytes,
): Sample {
  let records = recordsOf(candidate, 1);
  // A copy, as quotes are undone in place.
  const bytes = head.slice(0, cut);
  const rows: SampleRow[] = [];
  let broken: MalformedRecord | undefined;
  let from = start;
  while (from < cut && rows.length < SAMPLE_ROWS) {
    try {
      const end = records.next(bytes, from, cut, complete);
      if (end === -1) break;
      if (records.fieldCount > 0) {
        rows.push({
          cells: cellsOf(records, bytes),
          start: from,
          end,
          line: records.line,
          nextLine: records.nextLine,
        });
      }
      from = end;
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      broken ??= error;
      // A line above the header need not obey.
      from = head.indexOf(LF, from) + 1;
      if (from === 0 || rows.length > MAX_PREAMBLE) break;
      records = recordsOf(candidate, linesBefore(head, from) + 1);
    }
  }
  const counts = Map.groupBy(rows, ({ cells }) => trimmedCount(cells));
  const [fields = 0, agreeing = []] = [...counts].reduce(
    (a, b) => b[1].length > a[1].length || (b[1].length === a[1].length && b[0] > a[0]) ? b : a,
    [0, [] as SampleRow[]],
  );
  return { candidate, rows, fields, agreeing: agreeing.length, broken };
}

function linesBefore(head: Uint8Array, end: number): number {
  let lines = 0;
  for (let p = head.indexOf(LF); p !== -1 && p < end; p = head.indexOf(LF, p + 1)) lines++;
  return lines;
}

function cellsOf(records: Records, bytes: Uint8Array): string[] {
  return Array.from(
    { length: records.fieldCount },
    (_, field) => text.decode(bytes.subarray(records.starts[field], records.ends[field])).trim(),
  );
}

/** How many fields a row has, an empty one at its end not counted. */
function trimmedCount(cells: readonly string[]): number {
  return cells.length > 1 && cells.at(-1) === "" ? cells.length - 1 : cells.length;
}

/** Whether `a` understands the file better than `b`, which is likelier by itself. */
function isBetter(a: Sample, b: Sample): boolean {
  if (a.fields < 2) return false;
  if (b.fields < 2) return true;
  if (a.agreeing !== b.agreeing) return a.agreeing > b.agreeing;
  return a.fields > b.fields && !a.candidate.quotedLines;
}

function recordsOf(candidate: Candidate, line: number): Records {
  const { delimiter: { byte: delimiter }, returnEndsLine, quotedLines } = candidate;
  return quotedLines
    ? new QuotedLineRecords(delimiter, line)
    : new RecordScanner({ delimiter, line, returnEndsLine });
}

function dialectOf(sample: Sample, path: string): Dialect {
  const { candidate, rows, fields } = sample;
  // Lines above the header are those with another number of fields; a file of
  // a header alone has nothing that its number of fields could differ from.
  const at = rows.findIndex(({ cells }) =>
    trimmedCount(cells) === fields || (isHeader(cells) && Math.abs(cells.length - fields) === 1)
  );
  const first = rows[at]!;
  if (at > MAX_PREAMBLE) {
    throw new UserError(
      `Cannot read ${path}: no header line within its first ${MAX_PREAMBLE} lines`,
      { code: "data_invalid", hint: EXPECTED_FORM },
    );
  }
  const hasHeader = !isDataRow(first.cells);
  const odd = hasHeader ? undefined : rows.slice(0, at).find(({ cells }) => isDataRow(cells));
  if (odd !== undefined) throw oddRow(odd, { fields, path });
  if (!hasHeader && sample.broken !== undefined && sample.broken.line < first.line) {
    throw brokenRecord(sample.broken, path);
  }
  const layout = hasHeader ? null : layoutOf(first.cells.slice(0, fields));
  const header = layout?.columns ?? headerOf(first.cells, fields);
  const data = rows.slice(hasHeader ? at + 1 : at);
  const { byte, name } = candidate.delimiter;
  const comma = byte === COMMA ? "thousands" : commaMeaning(data.flatMap(({ cells }) => cells));
  return {
    description: [
      fields === 1 ? "one column" : name,
      ...(candidate.quotedLines ? ["every line in quotes"] : []),
      ...(candidate.returnEndsLine ? ["lines end with carriage returns"] : []),
      ...(comma === "fraction" ? ["decimal commas"] : []),
      layout === null ? `header in line ${first.line}` : `no header: ${layout.name}`,
    ].join(", "),
    header,
    hasHeader,
    dataOffset: hasHeader ? first.end : first.start,
    records: recordsOf(candidate, hasHeader ? first.nextLine : first.line),
    isJson: false,
    plain: {
      delimiter: byte,
      decimalMark: comma === "fraction" ? COMMA : POINT,
      thousands: comma === "thousands",
      rowEnd: candidate.returnEndsLine ? CR : LF,
      kind: candidate.quotedLines ? "quoted lines" : "lines",
    },
    comma,
    remedy: QUOTING_HINT,
  };
}

/** The names, without one for the nothing after a delimiter at the end of the line. */
function headerOf(cells: readonly string[], fields: number): readonly string[] {
  return cells.length > fields && cells.at(-1) === "" ? cells.slice(0, -1) : cells;
}

/** Whether a row holds values rather than names: most of its cells have digits first. */
function isDataRow(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== "");
  const values = filled.filter((cell) => /^[+-]?[$€£¥₹₩₿]?\.?\d/.test(cell));
  return filled.length > 0 && values.length * 2 > filled.length;
}

function isHeader(cells: readonly string[]): boolean {
  return !isDataRow(cells) && cells.some((cell) => /^<?(close|price|last)\b/i.test(cell));
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
