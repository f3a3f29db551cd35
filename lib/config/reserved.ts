/**
 * The keys of a config that belong to sigrun; every other key is a parameter
 * of the experiment.
 *
 * @module
 */

import { z } from "zod";
import { TIME_FORMATS } from "../bars/time/time_format.ts";
import { isTimeZone } from "../bars/time/time_zone.ts";
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
    ...Object.fromEntries(
      COLUMN_NAMES.map((
        name,
      ) => [name, columnTitle.describe(`title of the column with the ${name}`)]),
    ),
  }).default({}).describe("titles of columns that are not found by themselves"),
  time_format: z.enum(TIME_FORMATS).optional()
    .describe(
      "form of the times: iso, a date with day, month or year first, or the unit of Unix time",
    ),
  time_zone: z.string().refine(isTimeZone, "no such time zone").optional()
    .describe(
      "time zone of times without an offset, such as America/New_York or +02:00; default UTC",
    ),
  duplicates: z.enum(["first", "last"]).optional()
    .describe(
      "which row counts where several have one time; without it, rows that differ are refused",
    ),
  max_missing: z.number().min(0).max(1).default(0.01)
    .describe("share of rows without a usable value that may be dropped"),
  warmup: z.enum(WARMUP_POLICIES).default("exclude")
    .describe("warm-up bars in the signal rate: left out, or counted as 0"),
  signals: z.enum(SIGNAL_FORMATS).default("csv")
    .describe("form in which the signal is written to the run directory"),
  keep_data: keepData.default("64MB")
    .describe("data files that are kept beside the runs: all, none, or those up to a size"),
} as const;

/**
 * Keys that have a meaning in sigrun's vocabulary but none in this version: an
 * experiment cannot have a parameter of that name, and a config that sets one
 * is refused rather than quietly obeyed in part.
 */
export const FUTURE_KEYS: readonly string[] = [
  "evaluate",
];

/** Whether a key belongs to sigrun, now or later. */
export function isReserved(key: string): boolean {
  return Object.hasOwn(reservedShape, key) || FUTURE_KEYS.includes(key);
}
