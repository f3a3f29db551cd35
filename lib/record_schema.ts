/**
 * What a run has to look like, in a row of the registry and in a manifest:
 * others may have written them.
 *
 * @module
 */

import { z } from "zod";
import { type Artifact, HASH_NAMES, RUN_STATUSES, type RunRecord } from "./record.ts";

const text = z.string().nullable();
const number = z.number().nullable();
const whole = z.int().nullable();
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/, "no time");

/** An object with any keys, `__proto__` as well, which zod's own records leave out. */
function keyed<T>(isValue: (value: unknown) => value is T): z.ZodType<Readonly<Record<string, T>>> {
  return z.custom<Readonly<Record<string, T>>>(
    (json) =>
      typeof json === "object" && json !== null && !Array.isArray(json) &&
      Object.values(json).every(isValue),
    "unexpected values",
  );
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isPlain = (value: unknown): value is number | string | null =>
  value === null || isNumber(value) || isText(value);
const isAnything = (_: unknown): _ is unknown => true;

const place = z.looseObject({ bar: z.number().optional(), time: text.optional() }).nullish();
const fall = z.looseObject({ peak: place, trough: place, recovery: place }).nullish();

/** What is recorded of an evaluation, as far as it is read again. */
const evaluation = z.looseObject({
  cost_bps: number.optional(),
  slippage_bps: number.optional(),
  bars_per_year: number.optional(),
  years: number.optional(),
  coverage: number.optional(),
  from: place,
  to: place,
  open_position: number.optional(),
  drawdown: fall,
  benchmark_drawdown: fall,
  split: z.looseObject({
    in_sample_bars: z.number(),
    out_of_sample_bars: z.number(),
    out_of_sample_from: place,
    survives: z.boolean().nullable(),
  }).nullish(),
  resampling: z.looseObject({
    permutations: z.number(),
    samples: z.number(),
    block: z.number(),
  }).nullish(),
  undefined: keyed(isText).optional(),
});

/** What is recorded of program and machine, as far as it is read again. */
const environment = z.looseObject({
  hostname: text.optional(),
  git: z.looseObject({ commit: text.optional(), dirty: z.boolean().nullish() }).nullish(),
});

const artifact: z.ZodType<Artifact> = z.looseObject({
  path: z.string(),
  sha256: z.string(),
  bytes: z.int().nonnegative(),
});

/** Each field of a run; those that came later may be missing. */
const FIELDS = {
  id: z.string(),
  name: text,
  experiment: text,
  experiment_version: whole,
  config_version: text,
  seed: number,
  status: z.enum(RUN_STATUSES),
  started_at: time,
  duration_ms: number,
  latency_ms: number,
  rows_processed: whole,
  signal_rate: number,
  data_path: text,
  config: keyed(isAnything).nullable(),
  quality: keyed(isPlain).nullable(),
  evaluation: evaluation.nullish(),
  error_code: text,
  error_message: text,
  directory: z.string(),
  environment,
  params: keyed(isAnything),
  metrics: keyed(isNumber),
  hashes: z.looseObject(Object.fromEntries(HASH_NAMES.map((name) => [name, text]))),
  tags: z.array(z.string()),
  note: text.optional(),
  deleted_at: time.nullish(),
  labels_at: time.nullish(),
  artifacts: z.array(artifact),
} as const satisfies Record<keyof RunRecord, z.ZodType>;

const RUN = z.looseObject(FIELDS);

/** Fields of what should be a run that are not as they have to be; none if it is one. */
export function oddFields(json: unknown): readonly string[] {
  const { error } = RUN.safeParse(json);
  if (error === undefined) return [];
  return [...new Set(error.issues.map(({ path }) => String(path[0] ?? "run")))];
}

/** Whether a value is a run. */
export function isRunRecord(json: unknown): json is RunRecord {
  return oddFields(json).length === 0;
}
