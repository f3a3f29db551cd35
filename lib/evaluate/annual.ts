/**
 * What a year is to bars. Pure.
 *
 * @module
 */

import { exp, ln } from "./elementary.ts";
import { type Measure, measured } from "./measure.ts";

/** A year of 365 days, in milliseconds. */
const YEAR_MS = 365 * 86_400_000;
const WEEK_MS = 7 * 86_400_000;

/** Bars come without breaks if as large a share of them is there. */
const COMPLETE = 0.95;
/** A market's calendar shows in two weeks, as its breaks recur each week. */
const CALENDAR_MS = 14 * 86_400_000;
/** Breaks in each week are a calendar; fewer than every second week are holes. */
const GAPS_PER_WEEK = 0.5;

/** What the number of bars in a year is told from. */
export type YearSource = "config" | "interval" | "calendar";

/** What metrics by the year are made with. */
export interface Annual {
  /** Bars in a year. */
  readonly barsPerYear: Measure;
  /** What told it; null if nobody knows it. */
  readonly source: YearSource | null;
  /** How long the evaluated bars took, in years. */
  readonly years: Measure;
  /** Share of the bars that there would be without breaks; null if nobody knows. */
  readonly coverage: number | null;
}

/** How the evaluated bars lie in time. */
export interface Calendar {
  /** The commonest interval between bars; null if none is common. */
  readonly intervalMs: number | null;
  /** In how many places bars are missing. */
  readonly gaps: number;
  /** From the first close to the last; null without times. */
  readonly elapsedMs: number | null;
  /** How many bars earn a return. */
  readonly bars: number;
}

/**
 * Bars in a year, and the years that have passed by the times of the bars, gaps
 * included, or without times by the number of bars.
 *
 * Where the config does not say it, and nearly all bars are there, a year has as
 * many as intervals. Where bars are missing again and again, at least every
 * second week, the market closes: a year has as many as these years had on
 * average. Where they are missing rarely, these are holes, and a year has as many
 * as intervals again.
 */
export function annualOf(
  { barsPerYear, calendar }: {
    readonly barsPerYear: number | "auto";
    readonly calendar: Calendar;
  },
): Annual {
  const { intervalMs, elapsedMs, bars } = calendar;
  const years = elapsedMs === null ? null : elapsedMs > 0 ? elapsedMs / YEAR_MS : 0;
  const coverage = intervalMs === null || elapsedMs === null || elapsedMs === 0
    ? null
    : bars * intervalMs / elapsedMs;
  const found: { readonly perYear: Measure; readonly source: YearSource | null } =
    barsPerYear === "auto"
      ? perYearOf(calendar, coverage)
      : { perYear: barsPerYear, source: "config" };
  return {
    barsPerYear: found.perYear,
    source: found.source,
    years: years === null
      ? measured([found.perYear], (n) => bars / n)
      : years === 0
      ? "no time has passed"
      : years,
    coverage,
  };
}

function perYearOf(
  { intervalMs, gaps, elapsedMs, bars }: Calendar,
  coverage: number | null,
): { readonly perYear: Measure; readonly source: YearSource | null } {
  if (intervalMs === null || coverage === null) {
    const reason = elapsedMs === null
      ? "there is no time column"
      : intervalMs === null
      ? "no interval between bars is common"
      : "no time has passed";
    return { perYear: `${reason}: set evaluate.bars_per_year`, source: null };
  }
  if (coverage >= COMPLETE || gaps < GAPS_PER_WEEK * elapsedMs! / WEEK_MS) {
    return { perYear: YEAR_MS / intervalMs, source: "interval" };
  }
  if (elapsedMs! < CALENDAR_MS) {
    return {
      perYear: "bars are missing, and two weeks of them are needed to tell when the market is " +
        "open: set evaluate.bars_per_year",
      source: null,
    };
  }
  return { perYear: bars / (elapsedMs! / YEAR_MS), source: "calendar" };
}

/** The growth of a year that gives this growth over `years`, less 1. */
export function annualGrowth(growth: number, years: number): number {
  return exp(ln(growth) / years) - 1;
}
