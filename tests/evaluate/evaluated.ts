/**
 * Evaluates short lists of numbers.
 *
 * @module
 */

import { evaluate, type Evaluation } from "../../lib/evaluate/evaluate.ts";
import type { EvaluateSettings } from "../../lib/evaluate/settings.ts";
import { randomStreams } from "../../lib/random.ts";

/** One day. */
export const DAY_MS = 86_400_000;

/** Settings without costs and without resampling. */
export const PLAIN: EvaluateSettings = {
  costBps: 0,
  slippageBps: 0,
  riskFree: 0,
  barsPerYear: "auto",
  permutations: 0,
  split: 1,
};

/** What is evaluated besides closes and positions. */
export interface EvaluatedOptions extends Partial<EvaluateSettings> {
  /** Warm-up bars; default none. */
  readonly warmup?: number;
  /** Times in days; default one bar a day. */
  readonly days?: readonly number[] | null;
  /** In how many places bars are missing; default none. */
  readonly gaps?: number;
  /** Seed of what is resampled. */
  readonly seed?: number;
}

/** Evaluates daily bars. */
export function evaluated(
  closes: ArrayLike<number>,
  positions: ArrayLike<number>,
  { warmup = 0, days, gaps = 0, seed = 1, ...settings }: EvaluatedOptions = {},
): Evaluation {
  return evaluate({
    prices: Float64Array.from(closes),
    positions: Int8Array.from(positions),
    warmup,
    timeAt: days === null ? null : (bar) => (days?.[bar] ?? bar) * DAY_MS,
    intervalMs: days === null ? null : DAY_MS,
    gaps,
    settings: { ...PLAIN, ...settings },
    random: randomStreams(seed),
  });
}

/** A walk of prices that nothing foretells: each step is up or down by up to `size`. */
export function randomWalk(bars: number, { seed, size = 0.01 }: {
  readonly seed: number;
  readonly size?: number;
}): Float64Array {
  const random = randomStreams(seed)("walk");
  const prices = new Float64Array(bars);
  let price = 100;
  for (let t = 0; t < bars; t++) {
    prices[t] = price;
    price *= 1 + (random.float() * 2 - 1) * size;
  }
  return prices;
}
