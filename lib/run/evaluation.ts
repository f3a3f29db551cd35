/**
 * The evaluation of a run's signal, as it is recorded: numbers among the
 * metrics, all else as a record of its own.
 *
 * @module
 */

import type { LoadedBars } from "../bars/load.ts";
import { isoTime } from "../bars/time/iso_time.ts";
import type { Config } from "../config/config.ts";
import { UserError } from "../errors.ts";
import { CONFIDENCE } from "../evaluate/bootstrap.ts";
import { evaluate, type Evaluation } from "../evaluate/evaluate.ts";
import type { Drawdown } from "../evaluate/ledger.ts";
import { EVALUATION_METRICS } from "../evaluate/metric_names.ts";
import type { EvaluateSettings } from "../evaluate/settings.ts";
import type { Signal } from "../experiment.ts";
import { randomStreams } from "../random.ts";
import type { RunLog } from "../store/run_log.ts";

/** What a run records of its evaluation. */
export interface RecordedEvaluation {
  /** The metrics that there are. */
  readonly metrics: Readonly<Record<string, number>>;
  /** All that is no number, with the reasons of metrics that there are not. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** What is evaluated. */
export interface Evaluated {
  /** The signal. */
  readonly signal: Signal;
  /** Its bars. */
  readonly loaded: Pick<LoadedBars, "bars" | "times" | "quality">;
  /** How it is evaluated. */
  readonly settings: EvaluateSettings;
}

/**
 * Evaluates a signal.
 *
 * @throws {UserError} if the experiment has a metric with a name of sigrun's
 */
export function evaluateSignal(
  config: Pick<Config, "experiment" | "seed">,
  { signal, loaded, settings }: Evaluated,
): RecordedEvaluation {
  const taken = EVALUATION_METRICS.find((name) => Object.hasOwn(signal.metrics ?? {}, name));
  if (taken !== undefined) {
    throw new UserError(
      `Cannot use the signal of experiment ${config.experiment.name}: ` +
        `metric ${taken} is sigrun's own`,
      {
        code: "experiment_invalid",
        hint: "Give it another name; sigrun's are in lib/evaluate/README.md.",
      },
    );
  }
  const { close } = loaded.bars;
  const { times } = loaded;
  const evaluation = evaluate({
    // Only ratios count, and those of the exact units are rounded but once.
    prices: close.units instanceof Float64Array ? close.units : close.values,
    positions: signal.positions,
    warmup: signal.warmup,
    timeAt: times === null ? null : (bar) => times.at(bar),
    intervalMs: loaded.quality.spacing?.intervalMs ?? null,
    gaps: loaded.quality.spacing?.gaps?.count ?? 0,
    settings,
    random: (stream) => randomStreams(config.seed)(`evaluate: ${stream}`),
  });
  return { metrics: evaluation.metrics, record: recordOf(evaluation, { loaded, settings }) };
}

/**
 * Evaluates the signal of a run as its config says, and logs it.
 *
 * @throws {UserError} as {@linkcode evaluateSignal} does
 */
export function evaluateRun(
  config: Pick<Config, "experiment" | "seed" | "evaluate">,
  { log, ...evaluated }: Omit<Evaluated, "settings"> & { readonly log: RunLog },
): RecordedEvaluation | null {
  if (config.evaluate === null) return null;
  const evaluation = evaluateSignal(config, { ...evaluated, settings: config.evaluate });
  logEvaluation(evaluation, log);
  return evaluation;
}

/** Writes what a reader of the log should not miss. */
function logEvaluation({ metrics, record }: RecordedEvaluation, log: RunLog): void {
  log.info("evaluation", {
    bars_per_year: record.bars_per_year,
    years: record.years,
    coverage: record.coverage,
    ...metrics,
  });
  const reasons = Object.entries(record.undefined as Readonly<Record<string, string>>);
  for (const [reason, names] of Map.groupBy(reasons, ([, reason]) => reason)) {
    log.info("metrics that cannot be computed", {
      metrics: names.map(([name]) => name).join(", "),
      reason,
    });
  }
  const split = record.split as { readonly survives: boolean | null } | null;
  if (split?.survives === false) {
    log.warn("the edge does not survive out of sample", {
      in_sample_edge: metrics.in_sample_edge,
      out_of_sample_edge: metrics.out_of_sample_edge ?? null,
    });
  }
}

function recordOf(
  evaluation: Evaluation,
  { loaded: { times }, settings }: Pick<Evaluated, "loaded" | "settings">,
): Record<string, unknown> {
  const { barsPerYear, years, period, split, resampling } = evaluation;
  const place = (bar: number | null): unknown =>
    bar === null ? null : { bar, time: times === null ? null : isoTime(times.at(bar)) };
  const fall = (drawdown: Drawdown | null): unknown =>
    drawdown === null || drawdown.peak === null ? null : {
      peak: place(drawdown.peak),
      trough: place(drawdown.trough),
      recovery: place(drawdown.recovery),
    };
  return {
    cost_bps: settings.costBps,
    slippage_bps: settings.slippageBps,
    risk_free: settings.riskFree,
    bars_per_year: barsPerYear,
    bars_per_year_from: evaluation.yearSource,
    years,
    coverage: evaluation.coverage,
    from: place(period.from < (times?.length ?? Infinity) ? period.from : null),
    to: place(period.to),
    open_position: evaluation.openPosition,
    drawdown: fall(evaluation.drawdown),
    benchmark_drawdown: fall(evaluation.holdDrawdown),
    split: split === null ? null : {
      share: settings.split,
      out_of_sample_from: place(split.bar),
      in_sample_bars: split.inSampleBars,
      out_of_sample_bars: split.outOfSampleBars,
      survives: split.survives,
    },
    resampling: resampling === null ? null : {
      permutations: resampling.permutations,
      all_permutations: resampling.allPermutations,
      samples: resampling.samples,
      block: resampling.block,
      confidence: CONFIDENCE,
    },
    undefined: evaluation.undefined,
  };
}
