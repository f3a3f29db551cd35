/**
 * Runs an experiment and holds it to its contract.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { SIGNAL_METRICS } from "../evaluate/signal_rate.ts";
import type { Config } from "../config/config.ts";
import type { Bars, Experiment, ExperimentLog, Signal, SignalInput } from "../experiment.ts";
import { shownValue } from "../config/expected.ts";
import { randomStreams } from "../random.ts";

/**
 * Computes the signal of an experiment.
 *
 * @throws {UserError} if the experiment throws, or gives back what is no signal
 */
export function computeSignal(
  experiment: Experiment,
  input: SignalInput<Readonly<Record<string, unknown>>>,
): Signal {
  let signal: Signal;
  try {
    signal = experiment.signal(input);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw experimentFailed(cause, experiment);
  }
  const problem = contractProblem(signal, input.bars.length);
  if (problem === undefined) return signal;
  throw invalid(experiment.name, problem);
}

/**
 * Computes the signal of a config's experiment on any bars and with any seed,
 * without a line in any log.
 *
 * @throws {UserError} as {@linkcode computeSignal} does
 */
export function signalOf(
  { experiment, params }: Pick<Config, "experiment" | "params">,
  { bars, seed }: { readonly bars: Bars; readonly seed: number },
): Signal {
  return computeSignal(experiment, { bars, params, random: randomStreams(seed), log: NO_LOG });
}

/** The error of an experiment that threw, at once or later on. */
export function experimentFailed(cause: unknown, experiment?: Pick<Experiment, "name">): UserError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new UserError(
    `${
      experiment === undefined ? "The experiment" : `Experiment ${experiment.name}`
    } failed: ${message}`,
    {
      code: "experiment_failed",
      hint: "The error comes from the experiment's own code; --debug shows where.",
      cause,
    },
  );
}

/** The error of an experiment that wrote into the bars it was given. */
export function barsChanged({ name }: Pick<Experiment, "name">): UserError {
  return invalid(name, "it changed the units of its bars, which others read, too");
}

function invalid(name: string, problem: string): UserError {
  return new UserError(`Cannot use the signal of experiment ${name}: ${problem}`, {
    code: "experiment_invalid",
    hint: "The contract of an experiment is in lib/experiment.ts.",
  });
}

const NO_LOG: ExperimentLog = { info() {}, warn() {} };

/** What is wrong with a signal, if anything. */
function contractProblem(signal: unknown, length: number): string | undefined {
  if (signal instanceof Promise) {
    // Nobody waits for it, so nobody minds if it fails.
    signal.catch(() => {});
    return "it is a promise, as the function is async";
  }
  const { positions, warmup, metrics = {} } = (signal ?? {}) as Partial<Signal>;
  if (!(positions instanceof Int8Array)) return "positions is not an Int8Array";
  if (positions.length !== length) {
    return `expected one position for each of ${length} bars, got ${positions.length}`;
  }
  if (!Number.isSafeInteger(warmup) || warmup! < 0 || warmup! > length) {
    return `expected warmup from 0 to ${length}, got ${shownValue(warmup)}`;
  }
  for (let t = 0; t < warmup!; t++) {
    if (positions[t] !== 0) return `the position at bar ${t} is ${positions[t]} during warm-up`;
  }
  for (let t = warmup!; t < length; t++) {
    // 1, 0 and -1, and nothing else, give 2, 1 and 0.
    if ((positions[t]! + 1) >>> 0 > 2) {
      return `the position at bar ${t} is ${positions[t]}, not -1, 0 or 1`;
    }
  }
  if (typeof metrics !== "object" || metrics === null || Array.isArray(metrics)) {
    return `metrics is ${shownValue(metrics)}`;
  }
  for (const [name, value] of Object.entries(metrics)) {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) return `metric ${shownValue(name)} is not in snake_case`;
    if (SIGNAL_METRICS.includes(name)) return `metric ${name} is sigrun's own`;
    if (!Number.isFinite(value)) {
      return `metric ${name} is ${shownValue(value)}, not a finite number`;
    }
  }
  return undefined;
}
