/**
 * Moving average convergence divergence.
 *
 * @module
 */

import { ema } from "./ema.ts";

/** The windows of a MACD. */
export interface MacdOptions {
  /** Bars of the faster EMA; 12 by Appel. */
  readonly fast: number;
  /** Bars of the slower EMA; 26 by Appel. */
  readonly slow: number;
  /** Bars of the EMA of their difference; 9 by Appel. */
  readonly signal: number;
}

/** The lines of a MACD. */
export interface Macd {
  /** Fast EMA less slow EMA. */
  readonly macd: Float64Array;
  /** The EMA of that. */
  readonly signal: Float64Array;
  /** `macd` less `signal`. */
  readonly histogram: Float64Array;
}

/**
 * The fast EMA less the slow one, and its own EMA, the signal line. Each EMA
 * begins with a mean, as `ema` says, so `macd` is NaN before bar `slow - 1`,
 * `signal` and `histogram` before bar `slow + signal - 2`.
 *
 * Source: Gerald Appel, "Technical Analysis: Power Tools for Active Investors"
 * (2005). Skender's `GetMacd` is the same. TA-Lib begins both EMAs at the same
 * bar; Tulip begins them with the first value, and has 0.15 and 0.075 for the
 * shares of the newest value with windows 12 and 26.
 *
 * @throws {RangeError} if a window is no whole number from 1
 */
export function macd(values: Float64Array, { fast, slow, signal }: MacdOptions): Macd {
  const line = difference(ema(values, fast), ema(values, slow));
  const average = ema(line, signal);
  return { macd: line, signal: average, histogram: difference(line, average) };
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let t = 0; t < result.length; t++) result[t] = a[t]! - b[t]!;
  return result;
}
