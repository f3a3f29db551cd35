/**
 * Positions by chance: the baseline that knows nothing of prices.
 *
 * The idea: a signal is worth something if it beats chance with the same
 * exposure and the same holding time. Positions are a chain with two states,
 * drawn from the seed: from flat to long and back with the chances that make
 * the given share of bars long, for the given time on average. It ends and
 * begins anywhere, so where the data starts matters for all of it.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "../lib/experiment.ts";

/** See the module. */
const random: Experiment = defineExperiment({
  name: "random",
  version: 1,
  summary: "a baseline: 1 by chance, at a share `exposure` of bars, drawn from the seed",
  params: {
    exposure: z.number().min(0).max(1).default(0.5).describe("share of bars at position 1"),
    mean_holding: z.number().min(1).optional()
      .describe("bars that a position lasts on average; default: each bar is drawn by itself"),
  },
  columns: ["close"],
  check({ exposure, mean_holding }) {
    if (mean_holding === undefined || exposure === 1) return undefined;
    // Flat for less than a bar on average is impossible.
    const shortest = Number((exposure / (1 - exposure)).toPrecision(12));
    if (mean_holding >= shortest) return undefined;
    return {
      param: "mean_holding",
      message: `expected at least exposure / (1 - exposure), which is ${shortest}, ` +
        `got ${mean_holding}`,
    };
  },
  signal({ bars, params: { exposure, mean_holding }, random }) {
    const { float } = random("positions");
    // By itself, a bar is followed by another long one with the chance of any bar.
    const leave = exposure === 1 ? 0 : mean_holding === undefined ? 1 - exposure : 1 / mean_holding;
    const enter = exposure === 1 ? 1 : leave * exposure / (1 - exposure);
    const positions = new Int8Array(bars.length);
    let chance = exposure;
    for (let t = 0; t < bars.length; t++) {
      const isLong = float() < chance;
      positions[t] = isLong ? 1 : 0;
      chance = isLong ? 1 - leave : enter;
    }
    return { positions, warmup: 0 };
  },
});

export default random;
