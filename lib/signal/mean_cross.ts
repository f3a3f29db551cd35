/**
 * A fast rolling mean against a slow one, decided exactly.
 *
 * With sums of integer units *F* of `fast` bars and *S* of `slow` bars, the
 * fast mean is above the slow one where `F × slow > S × fast`: no division, and
 * no rounding as long as both sides are exact. Where they could pass 2^53, the
 * same loop runs on bigints.
 *
 * @module
 */

import type { Column } from "../experiment.ts";
import { type AboveMean, largestUnit } from "./rolling_mean.ts";
import { checkWindow } from "./window.ts";

/** The windows of the two means. */
export interface MeanCrossOptions {
  /** Bars of the fast mean, from 1. */
  readonly fast: number;
  /** Bars of the slow mean, more than `fast`. */
  readonly slow: number;
}

/**
 * Compares the mean of the last `fast` values with that of the last `slow`
 * values, the bar's own included in both. Source: the definition of the simple
 * moving average.
 *
 * @returns positions of 1 where the fast mean is above the slow one, ties
 * being bars where they are equal; the warm-up is `slow - 1` bars
 * @throws {RangeError} if a window is no whole number from 1, or `fast` is not below `slow`
 */
export function aboveSlowMean(column: Column, { fast, slow }: MeanCrossOptions): AboveMean {
  checkWindow(fast, "a fast mean");
  checkWindow(slow, "a slow mean");
  if (fast >= slow) {
    throw new RangeError(`Cannot compare means: fast is below slow (${slow}), got ${fast}`);
  }
  const { units } = column;
  const warmup = Math.min(slow - 1, units.length);
  // Neither mean is ever taken of more bars than there are.
  if (slow > units.length) {
    return { positions: new Int8Array(units.length), warmup, ties: 0, exactForm: "double" };
  }
  const isNarrow = units instanceof Float64Array &&
    largestUnit(units) * fast * slow <= Number.MAX_SAFE_INTEGER;
  return isNarrow
    ? { ...compareDoubles(units, { fast, slow }), warmup, exactForm: "double" }
    : { ...compareBigints(units, { fast, slow }), warmup, exactForm: "bigint" };
}

function compareDoubles(
  units: Float64Array,
  { fast, slow }: MeanCrossOptions,
): Pick<AboveMean, "positions" | "ties"> {
  const positions = new Int8Array(units.length);
  let ties = 0;
  let quick = 0;
  let steady = 0;
  for (let t = 0; t < units.length; t++) {
    const unit = units[t]!;
    // Out before in: no sum is ever of more bars than its window.
    if (t >= fast) quick -= units[t - fast]!;
    if (t >= slow) steady -= units[t - slow]!;
    quick += unit;
    steady += unit;
    if (t < slow - 1) continue;
    positions[t] = Number(quick * slow > steady * fast);
    ties += Number(quick * slow === steady * fast);
  }
  return { positions, ties };
}

function compareBigints(
  units: Column["units"],
  { fast, slow }: MeanCrossOptions,
): Pick<AboveMean, "positions" | "ties"> {
  const positions = new Int8Array(units.length);
  const [quickBars, steadyBars] = [BigInt(fast), BigInt(slow)];
  let ties = 0;
  let quick = 0n;
  let steady = 0n;
  for (let t = 0; t < units.length; t++) {
    const unit = BigInt(units[t]!);
    if (t >= fast) quick -= BigInt(units[t - fast]!);
    if (t >= slow) steady -= BigInt(units[t - slow]!);
    quick += unit;
    steady += unit;
    if (t < slow - 1) continue;
    const [left, right] = [quick * steadyBars, steady * quickBars];
    if (left > right) positions[t] = 1;
    else if (left === right) ties++;
  }
  return { positions, ties };
}
