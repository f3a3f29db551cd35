/**
 * What a year is to bars. Pure.
 *
 * @module
 */

import { exp, ln } from "./elementary.ts";
import { type Measure, measured } from "./measure.ts";

/** A year of 365 days, in milliseconds. */
const YEAR_MS = 365 * 86_400_000;

/** What metrics by the year are made with. */
export interface Annual {
  /** Bars in a year. */
  readonly barsPerYear: Measure;
  /** How long the evaluated bars took, in years. */
  readonly years: Measure;
}

/**
 * Bars per year, as the config says or from the commonest interval; and the
 * years that have passed by the times of the bars, gaps included, or without
 * times by the number of bars.
 */
export function annualOf(
  { barsPerYear, intervalMs, elapsedMs, bars }: {
    readonly barsPerYear: number | "auto";
    /** The commonest interval between bars; null if none is common. */
    readonly intervalMs: number | null;
    /** From the first close to the last; null without times. */
    readonly elapsedMs: number | null;
    /** How many bars earn a return. */
    readonly bars: number;
  },
): Annual {
  const perYear = barsPerYear === "auto" ? perYearOf(intervalMs, elapsedMs) : barsPerYear;
  if (elapsedMs === null) {
    return {
      barsPerYear: perYear,
      years: measured([perYear], (n) => bars / n),
    };
  }
  return {
    barsPerYear: perYear,
    years: elapsedMs > 0 ? elapsedMs / YEAR_MS : "no time has passed",
  };
}

function perYearOf(intervalMs: number | null, elapsedMs: number | null): Measure {
  if (intervalMs !== null) return YEAR_MS / intervalMs;
  return `${
    elapsedMs === null ? "there is no time column" : "no interval between bars is common"
  }: set evaluate.bars_per_year`;
}

/** The growth of a year that gives this growth over `years`, less 1. */
export function annualGrowth(growth: number, years: number): number {
  return exp(ln(growth) / years) - 1;
}
