/**
 * The volume-weighted average price.
 *
 * @module
 */

import type { Bars } from "../experiment.ts";
import { commonDoubles, type RangeBars } from "./common_units.ts";
import { checkWindow, undefinedUntil } from "./window.ts";

const DAY_MS = 86_400_000;

/** Bars with a volume. */
export type VolumeBars = RangeBars & Pick<Bars, "volume" | "times">;

/**
 * The price that a bar's volume is weighted with: `(high + low + close) / 3`.
 *
 * Source: the usual convention, as in Skender's `GetVwap` and Tulip's
 * `typprice`.
 */
export function typicalPrice({ high, low, close }: RangeBars): Float64Array {
  const { series, scale } = commonDoubles([high, low, close]);
  const [highs, lows, closes] = series as [Float64Array, Float64Array, Float64Array];
  const prices = new Float64Array(closes.length);
  for (let t = 0; t < prices.length; t++) {
    prices[t] = (highs[t]! + lows[t]! + closes[t]!) / (3 * scale);
  }
  return prices;
}

/**
 * The average of the typical price, weighted with the volume, since the
 * `anchor`: the first bar (`start`), or the first of each day in UTC (`day`).
 * NaN while there has been no volume since then. Sums only grow, and are of
 * one sign, so rounding stays as small as in any sum.
 *
 * Source: the definition. Skender's `GetVwap` is that from the first bar;
 * trading platforms anchor at the session, which for markets without one is
 * the day in UTC.
 *
 * @throws {TypeError} if the anchor is a day and the bars have no times
 */
export function vwap(bars: VolumeBars, anchor: "start" | "day"): Float64Array {
  const { times } = bars;
  if (anchor === "day" && times === null) {
    throw new TypeError("Cannot take the VWAP of days: the bars have no times");
  }
  const prices = typicalPrice(bars);
  const volumes = bars.volume.values;
  const result = new Float64Array(prices.length);
  let day = NaN;
  let [worth, volume] = [0, 0];
  for (let t = 0; t < result.length; t++) {
    if (anchor === "day") {
      const today = Math.floor(times![t]! / DAY_MS);
      if (today !== day) [day, worth, volume] = [today, 0, 0];
    }
    worth += prices[t]! * volumes[t]!;
    volume += volumes[t]!;
    result[t] = volume === 0 ? NaN : worth / volume;
  }
  return result;
}

/**
 * The average of prices over the last `window` bars, weighted with their
 * volumes; NaN before bar `window - 1`, and where those bars have no volume.
 * For the rolling VWAP the prices are typical ones. Sums are those of blocks,
 * as in `movingMean`: O(1) for each bar, and no error outlives its window.
 *
 * Source: the definition. Tulip's `vwma` is the same, of closes.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function rollingVwap(
  { prices, volumes }: { readonly prices: Float64Array; readonly volumes: Float64Array },
  window: number,
): Float64Array {
  checkWindow(window, "a rolling VWAP");
  const { length } = prices;
  const result = undefinedUntil(window - 1, length);
  if (window > length) return result;
  // Sums over the block before, from its bar i on.
  const worths = new Float64Array(window + 1);
  const amounts = new Float64Array(window + 1);
  for (let block = 0; block < length; block += window) {
    const bars = Math.min(window, length - block);
    const first = block === 0 ? window - 1 : 0;
    for (let i = 0, worth = 0, amount = 0; i < bars; i++) {
      const volume = volumes[block + i]!;
      worth += prices[block + i]! * volume;
      amount += volume;
      if (i < first) continue;
      const total = amounts[i + 1]! + amount;
      result[block + i] = total === 0 ? NaN : (worths[i + 1]! + worth) / total;
    }
    for (let i = bars - 1, worth = 0, amount = 0; i >= 0; i--) {
      const volume = volumes[block + i]!;
      worths[i] = worth += prices[block + i]! * volume;
      amounts[i] = amount += volume;
    }
  }
  return result;
}
