/**
 * The simple moving average.
 *
 * @module
 */

import type { Column } from "../experiment.ts";
import { nearestRatio } from "./ratio.ts";
import { largestUnit } from "./rolling_mean.ts";
import { checkWindow, undefinedUntil } from "./window.ts";

/**
 * The mean of the last `window` values, the bar's own included; NaN before bar
 * `window - 1`. Exact: the sum is one of integers, divided once, so each mean
 * is the double nearest to the true one, whatever came before. To compare a
 * price with its mean, see `aboveRollingMean`, which does not even round that.
 *
 * Source: the definition. Skender's `GetSma` and Tulip's `sma` start at the
 * same bar.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function sma({ units, decimals }: Column, window: number): Float64Array {
  checkWindow(window, "a moving average");
  const means = undefinedUntil(window - 1, units.length);
  if (window > units.length) return means;
  const divisor = window * Number(`1e${decimals}`);
  const isExact = units instanceof Float64Array && divisor <= Number.MAX_SAFE_INTEGER &&
    largestUnit(units) * window <= Number.MAX_SAFE_INTEGER;
  if (!isExact) return wideMeans({ units, decimals }, { window, means });
  let sum = 0;
  for (let t = 0; t < window - 1; t++) sum += units[t]!;
  // Out before in: the sum is never of more than `window` bars.
  for (let t = window - 1, out = 0; t < means.length; t++) {
    sum += units[t]!;
    means[t] = sum / divisor;
    sum -= units[out++]!;
  }
  return means;
}

/** The same on bigints. */
function wideMeans(
  { units, decimals }: Pick<Column, "units" | "decimals">,
  { window, means }: { readonly window: number; readonly means: Float64Array },
): Float64Array {
  const divisor = BigInt(window) * 10n ** BigInt(decimals);
  let sum = 0n;
  for (let t = 0; t < units.length; t++) {
    sum += BigInt(units[t]!);
    if (t >= window) sum -= BigInt(units[t - window]!);
    if (t >= window - 1) means[t] = nearestRatio(sum, divisor);
  }
  return means;
}
