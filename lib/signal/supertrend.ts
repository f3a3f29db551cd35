/**
 * Supertrend.
 *
 * @module
 */

import { atr } from "./atr.ts";
import { commonDoubles, type RangeBars } from "./common_units.ts";
import { undefinedUntil } from "./window.ts";

/** What a Supertrend is made of. */
export interface SupertrendOptions {
  /** Bars of the ATR; usually 10. */
  readonly window: number;
  /** ATRs from the middle of a bar to a band; usually 3. */
  readonly multiplier: number;
}

/** A line that trails the price, and on which side of it the price is. */
export interface Supertrend {
  /** The band in force: the lower one in a rising trend, else the upper one. */
  readonly line: Float64Array;
  /** 1 in a rising trend, -1 in a falling one, 0 while undefined. */
  readonly trend: Int8Array;
}

/**
 * Bands at `(high + low) / 2 ± multiplier × ATR` that only move towards the
 * price: the upper one may fall, the lower one rise, until the close before is
 * beyond it. The trend falls when a close is at or below the lower band, and
 * rises when one is above the upper band. It begins at bar `window`, rising if
 * the close is at or above the middle of the bar; NaN before.
 *
 * Source: Olivier Seban's Supertrend, in the form of Skender's
 * `GetSuperTrend`. The trend is recursive: where the data starts can matter
 * until the first turn that both see.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function supertrend(
  bars: RangeBars,
  { window, multiplier }: SupertrendOptions,
): Supertrend {
  const ranges = atr(bars, window);
  const { series, scale } = commonDoubles([bars.high, bars.low, bars.close]);
  const [highs, lows, closes] = series as [Float64Array, Float64Array, Float64Array];
  const line = undefinedUntil(window, closes.length);
  const trend = new Int8Array(closes.length);
  let [upper, lower] = [Infinity, -Infinity];
  let isRising = false;
  for (let t = window; t < line.length; t++) {
    const middle = (highs[t]! + lows[t]!) / 2;
    const distance = multiplier * ranges[t]! * scale;
    const close = closes[t]!;
    const before = closes[t - 1]!;
    if (t === window) isRising = close >= middle;
    if (middle + distance < upper || before > upper) upper = middle + distance;
    if (middle - distance > lower || before < lower) lower = middle - distance;
    isRising = close > (isRising ? lower : upper);
    line[t] = (isRising ? lower : upper) / scale;
    trend[t] = isRising ? 1 : -1;
  }
  return { line, trend };
}
