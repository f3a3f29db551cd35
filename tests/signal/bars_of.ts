/**
 * Bars from lists of numbers, for tests of indicators.
 *
 * @module
 */

import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import type { Column } from "../../lib/experiment.ts";

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
