/**
 * How much of a result is luck: the same experiment with other seeds. Pure.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Signal } from "../experiment.ts";
import { randomStreams } from "../random.ts";

/** Derived seeds fit in 31 bits, and so in any tool. */
const LARGEST_SEED = 2 ** 31 - 1;

/** What one seed gave. */
export interface SeedResult {
  /** The seed. */
  readonly seed: number;
  /** The deterministic metrics. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A metric over seeds. */
export interface MetricSpread {
  /** Seeds that gave it. */
  readonly seeds: number;
  /** The arithmetic mean. */
  readonly mean: number;
  /** The standard deviation of the sample (n - 1 in the denominator); null of a single value. */
  readonly standardDeviation: number | null;
  /** The smallest value. */
  readonly minimum: number;
  /** The largest value. */
  readonly maximum: number;
}

/** What was found. */
export interface SeedsReport {
  /** What each seed gave. */
  readonly results: readonly SeedResult[];
  /** Whether signal or metrics differ between any two seeds. */
  readonly seedHasEffect: boolean;
  /** Each metric over the seeds, by name. */
  readonly metrics: Readonly<Record<string, MetricSpread>>;
}

/** Distinct seeds from 0 to 2^31 - 1, derived from one: the same whenever it is the same. */
export function derivedSeeds(seed: number, count: number): readonly number[] {
  const random = randomStreams(seed)("derived seeds");
  const seeds = new Set<number>();
  while (seeds.size < count) seeds.add(random.int(0, LARGEST_SEED));
  return [...seeds];
}

/**
 * Computes signal and metrics with each seed.
 *
 * @throws {UserError} of the experiment, with the seed that it failed with
 */
export function checkSeeds(
  seeds: readonly number[],
  { compute, metricsOf }: {
    readonly compute: (seed: number) => Signal;
    readonly metricsOf: (signal: Signal) => Readonly<Record<string, number>>;
  },
): SeedsReport {
  let first: Computed | undefined;
  let seedHasEffect = false;
  const results = seeds.map((seed): SeedResult => {
    try {
      const signal = compute(seed);
      const result = { seed, metrics: metricsOf(signal) };
      first ??= { signal, result };
      seedHasEffect ||= !isSame(first, { signal, result });
      return result;
    } catch (error) {
      throw withSeed(error, seed);
    }
  });
  const names = [...new Set(results.flatMap(({ metrics }) => Object.keys(metrics)))];
  return {
    results,
    seedHasEffect,
    metrics: Object.fromEntries(names.map((name) => [
      name,
      spread(results.flatMap(({ metrics }) => metrics[name] ?? [])),
    ])),
  };
}

interface Computed {
  readonly signal: Signal;
  readonly result: SeedResult;
}

function isSame(a: Computed, b: Computed): boolean {
  const names = Object.keys(a.result.metrics);
  return a.signal.warmup === b.signal.warmup &&
    a.signal.positions.every((position, t) => position === b.signal.positions[t]) &&
    names.length === Object.keys(b.result.metrics).length &&
    names.every((name) => a.result.metrics[name] === b.result.metrics[name]);
}

/**
 * Mean and deviation of values, from one value at least. Sums are taken of
 * differences from the first value, so that equal values deviate by exactly 0.
 */
function spread(values: readonly number[]): MetricSpread {
  const origin = values[0]!;
  const count = values.length;
  const offset = values.reduce((sum, value) => sum + (value - origin), 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - origin - offset) ** 2, 0);
  return {
    seeds: count,
    mean: origin + offset,
    standardDeviation: count > 1 ? Math.sqrt(squares / (count - 1)) : null,
    minimum: Math.min(...values),
    maximum: Math.max(...values),
  };
}

function withSeed(error: unknown, seed: number): unknown {
  if (!(error instanceof UserError)) return error;
  const { message, code, hint, exitCode } = error;
  return new UserError(`${message} (with seed ${seed})`, { code, hint, exitCode, cause: error });
}
