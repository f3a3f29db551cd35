/**
 * Wilder's smoothing, also called RMA or SMMA.
 *
 * @module
 */

import { smoothedFromMean } from "./exponential.ts";

/**
 * `rma[t] = rma[t-1] + (x[t] - rma[t-1]) / window`. It begins at the bar with
 * the `window`-th value, as the mean of the first `window` values, and is NaN
 * before. Values may be NaN at the beginning.
 *
 * Source: J. Welles Wilder, "New Concepts in Technical Trading Systems"
 * (1978). Skender's `GetSmma` and Tulip's `wilders` are the same.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function rma(values: Float64Array, window: number): Float64Array {
  return smoothedFromMean(values, { alpha: 1 / window, window, what: "Wilder's average" });
}
