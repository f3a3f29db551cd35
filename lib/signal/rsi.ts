/**
 * The relative strength index.
 *
 * @module
 */

import type { Column, Units } from "../experiment.ts";
import { rma } from "./rma.ts";

/**
 * Wilder's RSI, 0 to 100: `100 gain / (gain + loss)`, which is
 * `100 - 100 / (1 + gain / loss)`, of the averages (Wilder's, over `window`)
 * of rises and of falls from close to close. It begins at bar `window`, and is
 * NaN before. Without any move it is 50, neither strong nor weak.
 *
 * Source: J. Welles Wilder, "New Concepts in Technical Trading Systems"
 * (1978). Skender's `GetRsi` and Tulip's `rsi` are the same, but for a price
 * that never moved: Skender says 100, Tulip divides 0 by 0.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function rsi({ units }: Column, window: number): Float64Array {
  const rises = changesOf(units);
  const falls = new Float64Array(rises.length);
  for (let t = 0; t < rises.length; t++) {
    const change = rises[t]!;
    rises[t] = Math.max(change, 0);
    falls[t] = Math.max(-change, 0);
  }
  const index = rma(rises, window);
  const losses = rma(falls, window);
  for (let t = 0; t < index.length; t++) {
    const gain = index[t]!;
    const moved = gain + losses[t]!;
    index[t] = moved === 0 ? 50 : 100 * gain / moved;
  }
  return index;
}

/** Exact steps from bar to bar, in units; NaN at bar 0. RSI has no unit, so they need no scale. */
function changesOf(units: Units): Float64Array {
  const changes = new Float64Array(units.length).fill(NaN, 0, 1);
  if (units instanceof Float64Array) {
    for (let t = 1; t < changes.length; t++) changes[t] = units[t]! - units[t - 1]!;
  } else {
    for (let t = 1; t < changes.length; t++) changes[t] = Number(units[t]! - units[t - 1]!);
  }
  return changes;
}
