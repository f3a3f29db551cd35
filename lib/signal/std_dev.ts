/**
 * The rolling standard deviation.
 *
 * @module
 */

import type { Column, Units } from "../experiment.ts";
import { checkWindow, undefinedUntil } from "./window.ts";

/**
 * The standard deviation of the last `window` values, of the population: the
 * divisor is `window`, not `window - 1`. NaN before bar `window - 1`.
 *
 * With differences *d* to some value of the window itself, it is
 * `sqrt(n Σd² - (Σd)²) / n`. Differences of integer units are exact, and as
 * the value is of the window they are no larger than its range, so it does not
 * matter how far above zero the prices are: a window of equal values has
 * exactly 0, and as long as `(n × range)²` is below 2^53 units the only
 * roundings are that of the root and that of the division. The sums are those
 * of blocks, as in `movingMean`: nothing is subtracted again, so no error
 * outlives its window. O(1) for each bar.
 *
 * Source: the definition; Chan, Golub and LeVeque, "Algorithms for computing
 * the sample variance" (1983), for the shift. Skender's `GetStdDev` and
 * Tulip's `stddev` divide alike.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function rollingStdDev({ units, decimals }: Column, window: number): Float64Array {
  checkWindow(window, "a standard deviation");
  const { length } = units;
  const deviations = undefinedUntil(window - 1, length);
  if (window > length) return deviations;
  const power = Number(`1e${decimals}`);
  // Differences of the block before and of this one, to the first value of this one.
  const before = new Float64Array(window);
  const within = new Float64Array(window);
  // Sums and sums of squares over the block before, from its bar i on.
  const sums = new Float64Array(window + 1);
  const squares = new Float64Array(window + 1);
  for (let block = 0; block < length; block += window) {
    const bars = Math.min(window, length - block);
    if (block > 0) {
      takeDifferences(units, { from: block - window, reference: block, into: before });
      for (let i = window - 1, sum = 0, square = 0; i >= 0; i--) {
        const difference = before[i]!;
        sums[i] = sum += difference;
        squares[i] = square += difference * difference;
      }
    }
    takeDifferences(units, { from: block, reference: block, into: within.subarray(0, bars) });
    // The first block is a window at its last bar only.
    const first = block === 0 ? window - 1 : 0;
    for (let i = 0, sum = 0, square = 0; i < bars; i++) {
      const difference = within[i]!;
      sum += difference;
      square += difference * difference;
      if (i < first) continue;
      const total = sums[i + 1]! + sum;
      const spread = window * (squares[i + 1]! + square) - total * total;
      // Rounding may leave a little less than nothing of a very long window.
      deviations[block + i] = Math.sqrt(Math.max(0, spread)) / window / power;
    }
  }
  return deviations;
}

/** Differences to the unit at `reference`, rounded once at most. */
function takeDifferences(
  units: Units,
  { from, reference, into }: {
    readonly from: number;
    readonly reference: number;
    readonly into: Float64Array;
  },
): void {
  if (units instanceof Float64Array) {
    const base = units[reference]!;
    for (let i = 0; i < into.length; i++) into[i] = units[from + i]! - base;
  } else {
    const base = units[reference]!;
    for (let i = 0; i < into.length; i++) into[i] = Number(units[from + i]! - base);
  }
}
