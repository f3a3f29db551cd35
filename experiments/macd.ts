/**
 * 1 while the MACD is above its signal line.
 *
 * The idea: the distance between two exponential means says how strong a trend
 * is; above its own mean it is getting stronger.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "../lib/experiment.ts";
import { macd } from "../lib/signal/macd.ts";

/** See the module. */
const macdAboveSignal: Experiment = defineExperiment({
  name: "macd",
  version: 1,
  summary: "follows trends that strengthen: 1 while the MACD of the close is above its signal line",
  params: {
    fast: z.int().min(1).default(12).describe("bars in the fast EMA, fewer than slow"),
    slow: z.int().min(2).default(26).describe("bars in the slow EMA"),
    smooth: z.int().min(1).default(9).describe("bars in the signal line, an EMA of the MACD"),
  },
  columns: ["close"],
  check({ fast, slow }) {
    if (fast < slow) return undefined;
    return { param: "fast", message: `expected less than slow (${slow}), got ${fast}` };
  },
  signal({ bars, params: { fast, slow, smooth } }) {
    const { macd: line, signal } = macd(bars.close.values, { fast, slow, signal: smooth });
    const positions = new Int8Array(bars.length);
    const warmup = Math.min(slow + smooth - 2, bars.length);
    for (let t = warmup; t < bars.length; t++) positions[t] = line[t]! > signal[t]! ? 1 : 0;
    return { positions, warmup };
  },
});

export default macdAboveSignal;
