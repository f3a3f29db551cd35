/**
 * Williams %R.
 *
 * @module
 */

import type { RangeBars } from "./common_units.ts";
import { placeInRange } from "./stochastic.ts";

/**
 * `-100 (highest high - close) / (highest high - lowest low)` over `window`
 * bars, -100 to 0: the fast stochastic %K less 100. NaN before bar
 * `window - 1`. Where the range is nothing it is -50.
 *
 * Source: Larry Williams, "How I Made One Million Dollars" (1973), 14 bars
 * being usual. Skender's `GetWilliamsR` and Tulip's `willr` are the same, but
 * for a range of nothing: -100 and 0.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function williamsR(bars: RangeBars, window: number): Float64Array {
  const places = placeInRange(bars, window);
  for (let t = 0; t < places.length; t++) places[t]! -= 100;
  return places;
}
