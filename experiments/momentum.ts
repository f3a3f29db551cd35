/**
 * 1 while the close is above the close `lookback` bars ago.
 *
 * The idea: time-series momentum, after Moskowitz, Ooi and Pedersen, "Time
 * series momentum" (2012): what has risen goes on rising. The comparison is
 * exact.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "../lib/experiment.ts";

/** See the module. */
const momentum: Experiment = defineExperiment({
  name: "momentum",
  version: 1,
  summary: "follows trends: 1 while the close is above the close `lookback` bars ago, exactly",
  params: { lookback: z.int().min(1).default(24).describe("bars to look back") },
  columns: ["close"],
  signal({ bars: { close: { units }, length }, params: { lookback } }) {
    const positions = new Int8Array(length);
    const warmup = Math.min(lookback, length);
    let ties = 0;
    for (let t = warmup; t < length; t++) {
      const [now, then] = [units[t]!, units[t - lookback]!];
      positions[t] = Number(now > then);
      ties += Number(now === then);
    }
    return { positions, warmup, metrics: { ties } };
  },
});

export default momentum;
