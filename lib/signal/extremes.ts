/**
 * Rolling minimum and maximum.
 *
 * @module
 */

import { checkWindow, undefinedUntil } from "./window.ts";

/**
 * The largest of the last `window` values, the bar's own included; NaN before
 * bar `window - 1`. O(1) for each bar, whatever the window.
 *
 * Source: the definition. Tulip's `max` is the same.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function rollingMaximum(values: Float64Array, window: number): Float64Array {
  checkWindow(window, "a rolling maximum");
  return rollingExtreme(values, { window, sign: 1 });
}

/**
 * The smallest of the last `window` values, the bar's own included; NaN before
 * bar `window - 1`. O(1) for each bar, whatever the window.
 *
 * Source: the definition. Tulip's `min` is the same.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function rollingMinimum(values: Float64Array, window: number): Float64Array {
  checkWindow(window, "a rolling minimum");
  return rollingExtreme(values, { window, sign: -1 });
}

/**
 * Bars are cut into blocks of `window`: each window is the end of one block,
 * whose extremes are taken backwards, and the beginning of the next, whose
 * extremes are taken forwards. The minimum is the maximum of what has the
 * other sign. A monotonic queue is O(1) for each bar on average, too, but its
 * branches go as prices go, so a processor guesses them wrong: that took twice
 * as long and more.
 *
 * Source: van Herk, "A fast algorithm for local minimum and maximum filters"
 * (1992); Gil and Werman (1993).
 */
function rollingExtreme(
  values: Float64Array,
  { window, sign }: { readonly window: number; readonly sign: 1 | -1 },
): Float64Array {
  const { length } = values;
  const extremes = undefinedUntil(window - 1, length);
  if (window > length) return extremes;
  // ends[i]: the extreme of the block before, from its bar i on.
  const ends = new Float64Array(window + 1).fill(-Infinity);
  for (let block = 0; block < length; block += window) {
    const bars = Math.min(window, length - block);
    // The first block is a window at its last bar only.
    const from = block === 0 ? window - 1 : 0;
    for (let i = 0, start = -Infinity; i < bars; i++) {
      start = Math.max(start, sign * values[block + i]!);
      if (i >= from) extremes[block + i] = sign * Math.max(ends[i + 1]!, start);
    }
    for (let i = bars - 1, end = -Infinity; i >= 0; i--) {
      ends[i] = end = Math.max(end, sign * values[block + i]!);
    }
  }
  return extremes;
}
