/**
 * Bars made from other bars: a stretch of them, or some of their columns
 * replaced. Pure.
 *
 * @module
 */

import { decimalColumn } from "../bars/number/decimal_column.ts";
import { type Bars, type Column, COLUMN_NAMES, type ColumnName } from "../experiment.ts";

/** What an experiment can read of bars: a column, or their times. */
export type Source = ColumnName | "time";

/** The columns that the bars have; only those that were read from the file are there. */
export function columnsOf(bars: Bars): readonly ColumnName[] {
  return COLUMN_NAMES.filter((name) => bars[name] !== undefined);
}

/** Bars *start* to *end* - 1, copied: whoever gets them can reach no other bar. */
export function sliceBars(bars: Bars, start: number, end: number): Bars {
  return withColumns(bars, {
    length: end - start,
    times: bars.times?.slice(start, end) ?? null,
    column: ({ units, decimals }) => decimalColumn(units.slice(start, end), decimals),
  });
}

/** Bars with other times and columns, each column made from the one of its name. */
export function withColumns(
  bars: Bars,
  { length, times, column }: {
    readonly length: number;
    readonly times: Float64Array | null;
    readonly column: (column: Column, name: ColumnName) => Column;
  },
): Bars {
  const columns = columnsOf(bars).map((name) => [name, column(bars[name], name)]);
  // It has the very columns that the given bars have.
  return { length, times, ...Object.fromEntries(columns) } as Bars;
}

/** The same bars, noting in `read` which of their columns are looked at, or their times. */
export function watchedBars(bars: Bars, read: Set<Source>): Bars {
  const watched = { ...bars };
  const watch = (
    source: Source,
    { key, value }: { readonly key: string; readonly value: unknown },
  ) =>
    Object.defineProperty(watched, key, {
      enumerable: true,
      get() {
        read.add(source);
        return value;
      },
    });
  for (const name of columnsOf(bars)) watch(name, { key: name, value: bars[name] });
  watch("time", { key: "times", value: bars.times });
  return watched;
}
