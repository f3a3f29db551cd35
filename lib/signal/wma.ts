/**
 * The weighted moving average.
 *
 * @module
 */

import type { Column } from "../experiment.ts";
import { nearestRatio } from "./ratio.ts";
import { largestUnit } from "./rolling_mean.ts";
import { checkWindow, undefinedUntil } from "./window.ts";

/**
 * The mean of the last `window` values with weights 1, 2, … `window`, the
 * newest the heaviest, divided by their sum `window (window + 1) / 2`; NaN
 * before bar `window - 1`. Exact, as `sma` is: each is the double nearest to
 * the true mean.
 *
 * Source: the definition. Skender's `GetWma` and Tulip's `wma` are the same.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function wma({ units, decimals }: Column, window: number): Float64Array {
  checkWindow(window, "a weighted moving average");
  const means = undefinedUntil(window - 1, units.length);
  if (window > units.length) return means;
  const weights = window * (window + 1) / 2;
  const divisor = weights * Number(`1e${decimals}`);
  const isExact = units instanceof Float64Array && divisor <= Number.MAX_SAFE_INTEGER &&
    largestUnit(units) * weights <= Number.MAX_SAFE_INTEGER;
  if (!isExact) return wideMeans({ units, decimals }, { window, means });
  // The sum with weights, and that without, both of the window that begins a bar later.
  let weighted = 0;
  let sum = 0;
  for (let t = 0; t < window - 1; t++) {
    weighted += units[t]! * (t + 1);
    sum += units[t]!;
  }
  for (let t = window - 1, out = 0; t < means.length; t++) {
    const unit = units[t]!;
    weighted += unit * window;
    means[t] = weighted / divisor;
    // One off all weights, so the oldest bar has none.
    sum += unit;
    weighted -= sum;
    sum -= units[out++]!;
  }
  return means;
}

/** The same on bigints. */
function wideMeans(
  { units, decimals }: Pick<Column, "units" | "decimals">,
  { window, means }: { readonly window: number; readonly means: Float64Array },
): Float64Array {
  const length = BigInt(window);
  const divisor = length * (length + 1n) / 2n * 10n ** BigInt(decimals);
  let weighted = 0n;
  let sum = 0n;
  for (let t = 0; t < units.length; t++) {
    const unit = BigInt(units[t]!);
    if (t >= window) {
      weighted += unit * length - sum;
      sum += unit - BigInt(units[t - window]!);
    } else {
      weighted += unit * BigInt(t + 1);
      sum += unit;
    }
    if (t >= window - 1) means[t] = nearestRatio(weighted, divisor);
  }
  return means;
}
