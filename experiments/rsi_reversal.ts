/**
 * Long after a fall that the RSI calls oversold, until it has recovered.
 *
 * The idea: what fell fast tends to bounce. Positions are held: entered at the
 * first bar whose RSI is below `oversold`, left at the first whose RSI is above
 * `recovered`, flat at first.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "../lib/experiment.ts";
import { heldPositions } from "../lib/signal/hold.ts";
import { rsi } from "../lib/signal/rsi.ts";

/** See the module. */
const rsiReversal: Experiment = defineExperiment({
  name: "rsi-reversal",
  version: 1,
  summary: "buys falls: 1 from an RSI below `oversold` until one above `recovered`",
  params: {
    window: z.int().min(1).default(14).describe("bars in the averages of the RSI"),
    oversold: z.number().min(0).max(100).default(30).describe("the RSI below which it enters"),
    recovered: z.number().min(0).max(100).default(50)
      .describe("the RSI above which it leaves, at least oversold"),
  },
  columns: ["close"],
  check({ oversold, recovered }) {
    if (recovered >= oversold) return undefined;
    return {
      param: "recovered",
      message: `expected at least oversold (${oversold}), got ${recovered}`,
    };
  },
  signal({ bars: { close, length }, params: { window, oversold, recovered } }) {
    const index = rsi(close, window);
    const warmup = Math.min(window, length);
    const positions = heldPositions({
      length,
      warmup,
      enter: (t) => index[t]! < oversold,
      leave: (t) => index[t]! > recovered,
    });
    return { positions, warmup };
  },
});

export default rsiReversal;
