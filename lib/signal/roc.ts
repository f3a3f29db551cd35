/**
 * The rate of change.
 *
 * @module
 */

import type { Column } from "../experiment.ts";
import { checkWindow, undefinedUntil } from "./window.ts";

/**
 * The change since `window` bars ago, in percent of the value then:
 * `100 (x[t] - x[t-window]) / x[t-window]`. NaN before bar `window`, and where
 * the value then was 0.
 *
 * Source: the definition. Skender's `GetRoc` is the same, Tulip's `roc` is not
 * in percent.
 *
 * @throws {RangeError} if `window` is no whole number from 1
 */
export function roc({ units }: Column, window: number): Float64Array {
  checkWindow(window, "a rate of change");
  const rates = undefinedUntil(window, units.length);
  if (units instanceof Float64Array) {
    for (let t = window; t < rates.length; t++) {
      const base = units[t - window]!;
      rates[t] = base === 0 ? NaN : 100 * (units[t]! - base) / base;
    }
  } else {
    for (let t = window; t < rates.length; t++) {
      const base = units[t - window]!;
      rates[t] = base === 0n ? NaN : 100 * Number(units[t]! - base) / Number(base);
    }
  }
  return rates;
}
