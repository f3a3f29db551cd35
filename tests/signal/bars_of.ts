/**
 * Bars from lists of numbers, for tests of indicators and experiments.
 *
 * @module
 */

import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import type { Bars, Column } from "../../lib/experiment.ts";

/** A column of numbers with at most `decimals` decimals. */
export function columnOf(values: readonly number[], decimals: number): Column {
  const power = 10 ** decimals;
  return decimalColumn(Float64Array.from(values, (value) => Math.round(value * power)), decimals);
}

/** The same column, its units as bigints, 20 decimals more. */
export function widened({ units, decimals }: Column): Column {
  const wide = Array.from(units as Float64Array, (unit) => BigInt(unit) * 10n ** 20n);
  return decimalColumn(wide, decimals + 20);
}

/** The first `length` bars of a column. */
export function beginning({ units, decimals }: Column, length: number): Column {
  return decimalColumn(units.slice(0, length), decimals);
}

/** Bars of closes with at most two decimals, which are their opens, highs and lows, too. */
export function barsOf(closes: readonly number[]): Bars {
  const close: Column = columnOf(closes, 2);
  const { length } = closes;
  const volume = columnOf(Array(length).fill(1), 0);
  return { length, times: null, open: close, high: close, low: close, close, volume };
}
