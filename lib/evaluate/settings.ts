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
   * Shifts of the permutation test, and as many resamples of the bootstrap; 0:
   * neither. Undefined: {@linkcode DEFAULT_PERMUTATIONS} of up to
   * {@linkcode MAX_RESAMPLED_BARS} bars, none of more.
   */
  readonly permutations: number | undefined;
  /** Share of the valid bars that are in sample, 0 to 1; 1: all of them. */
  readonly split: number;
}

/** Shifts and resamples, if nobody says how many. */
export const DEFAULT_PERMUTATIONS = 1000;

/** Beyond as many bars nothing is resampled, unless somebody says how often. */
export const MAX_RESAMPLED_BARS = 1_000_000;

/** Nor beyond as many, whatever anybody says: each takes 57 of the 2^32 bytes of WebAssembly's memory. */
export const MOST_RESAMPLED_BARS = 50_000_000;

/** How often the returns of as many bars are resampled, or why they are not. */
export function permutationsFor({ permutations }: EvaluateSettings, bars: number): Measure {
  if (permutations === 0) return "evaluate.permutations is 0";
  if (bars > MOST_RESAMPLED_BARS) {
    return `there are more than ${MOST_RESAMPLED_BARS} bars, which are not resampled`;
  }
  if (permutations === undefined && bars > MAX_RESAMPLED_BARS) {
    return `there are more than ${MAX_RESAMPLED_BARS} bars: set evaluate.permutations`;
  }
  return permutations ?? DEFAULT_PERMUTATIONS;
}
