/**
 * The titles of the columns of a delimited file: in which lines they stand,
 * and to which fields they belong. Pure.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { quote } from "../../quote.ts";
import { alignedNames } from "./aligned_names.ts";
import { isMissing, isValue } from "./cell_kinds.ts";
import { countKnown, type Sample, type SampleRow, trimmedCount } from "./sample.ts";

/** What stands above the rows of a file. */
export interface Titles {
  /** The names of the columns. */
  readonly names: readonly string[];
  /** The rows that hold them, as they stand. */
  readonly rows: readonly SampleRow[];
  /** The instrument that a line of them names for all columns; null if none does. */
  readonly symbol: string | null;
}

/** Where the rows of a sample begin. */
export interface FoundTitles {
  /** The titles; null if the file has none. */
  readonly titles: Titles | null;
  /** Place in the sample of the first row of values; -1 if there is none. */
  readonly firstRow: number;
}

/**
 * Finds the titles above the first row of values.
 *
 * @throws {UserError} if two lines could be the titles, or they do not fit the rows
 */
export function findTitles(sample: Sample, path: string): FoundTitles {
  const { rows, fields } = sample;
  const fitting = rows.filter(({ cells }) => trimmedCount(cells) === fields);
  const isData = dataTest(fitting.slice(fitting.length >> 1));
  const width = commonest(fitting.filter(isData).map(({ cells }) => cells.length)) ?? fields;
  const firstData = rows.findIndex((row) => fits(row, { fields, width }) && isData(row));
  if (firstData === -1) return { titles: null, firstRow: firstData };
  const candidates = titleLines(rows.slice(0, firstData), { width, isData });
  // A line below the titles that has a value may be a row that is damaged: it is not passed over.
  const damaged = damagedRow(candidates);
  const firstRow = damaged === undefined ? firstData : rows.indexOf(damaged);
  const lines = candidates.slice(
    0,
    damaged === undefined ? undefined : candidates.indexOf(damaged),
  );
  if (lines.length === 0) {
    const short = rows.slice(0, firstRow).find(({ cells }) => countKnown(cells) > 1);
    if (short !== undefined) throw wrongWidth(short, { width, path });
    return { titles: null, firstRow };
  }
  const { names, symbol } = joinedNames(lines, path);
  const data = rows.slice(firstRow).filter((row) => row.cells.length === width && isData(row));
  const aligned = alignedNames(names, data.map(({ cells }) => cells));
  if (aligned === null) throw wrongWidth(lines.at(-1)!, { width, path });
  // pandas prints the name of the index by itself on a line below the titles.
  const below = rows[rows.indexOf(lines.at(-1)!) + 1]!;
  const isIndexName = sample.candidate.delimiter.inRuns && aligned.length > names.length &&
    below.cells.length === 1 && !isValue(below.cells[0]!);
  if (isIndexName) {
    const named = [below.cells[0]!, ...names];
    return { titles: { names: named, symbol, rows: [...lines, below] }, firstRow };
  }
  return { titles: { names: aligned, symbol, rows: lines }, firstRow };
}

/** Whether a row is one of values; of which columns these are is told by rows of the file. */
function dataTest(examples: readonly SampleRow[]): (row: SampleRow) => boolean {
  const width = Math.max(0, ...examples.map(({ cells }) => cells.length));
  const columns = Array.from({ length: width }, (_, at) => at).filter((at) => {
    const filled = examples.map(({ cells }) => cells[at] ?? "").filter((cell) => !isMissing(cell));
    return filled.length > 0 && filled.filter(isValue).length * 2 >= filled.length;
  });
  return ({ cells }) => {
    if (isCount(cells)) return false;
    const own = columns.length === 0 ? cells : columns.map((at) => cells[at] ?? "");
    const filled = own.filter((cell) => !isMissing(cell));
    return filled.length === 0
      ? own.some((cell) => cell !== "")
      : filled.filter(isValue).length * 2 > filled.length;
  };
}

/** Whether cells count from 0 or 1, as titles of columns do that have no names. */
function isCount(cells: readonly string[]): boolean {
  const counted = cells[0] === "" ? cells.slice(1) : cells;
  const first = Number(counted[0]);
  return counted.length > 2 && (first === 0 || first === 1) &&
    counted.every((cell, at) => cell === String(first + at));
}

function commonest(numbers: readonly number[]): number | undefined {
  const [most] = [...Map.groupBy(numbers, (number) => number)].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  return most?.[0];
}

function fits(
  { cells }: SampleRow,
  { fields, width }: { readonly fields: number; readonly width: number },
): boolean {
  return trimmedCount(cells) === fields || cells.length === width ||
    (cells.length === width + 1 && cells.at(-1) === "");
}

/** The lines of titles among those above the first row of values, in order. */
function titleLines(
  above: readonly SampleRow[],
  { width, isData }: { readonly width: number; readonly isData: (row: SampleRow) => boolean },
): readonly SampleRow[] {
  const found: SampleRow[] = [];
  const isTitles = (row: SampleRow) => hasWidthOfTitles(row, width) && !isData(row);
  for (const row of above.toReversed()) {
    if (isComment(row) || isRule(row.cells) || row.cells.every((cell) => cell === "")) continue;
    if (isTitles(row)) found.unshift(row);
    else if (found.length > 0) break;
  }
  const whole = found.filter(({ cells }) => cells.length >= width);
  if (found.length > 0) return whole.length > 0 ? whole : found.slice(-1);
  const comment = above.filter(isComment).map(uncommented).findLast((row) =>
    isTitles(row) && (row.cells.length === width || countKnown(row.cells) > 0)
  );
  return comment === undefined ? [] : [comment];
}

/** The first line below the titles that has a value, and names no instruments. */
function damagedRow(lines: readonly SampleRow[]): SampleRow | undefined {
  if (lines.length < 2) return undefined;
  const best = lines.reduce((a, b) => score(b.cells) > score(a.cells) ? b : a);
  return lines.slice(lines.indexOf(best) + 1).find(({ cells }) =>
    !LEVEL_OF_INSTRUMENTS.test(cells[0]!) && cells.some(isValue)
  );
}

function hasWidthOfTitles({ cells }: SampleRow, width: number): boolean {
  return cells.length === width || cells.length === width - 1 ||
    (cells.length === width + 1 && cells.at(-1) === "");
}

function isComment({ cells }: SampleRow): boolean {
  return cells[0]!.startsWith("#");
}

/** The row without its hash. */
function uncommented(row: SampleRow): SampleRow {
  const first = row.cells[0]!.replace(/^#+\s*/, "");
  return { ...row, cells: first === "" ? row.cells.slice(1) : [first, ...row.cells.slice(1)] };
}

/** Whether a line is drawn between titles and rows: `----+----`, `|---|:--|`. */
export function isRule(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== "");
  return filled.length > 0 && filled.every((cell) => /^[:+]?[-=_+]{2,}:?$/.test(cell));
}

/** One name for each column from all lines of titles. */
function joinedNames(
  lines: readonly SampleRow[],
  path: string,
): Pick<Titles, "names" | "symbol"> {
  const different = lines.filter(({ cells }, at) =>
    lines.findIndex((other) => isSame(cells, other.cells)) === at
  );
  // pandas writes the name of the index below the titles, by itself.
  const last = different.at(-1)!.cells;
  const indexName = different.length > 1 && last[0] !== "" && last.slice(1).every((c) => c === "")
    ? last[0]!
    : null;
  const levels = indexName === null ? different : different.slice(0, -1);
  const [best, second] = levels.toSorted((a, b) => score(b.cells) - score(a.cells));
  if (second !== undefined && score(best!.cells) === score(second.cells)) {
    throw twoLinesOfTitles([best!, second], path);
  }
  const titles = best!.cells;
  const others = levels.filter((level) => level !== best);
  const names = titles.map((title, at) => {
    if (at === 0 && countKnown([title]) === 0) {
      // What stands above an index are the names of the levels, not its own.
      return indexName ?? (others.some(({ cells }) => cells[0] !== "") ? "" : title);
    }
    const isRepeated = title !== "" && titles.indexOf(title) !== titles.lastIndexOf(title);
    if (!isRepeated) return title;
    const parts = others.map(({ cells, line }) =>
      cells[at] || (line < best!.line ? cells.slice(0, at).findLast((cell) => cell !== "") : "")
    );
    return [title, ...parts].filter((part) => part).join(" ");
  });
  return { names, symbol: symbolOf(others) };
}

/** How much a line looks like titles: first by known ones, then by how many differ. */
function score(cells: readonly string[]): number {
  return countKnown(cells) * 1000 + new Set(cells.filter((cell) => cell !== "")).size;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((cell, at) => cell === b[at]);
}

/** How a line begins that has the instrument of each column. */
const LEVEL_OF_INSTRUMENTS = /^(tickers?|symbols?|instruments?|pairs?|assets?|contracts?)$/i;

/** The one value of a line that says that it names instruments. */
function symbolOf(levels: readonly SampleRow[]): string | null {
  const level = levels.find(({ cells }) => LEVEL_OF_INSTRUMENTS.test(cells[0]!));
  const values = new Set(level?.cells.slice(1).filter((cell) => cell !== ""));
  return values.size === 1 ? [...values][0]! : null;
}

function twoLinesOfTitles(lines: readonly SampleRow[], path: string): UserError {
  const [first, second] = lines.toSorted((a, b) => a.line - b.line);
  const shown = ({ cells, line }: SampleRow) =>
    `${line} (${cells.slice(0, 4).map((cell) => quote(cell, 20)).join(", ")}, …)`;
  return new UserError(
    `Cannot read ${path}: both line ${shown(first!)} and line ${shown(second!)} could be the ` +
      "titles of the columns",
    { code: "data_invalid", hint: "Remove the line that is not, or put a # in front of it." },
  );
}

function wrongWidth(
  { cells, line }: SampleRow,
  { width, path }: { readonly width: number; readonly path: string },
): UserError {
  const names = trimmedCount(cells);
  return new UserError(
    `Cannot read ${path}:${line}: ${names} title${names === 1 ? "" : "s"} above rows of ${width} ` +
      `field${width === 1 ? "" : "s"}, and the rows do not tell which field has none`,
    { code: "data_invalid", hint: "Complete the line of titles: one for each field of a row." },
  );
}
