/**
 * How often the signal is on.
 *
 * @module
 */

/** The metrics of every run; they count the signal and nothing else. */
export const SIGNAL_METRICS: readonly string[] = [
  "signal_rate",
  "ones",
  "valid_bars",
  "warmup_bars",
];

/** What the warm-up does to the rate. */
export const WARMUP_POLICIES = ["exclude", "zero"] as const;

/** `exclude`: only valid bars count. `zero`: warm-up bars count as 0. */
export type WarmupPolicy = typeof WARMUP_POLICIES[number];

/** The counts behind a signal rate. */
export interface SignalRate {
  /** Share of counted bars at position 1; null if no bar is valid. */
  readonly signalRate: number | null;
  /** Valid bars at position 1. */
  readonly ones: number;
  /** Bars after the warm-up. */
  readonly validBars: number;
  /** Leading bars without a defined signal. */
  readonly warmupBars: number;
}

/**
 * Counts the ones of a signal.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { signalRate } from "./signal_rate.ts";
 *
 * const positions = Int8Array.of(0, 0, 1, 0);
 * assert(signalRate({ positions, warmup: 2 }, "exclude").signalRate === 0.5);
 * assert(signalRate({ positions, warmup: 2 }, "zero").signalRate === 0.25);
 * ```
 */
export function signalRate(
  signal: { readonly positions: Int8Array; readonly warmup: number },
  policy: WarmupPolicy,
): SignalRate {
  const { positions, warmup } = signal;
  let ones = 0;
  // Adds 1 for 1 and 0 for 0 and -1, without a branch: a coin toss is what positions are like.
  for (let t = warmup; t < positions.length; t++) ones += (positions[t]! + 1) >> 1;
  const validBars = positions.length - warmup;
  const counted = policy === "zero" ? positions.length : validBars;
  return {
    signalRate: validBars === 0 ? null : ones / counted,
    ones,
    validBars,
    warmupBars: warmup,
  };
}
