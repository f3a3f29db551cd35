/**
 * 1 while the close is above its rolling mean, else 0.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "../lib/experiment.ts";
import { aboveRollingMean } from "../lib/signal/rolling_mean.ts";

/** See the module. */
const rollingMean: Experiment = defineExperiment({
  name: "rolling-mean",
  version: 1,
  summary: "1 while the close is above its rolling mean, else 0",
  params: {
    window: z.int().min(1).default(5).describe("bars in the rolling mean"),
    min_periods: z.int().min(1).optional()
      .describe("bars needed before there is a mean; default: window"),
  },
  columns: ["close"],
  check({ window, min_periods }) {
    if (min_periods === undefined || min_periods <= window) return undefined;
    return {
      param: "min_periods",
      message: `expected at most window (${window}), got ${min_periods}`,
    };
  },
  signal({ bars, params, log }) {
    const minPeriods = params.min_periods ?? params.window;
    const { positions, warmup, ties, exactForm } = aboveRollingMean(bars.close, {
      window: params.window,
      minPeriods,
    });
    log.info("mean computed", {
      window: params.window,
      min_periods: minPeriods,
      decimals: bars.close.decimals,
      arithmetic: exactForm,
    });
    return { positions, warmup, metrics: { ties } };
  },
});

export default rollingMean;
