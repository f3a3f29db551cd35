/**
 * 1 while the Supertrend is rising.
 *
 * The idea: a stop that trails the price by some average true ranges, and turns
 * when a close goes through it. It is recursive: where the data starts can
 * matter until the first turn.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "../lib/experiment.ts";
import { supertrend } from "../lib/signal/supertrend.ts";

/** See the module. */
const supertrendRising: Experiment = defineExperiment({
  name: "supertrend",
  version: 1,
  summary: "follows trends: 1 while the close is above a stop that trails it by average ranges",
  params: {
    window: z.int().min(1).default(10).describe("bars in the average true range"),
    multiplier: z.number().positive().max(1000).default(3)
      .describe("average true ranges from the middle of a bar to the stop"),
  },
  columns: ["high", "low", "close"],
  signal({ bars, params }) {
    const { trend } = supertrend(bars, params);
    const positions = new Int8Array(bars.length);
    const warmup = Math.min(params.window, bars.length);
    for (let t = warmup; t < bars.length; t++) positions[t] = trend[t] === 1 ? 1 : 0;
    return { positions, warmup };
  },
});

export default supertrendRising;
