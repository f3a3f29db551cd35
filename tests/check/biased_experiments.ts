/**
 * Experiments that look ahead, each in a way of its own, and some that only
 * look as if they did.
 *
 * @module
 */

import {
  type Bars,
  COLUMN_NAMES,
  defineExperiment,
  type Experiment,
  type Random,
  type Signal,
} from "../../lib/experiment.ts";
import type { Source } from "../../lib/check/partial_bars.ts";

/** Positions from a condition at each bar, 0 while warming up. */
function when(
  length: number,
  condition: (t: number) => boolean,
  warmup = 0,
): Signal {
  const valid = Math.min(warmup, length);
  return {
    positions: Int8Array.from({ length }, (_, t) => t >= valid && condition(t) ? 1 : 0),
    warmup: valid,
  };
}

function experiment(
  name: string,
  signal: (bars: Bars, random: (stream: string) => Random) => Signal,
): Experiment {
  return defineExperiment({
    name,
    version: 1,
    summary: "for tests of the look-ahead check",
    params: {},
    columns: COLUMN_NAMES,
    signal: ({ bars, random }) => signal(bars, random),
  });
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function day(times: Float64Array, t: number): number {
  return Math.floor(times[t]! / 86_400_000);
}

/** An experiment that looks ahead, and through what it does. */
export interface BiasedExperiment {
  readonly experiment: Experiment;
  readonly leaks: readonly Source[];
}

const biased = (
  name: string,
  leaks: readonly Source[],
  signal: (bars: Bars) => Signal,
): BiasedExperiment => ({ experiment: experiment(name, signal), leaks });

/** Experiments that look ahead. */
export const BIASED: readonly BiasedExperiment[] = [
  biased("centred-mean", ["close"], ({ length, close: { values } }) =>
    when(
      length,
      (t) => values[t]! > mean(values.subarray(Math.max(0, t - 2), t + 3)),
      2,
    )),
  biased("full-sample-z-score", ["close"], ({ length, close: { values } }) => {
    const centre = mean(values);
    const deviation = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
    return when(length, (t) => (values[t]! - centre) / deviation > 0.3);
  }),
  biased("min-max-scaling", ["close"], ({ length, close: { values } }) => {
    const least = values.reduce((a, b) => Math.min(a, b));
    const most = values.reduce((a, b) => Math.max(a, b));
    return when(length, (t) => (values[t]! - least) / (most - least) > 0.6);
  }),
  biased(
    "shift-by-minus-one",
    ["close"],
    ({ length, close: { units } }) =>
      when(length, (t) => t + 1 < length && units[t + 1]! > units[t]!),
  ),
  biased("resampled-by-the-end", ["close"], ({ length, close: { values } }) => {
    // Each bar gets the close of the six bars that it belongs to.
    const closeOf = (t: number) => values[Math.min(length, t - t % 6 + 6) - 1]!;
    return when(length, (t) => closeOf(t) > closeOf(t - 6), 6);
  }),
  biased("fit-on-all-data", ["close"], ({ length, close: { values } }) => {
    const middle = (length - 1) / 2;
    const centre = mean(values);
    let product = 0;
    let square = 0;
    values.forEach((value, t) => {
      product += (t - middle) * (value - centre);
      square += (t - middle) ** 2;
    });
    const slope = square === 0 ? 0 : product / square;
    return when(length, (t) => values[t]! > centre + slope * (t - middle));
  }),
  biased(
    "last-bar-left-out",
    [],
    ({ length, close: { units } }) =>
      when(length, (t) => t < length - 1 && units[t]! > units[t - 1]!, 1),
  ),
  biased("rare-and-last-bar-left-out", [], ({ length, close: { units } }) =>
    when(
      length,
      (t) => t < length - 1 && [1, 2, 3, 4, 5].every((k) => units[t - k + 1]! > units[t - k]!),
      5,
    )),
  biased(
    "last-bar-but-one-peeks",
    ["close"],
    ({ length, close: { units } }) =>
      when(
        length,
        (t) => t === length - 2 ? units[t + 1]! > units[t]! : units[t]! > units[t - 1]!,
        1,
      ),
  ),
  biased(
    "highest-of-the-next",
    ["high"],
    ({ length, close, high }) =>
      when(
        length,
        (t) => close.values[t]! > close.values[t - 1]! && high.values[t + 1]! > high.values[t]!,
        1,
      ),
  ),
  biased(
    "volume-to-come",
    ["volume"],
    ({ length, close: { units }, volume: { values } }) =>
      when(length, (t) => units[t]! > units[t - 1]! && mean(values.subarray(t)) > 2.5, 1),
  ),
  biased(
    "two-columns",
    ["close", "volume"],
    ({ length, close, volume }) =>
      when(length, (t) =>
        t + 1 < length && close.values[t + 1]! / close.values[t]! >
          volume.values[t + 1]! / volume.values[t]!),
  ),
  biased(
    "last-bar-of-the-day",
    ["time"],
    ({ length, times }) =>
      when(length, (t) => t + 1 === length || day(times!, t) !== day(times!, t + 1)),
  ),
  biased("second-half", [], ({ length }) => when(length, (t) => t >= length / 2)),
  biased("trained-on-most", [], ({ length, close: { units } }) => {
    const warmup = Math.max(1, Math.floor(length * 0.6));
    return when(length, (t) => units[t]! > units[t - 1]!, warmup);
  }),
  biased("warm-up-of-a-tenth", [], ({ length }) => ({
    positions: new Int8Array(length),
    warmup: Math.floor(length / 10),
  })),
];

/** Experiments that do not look ahead. */
export const HONEST: readonly Experiment[] = [
  experiment("exponential-mean", ({ length, close: { values } }) => {
    let average = values[0]!;
    return when(length, (t) => {
      average += (values[t]! - average) * 0.1;
      return values[t]! > average;
    });
  }),
  experiment("expanding-z-score", ({ length, close: { values } }) => {
    let sum = 0;
    return when(length, (t) => {
      sum += values[t]!;
      return values[t]! > sum / (t + 1);
    });
  }),
  experiment(
    "first-bar-of-the-day",
    ({ length, times }) =>
      when(length, (t) => t > 0 && times !== null && day(times, t) !== day(times, t - 1)),
  ),
  experiment("coin", ({ length }, random) => {
    const coin = random("coin");
    return when(length, () => coin.float() < 0.5);
  }),
  experiment(
    "high-and-low",
    ({ length, high, low, volume }) =>
      when(
        length,
        (t) =>
          high.units[t]! > high.units[t - 1]! && low.units[t]! > low.units[t - 1]! &&
          volume.units[t]! > 0,
        1,
      ),
  ),
  experiment("changes-its-bars", ({ length, close: { units } }) => {
    const signal = when(length, (t) => units[t]! > units[t - 1]!, 1);
    if (units instanceof Float64Array) units.sort();
    return signal;
  }),
  experiment("always-flat", ({ length }) => when(length, () => false)),
];

/** Recursive: two exponential means, of 5 and of 20 bars, that cross. */
export const EMA_CROSS: Experiment = experiment("ema-cross", ({ length, close: { values } }) => {
  let fast = values[0]!;
  let slow = values[0]!;
  return when(length, (t) => {
    fast += (values[t]! - fast) * 2 / 6;
    slow += (values[t]! - slow) * 2 / 21;
    return fast > slow;
  }, 20);
});
