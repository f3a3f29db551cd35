/**
 * The exponential moving average.
 *
 * @module
 */

import { smoothedFromMean } from "./exponential.ts";

/**
 * `ema[t] = ema[t-1] + 2 / (window + 1) (x[t] - ema[t-1])`. It begins at the
 * bar with the `window`-th value, as the mean of the first `window` values,
 * and is NaN before. Values may be NaN at the beginning, as those of another
 * indicator are.
 *
 * Source: TA-Lib and Skender's `GetEma`, which begin alike. Tulip's `ema`
 * begins with the first value, at the first bar: the two grow together.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function ema(values: Float64Array, window: number): Float64Array {
  return smoothedFromMean(values, {
    alpha: 2 / (window + 1),
    window,
    what: "an exponential moving average",
  });
}
