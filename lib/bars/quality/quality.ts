/**
 * What is noteworthy about the bars of a file: nothing is repaired here, only
 * counted. Pure.
 *
 * Every count is over exact integers, in a pass or two of each column.
 *
 * @module
 */

import { type Column, COLUMN_NAMES, type ColumnName } from "../../experiment.ts";
import type { LeftOut } from "../delimited/aside_lines.ts";
import { type KeptBars, type RepeatedTimes, repeatedTimes } from "./repeated_times.ts";
import { type Spacing, spacingOf } from "./spacing.ts";
import type { RowOrder } from "../time/time_order.ts";
import type { Times } from "../time/times.ts";
import type { Understood } from "./understood.ts";

/** Rows that were left out, and where the first of them are. */
export interface MissingRows {
  /** How many. */
  readonly count: number;
  /** Lines of the first few; with the file, as `a.csv:17`, where there are several. */
  readonly lines: readonly (number | string)[];
}

/** What a report is made from. */
export interface QualityInput {
  /** The bars in time order, with whichever columns were kept. */
  readonly bars: KeptBars;
  /** Data rows in the file, dropped ones included. */
  readonly rowsRead: number;
  /** Rows dropped as a kept column had no value. */
  readonly missing: MissingRows;
  /** The order in which the rows stood. */
  readonly order: RowOrder;
  /** The repeated times of the file, if some of them were dropped since. */
  readonly repeats?: RepeatedTimes | undefined;
  /** How many rows were dropped for their repeated time; default 0. */
  readonly repeatsDropped?: number;
  /** What was understood of each file; default: nothing is said. */
  readonly understood?: readonly Understood[];
  /** Lines that are no rows; default: there can be none. */
  readonly leftOut?: LeftOut | null;
}

/** The bar with the largest change. */
export interface LargestMove {
  /** Change of the close against the bar before: 0.1 is up by a tenth, -0.5 down by half. */
  readonly change: number;
  /** Its position, from 0. */
  readonly bar: number;
  /** Milliseconds since 1970-01-01 UTC of it; null without times. */
  readonly time: number | null;
}

/** What is noteworthy; null is what could not be told from the columns that were kept. */
export interface QualityReport {
  /** Data rows in the file, dropped ones included. */
  readonly rowsRead: number;
  /** Rows dropped as a kept column had no value. */
  readonly missing: MissingRows;
  /** Rows dropped for their repeated time. */
  readonly repeatsDropped: number;
  /** Bars there are. */
  readonly bars: number;
  /** The columns that were kept, and so looked at. */
  readonly columns: readonly ColumnName[];
  /** The order in which the rows stood. */
  readonly order: RowOrder;
  /** Milliseconds since 1970-01-01 UTC of the first bar. */
  readonly firstTime: number | null;
  /** And of the last. */
  readonly lastTime: number | null;
  /** The interval between bars, and where it is longer. */
  readonly spacing: Spacing | null;
  /** Bars with the time of the bar before. */
  readonly repeats: RepeatedTimes | null;
  /** Zeros among the kept prices. */
  readonly zeroPrices: number;
  /** Negative numbers among the kept prices. */
  readonly negativePrices: number;
  /** Bars whose high is below their low. */
  readonly highBelowLow: number | null;
  /** Bars whose close is above their high or below their low. */
  readonly closeOutsideRange: number | null;
  /** Bars whose close is that of the bar before. */
  readonly unchangedCloses: number | null;
  /** The largest change of the close between two bars, the first of equals. */
  readonly largestMove: LargestMove | null;
  /** What was understood of each file. */
  readonly understood: readonly Understood[];
  /** Lines that are no rows; null where there can be none. */
  readonly leftOut: LeftOut | null;
}

/** Looks at the bars. */
export function qualityOf(input: QualityInput): QualityReport {
  const { bars, rowsRead, missing, order, repeatsDropped = 0 } = input;
  const { open, high, low, close, times } = bars;
  const spacing = times === null ? null : spacingOf(times);
  const prices = [open, high, low, close].filter((column) => column !== undefined);
  const moves = close === undefined ? null : movesOf(close);
  const signs = prices.map((column) => column === close ? moves! : signsOf(column));
  const largest = moves?.largest ?? null;
  return {
    rowsRead,
    missing,
    repeatsDropped,
    bars: bars.length,
    columns: COLUMN_NAMES.filter((name) => bars[name] !== undefined),
    order,
    firstTime: timeAt(times, 0),
    lastTime: timeAt(times, bars.length - 1),
    spacing: spacing?.spacing ?? null,
    repeats: input.repeats ?? (spacing === null ? null : repeatsOf(bars, spacing.repeats)),
    zeroPrices: signs.reduce((sum, { zeros }) => sum + zeros, 0),
    negativePrices: signs.reduce((sum, { negatives }) => sum + negatives, 0),
    highBelowLow: high === undefined || low === undefined ? null : countBelow(high, low),
    closeOutsideRange: high === undefined || low === undefined || close === undefined
      ? null
      : countOutside(close, { high, low }),
    unchangedCloses: moves?.unchanged ?? null,
    largestMove: largest === null ? null : { ...largest, time: timeAt(times, largest.bar) },
    understood: input.understood ?? [],
    leftOut: input.leftOut ?? null,
  };
}

function timeAt(times: Times | null, t: number): number | null {
  return times === null || times.length === 0 ? null : times.at(t);
}

function repeatsOf(bars: KeptBars, count: number): RepeatedTimes {
  const none = { count: 0, bars: [], times: [] };
  return count === 0 ? { identical: none, conflicting: none } : repeatedTimes(bars);
}

interface Signs {
  readonly zeros: number;
  readonly negatives: number;
}

function signsOf({ units }: Column): Signs {
  let zeros = 0;
  let negatives = 0;
  if (units instanceof Float64Array) {
    for (let t = 0; t < units.length; t++) {
      if (units[t]! > 0) continue;
      if (units[t] === 0) zeros++;
      else negatives++;
    }
  } else {
    for (const unit of units) {
      if (unit === 0n) zeros++;
      else if (unit < 0n) negatives++;
    }
  }
  return { zeros, negatives };
}

/** What one pass over the closes tells. */
interface Moves extends Signs {
  readonly unchanged: number;
  readonly largest: Omit<LargestMove, "time"> | null;
}

/** A move from a price that is not positive has no ratio, and is passed over. */
function movesOf(column: Column): Moves {
  const { units } = column;
  return units instanceof Float64Array ? narrowMoves(units) : wideMoves(column, units);
}

function narrowMoves(units: Float64Array): Moves {
  let unchanged = 0;
  let zeros = 0;
  let negatives = 0;
  let bar = -1;
  let size = 0;
  // A little below it, so that only a move that may be larger costs a division.
  let nearly = 0;
  // Of the first bar there is no move: not a number is larger than nothing.
  let before = NaN;
  for (let t = 0; t < units.length; t++) {
    const now = units[t]!;
    const distance = Math.abs(now - before);
    if (distance === 0) unchanged++;
    if (now <= 0) {
      if (now === 0) zeros++;
      else negatives++;
    }
    if (distance > nearly * before && before > 0 && distance / before > size) {
      size = distance / before;
      nearly = size * (1 - 1e-12);
      bar = t;
    }
    before = now;
  }
  if (bar === -1) return { unchanged, largest: null, zeros, negatives };
  const change = units[bar]! < units[bar - 1]! ? -size : size;
  return { unchanged, largest: { change, bar }, zeros, negatives };
}

function wideMoves(column: Column, units: readonly bigint[]): Moves {
  let unchanged = 0;
  let largest: Moves["largest"] = null;
  for (let t = 1; t < units.length; t++) {
    const before = units[t - 1]!;
    const distance = units[t]! - before;
    if (distance === 0n) unchanged++;
    else if (before > 0n) {
      const change = Number(distance) / Number(before);
      if (largest === null || Math.abs(change) > Math.abs(largest.change)) {
        largest = { change, bar: t };
      }
    }
  }
  return { unchanged, largest, ...signsOf(column) };
}

/**
 * Factors that bring two columns of doubles to one power of ten. One of them
 * is 1 and the units are below 2^53: a product beyond that is rounded, but
 * still the larger one, so every comparison is exact.
 */
function factors(a: Column, b: Column): readonly [number, number] {
  const power = Number(`1e${Math.abs(a.decimals - b.decimals)}`);
  return a.decimals < b.decimals ? [power, 1] : [1, power];
}

/** Units as big integers of a given power of ten. */
function widened({ units, decimals }: Column, to: number): (t: number) => bigint {
  const factor = 10n ** BigInt(to - decimals);
  return (t) => BigInt(units[t]!) * factor;
}

function countBelow(a: Column, b: Column): number {
  let count = 0;
  if (a.units instanceof Float64Array && b.units instanceof Float64Array) {
    const { units } = a;
    const { units: others } = b;
    const [factor, other] = factors(a, b);
    for (let t = 0; t < units.length; t++) {
      if (units[t]! * factor < others[t]! * other) count++;
    }
    return count;
  }
  const decimals = Math.max(a.decimals, b.decimals);
  const [left, right] = [widened(a, decimals), widened(b, decimals)];
  for (let t = 0; t < a.units.length; t++) if (left(t) < right(t)) count++;
  return count;
}

function countOutside(
  close: Column,
  { high, low }: { readonly high: Column; readonly low: Column },
): number {
  let count = 0;
  if (
    close.units instanceof Float64Array && high.units instanceof Float64Array &&
    low.units instanceof Float64Array
  ) {
    const { units: closes } = close;
    const { units: highs } = high;
    const { units: lows } = low;
    const [closeToHigh, highFactor] = factors(close, high);
    const [closeToLow, lowFactor] = factors(close, low);
    for (let t = 0; t < closes.length; t++) {
      const unit = closes[t]!;
      const isAbove = unit * closeToHigh > highs[t]! * highFactor;
      if (isAbove || unit * closeToLow < lows[t]! * lowFactor) count++;
    }
    return count;
  }
  const decimals = Math.max(close.decimals, high.decimals, low.decimals);
  const [at, top, bottom] = [close, high, low].map((column) => widened(column, decimals));
  for (let t = 0; t < close.units.length; t++) {
    const unit = at!(t);
    if (unit > top!(t) || unit < bottom!(t)) count++;
  }
  return count;
}
