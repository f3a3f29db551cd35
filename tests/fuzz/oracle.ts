/**
 * The same rows read another way: with the standard library's CSV parser or
 * `JSON.parse`, as strings, and with exact fractions for numbers. Where the
 * delimiter is and what the columns are called is taken from what the reader
 * says of the file; everything that stands in it is not.
 *
 * @module
 */

import { parse } from "@std/csv/parse";
import type { LoadedBars } from "../../lib/bars/load.ts";
import { textAt } from "../../lib/bars/text_column.ts";
import { type Exact, exactNumber, isEqual, timeMs } from "./oracle_value.ts";
import { columnsOf } from "./reading.ts";

/** Rows as text. */
interface Rows {
  /** The columns' names. */
  readonly header: readonly string[];
  readonly cells: readonly (readonly string[])[];
}

const DELIMITERS: Readonly<Record<string, string>> = {
  "one column": ",",
  commas: ",",
  semicolons: ";",
  tabs: "\t",
  pipes: "|",
};

/** The names of the columns of rows without a header, as the reader calls them. */
const LAYOUT = ["time", "open", "high", "low", "close", "volume"];

/**
 * What the bars of a file say that its rows don't, in words; null if they
 * agree, undefined if this is a form that the oracle does not know.
 */
export function disagreement(bytes: Uint8Array, loaded: LoadedBars): string | null | undefined {
  const rows = rowsOf(bytes, loaded.form);
  return rows === null ? undefined : compared(rows, loaded);
}

function rowsOf(bytes: Uint8Array, form: string): Rows | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  if (form.startsWith("JSON; ")) return jsonRows(text);
  const match = /^([a-z ]+), (?:header in line (\d+)|no header: [\w ]+); /.exec(form);
  const separator = DELIMITERS[match?.[1] ?? ""];
  if (match === null || separator === undefined || text.includes("\0")) return null;
  return csvRows(text, { separator, headerLine: match[2] === undefined ? null : Number(match[2]) });
}

function csvRows(
  text: string,
  { separator, headerLine }: { readonly separator: string; readonly headerLine: number | null },
): Rows | null {
  const body = text.split("\n").slice((headerLine ?? 1) - 1).join("\n");
  let cells: string[][];
  try {
    cells = parse(body, { separator }).filter(([first = ""]) => !first.startsWith("#"));
  } catch {
    return null;
  }
  if (headerLine === null) {
    // Lines of words may stand above the rows.
    const first = cells.findIndex(([cell = ""]) => /^\s*[+-]?\.?\d/.test(cell));
    return first === -1 ? null : { header: LAYOUT, cells: cells.slice(first) };
  }
  const header = cells.shift()?.map((name) => name.trim());
  if (header === undefined) return null;
  // Files put together have the titles again, and the lines above them.
  const above = new Set(text.split("\n").slice(0, headerLine - 1).map((line) => line.trim()));
  const isAgain = (row: readonly string[]): boolean =>
    row.every((cell, at) => cell.trim() === header[at]) || above.has(row.join(separator).trim());
  return { header, cells: cells.filter((row) => !isAgain(row)) };
}

function jsonRows(text: string): Rows | null {
  let value: unknown;
  try {
    value = JSON.parse(text, (_, item: unknown, context?: { readonly source?: string }) => {
      // A number as it stands: as a double it may be another one.
      return typeof item === "number" ? context?.source ?? String(item) : item;
    });
  } catch {
    return null;
  }
  while (!Array.isArray(value)) {
    const held = Object.entries(value ?? {}).find(([key, item]) =>
      /^(candles|data|bars|klines|result)$/i.test(key) && typeof item === "object"
    );
    if (held === undefined) return null;
    value = held[1];
  }
  const rows: readonly unknown[] = value;
  const [first] = rows;
  const text_ = (cell: unknown): string =>
    cell === null || cell === undefined
      ? ""
      : typeof cell === "object"
      ? JSON.stringify(cell)
      : String(cell);
  if (Array.isArray(first)) {
    return { header: LAYOUT, cells: rows.map((row) => (row as unknown[]).map(text_)) };
  }
  const header = Object.keys(first as object);
  return {
    header,
    cells: rows.map((row) => header.map((key) => text_((row as Record<string, unknown>)[key]))),
  };
}

/** A row as it should have been read. */
interface ExpectedRow {
  readonly time: number | undefined;
  readonly numbers: readonly Exact[];
  readonly closeText: string;
}

function compared({ header, cells }: Rows, loaded: LoadedBars): string | null | undefined {
  const { bars, form, rowsRead, missing, lines } = loaded;
  const field = (role: string): number => {
    const title = new RegExp(`[;,] ${role} is '([^']*)'`).exec(form)?.[1] ?? role;
    const at = header.findIndex((name) => name.replaceAll("\n", "\\n") === title);
    // Numbered columns.
    return at === -1 && /^\d+$/.test(title) ? Number(title) - 1 : at;
  };
  const names = columnsOf(loaded);
  const fields = names.map(field);
  const timeField = bars.times === null ? null : field("time");
  if (fields.includes(-1) || timeField === -1) return undefined;
  const expected: ExpectedRow[] = [];
  const met = new Map<string | number, readonly Exact[]>();
  let read = 0;
  let dropped = 0;
  const isEmpty = (row: readonly string[]): boolean =>
    row.length > 1 && row.every((cell) => cell === "");
  const closeField = fields[names.indexOf("close")] ?? -1;
  /** Whether a row has neither a time nor a close, as a total below the data. */
  const isTotal = (row: readonly string[]): boolean =>
    timeField !== null && !row[timeField]?.trim() && !row[closeField]?.trim();
  /** Whether it is a line of text below the data, and no row. */
  const isNote = (row: readonly string[]): boolean => row.length === 1 && header.length > 1;
  // Rows of nothing, and of totals, count where others follow.
  const end = cells.findLastIndex((row) => !isEmpty(row) && !isTotal(row) && !isNote(row)) + 1;
  for (const [at, row] of cells.slice(0, end).entries()) {
    read++;
    const numbers = fields.map((index) => exactNumber(row[index] ?? ""));
    // A row that is dropped is not looked at any further.
    if (numbers.includes(null)) {
      dropped++;
      continue;
    }
    if (numbers.includes(undefined)) {
      const cell = row[fields[numbers.indexOf(undefined)]!];
      return `row ${at + 1} was read, though ${JSON.stringify(cell)} is no number`;
    }
    const time = timeField === null ? undefined : timeMs(row[timeField] ?? "");
    if (Number.isNaN(time)) {
      return `row ${at + 1} was read, though ${JSON.stringify(row[timeField!])} is no time`;
    }
    const closeText = row[fields[names.indexOf("close")]!]!;
    // A row that is identical to the one before of its time counts once.
    const moment = time ?? row[timeField ?? -1] ?? `row ${at}`;
    const before = met.get(moment);
    met.set(moment, numbers as Exact[]);
    if (before?.every((number, at) => isEqual(number, (numbers as Exact[])[at]!))) continue;
    expected.push({ time, numbers: numbers as Exact[], closeText });
  }
  if (read !== rowsRead) return `${rowsRead} rows were read of ${read}`;
  if (dropped !== missing.count) return `${missing.count} rows were dropped, not ${dropped}`;
  // Rows of one time in a notation that is not known here may be one bar.
  const mayRepeat = timeField !== null && expected.some(({ time }) => time === undefined);
  if (mayRepeat && bars.length < expected.length) return undefined;
  if (expected.length !== bars.length) return `${bars.length} bars of ${expected.length} rows`;
  const ordered = inOrder(expected, loaded);
  if (ordered === null) return undefined;
  const decoder = new TextDecoder();
  for (const [t, row] of ordered.entries()) {
    if (row.time !== undefined && row.time !== bars.times![t]) {
      return `bar ${t} has time ${bars.times![t]}, not ${row.time}`;
    }
    for (const [at, name] of names.entries()) {
      const column = bars[name];
      const actual = { units: BigInt(column.units[t]!), places: column.decimals };
      if (!isEqual(actual, row.numbers[at]!)) {
        const { units, places } = row.numbers[at]!;
        return `bar ${t} has ${name} ${actual.units}e-${actual.places}, not ${units}e-${places}`;
      }
    }
    const kept = parse(decoder.decode(textAt(lines!, t)))[0]?.[1];
    if (kept !== row.closeText) {
      return `bar ${t} keeps ${JSON.stringify(kept)}, not ${JSON.stringify(row.closeText)}`;
    }
  }
  return null;
}

/** The rows in time order; null where that cannot be told. */
function inOrder(
  rows: readonly ExpectedRow[],
  { bars, quality }: LoadedBars,
): readonly ExpectedRow[] | null {
  if (bars.times === null || quality.order === "ascending") return rows;
  if (rows.every(({ time }) => time !== undefined)) {
    const sorted = rows.toSorted((a, b) => a.time! - b.time!);
    // Newest-first rows are turned around, those of one time with them.
    return quality.order === "descending" ? rows.toReversed() : sorted;
  }
  return quality.order === "descending" ? rows.toReversed() : null;
}
