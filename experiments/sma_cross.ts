/**
 * 1 while a fast simple moving average is above a slow one.
 *
 * The idea: a mean of few bars above a mean of many says that the price has
 * been rising; it follows trends, late on purpose. The comparison is exact.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "../lib/experiment.ts";
import { aboveSlowMean } from "../lib/signal/mean_cross.ts";

/** See the module. */
const smaCross: Experiment = defineExperiment({
  name: "sma-cross",
  version: 1,
  summary: "follows trends: 1 while the mean of `fast` closes is above that of `slow`, exactly",
  params: {
    fast: z.int().min(1).default(10).describe("bars in the fast mean, fewer than slow"),
    slow: z.int().min(2).default(50).describe("bars in the slow mean"),
  },
  columns: ["close"],
  check({ fast, slow }) {
    if (fast < slow) return undefined;
    return { param: "fast", message: `expected less than slow (${slow}), got ${fast}` };
  },
  signal({ bars, params, log }) {
    const { positions, warmup, ties, exactForm } = aboveSlowMean(bars.close, params);
    log.info("means compared", { ...params, arithmetic: exactForm });
    return { positions, warmup, metrics: { ties } };
  },
});

export default smaCross;
