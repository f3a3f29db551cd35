/**
 * The close against its rolling mean, decided exactly.
 *
 * With integer units *u* and *n* bars in the window, `close > mean` is
 * `u[t] * n > u[t-n+1] + … + u[t]`: no division, and no rounding as long as
 * both sides are exact. Doubles are exact integers up to 2^53; where a window
 * sum could pass that, the same loop runs on bigints.
 *
 * @module
 */

import type { Column } from "../experiment.ts";

/** How the mean is taken. */
export interface RollingMeanOptions {
  /** Bars in the window, from 1. */
  readonly window: number;
  /**
   * Bars needed before there is a mean, from 1 to `window`, as in pandas'
   * `min_periods`: until the window is full, the mean is that of the bars so far.
   */
  readonly minPeriods: number;
}

/** Where the column stands against its mean, bar by bar. */
export interface AboveMean {
  /** 1 where the value is above the mean, else 0; 0 while warming up. */
  readonly positions: Int8Array;
  /** Leading bars without a mean: `minPeriods - 1`, or all of a shorter column. */
  readonly warmup: number;
  /** Bars after the warm-up whose value equals the mean exactly. */
  readonly ties: number;
  /** The arithmetic that was exact for this column and window. */
  readonly exactForm: "double" | "bigint";
}

/** The largest absolute value among units, zero when there are none. */
export function largestUnit(units: Float64Array): number {
  let most = 0;
  for (let t = 0; t < units.length; t++) most = Math.max(most, Math.abs(units[t]!));
  return most;
}

/**
 * Compares each value of a column with the mean of the last `window` values,
 * itself included. Source: the definition of the simple moving average.
 *
 * @throws {RangeError} if `window` or `minPeriods` is out of range.
 */
export function aboveRollingMean(column: Column, options: RollingMeanOptions): AboveMean {
  const { window, minPeriods } = options;
  if (!Number.isSafeInteger(window) || window < 1) {
    throw new RangeError(
      `Cannot take a rolling mean: window is a whole number from 1, got ${window}`,
    );
  }
  if (!Number.isSafeInteger(minPeriods) || minPeriods < 1 || minPeriods > window) {
    throw new RangeError(
      `Cannot take a rolling mean: minPeriods is a whole number from 1 to ${window}, got ${minPeriods}`,
    );
  }
  const { units } = column;
  // No window is longer than the column, so a huge one costs no precision.
  const longest = Math.min(window, units.length);
  const warmup = Math.min(minPeriods - 1, units.length);
  if (units instanceof Float64Array && largestUnit(units) * longest <= Number.MAX_SAFE_INTEGER) {
    return { ...compareDoubles(units, window, warmup), warmup, exactForm: "double" };
  }
  return { ...compareBigints(units, window, warmup), warmup, exactForm: "bigint" };
}

function compareDoubles(
  units: Float64Array,
  window: number,
  warmup: number,
): Pick<AboveMean, "positions" | "ties"> {
  const positions = new Int8Array(units.length);
  let ties = 0;
  let sum = 0;
  // The window fills up first, then it slides.
  const filling = Math.min(window, units.length);
  for (let t = 0; t < filling; t++) {
    const unit = units[t]!;
    sum += unit;
    if (t < warmup) continue;
    const scaled = unit * (t + 1);
    if (scaled > sum) positions[t] = 1;
    else if (scaled === sum) ties++;
  }
  for (let t = filling; t < units.length; t++) {
    const unit = units[t]!;
    // Out before in: the sum is never of more than `window` bars.
    sum -= units[t - window]!;
    sum += unit;
    const scaled = unit * window;
    // Without branches, as a coin toss is what these comparisons are like.
    positions[t] = Number(scaled > sum);
    ties += Number(scaled === sum);
  }
  return { positions, ties };
}

function compareBigints(
  units: Column["units"],
  window: number,
  warmup: number,
): Pick<AboveMean, "positions" | "ties"> {
  const positions = new Int8Array(units.length);
  let ties = 0;
  let sum = 0n;
  for (let t = 0; t < units.length; t++) {
    const unit = BigInt(units[t]!);
    if (t >= window) sum -= BigInt(units[t - window]!);
    sum += unit;
    if (t < warmup) continue;
    const scaled = unit * BigInt(Math.min(t + 1, window));
    if (scaled > sum) positions[t] = 1;
    else if (scaled === sum) ties++;
  }
  return { positions, ties };
}
