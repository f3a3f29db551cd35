/**
 * The first rows of a delimited file, under the reading that understands them
 * best.
 *
 * Every candidate (comma, semicolon, tab or pipe; lines in quotes or not)
 * reads a sample of the file. The one that finds the most known titles is
 * right, then the one under which most rows have the same number of fields,
 * then the one with the most fields. Runs of spaces are tried if no other
 * finds two fields.
 *
 * @module
 */

import { knownRole } from "../header.ts";
import { QuotedLineRecords } from "./quoted_lines.ts";
import { MalformedRecord, type Records, RecordScanner } from "./records.ts";
import { SpacedLineRecords } from "./spaced_lines.ts";

/** A byte between fields. */
export interface Delimiter {
  /** The byte. */
  readonly byte: number;
  /** Its name in the plural. */
  readonly name: string;
  /** Whether any number of them stand between two fields, as spaces do that align columns. */
  readonly inRuns?: boolean;
}

/** One way to read a file. */
export interface Candidate {
  /** What stands between fields. */
  readonly delimiter: Delimiter;
  /** Whether every line stands in one pair of quotes. */
  readonly quotedLines: boolean;
  /** Whether a carriage return by itself ends a line. */
  readonly returnEndsLine: boolean;
}

/** A row of the sample. */
export interface SampleRow {
  /** Its fields, without spaces around them. */
  readonly cells: readonly string[];
  /** Line of the file on which it begins. */
  readonly line: number;
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset after it. */
  readonly end: number;
  /** Line of the file on which the next row begins. */
  readonly nextLine: number;
}

/** What a candidate makes of the file. */
export interface Sample {
  /** The candidate. */
  readonly candidate: Candidate;
  /** The first rows. */
  readonly rows: readonly SampleRow[];
  /** The number of fields that most rows have, an empty one at the end not counted. */
  readonly fields: number;
  /** How many rows have it. */
  readonly agreeing: number;
  /** The most known titles of columns in one row. */
  readonly knownTitles: number;
  /** Where its rules were broken, if they were. */
  readonly broken: MalformedRecord | undefined;
}

/** What is sampled. */
export interface SampledBytes {
  /** The beginning of the file. */
  readonly head: Uint8Array;
  /** Offset of the first byte of text in it. */
  readonly start: number;
  /** Offset after the last byte that is looked at. */
  readonly cut: number;
  /** Whether the file ends there. */
  readonly complete: boolean;
}

/** Lines above the titles that are passed over. */
export const MAX_PREAMBLE = 20;

const LF = 0x0a;
const CR = 0x0d;
const SAMPLE_ROWS = 40;

/** The delimiters, the likeliest first. */
const DELIMITERS: readonly Delimiter[] = [
  { byte: 0x2c, name: "commas" },
  { byte: 0x3b, name: "semicolons" },
  { byte: 0x09, name: "tabs" },
  { byte: 0x7c, name: "pipes" },
];

const SPACES: Delimiter = { byte: 0x20, name: "spaces", inRuns: true };

const text = new TextDecoder("utf-8", { ignoreBOM: true });

/** The sample of the candidate that understands the file best. */
export function bestSample(bytes: SampledBytes): Sample {
  const returnEndsLine = endsLinesWithReturns(bytes.head.subarray(0, bytes.cut));
  let best: Sample | undefined;
  for (const quotedLines of [false, true]) {
    for (const delimiter of DELIMITERS) {
      const sample = sampled({ delimiter, quotedLines, returnEndsLine }, bytes);
      if (best === undefined || isBetter(sample, best)) best = sample;
      if (isBeyondDoubt(best, bytes)) return best;
    }
  }
  if (best!.fields >= 2) return best!;
  const spaced = sampled({ delimiter: SPACES, quotedLines: false, returnEndsLine }, bytes);
  return isBetter(spaced, best!) ? spaced : best!;
}

/** What finds the rows of a file; `line` is that of the first one. */
export function recordsOf(
  { delimiter: { byte: delimiter, inRuns }, returnEndsLine, quotedLines }: Candidate,
  { line, hasComments = false }: { readonly line: number; readonly hasComments?: boolean },
): Records {
  if (inRuns) return new SpacedLineRecords(line);
  return quotedLines
    ? new QuotedLineRecords({ delimiter, line, hasComments })
    : new RecordScanner({ delimiter, line, returnEndsLine, hasComments });
}

/** How many fields a row has, an empty one at its end not counted. */
export function trimmedCount(cells: readonly string[]): number {
  return cells.length > 1 && cells.at(-1) === "" ? cells.length - 1 : cells.length;
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

function sampled(candidate: Candidate, { head, start, cut, complete }: SampledBytes): Sample {
  let records = recordsOf(candidate, { line: 1 });
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
      records = recordsOf(candidate, { line: linesBefore(head, from) + 1 });
    }
  }
  const counts = Map.groupBy(rows, ({ cells }) => trimmedCount(cells));
  const [fields = 0, agreeing = []] = [...counts].reduce(
    (a, b) => b[1].length > a[1].length || (b[1].length === a[1].length && b[0] > a[0]) ? b : a,
    [0, [] as SampleRow[]],
  );
  const knownTitles = rows.reduce((most, { cells }) => Math.max(most, countKnown(cells)), 0);
  return { candidate, rows, fields, agreeing: agreeing.length, knownTitles, broken };
}

/** How many cells are titles by which columns are known. */
export function countKnown(cells: readonly string[]): number {
  return cells.filter((cell) => knownRole(cell) !== null).length;
}

function linesBefore(head: Uint8Array, end: number): number {
  let lines = 0;
  for (let p = head.indexOf(LF); p !== -1 && p < end; p = head.indexOf(LF, p + 1)) lines++;
  return lines;
}

/** The fields of the row at hand as texts, without spaces around them. */
export function cellsOf(records: Records, bytes: Uint8Array): string[] {
  return Array.from(
    { length: records.fieldCount },
    (_, field) => text.decode(bytes.subarray(records.starts[field], records.ends[field])).trim(),
  );
}

/** Whether `a` understands the file better than `b`, which is likelier by itself. */
function isBetter(a: Sample, b: Sample): boolean {
  if (a.fields < 2) return false;
  if (b.fields < 2) return true;
  if (a.knownTitles !== b.knownTitles) return a.knownTitles > b.knownTitles;
  if (a.agreeing !== b.agreeing) return a.agreeing > b.agreeing;
  const [inA, inB] = [a, b].map(splitCells);
  if (inA !== inB) return inA! < inB!;
  return a.fields > b.fields && !a.candidate.quotedLines;
}

/** How many cells hold a delimiter of another candidate, commas inside numbers apart. */
function splitCells({ rows, fields }: Sample): number {
  return rows.filter(({ cells }) => trimmedCount(cells) === fields)
    .reduce((sum, { cells }) => sum + cells.filter((cell) => /[;\t|]/.test(cell)).length, 0);
}
