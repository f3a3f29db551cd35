/**
 * Keltner channels.
 *
 * @module
 */

import { atr } from "./atr.ts";
import { type Bands, bandsAround } from "./bands.ts";
import type { RangeBars } from "./common_units.ts";
import { ema } from "./ema.ts";

/** What a Keltner channel is made of. */
export interface KeltnerOptions {
  /** Bars of the EMA in the middle; usually 20. */
  readonly window: number;
  /** Bars of the ATR; usually 10. */
  readonly atrWindow: number;
  /** ATRs from the middle to a band; usually 2. */
  readonly multiplier: number;
}

/**
 * The EMA of the close, and `multiplier` average true ranges above and below
 * it. NaN before bar `max(window - 1, atrWindow)`, the middle before bar
 * `window - 1`.
 *
 * Source: Chester Keltner (1960) as changed by Linda Bradford Raschke to EMA
 * and ATR. Skender's `GetKeltner` is the same.
 *
 * @throws {RangeError} if a window is no whole number from 1
 */
export function keltner(
  bars: RangeBars,
  { window, atrWindow, multiplier }: KeltnerOptions,
): Bands {
  return bandsAround(ema(bars.close.values, window), { width: atr(bars, atrWindow), multiplier });
}
