/**
 * How a run was evaluated, as people read it.
 *
 * @module
 */

import type { DeflatedSharpe } from "../../registry/deflated_sharpe.ts";
import type { RunRecord } from "../../record.ts";
import { own } from "../../own.ts";
import { formatNumber, formatTime } from "./format.ts";

/** A line: what it is about, and what was found. */
export type EvaluationLine = readonly [label: string, text: string];

/** A run with an evaluation. */
export type EvaluatedRun = Pick<RunRecord, "metrics" | "evaluation">;

/** The few lines of a summary. */
export function evaluationSummary(run: EvaluatedRun): readonly EvaluationLine[] {
  const { metrics, evaluation } = run;
  const costs = Number(evaluation?.cost_bps) + Number(evaluation?.slippage_bps);
  const own = (name: string, shown: (value: number) => string): string =>
    metrics[name] === undefined ? `none: ${reasonOf(run, name)}` : shown(metrics[name]);
  return [
    [
      "net return",
      `${own("net_return", percent)}  (${percent(metrics.gross_return)} before costs of ` +
      `${formatNumber(costs)} bps, buy and hold ${percent(metrics.benchmark_net_return)})`,
    ],
    [
      "sharpe",
      `${own("sharpe", ratio)}  (${interval(run, "sharpe", ratio)}buy and hold ${
        ratio(metrics.benchmark_sharpe)
      })`,
    ],
    [
      "drawdown",
      `${own("max_drawdown", percent)}  (buy and hold ${percent(metrics.benchmark_max_drawdown)})`,
    ],
    [
      "p-value",
      own("p_value", (value) => `${share(value)}  (permutation test, before costs)`),
    ],
    ...(evaluation === null ? [] : [["annualised", yearText(evaluation)] as const]),
  ];
}

/** What a reader must not miss; null if there is nothing. */
export function evaluationWarning(run: EvaluatedRun): string | null {
  if (splitOf(run.evaluation)?.survives !== false) return null;
  const { in_sample_edge: inside, out_of_sample_edge: outside } = run.metrics;
  return outside === undefined
    ? `the edge in sample, ${basisPoints(inside)} bps a bar, cannot be confirmed out of sample: ` +
      reasonOf(run, "out_of_sample_edge")
    : "the edge turns negative out of sample: " +
      `${basisPoints(inside)} → ${basisPoints(outside)} bps a bar`;
}

/** All that is not among the metrics, and the metrics in and out of sample side by side. */
export function evaluationLines(
  run: EvaluatedRun,
  deflated: DeflatedSharpe | null,
): readonly EvaluationLine[] {
  const { evaluation } = run;
  if (evaluation === null) return [];
  const split = splitOf(evaluation);
  return [
    ...evaluationSummary(run),
    ...(deflated === null ? [] : [deflatedLine(evaluation, deflated)]),
    [
      "costs",
      `${number(evaluation.cost_bps)} bps and ${number(evaluation.slippage_bps)} bps slippage`,
    ],
    ["from", placeText(evaluation.from)],
    ["to", placeText(evaluation.to)],
    ["final position", positionText(evaluation.open_position)],
    ["max drawdown", fallText(evaluation.drawdown)],
    ["of buy and hold", fallText(evaluation.benchmark_drawdown)],
    ...resamplingLines(run),
    ...(split === null ? [] : splitLines(run, split)),
    ...undefinedLines(evaluation),
  ];
}

function deflatedLine(
  { bars_per_year: bars }: Evaluation,
  { value, reason, trials, expected_best: best }: DeflatedSharpe,
): EvaluationLine {
  const tried = `after ${trials} trial${trials === 1 ? "" : "s"}`;
  if (value === null) return ["deflated Sharpe", `none: ${reason} (${tried})`];
  const expected = best !== null && trials > 1 && typeof bars === "number"
    ? `; best Sharpe ratio expected by chance ${ratio(best * Math.sqrt(bars))}`
    : "";
  return ["deflated Sharpe", `${share(value)}  (${tried}${expected})`];
}

/** The names of the metrics that are shown side by side, and how. */
const SIDE_BY_SIDE = [
  ["net_return", percent],
  ["benchmark_net_return", percent],
  ["sharpe", ratio],
  ["benchmark_sharpe", ratio],
  ["hit_rate", percent],
  ["edge", precise],
] as const;

type Evaluation = NonNullable<RunRecord["evaluation"]>;

/** What evaluations record of the split. */
interface RecordedSplit {
  readonly share: number;
  readonly out_of_sample_from: unknown;
  readonly in_sample_bars: number;
  readonly out_of_sample_bars: number;
  readonly survives: boolean | null;
}

function splitOf(evaluation: Evaluation | null): RecordedSplit | null {
  return (evaluation?.split ?? null) as RecordedSplit | null;
}

function splitLines(run: EvaluatedRun, split: RecordedSplit): readonly EvaluationLine[] {
  const warning = evaluationWarning(run);
  const rows = SIDE_BY_SIDE.map(([name, shown]) => [
    name,
    shown(run.metrics[`in_sample_${name}`]),
    shown(run.metrics[`out_of_sample_${name}`]),
  ]);
  const [wide, wider] = [1, 2].map((at) => Math.max(13, ...rows.map((row) => row[at]!.length)));
  return [
    [
      "out of sample",
      `${split.out_of_sample_bars} bars from ${placeText(split.out_of_sample_from)}`,
    ],
    ["", `${"in sample".padStart(wide!)}  ${"out of sample".padStart(wider!)}`],
    ...rows.map(([name, inside, outside]): EvaluationLine => [
      name!,
      `${inside!.padStart(wide!)}  ${outside!.padStart(wider!)}`,
    ]),
    ...(warning === null ? [] : [["warning", warning] as const]),
  ];
}

function resamplingLines(run: EvaluatedRun): readonly EvaluationLine[] {
  const resampling = run.evaluation?.resampling as
    | {
      readonly permutations: number;
      readonly all_permutations: boolean;
      readonly samples: number;
      readonly block: number;
    }
    | null
    | undefined;
  if (resampling === null || resampling === undefined) return [];
  return [
    [
      "edge",
      `${precise(run.metrics.edge)}  (${
        interval(run, "edge", precise)
      }mean return in position minus out of it, per bar)`,
    ],
    [
      "resampled",
      `${resampling.all_permutations ? "all " : ""}${resampling.permutations} permutations; ` +
      `block bootstrap of ${resampling.samples} samples, block ${resampling.block}`,
    ],
  ];
}

function undefinedLines(evaluation: Evaluation): readonly EvaluationLine[] {
  const reasons = Object.entries((evaluation.undefined ?? {}) as Record<string, string>);
  return [...Map.groupBy(reasons, ([, reason]) => reason)].map(([reason, names]) => [
    "undefined",
    `${names.map(([name]) => name).join(", ")}: ${reason}`,
  ]);
}

function yearText(
  { bars_per_year: bars, bars_per_year_from: source, years, coverage }: Evaluation,
): string {
  if (typeof bars !== "number") return "no";
  const calendar = source === "calendar" ? ", as the market closes" : "";
  const holes = typeof coverage === "number" && coverage < 0.95 && source !== "calendar"
    ? `, ${(coverage * 100).toFixed(0)} % of the expected bars`
    : "";
  return `at ${grouped(bars)} bars a year${calendar}` +
    (typeof years === "number" ? `; ${decimals(years)} years of data${holes}` : "");
}

/** Three significant digits, at least. */
function decimals(years: number): string {
  return years >= 100 ? years.toFixed(0) : String(Number(years.toPrecision(3)));
}

/** A whole number with commas between thousands. */
function grouped(value: number): string {
  return value.toFixed(0).replace(/(?<=\d)(?=(\d{3})+$)/g, ",");
}

function fallText(fall: unknown): string {
  const { peak, trough, recovery } = (fall ?? {}) as Record<string, unknown>;
  if (peak === undefined) return "none";
  return `peak ${placeText(peak)}, trough ${placeText(trough)}, ` +
    (recovery === null ? "not recovered" : `recovered ${placeText(recovery)}`);
}

/** How far a position is in the market, in words. */
function positionText(position: unknown): string {
  return position === 1 ? "long" : position === -1 ? "short" : "flat";
}

/** A return in basis points, with its sign. */
function basisPoints(value: number | undefined): string {
  if (value === undefined) return "none";
  const points = Number((value * 10_000).toPrecision(2));
  return points > 0 ? `+${points}` : String(points).replace("-", "−");
}

function placeText(place: unknown): string {
  const { bar, time } = (place ?? {}) as { readonly bar?: number; readonly time?: string | null };
  if (typeof time === "string") return formatTime(time);
  return bar === undefined ? "nowhere" : `bar ${bar}`;
}

/** Why a run has no such metric. */
function reasonOf({ evaluation }: EvaluatedRun, name: string): string {
  const reasons = (evaluation?.undefined ?? {}) as Readonly<Record<string, string>>;
  return own(reasons, name) ?? "unknown";
}

function interval(
  { metrics }: EvaluatedRun,
  name: "sharpe" | "edge",
  shown: (value: number | undefined) => string,
): string {
  const [low, high] = [metrics[`${name}_low`], metrics[`${name}_high`]];
  return low === undefined ? "" : `95 %: ${shown(low)} to ${shown(high)}; `;
}

function percent(share: number | undefined): string {
  if (share === undefined) return "none";
  const value = share * 100;
  return `${Math.abs(value) < 1e6 ? value.toFixed(2) : value.toPrecision(4)} %`;
}

/** A probability. */
function share(value: number): string {
  return formatNumber(Number(value.toPrecision(3)));
}

function ratio(value: number | undefined): string {
  return value === undefined ? "none" : value.toFixed(2);
}

function precise(value: number | undefined): string {
  return value === undefined ? "none" : String(Number(value.toPrecision(4)));
}

function number(value: unknown): string {
  return typeof value === "number" ? formatNumber(value) : "unknown";
}
