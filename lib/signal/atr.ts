/**
 * The average true range.
 *
 * @module
 */

import type { RangeBars } from "./common_units.ts";
import { rma } from "./rma.ts";
import { trueRange } from "./true_range.ts";

/**
 * Wilder's average of the true range, in the unit of prices. It begins at bar
 * `window` with the mean of the true ranges of bars 1 to `window`, and is NaN
 * before.
 *
 * Source: J. Welles Wilder, "New Concepts in Technical Trading Systems"
 * (1978); TA-Lib and Skender's `GetAtr` begin alike. Tulip's `atr` begins a
 * bar earlier, as it has a true range at bar 0.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function atr(bars: RangeBars, window: number): Float64Array {
  return rma(trueRange(bars), window);
}
