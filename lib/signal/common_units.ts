/**
 * Columns of different decimals, brought to one power of ten.
 *
 * @module
 */

import type { Bars, Column } from "../experiment.ts";
import { largestUnit } from "./rolling_mean.ts";

/** The columns of a bar's range. */
export type RangeBars = Pick<Bars, "high" | "low" | "close">;

/**
 * Numbers that stand in the same order as the exact values of columns, one
 * series for each column: their units in a common power of ten or, where those
 * need more than 53 bits, ranks among all of them.
 */
export function comparableUnits(columns: readonly Column[]): readonly Float64Array[] {
  const decimals = Math.max(...columns.map((column) => column.decimals));
  const units = columns.map((column) => scaled(column, decimals));
  if (units.every((each) => each !== undefined)) return units;
  const wide = columns.map((column) => widened(column, decimals));
  const distinct = [...new Set(wide.flat())].sort((a, b) => a < b ? -1 : 1);
  const ranks = new Map(distinct.map((unit, rank) => [unit, rank]));
  return wide.map((each) => Float64Array.from(each, (unit) => ranks.get(unit)!));
}

/** Columns as doubles that can be subtracted. */
export interface CommonDoubles {
  /** Numbers of each column, in the order of the columns. */
  readonly series: readonly Float64Array[];
  /** What one of value 1 has been multiplied by. */
  readonly scale: number;
}

/**
 * Columns in one power of ten: integers, so that differences are exact, or the
 * nearest doubles where those need more than 53 bits.
 */
export function commonDoubles(columns: readonly Column[]): CommonDoubles {
  const decimals = Math.max(...columns.map((column) => column.decimals));
  const units = columns.map((column) => scaled(column, decimals));
  if (units.every((each) => each !== undefined)) {
    return { series: units, scale: Number(`1e${decimals}`) };
  }
  return { series: columns.map(({ values }) => values), scale: 1 };
}

/** Units with more decimals; undefined if they do not fit 53 bits. */
function scaled({ units, decimals }: Column, wanted: number): Float64Array | undefined {
  if (!(units instanceof Float64Array)) return undefined;
  if (decimals === wanted) return units;
  const factor = Number(`1e${wanted - decimals}`);
  if (largestUnit(units) * factor > Number.MAX_SAFE_INTEGER) return undefined;
  const result = new Float64Array(units.length);
  for (let t = 0; t < result.length; t++) result[t] = units[t]! * factor;
  return result;
}

function widened({ units, decimals }: Column, wanted: number): readonly bigint[] {
  const factor = 10n ** BigInt(wanted - decimals);
  return Array.from(units as ArrayLike<number | bigint>, (unit) => BigInt(unit) * factor);
}
