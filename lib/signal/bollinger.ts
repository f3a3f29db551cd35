/**
 * Bollinger bands.
 *
 * @module
 */

import type { Column } from "../experiment.ts";
import { type Bands, bandsAround } from "./bands.ts";
import { sma } from "./sma.ts";
import { rollingStdDev } from "./std_dev.ts";

/**
 * The simple moving average, and `width` standard deviations above and below
 * it; 20 bars and 2 deviations by Bollinger. NaN before bar `window - 1`.
 *
 * Source: John Bollinger, "Bollinger on Bollinger Bands" (2001): the deviation
 * is that of the population, divisor `window`. Skender's `GetBollingerBands`
 * and Tulip's `bbands` are the same.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function bollinger(
  column: Column,
  { window, width }: { readonly window: number; readonly width: number },
): Bands {
  return bandsAround(sma(column, window), {
    width: rollingStdDev(column, window),
    multiplier: width,
  });
}
