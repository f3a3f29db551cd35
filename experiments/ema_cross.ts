/**
 * 1 while a fast exponential moving average is above a slow one.
 *
 * The idea: as sma-cross, with recent bars weighing more. An exponential mean
 * never quite forgets, so positions depend a little on where the data starts.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "../lib/experiment.ts";
import { ema } from "../lib/signal/ema.ts";

/** See the module. */
const emaCross: Experiment = defineExperiment({
  name: "ema-cross",
  version: 1,
  summary: "follows trends: 1 while the `fast` EMA of the close is above the `slow` one",
  params: {
    fast: z.int().min(1).default(12).describe("bars in the fast EMA, fewer than slow"),
    slow: z.int().min(2).default(26).describe("bars in the slow EMA"),
  },
  columns: ["close"],
  check({ fast, slow }) {
    if (fast < slow) return undefined;
    return { param: "fast", message: `expected less than slow (${slow}), got ${fast}` };
  },
  signal({ bars, params }) {
    const fast = ema(bars.close.values, params.fast);
    const slow = ema(bars.close.values, params.slow);
    const positions = new Int8Array(bars.length);
    const warmup = Math.min(params.slow - 1, bars.length);
    for (let t = warmup; t < bars.length; t++) positions[t] = fast[t]! > slow[t]! ? 1 : 0;
    return { positions, warmup };
  },
});

export default emaCross;
