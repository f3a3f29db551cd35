/**
 * rolling-mean's signal, kept only while the market is calm.
 *
 * The idea: trends are worth following where ranges are small, and noise where
 * they are large. The close is compared with its mean exactly; calm is an
 * average true range of at most `max_ratio` times its own mean, so it needs no
 * threshold in prices.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "../lib/experiment.ts";
import { atr } from "../lib/signal/atr.ts";
import { movingMean } from "../lib/signal/moving_mean.ts";
import { aboveRollingMean } from "../lib/signal/rolling_mean.ts";

/** See the module. */
const volatilityFilter: Experiment = defineExperiment({
  name: "volatility-filter",
  version: 1,
  summary: "follows trends in calm markets: 1 while the close is above its rolling mean and the " +
    "ATR is at most `max_ratio` times its own mean",
  params: {
    window: z.int().min(1).default(50).describe("bars in the rolling mean of the close"),
    atr_window: z.int().min(1).default(14).describe("bars in the average true range"),
    baseline: z.int().min(1).default(100).describe("bars in the mean of the average true range"),
    max_ratio: z.number().positive().max(1000).default(1)
      .describe("the largest average true range that is calm, in means of it"),
  },
  columns: ["high", "low", "close"],
  signal({ bars, params: { window, atr_window, baseline, max_ratio } }) {
    const above = aboveRollingMean(bars.close, { window, minPeriods: window });
    const range = atr(bars, atr_window);
    const usual = movingMean(range, baseline);
    const positions = new Int8Array(bars.length);
    const warmup = Math.min(Math.max(window - 1, atr_window + baseline - 1), bars.length);
    let calmBars = 0;
    for (let t = warmup; t < bars.length; t++) {
      const isCalm = range[t]! <= max_ratio * usual[t]!;
      positions[t] = isCalm ? above.positions[t]! : 0;
      calmBars += Number(isCalm);
    }
    return { positions, warmup, metrics: { calm_bars: calmBars } };
  },
});

export default volatilityFilter;
