/**
 * The moving mean of doubles, for series that are computed: those of prices
 * have exact units, and `sma` is exact.
 *
 * @module
 */

import { checkWindow, firstDefined, undefinedUntil } from "./window.ts";

/**
 * The mean of the last `window` values. Values may be NaN at the beginning,
 * and the mean is until there are `window` others.
 *
 * A sum that slides along keeps the rounding errors of values long gone. Here
 * nothing is ever subtracted: bars are cut into blocks of `window`, and each
 * window is the end of one block, summed backwards, and the beginning of the
 * next, summed forwards. That is O(1) for each bar, and as good as the sum of
 * the window alone. Source of the blocks: van Herk, "A fast algorithm for
 * local minimum and maximum filters" (1992), there for extremes.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function movingMean(values: Float64Array, window: number): Float64Array {
  checkWindow(window, "a moving mean");
  const { length } = values;
  const first = firstDefined(values);
  const means = undefinedUntil(first + window - 1, length);
  if (window > length - first) return means;
  // ends[i]: the sum of the block before, from its bar i on.
  const ends = new Float64Array(window + 1);
  for (let block = first; block < length; block += window) {
    const bars = Math.min(window, length - block);
    // The first block is a window at its last bar only.
    const from = block === first ? window - 1 : 0;
    for (let i = 0, start = 0; i < bars; i++) {
      start += values[block + i]!;
      if (i >= from) means[block + i] = (ends[i + 1]! + start) / window;
    }
    for (let i = bars - 1, end = 0; i >= 0; i--) ends[i] = end += values[block + i]!;
  }
  return means;
}
