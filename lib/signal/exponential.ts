/**
 * Exponential smoothing, of which the EMA and Wilder's average are cases.
 *
 * @module
 */

import { checkWindow, firstDefined, undefinedUntil } from "./window.ts";

/** Where smoothing starts, and how fast it forgets. */
export interface Smoothing {
  /** The share of the newest value, above 0, at most 1. */
  readonly alpha: number;
  /** The first smoothed bar. */
  readonly start: number;
  /** What stands there. */
  readonly seed: number;
}

/**
 * `s[t] = s[t-1] + alpha (x[t] - s[t-1])` after bar `start`, which holds
 * `seed`; NaN before. In this form a constant series stays what it is, to the
 * last bit.
 */
export function smoothed(
  values: Float64Array,
  { alpha, start, seed }: Smoothing,
): Float64Array {
  const { length } = values;
  const result = undefinedUntil(start, length);
  if (start >= length) return result;
  let last = seed;
  result[start] = last;
  for (let t = start + 1; t < length; t++) {
    last += alpha * (values[t]! - last);
    result[t] = last;
  }
  return result;
}

/**
 * Smoothing that begins with the mean of the first `window` values, at the
 * last bar of them. Values may be NaN at the beginning: they are no part of it.
 *
 * @throws {RangeError} if `window` is no whole number from 1; `what` says of what
 */
export function smoothedFromMean(
  values: Float64Array,
  { alpha, window, what }: {
    readonly alpha: number;
    readonly window: number;
    readonly what: string;
  },
): Float64Array {
  checkWindow(window, what);
  const first = firstDefined(values);
  const start = first + window - 1;
  let seed = 0;
  if (start < values.length) {
    // As a mean that is updated, since that of equal values is exactly theirs.
    for (let t = first; t <= start; t++) seed += (values[t]! - seed) / (t - first + 1);
  }
  return smoothed(values, { alpha, start, seed });
}
