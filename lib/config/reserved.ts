/**
 * The keys of a config that belong to sigrun; every other key is a parameter
 * of the experiment.
 *
 * @module
 */

import { z } from "zod";
import { DECIMAL_MARKS } from "../bars/number/decimal_mark.ts";
import { DUPLICATES_POLICIES } from "../bars/quality/repeated_times.ts";
import { TIME_FORMATS } from "../bars/time/time_format.ts";
import { isTimeZone } from "../bars/time/time_zone.ts";
import { DEFAULT_RESAMPLES, type EvaluateSettings } from "../evaluate/settings.ts";
import { WARMUP_POLICIES } from "../evaluate/signal_rate.ts";
import { COLUMN_NAMES } from "../experiment.ts";
import { BYTE_SIZE, byteSize } from "./byte_size.ts";

/** The forms in which the signal can be written out. */
export const SIGNAL_FORMATS = ["csv", "parquet", "none"] as const;

/** One of {@linkcode SIGNAL_FORMATS}. */
export type SignalFormat = typeof SIGNAL_FORMATS[number];

/** `true`, `false`, or a size in bytes or as text, such as `64MB`. */
export type KeepData = boolean | number | string;

/** Which data files are kept: all, none, or those up to a size. */
const keepData: z.ZodType<KeepData> = z.union([
  z.boolean(),
  z.int().min(0),
  z.string().regex(BYTE_SIZE).meta({ examples: ["64MB", "1GiB"] }),
]);

/** The largest size in bytes of data files that are kept; undefined if none are. */
export function keptBytes(keep: KeepData): number | undefined {
  if (typeof keep === "boolean") return keep ? Infinity : undefined;
  return typeof keep === "number" ? keep : byteSize(keep);
}

/** The experiment of a config that names none. */
export const DEFAULT_EXPERIMENT = "rolling-mean";

/** Types, limits, defaults and meaning of what is below `evaluate`. */
export const evaluateShape = {
  cost_bps: z.number().min(0).max(5000).default(10)
    .describe("costs of a change of position by one, in hundredths of a percent of the equity"),
  slippage_bps: z.number().min(0).max(5000).default(0)
    .describe("what more is lost on it, as the price moves away; in hundredths of a percent"),
  risk_free: z.number().min(-1).max(1).default(0)
    .describe("annual rate that costs no risk, 0.02 for two percent"),
  bars_per_year: z.union([z.literal("auto"), z.number().min(0.001).max(1e9)]).default("auto")
    .describe("bars in a year; auto: by their commonest interval, in a year of 365 days"),
  permutations: z.int().min(0).max(1_000_000).optional()
    .describe(
      "shifts of the permutation test and samples of the bootstrap; default all shifts, and " +
        `${DEFAULT_RESAMPLES} samples, fewer on many bars; 0: neither`,
    ),
  split: z.number().min(0.01).max(1).default(0.7)
    .describe("share of the valid bars that are in sample; 1: all of them"),
} as const;

const evaluate = z.union([z.boolean(), z.strictObject(evaluateShape)]);

/**
 * A valid value of `evaluate` with its defaults filled in; null if there is to
 * be no evaluation.
 */
export function evaluateSettings(
  value: boolean | z.infer<z.ZodObject<typeof evaluateShape>>,
): EvaluateSettings | null {
  if (value === false) return null;
  const settings = value === true ? z.object(evaluateShape).parse({}) : value;
  return {
    costBps: settings.cost_bps,
    slippageBps: settings.slippage_bps,
    riskFree: settings.risk_free,
    barsPerYear: settings.bars_per_year,
    permutations: settings.permutations,
    split: settings.split,
  };
}

const columnTitle = z.string().min(1).optional();

/** Types, limits, defaults and meaning of the reserved keys. */
export const reservedShape = {
  version: z.string().min(1).max(200).describe("label of this config, for you to choose"),
  seed: z.int().min(0).describe("seed of everything random"),
  experiment: z.string().min(1).default(DEFAULT_EXPERIMENT)
    .describe("name of a bundled experiment, or the path of your own, relative to this file"),
  data: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).default("data.csv")
    .describe(
      "file of OHLCV bars, relative to this file, or several as one series: a pattern such as " +
        "BTC-2024-*.csv, or a list; - for standard input",
    ),
  columns: z.strictObject({
    time: columnTitle.describe(
      "title of the column with the time of a bar; none: there is no time",
    ),
    symbol: columnTitle.describe(
      "title of the column that names the instrument; none: the rows are of one",
    ),
    ...Object.fromEntries(
      COLUMN_NAMES.map((
        name,
      ) => [name, columnTitle.describe(`title of the column with the ${name}`)]),
    ),
  }).default({}).describe("titles of columns that are not found by themselves"),
  symbol: z.string().min(1).optional()
    .describe("the instrument whose rows are taken, of a file that has several"),
  time_format: z.enum(TIME_FORMATS).optional()
    .describe(
      "form of the times: iso, a date with day, month or year first, the unit of Unix time, or " +
        "excel for a spreadsheet's days",
    ),
  time_zone: z.string().refine(isTimeZone, "no such time zone").optional()
    .describe(
      "time zone of times without an offset, such as America/New_York or +02:00; default UTC",
    ),
  decimal_mark: z.enum(DECIMAL_MARKS).optional()
    .describe("what begins the fraction of a number: point or comma; without it the rows tell"),
  duplicates: z.enum(DUPLICATES_POLICIES).optional()
    .describe(
      "which row counts where several have one time: first, last, or keep for all; without it, " +
        "identical rows count once, and rows that differ are refused",
    ),
  max_missing: z.number().min(0).max(1).default(0.01)
    .describe("share of rows without a usable value that may be dropped"),
  warmup: z.enum(WARMUP_POLICIES).default("exclude")
    .describe("warm-up bars in the signal rate: left out, or counted as 0"),
  evaluate: evaluate.default(true)
    .describe("how the signal is evaluated: true, with the defaults; false, not at all"),
  signals: z.enum(SIGNAL_FORMATS).default("csv")
    .describe("form in which the signal is written to the run directory"),
  keep_data: keepData.default("64MB")
    .describe("data files that are kept beside the runs: all, none, or those up to a size"),
} as const;

/** Whether a key belongs to sigrun. */
export function isReserved(key: string): boolean {
  return Object.hasOwn(reservedShape, key);
}
