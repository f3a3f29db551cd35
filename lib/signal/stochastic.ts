/**
 * The stochastic oscillator.
 *
 * @module
 */

import { commonDoubles, type RangeBars } from "./common_units.ts";
import { rollingMaximum, rollingMinimum } from "./extremes.ts";
import { movingMean } from "./moving_mean.ts";

/** The windows of a stochastic oscillator. */
export interface StochasticOptions {
  /** Bars of the range; 14 by Lane. */
  readonly window: number;
  /** Bars of the mean that makes %K slow; 1 leaves it fast. */
  readonly smooth: number;
  /** Bars of the mean of %K that is %D; 3 by Lane. */
  readonly signal: number;
}

/** The lines of a stochastic oscillator. */
export interface Stochastic {
  /** Where the close is in the range, 0 to 100, smoothed. */
  readonly k: Float64Array;
  /** The mean of %K. */
  readonly d: Float64Array;
}

/**
 * %K is `100 (close - lowest low) / (highest high - lowest low)` over `window`
 * bars, as a mean over `smooth` bars; %D is the mean of %K over `signal` bars.
 * %K is NaN before bar `window + smooth - 2`, %D before `signal - 1` bars more.
 * Where the range is nothing, the close is in its middle: 50.
 *
 * Source: George Lane. Skender's `GetStoch` and Tulip's `stoch` are the same,
 * but for a range of nothing, where both say 0.
 *
 * @throws {RangeError} if a window is no whole number from 1
 */
export function stochastic(
  bars: RangeBars,
  { window, smooth, signal }: StochasticOptions,
): Stochastic {
  const k = movingMean(placeInRange(bars, window), smooth);
  return { k, d: movingMean(k, signal) };
}

/**
 * Where each close is between the lowest low (0) and the highest high (100) of
 * the last `window` bars; 50 where they are equal. NaN before bar `window - 1`.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function placeInRange({ high, low, close }: RangeBars, window: number): Float64Array {
  const { series } = commonDoubles([high, low, close]);
  const [highs, lows, closes] = series as [Float64Array, Float64Array, Float64Array];
  const highest = rollingMaximum(highs, window);
  const lowest = rollingMinimum(lows, window);
  const place = highest;
  for (let t = 0; t < place.length; t++) {
    const bottom = lowest[t]!;
    const range = highest[t]! - bottom;
    place[t] = range === 0 ? 50 : 100 * (closes[t]! - bottom) / range;
  }
  return place;
}
