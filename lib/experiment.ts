/**
 * The public contract: what an experiment is given and what it gives back.
 *
 * An experiment is one file that exports {@linkcode defineExperiment}'s result
 * as its default. It may import this module as `sigrun`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { defineExperiment, z } from "sigrun";
 *
 * const risingClose = defineExperiment({
 *   name: "rising-close",
 *   version: 1,
 *   summary: "1 while the close is above the close `lag` bars ago, else 0",
 *   params: { lag: z.int().min(1).default(1).describe("bars to look back") },
 *   columns: ["close"],
 *   signal({ bars, params }) {
 *     const { units } = bars.close;
 *     const positions = new Int8Array(bars.length);
 *     for (let t = params.lag; t < bars.length; t++) {
 *       positions[t] = units[t]! > units[t - params.lag]! ? 1 : 0;
 *     }
 *     return { positions, warmup: Math.min(params.lag, bars.length) };
 *   },
 * });
 * assert(risingClose.name === "rising-close");
 * ```
 *
 * @module
 */

import { z } from "zod";

export { z };

/** The price and volume columns that an experiment can ask for. */
export const COLUMN_NAMES = ["open", "high", "low", "close", "volume"] as const;

/** One of {@linkcode COLUMN_NAMES}. */
export type ColumnName = typeof COLUMN_NAMES[number];

/**
 * Exact integers, one per bar. A `Float64Array` while every one of them is
 * below 2^53 in size, `bigint`s beyond.
 */
export type Units = Float64Array | readonly bigint[];

/**
 * One field of the bars. Exactly, bar *t* is `units[t] / 10^decimals`;
 * `values[t]` is the double nearest to that.
 */
export interface Column {
  /** Exact integers; all of one column share one power of ten. */
  readonly units: Units;
  /** The power of ten: `units[t] / 10^decimals` is the exact value. */
  readonly decimals: number;
  /** The nearest doubles, computed when first asked for. */
  readonly values: Float64Array;
}

/** The rows of an OHLCV file in time order; only the columns asked for. */
export type Bars<C extends ColumnName = ColumnName> =
  & {
    /** How many bars there are. */
    readonly length: number;
    /** Milliseconds since 1970-01-01 UTC, one per bar; null if the file has no time. */
    readonly times: Float64Array | null;
  }
  & { readonly [K in C]: Column };

/** A seeded stream of random numbers: equal seed and name, equal numbers. */
export interface Random {
  /** The next number, uniform in [0, 1). */
  float(): number;
  /** The next integer, uniform from `min` to `max`, both included. */
  int(min: number, max: number): number;
}

/** Writes lines to the run's `run.log`. */
export interface ExperimentLog {
  /** A line of level info, with fields as key=value. */
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** A line of level warning, with fields as key=value. */
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What an experiment is given. */
export interface SignalInput<P, C extends ColumnName = ColumnName> {
  /** The bars, with the columns that the experiment declares. */
  readonly bars: Bars<C>;
  /** Its parameters, validated, defaults filled in. */
  readonly params: P;
  /** A named random stream, seeded by the config's seed: the only entropy allowed. */
  readonly random: (stream: string) => Random;
  /** The run's log. */
  readonly log: ExperimentLog;
}

/** What an experiment gives back. */
export interface Signal {
  /**
   * One position per bar: 1 (long), 0 (flat) or -1 (short), decided at that
   * bar's close from that bar and earlier ones. 0 while warming up.
   */
  readonly positions: Int8Array;
  /** How many leading bars have no defined signal yet. */
  readonly warmup: number;
  /** Further numbers worth recording, by name in snake_case. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** The parameters of an experiment: a zod type for each name. */
export type ParamsShape = Readonly<Record<string, z.ZodType>>;

/** A parameter and why its value cannot be used together with the others. */
export interface ParamProblem {
  /** The parameter's name. */
  readonly param: string;
  /** What is wrong, to be read after the parameter's name. */
  readonly message: string;
}

/** What {@linkcode defineExperiment} takes. */
export interface ExperimentDefinition<P extends ParamsShape, C extends ColumnName> {
  /** Lower-case words joined by hyphens; what `experiment:` in a config says. */
  readonly name: string;
  /** A whole number from 1; raise it when results change. */
  readonly version: number;
  /** One sentence. */
  readonly summary: string;
  /** Types, defaults, limits and help of the parameters. */
  readonly params: P;
  /** The columns to read; no other is parsed or kept. */
  readonly columns: readonly C[];
  /** Limits that involve several parameters; the problem, or nothing. */
  readonly check?: (params: z.infer<z.ZodObject<P>>) => ParamProblem | undefined;
  /** The computation: pure, so equal bars, parameters and seed give equal positions. */
  readonly signal: (input: SignalInput<z.infer<z.ZodObject<P>>, C>) => Signal;
}

/** An experiment whose parameter types the caller need not know. */
export interface Experiment {
  /** Its name. */
  readonly name: string;
  /** Its version. */
  readonly version: number;
  /** One sentence. */
  readonly summary: string;
  /** A zod type for each parameter. */
  readonly params: ParamsShape;
  /** The columns it reads. */
  readonly columns: readonly ColumnName[];
  /** Limits that involve several parameters. */
  check(params: Readonly<Record<string, unknown>>): ParamProblem | undefined;
  /** The computation. */
  signal(input: SignalInput<Readonly<Record<string, unknown>>>): Signal;
}

/** The experiments by name, each loaded when it is wanted. */
export type ExperimentTable = Readonly<
  Record<string, () => Promise<{ readonly default: Experiment }>>
>;

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const PARAM = /^[a-z][a-z0-9_]*$/;

/**
 * Declares an experiment.
 *
 * @throws {TypeError} if the definition itself is wrong: a malformed name, a
 * version below 1, no column, or a column that does not exist.
 */
export function defineExperiment<P extends ParamsShape, const C extends ColumnName>(
  definition: ExperimentDefinition<P, C>,
): Experiment {
  const { name, version, summary, params, columns } = definition;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw new TypeError(
      `Cannot define an experiment named ${JSON.stringify(name)}: expected words like my-signal`,
    );
  }
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new TypeError(
      `Cannot define experiment ${name}: version is a whole number from 1, got ${version}`,
    );
  }
  if (columns.length === 0) {
    throw new TypeError(`Cannot define experiment ${name}: it reads no column`);
  }
  for (const column of columns) {
    if (!COLUMN_NAMES.includes(column)) {
      throw new TypeError(
        `Cannot define experiment ${name}: there is no column ${JSON.stringify(column)}, ` +
          `only ${COLUMN_NAMES.join(", ")}`,
      );
    }
  }
  for (const param of Object.keys(params)) {
    if (!PARAM.test(param)) {
      throw new TypeError(
        `Cannot define experiment ${name}: parameter ${JSON.stringify(param)} is not in snake_case`,
      );
    }
  }
  // The caller of an Experiment has validated params against this very shape
  // and read these very columns: the two casts say no more than that.
  const { check, signal } = definition;
  return {
    name,
    version,
    summary,
    params,
    columns,
    check: (values) => check?.(values as z.infer<z.ZodObject<P>>),
    signal: (input) => signal(input as unknown as Parameters<typeof signal>[0]),
  };
}
