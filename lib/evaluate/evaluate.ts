/**
 * Evaluates a signal: what its positions earn, against buy-and-hold and
 * against luck. Every metric is defined in README.md beside this file. Pure.
 *
 * @module
 */

import type { Random } from "../experiment.ts";
import { annualOf, type YearSource } from "./annual.ts";
import { blockLength, bootstrap } from "./bootstrap.ts";
import { type Drawdown, type Ledger, ledgerOf, type Track } from "./ledger.ts";
import { Findings, type Measure, measured } from "./measure.ts";
import { EVALUATION_METRICS } from "./metric_names.ts";
import {
  addCounts,
  addEdge,
  addMoments,
  addPerformance,
  edgeOf,
  hitRate,
  sharpeOf,
  type Yardstick,
} from "./performance.ts";
import { shiftTest } from "./permutation.ts";
import { type EvaluateSettings, resamplesFor } from "./settings.ts";

/** What is evaluated. */
export interface EvaluateInput {
  /** Closes in any unit: only their ratios count. */
  readonly prices: Float64Array;
  /** One position for each. */
  readonly positions: Int8Array;
  /** How many leading bars have no defined position. */
  readonly warmup: number;
  /** Time of a bar in milliseconds; null without times. */
  readonly timeAt: ((bar: number) => number) | null;
  /** The commonest interval between bars in milliseconds; null if none is common. */
  readonly intervalMs: number | null;
  /** In how many places bars are missing. */
  readonly gaps: number;
  /** Costs, and how to judge. */
  readonly settings: EvaluateSettings;
  /** Named random streams. */
  readonly random: (stream: string) => Random;
}

/** How a signal was evaluated. */
export interface Evaluation {
  /** The metrics that there are, by the names of {@linkcode EVALUATION_METRICS}. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why there are no others. */
  readonly undefined: Readonly<Record<string, string>>;
  /** Bars in a year; null if nobody knows. */
  readonly barsPerYear: number | null;
  /** What told it; null if nobody knows it. */
  readonly yearSource: YearSource | null;
  /** Share of the bars that there would be without breaks; null if nobody knows. */
  readonly coverage: number | null;
  /** How long the evaluated bars took, in years; null if nobody knows. */
  readonly years: number | null;
  /** The first bar whose position counts, and the one at whose close all is valued. */
  readonly period: { readonly from: number; readonly to: number };
  /** The position that is open at the end. */
  readonly openPosition: number;
  /** The deepest fall of the equity. */
  readonly drawdown: Drawdown | null;
  /** And of that of buy-and-hold. */
  readonly holdDrawdown: Drawdown | null;
  /** In sample and out of it; null if all is in sample. */
  readonly split: Split | null;
  /** What was resampled; null if nothing was. */
  readonly resampling: Resampling | null;
}

/** What became of the edge out of sample. */
export interface Split {
  /** The first bar out of sample. */
  readonly bar: number;
  /** Bars that earn a return in sample. */
  readonly inSampleBars: number;
  /** And out of it. */
  readonly outOfSampleBars: number;
  /** Whether an edge above 0 in sample is above 0 out of it; null if there was none. */
  readonly survives: boolean | null;
}

/** How much was resampled. */
export interface Resampling {
  /** Shifts of the permutation test. */
  readonly permutations: number;
  /** Whether these are all shifts that there are. */
  readonly allPermutations: boolean;
  /** Samples of the bootstrap. */
  readonly samples: number;
  /** The length of the bootstrap's blocks, in bars. */
  readonly block: number;
}

/** Evaluates a signal. */
export function evaluate(input: EvaluateInput): Evaluation {
  const { positions, warmup, settings, timeAt } = input;
  const from = Math.min(warmup, positions.length);
  const end = Math.max(from, positions.length - 1);
  const bars = end - from;
  const findings = new Findings();
  findings.add("return_bars", bars);
  const annual = annualOf({
    barsPerYear: settings.barsPerYear,
    calendar: {
      intervalMs: input.intervalMs,
      gaps: input.gaps,
      elapsedMs: timeAt === null || bars === 0 ? null : timeAt(end) - timeAt(from),
      bars,
    },
  });
  const track = trackOf(input, { from, end });
  const base = {
    ...findings,
    barsPerYear: known(annual.barsPerYear),
    yearSource: annual.source,
    coverage: annual.coverage,
    years: known(annual.years),
    period: { from, to: end },
    openPosition: positions[end] ?? 0,
    drawdown: null,
    holdDrawdown: null,
    split: null,
    resampling: null,
  };
  if (bars === 0) return without(base, "a single valid bar earns no return");
  const yardstick: Yardstick = {
    ...annual,
    riskFree: settings.riskFree === 0
      ? 0
      : measured([annual.barsPerYear], (bars) => settings.riskFree / bars),
  };
  const target = known(yardstick.riskFree) ?? 0;
  const worthless = unpriced(track);
  if (worthless !== null) {
    // Positions can be counted all the same.
    const flat = { ...track, prices: new Float64Array(positions.length).fill(1) };
    addCounts(findings, { whole: ledgerOf(flat, target).whole, years: annual.years });
    return without(base, `the close of bar ${worthless} is not above 0`);
  }
  const ledger = ledgerOf(track, target);
  const holding = { ...track, positions: new Int8Array(positions.length).fill(1) };
  const hold = ledgerOf(holding, target);
  const { whole } = ledger;
  addCounts(findings, { whole, years: annual.years });
  addEdge(findings, { whole, hold: hold.whole });
  addPerformance(findings, { ledger, end, yardstick, prefix: "" });
  addMoments(findings, { whole, yardstick });
  findings.add("benchmark_hit_rate", hitRate(hold.whole));
  addPerformance(findings, { ledger: hold, end, yardstick, prefix: "benchmark_" });
  return {
    ...base,
    drawdown: ledger.drawdown,
    holdDrawdown: hold.drawdown,
    resampling: addLuck(findings, { track, yardstick, input }),
    split: addSplit(findings, { track, ledger, hold, yardstick }),
  };
}

function trackOf(
  { prices, positions, settings }: EvaluateInput,
  { from, end }: { readonly from: number; readonly end: number },
): Track {
  const valid = positions.length - from;
  return {
    prices,
    positions,
    from,
    end,
    split: Math.min(end, from + Math.floor(valid * settings.split)),
    kept: Math.max(0, 1 - (settings.costBps + settings.slippageBps) / 10_000),
  };
}

/** The first bar of a track whose close is no price to buy at, or null. */
function unpriced({ prices, from, end }: Track): number | null {
  for (let t = from; t <= end; t++) if (!(prices[t]! > 0)) return t;
  return null;
}

function known(measure: Measure): number | null {
  return typeof measure === "number" ? measure : null;
}

/** An evaluation in which every metric that was not found has one reason. */
function without(evaluation: Evaluation, reason: string): Evaluation {
  const missing = EVALUATION_METRICS.filter((name) =>
    !Object.hasOwn(evaluation.metrics, name) && !Object.hasOwn(evaluation.undefined, name)
  );
  return {
    ...evaluation,
    undefined: {
      ...evaluation.undefined,
      ...Object.fromEntries(missing.map((name) => [name, reason])),
    },
  };
}

function addLuck(
  findings: Findings,
  { track, yardstick, input }: {
    readonly track: Track;
    readonly yardstick: Yardstick;
    readonly input: EvaluateInput;
  },
): Resampling | null {
  const { settings, random } = input;
  const bars = track.end - track.from;
  const samples = resamplesFor(settings, bars);
  const names = ["sharpe_low", "sharpe_high", "edge_low", "edge_high"] as const;
  if (typeof samples === "string") {
    for (const name of ["p_value", "p_value_two_sided", ...names] as const) {
      findings.add(name, samples);
    }
    return null;
  }
  const test = shiftTest(track, {
    drawn: settings.permutations,
    most: samples,
    random: random("permutation"),
  });
  findings.add("p_value", test.pValue);
  findings.add("p_value_two_sided", test.twoSided);
  const { barsPerYear, riskFree } = yardstick;
  const intervals = bootstrap(track, {
    samples,
    random: random("bootstrap"),
    riskFree: known(riskFree) ?? NaN,
  });
  const { low, high } = intervals.barSharpe;
  const annualised = (end: Measure): Measure =>
    measured(
      [findings.undefined.sharpe ?? 0, barsPerYear, end],
      (_, bars, end) => end * Math.sqrt(bars),
    );
  findings.add("sharpe_low", annualised(low));
  findings.add("sharpe_high", annualised(high));
  findings.add("edge_low", findings.undefined.edge ?? intervals.edge.low);
  findings.add("edge_high", findings.undefined.edge ?? intervals.edge.high);
  return {
    permutations: test.shifts,
    allPermutations: test.isExhaustive,
    samples,
    block: blockLength(bars),
  };
}

function addSplit(
  findings: Findings,
  { track, ledger, hold, yardstick }: {
    readonly track: Track;
    readonly ledger: Ledger;
    readonly hold: Ledger;
    readonly yardstick: Yardstick;
  },
): Split | null {
  const { from, split, end } = track;
  const whole = { hold: hold.whole, own: ledger.whole };
  const parts = [["in_sample", "inSample"], ["out_of_sample", "outOfSample"]] as const;
  const edges = parts.map(([prefix, part]): Measure => {
    const own = ledger[part];
    const held = hold[part];
    const reason = own.bars > 0
      ? undefined
      : `no bar is ${part === "inSample" ? "in" : "out of"} sample`;
    const edge = reason ?? edgeOf(own, held);
    findings.add(`${prefix}_net_return`, reason ?? own.netGrowth - 1);
    findings.add(`${prefix}_benchmark_net_return`, reason ?? held.netGrowth - 1);
    findings.add(`${prefix}_sharpe`, reason ?? sharpeOf(own, { whole: whole.own, yardstick }));
    findings.add(
      `${prefix}_benchmark_sharpe`,
      reason ?? sharpeOf(held, { whole: whole.hold, yardstick }),
    );
    findings.add(`${prefix}_hit_rate`, reason ?? hitRate(own));
    findings.add(`${prefix}_edge`, edge);
    return edge;
  });
  if (split === end || split === from) return null;
  const [inSample, outOfSample] = edges.map(known);
  return {
    bar: split,
    inSampleBars: split - from,
    outOfSampleBars: end - split,
    survives: (inSample ?? 0) > 0 ? (outOfSample ?? 0) > 0 : null,
  };
}
