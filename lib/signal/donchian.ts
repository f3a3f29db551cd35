/**
 * Donchian channels.
 *
 * @module
 */

import type { Bars } from "../experiment.ts";
import type { Bands } from "./bands.ts";
import { rollingMaximum, rollingMinimum } from "./extremes.ts";
import { undefinedUntil } from "./window.ts";

/**
 * The highest high and the lowest low of the `window` bars before each bar,
 * that bar not included, so that a price can break out; the middle is half
 * way. NaN before bar `window`.
 *
 * Source: Richard Donchian's four-week rule. Skender's `GetDonchian` is the
 * same; TradingView includes the bar itself.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function donchian({ high, low }: Pick<Bars, "high" | "low">, window: number): Bands {
  const upper = oneBarLater(rollingMaximum(high.values, window));
  const lower = oneBarLater(rollingMinimum(low.values, window));
  const middle = new Float64Array(upper.length);
  for (let t = 0; t < middle.length; t++) middle[t] = (upper[t]! + lower[t]!) / 2;
  return { upper, middle, lower };
}

function oneBarLater(values: Float64Array): Float64Array {
  const later = undefinedUntil(1, values.length);
  later.set(values.subarray(0, -1), Math.min(1, values.length));
  return later;
}
