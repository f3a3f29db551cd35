/**
 * How a signal is evaluated.
 *
 * @module
 */

import type { Measure } from "./measure.ts";

/** What `evaluate` of a config says, defaults filled in. */
export interface EvaluateSettings {
  /** Costs of a change of position by one, in basis points of the equity. */
  readonly costBps: number;
  /** What more is lost on it, as the price moves away; in basis points, too. */
  readonly slippageBps: number;
  /** The annual rate that costs no risk: 0.02 is two percent. */
  readonly riskFree: number;
  /** Bars in a year; `auto`: from the commonest interval between bars. */
  readonly barsPerYear: number | "auto";
  /**
   * Shifts of the permutation test, and samples of the bootstrap; 0: neither.
   * Undefined: all shifts, and as many samples as {@linkcode resamplesFor} says.
   */
  readonly permutations: number | undefined;
  /** Share of the valid bars that are in sample, 0 to 1; 1: all of them. */
  readonly split: number;
}

/** Samples, and shifts where not all are looked at, if nobody says how many. */
export const DEFAULT_RESAMPLES = 1000;
/** Of more bars fewer: as many as take this number of bars in all. */
const RESAMPLED_BARS = 250_000_000;
/** But no fewer than this, which a p-value of 0.01 needs. */
const FEWEST_RESAMPLES = 99;

/** Beyond as many bars nothing is resampled: each takes 50 of the 2^32 bytes of WebAssembly's memory. */
export const MOST_RESAMPLED_BARS = 50_000_000;

/** How often the returns of as many bars are resampled, or why they are not. */
export function resamplesFor({ permutations }: EvaluateSettings, bars: number): Measure {
  if (permutations === 0) return "evaluate.permutations is 0";
  if (bars > MOST_RESAMPLED_BARS) {
    return `there are more than ${MOST_RESAMPLED_BARS} bars, which are not resampled`;
  }
  const affordable = Math.max(FEWEST_RESAMPLES, Math.floor(RESAMPLED_BARS / bars));
  return permutations ?? Math.min(DEFAULT_RESAMPLES, affordable);
}
