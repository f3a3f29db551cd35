/**
 * An experiment whose signal is whatever the test says.
 *
 * @module
 */

import {
  defineExperiment,
  type Experiment,
  type ExperimentTable,
  type Signal,
  type SignalInput,
} from "../../lib/experiment.ts";

/** Computes a signal, or breaks the contract. */
export type SignalFunction = (
  input: SignalInput<Readonly<Record<string, unknown>>, "close">,
) => unknown;

/** The experiment `test`. */
export function testExperiment(
  signal: SignalFunction,
  params: Experiment["params"] = {},
): Experiment {
  return defineExperiment({
    name: "test",
    version: 3,
    summary: "does what the test says",
    params,
    columns: ["close"],
    signal: signal as (input: SignalInput<unknown, "close">) => Signal,
  });
}

/** The config for it. */
export const TEST_CONFIG = "version: v1\nseed: 42\nexperiment: test\nevaluate: false\n";

/** It alone. */
export function tableOf(signal: SignalFunction, params?: Experiment["params"]): ExperimentTable {
  const experiment = testExperiment(signal, params);
  return { test: () => Promise.resolve({ default: experiment }) };
}

/** A signal that is never on. */
export function flat({ bars }: { readonly bars: { readonly length: number } }): Signal {
  return { positions: new Int8Array(bars.length), warmup: 0 };
}
