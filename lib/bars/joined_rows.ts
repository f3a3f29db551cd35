/**
 * Rows of several files as the rows of one. Pure.
 *
 * @module
 */

import type { Column, ColumnName } from "../experiment.ts";
import { decimalColumn, reorderColumn } from "./number/decimal_column.ts";
import type { ParsedRows } from "./rows.ts";
import { reorderText, type TextColumn, TextColumnBuilder } from "./text_column.ts";
import { TimeColumnBuilder } from "./time/time_column.ts";
import { type RowOrder, timeOrder } from "./time/time_order.ts";
import { SingleTimes, type Times } from "./time/times.ts";

/** How many times or texts are copied at once. */
const ROWS_AT_ONCE = 1 << 14;

/** The kept rows of a file that has times. */
export type TimedRows = Pick<ParsedRows, "length" | "columns" | "lines"> & {
  readonly times: Times;
};

/**
 * The rows of a file in time order; those of one time stay as they stand in
 * the file. What is taken is let go of, so that no file is held twice.
 */
export class OrderedRows {
  /** Rows kept. */
  readonly length: number;
  /** How they stand in the file. */
  readonly found: RowOrder;
  /** Milliseconds since 1970-01-01 UTC of the first bar; Infinity without any. */
  readonly firstTime: number;
  /** And of the last. */
  readonly lastTime: number;
  readonly #order: Uint32Array | null;
  readonly #columns: Map<ColumnName, Column>;
  #times: Times | null;
  #lines: TextColumn | null;

  /** The rows as they stand in the file. */
  constructor({ length, times, columns, lines }: TimedRows) {
    const { found, order, repeatedTimes } = timeOrder(times);
    this.length = length;
    this.found = found;
    if (found === "descending" && repeatedTimes > 0) {
      const { values } = times;
      order!.sort((a, b) => values[a]! - values[b]! || a - b);
    }
    this.#order = order;
    this.firstTime = length === 0 ? Infinity : times.at(order?.[0] ?? 0);
    this.lastTime = length === 0 ? Infinity : times.at(order?.[length - 1] ?? length - 1);
    this.#times = times;
    this.#columns = new Map(columns);
    this.#lines = lines;
  }

  /** Names of the columns. */
  get names(): readonly ColumnName[] {
    return [...this.#columns.keys()];
  }

  /** Takes the times. */
  takeTimes(): Times {
    const times = this.#times!;
    this.#times = null;
    if (this.#order === null) return times;
    const { values } = times;
    return new SingleTimes(Float64Array.from(this.#order, (row) => values[row]!));
  }

  /** Takes a column. */
  takeColumn(name: ColumnName): Column {
    const column = this.#columns.get(name)!;
    this.#columns.delete(name);
    return this.#order === null ? column : reorderColumn(column, this.#order);
  }

  /** Takes the lines; null if there are none. */
  takeLines(): TextColumn | null {
    const lines = this.#lines;
    this.#lines = null;
    return lines === null || this.#order === null ? lines : reorderText(lines, this.#order);
  }
}

/**
 * Takes the rows of all files, file after file. Units and decimals are those
 * of one file that holds the same rows.
 */
export function joinRows(files: readonly OrderedRows[]): TimedRows {
  const length = files.reduce((sum, file) => sum + file.length, 0);
  // What is read for checks may be missing in some.
  const names = files[0]!.names.filter((name) => files.every((file) => file.names.includes(name)));
  return {
    length,
    times: joinTimes(files, length),
    columns: new Map(names.map((name) => [
      name,
      joinColumns(files.map((file) => file.takeColumn(name)), length),
    ])),
    lines: joinLines(files, length),
  };
}

/** In pieces, so that times that are kept as runs need not be written out. */
function joinTimes(files: readonly OrderedRows[], length: number): Times {
  const joined = new TimeColumnBuilder(length);
  for (const file of files) {
    const times = file.takeTimes();
    for (let first = 0; first < times.length; first += ROWS_AT_ONCE) {
      const piece = new Float64Array(Math.min(ROWS_AT_ONCE, times.length - first));
      times.fill(piece, first);
      joined.append(piece);
    }
  }
  return joined.build("the data files");
}

/** One column of all, with the decimals of the one that has most. */
function joinColumns(columns: readonly Column[], length: number): Column {
  const decimals = columns.reduce((most, column) => Math.max(most, column.decimals), 0);
  const units = narrowUnits(columns, { decimals, length }) ?? wideUnits(columns, decimals);
  return decimalColumn(units, decimals);
}

/** The units as doubles; null if they are not all exact. */
function narrowUnits(
  columns: readonly Column[],
  { decimals, length }: { readonly decimals: number; readonly length: number },
): Float64Array | null {
  const joined = new Float64Array(length);
  let write = 0;
  for (const { units, decimals: own } of columns) {
    if (!(units instanceof Float64Array)) return null;
    // The product of integers either is exact or is past 2^53 itself.
    const factor = Number(`1e${decimals - own}`);
    for (let row = 0; row < units.length; row++) {
      const unit = units[row]! * factor;
      if (Math.abs(unit) > Number.MAX_SAFE_INTEGER) return null;
      joined[write++] = unit;
    }
  }
  return joined;
}

function wideUnits(columns: readonly Column[], decimals: number): readonly bigint[] {
  const joined: bigint[] = [];
  for (const { units, decimals: own } of columns) {
    const factor = 10n ** BigInt(decimals - own);
    for (const unit of units) joined.push(BigInt(unit) * factor);
  }
  return joined;
}

function joinLines(files: readonly OrderedRows[], length: number): TextColumn | null {
  const joined = new TextColumnBuilder(length);
  for (const file of files) {
    const lines = file.takeLines();
    if (lines === null) return null;
    appendAll(joined, lines);
  }
  return joined;
}

/** Adds all texts, in pieces, as each call of the builder costs more than copying a text. */
function appendAll(joined: TextColumnBuilder, texts: TextColumn): void {
  for (let first = 0; first < texts.length; first += ROWS_AT_ONCE) {
    const ends = new Uint32Array(Math.min(ROWS_AT_ONCE, texts.length - first));
    let size = 0;
    for (let at = 0; at < ends.length; at++) {
      size += texts.end(first + at) - texts.start(first + at);
      ends[at] = size;
    }
    const bytes = new Uint8Array(size);
    for (let at = 0, write = 0; at < ends.length; at++) {
      const end = texts.end(first + at);
      // Texts are a few bytes: a loop beats the views that set() would need.
      for (let read = texts.start(first + at); read < end;) bytes[write++] = texts.bytes[read++]!;
    }
    joined.append(bytes, ends);
  }
}
