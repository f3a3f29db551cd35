/**
 * The config of a run: complete, typed, valid.
 *
 * @module
 */

import { stringify } from "@std/yaml/stringify";
import canonicalize from "canonicalize";
import type { ColumnOverrides } from "../bars/header.ts";
import type { DecimalMark } from "../bars/number/decimal_mark.ts";
import type { DuplicatesPolicy } from "../bars/quality/repeated_times.ts";
import type { TimeFormat } from "../bars/time/time_format.ts";
import type { EvaluateSettings } from "../evaluate/settings.ts";
import type { WarmupPolicy } from "../evaluate/signal_rate.ts";
import type { Experiment } from "../experiment.ts";
import { sha256 } from "../sha256.ts";
import type { KeepData, SignalFormat } from "./reserved.ts";

/** A config after defaults and overrides, validated. */
export interface Config {
  /** The user's label. */
  readonly version: string;
  /** Seed of everything random. */
  readonly seed: number;
  /** The experiment. */
  readonly experiment: Experiment;
  /** Absolute path of the experiment's file; null for a bundled one. */
  readonly experimentPath: string | null;
  /** Absolute paths, or patterns of them, of the data files, at least one; `-` for standard input. */
  readonly data: readonly string[];
  /** Titles of columns that are not found by themselves. */
  readonly columns: ColumnOverrides;
  /** The instrument whose rows are taken; undefined: the file has one. */
  readonly symbol: string | undefined;
  /** The form of the times; undefined: it is detected. */
  readonly timeFormat: TimeFormat | undefined;
  /** Time zone of times without an offset; undefined: UTC. */
  readonly timeZone: string | undefined;
  /** What begins the fraction of a number; undefined: the rows tell. */
  readonly decimalMark: DecimalMark | undefined;
  /** Which row counts where several have one time; undefined: identical ones count once. */
  readonly duplicates: DuplicatesPolicy | undefined;
  /** Share of rows, 0 to 1, that may lack a value and be dropped. */
  readonly maxMissing: number;
  /** What the warm-up does to the signal rate. */
  readonly warmup: WarmupPolicy;
  /** How the signal is evaluated; null: not at all. */
  readonly evaluate: EvaluateSettings | null;
  /** The form in which the signal is written. */
  readonly signals: SignalFormat;
  /** Which data files are kept. */
  readonly keepData: KeepData;
  /** The experiment's parameters. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** The config as a config file has it: flat, with every value that is set. */
export function flatConfig(config: Config): Record<string, unknown> {
  const {
    experiment,
    experimentPath,
    decimalMark,
    timeFormat,
    timeZone,
    maxMissing,
    keepData,
    params,
    ...rest
  } = config;
  return defined({
    version: rest.version,
    seed: rest.seed,
    experiment: experimentPath ?? experiment.name,
    data: rest.data.length === 1 ? rest.data[0] : rest.data,
    columns: defined(rest.columns),
    symbol: rest.symbol,
    time_format: timeFormat,
    time_zone: timeZone,
    decimal_mark: decimalMark,
    duplicates: rest.duplicates,
    max_missing: maxMissing,
    warmup: rest.warmup,
    evaluate: flatSettings(rest.evaluate),
    signals: rest.signals,
    keep_data: keepData,
    ...params,
  });
}

/** The settings as a config file has them. */
function flatSettings(settings: EvaluateSettings | null): unknown {
  return settings !== null && defined({
    cost_bps: settings.costBps,
    slippage_bps: settings.slippageBps,
    risk_free: settings.riskFree,
    bars_per_year: settings.barsPerYear,
    permutations: settings.permutations,
    split: settings.split,
  });
}

/** The data as a run records it: the path or pattern, or JSON of several. */
export function recordedData({ data }: Config): string {
  return data.length === 1 ? data[0]! : JSON.stringify(data);
}

/**
 * SHA-256 over the canonical JSON (RFC 8785) of what a run is determined by, as
 * `sha256:…`: the config without its paths, and without `keep_data`. Whether a
 * copy of the data is kept changes neither the result nor a file of the run
 * directory, as `signals` does; two runs that differ in nothing else must be
 * held against each other.
 */
export function configHash(config: Config): Promise<string> {
  return flatConfigHash(flatConfig(config), config.experiment.name);
}

/**
 * The same of a config as its file has it; the name takes the place of an
 * experiment's path. Without an evaluation there is no trace of it, so that runs
 * from before there was any are runs of the same config.
 */
export function flatConfigHash(
  flat: Readonly<Record<string, unknown>>,
  experiment: string,
): Promise<string> {
  const { data: _data, keep_data: _keepData, evaluate, ...rest } = flat;
  const evaluated = evaluate === false ? {} : { evaluate };
  return sha256(canonicalize({ ...rest, ...evaluated, experiment })!);
}

/** The config as YAML that gives this very config again, from any folder. */
export function configYaml(config: Config): string {
  return stringify(flatConfig(config), { lineWidth: -1 });
}

function defined(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
