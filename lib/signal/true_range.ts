/**
 * The true range.
 *
 * @module
 */

import { commonDoubles, type RangeBars } from "./common_units.ts";
import { undefinedUntil } from "./window.ts";

/**
 * How far the price went since the close before: the larger of high and that
 * close, less the smaller of low and that close. NaN at bar 0, which has no
 * close before it. Differences are exact: each value is the double nearest to
 * the true range, where prices need no more than 53 bits.
 *
 * Source: J. Welles Wilder, "New Concepts in Technical Trading Systems"
 * (1978); TA-Lib and Skender's `GetTr` begin alike, Tulip's `tr` has high less
 * low at bar 0.
 */
export function trueRange({ high, low, close }: RangeBars): Float64Array {
  const { series, scale } = commonDoubles([high, low, close]);
  const [highs, lows, closes] = series as [Float64Array, Float64Array, Float64Array];
  const ranges = undefinedUntil(1, closes.length);
  for (let t = 1; t < ranges.length; t++) {
    const before = closes[t - 1]!;
    ranges[t] = (Math.max(highs[t]!, before) - Math.min(lows[t]!, before)) / scale;
  }
  return ranges;
}
