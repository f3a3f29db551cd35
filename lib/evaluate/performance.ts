/**
 * Metrics of what positions earned; their definitions are in README.md beside
 * this file. Pure.
 *
 * @module
 */

import { type Annual, annualGrowth } from "./annual.ts";
import type { Drawdown, Ledger, Sums } from "./ledger.ts";
import { type Findings, type Measure, measured } from "./measure.ts";

/** What returns are held against. */
export interface Yardstick extends Annual {
  /** The return of a bar that costs no risk. */
  readonly riskFree: Measure;
}

/** Metrics that count positions, whatever they earned. */
export function addCounts(findings: Findings, { whole, years }: {
  readonly whole: Sums;
  readonly years: Measure;
}): void {
  const { bars, exposed, trades, changes } = whole;
  findings.add("exposure", exposed / bars);
  findings.add("trades", trades);
  findings.add("turnover", measured([years], (years) => changes / years));
  findings.add("mean_holding_bars", trades === 0 ? NO_TRADE : exposed / trades);
}

/** Metrics that hold the returns of bars in a position against those of the others. */
export function addEdge(findings: Findings, { whole, hold }: {
  readonly whole: Sums;
  readonly hold: Sums;
}): void {
  const { bars, exposed, trades, wins, inside, outside } = whole;
  findings.add("hit_rate", hitRate(whole));
  findings.add("win_rate", trades === 0 ? NO_TRADE : wins / trades);
  findings.add("mean_return_in", exposed === 0 ? NO_POSITION : inside / exposed);
  findings.add(
    "mean_return_out",
    exposed === bars ? "every bar is in a position" : outside / (bars - exposed),
  );
  findings.add("edge", edgeOf(whole, hold));
}

/** Metrics of the equity, those of buy-and-hold, the benchmark, with a prefix. */
export function addPerformance(
  findings: Findings,
  { ledger, end, yardstick, prefix }: {
    readonly ledger: Ledger;
    /** The bar of the last close. */
    readonly end: number;
    readonly yardstick: Yardstick;
    readonly prefix: "" | "benchmark_";
  },
): void {
  const { whole, drawdown } = ledger;
  const { barsPerYear, years } = yardstick;
  const cagr = measured([years], (years) => annualGrowth(whole.netGrowth, years));
  // Where the equity is beyond doubles, so is its highest height.
  const depth = Number.isFinite(whole.netGrowth) ? drawdown.depth : Infinity;
  findings.add(`${prefix}gross_return`, whole.grossGrowth - 1);
  findings.add(`${prefix}net_return`, whole.netGrowth - 1);
  findings.add(`${prefix}cagr`, cagr);
  findings.add(
    `${prefix}volatility`,
    measured([deviation(whole, whole), barsPerYear], (sd, bars) => sd * Math.sqrt(bars)),
  );
  findings.add(`${prefix}sharpe`, sharpeOf(whole, { whole, yardstick }));
  findings.add(`${prefix}sortino`, sortinoOf(whole, yardstick));
  findings.add(
    `${prefix}calmar`,
    measured([cagr], (cagr) => depth === 0 ? "the equity never fell" : cagr / depth),
  );
  findings.add(`${prefix}max_drawdown`, depth);
  findings.add(
    `${prefix}max_drawdown_bars`,
    Number.isFinite(depth) ? drawdownBars(drawdown, end) : depth,
  );
  findings.add(
    `${prefix}profit_factor`,
    whole.losses === 0 ? "no bar lost" : whole.gains / whole.losses,
  );
}

/** Of net returns by the bar: what the deflated Sharpe ratio is made from. */
export function addMoments(findings: Findings, { whole, yardstick }: {
  readonly whole: Sums;
  readonly yardstick: Yardstick;
}): void {
  const variance = whole.squares / whole.bars;
  findings.add("bar_sharpe", barSharpe(whole, { whole, yardstick }));
  findings.add(
    "skewness",
    varying(whole, whole.cubes / whole.bars / (variance * Math.sqrt(variance))),
  );
  findings.add("kurtosis", varying(whole, whole.fourths / whole.bars / (variance * variance)));
}

const NO_TRADE = "there was no trade";
const NO_POSITION = "no bar is in a position";

/** Share of the bars in a position that earned something, costs aside. */
export function hitRate({ hits, exposed }: Sums): Measure {
  return exposed === 0 ? NO_POSITION : hits / exposed;
}

/**
 * By how much the return of a bar is higher for a position that is higher by
 * one: the slope of returns on positions. Where none is -1, that is the
 * difference between the mean returns of bars in and out.
 */
export function edgeOf(sums: Sums, hold: Sums): Measure {
  const { bars, exposed, positions, inside, outside } = sums;
  const variation = exposed - positions * positions / bars;
  if (bars === 0 || exposed * bars === positions * positions) {
    return "the position is the same at every bar";
  }
  if (positions === exposed) return inside / exposed - outside / (bars - exposed);
  return (inside - positions * hold.inside / bars) / variation;
}

/** The Sharpe ratio of bars, by the year. `whole` has the mean that deviations are from. */
export function sharpeOf(
  sums: Sums,
  { whole, yardstick }: { readonly whole: Sums; readonly yardstick: Yardstick },
): Measure {
  return measured(
    [barSharpe(sums, { whole, yardstick }), yardstick.barsPerYear],
    (ratio, bars) => ratio * Math.sqrt(bars),
  );
}

function barSharpe(
  sums: Sums,
  { whole, yardstick }: { readonly whole: Sums; readonly yardstick: Yardstick },
): Measure {
  const sd = varying(sums, deviation(sums, whole));
  return measured([sd, yardstick.riskFree], (sd, free) => (sums.net / sums.bars - free) / sd);
}

/** The standard deviation of the sample. */
function deviation(sums: Sums, whole: Sums): Measure {
  const { bars, squares, net } = sums;
  if (bars < 2) return "a single return does not vary";
  if (!varies(sums)) return 0;
  const shift = net / bars - whole.net / whole.bars;
  return Math.sqrt(Math.max(0, squares - bars * shift * shift) / (bars - 1));
}

function varying(sums: Sums, measure: Measure): Measure {
  if (typeof measure === "string") return measure;
  return varies(sums) ? measure : "the returns do not vary";
}

/** Quotients of prices are rounded: returns that close are equal. */
function varies({ lowest, highest }: Sums): boolean {
  return highest - lowest > 1e-12;
}

function sortinoOf({ bars, net, shortfalls }: Sums, { riskFree, barsPerYear }: Yardstick): Measure {
  return measured(
    [riskFree, barsPerYear],
    (free, perYear) =>
      shortfalls === 0
        ? "no return is below the one without risk"
        : (net / bars - free) / Math.sqrt(shortfalls / bars) * Math.sqrt(perYear),
  );
}

/** From the height to the bar that reached it again, or to the end. */
function drawdownBars({ peak, recovery }: Drawdown, end: number): number {
  return peak === null ? 0 : (recovery ?? end) - peak;
}
