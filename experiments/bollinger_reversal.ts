/**
 * Long below the lower Bollinger band, until the close is above its mean.
 *
 * The idea: a price far below its mean tends back to it. Positions are held:
 * entered at the first close below the band, left at the first above the mean,
 * flat at first. Both comparisons are exact.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "../lib/experiment.ts";
import { belowLowerBand } from "../lib/signal/below_band.ts";
import { heldPositions } from "../lib/signal/hold.ts";
import { aboveRollingMean } from "../lib/signal/rolling_mean.ts";

/** See the module. */
const bollingerReversal: Experiment = defineExperiment({
  name: "bollinger-reversal",
  version: 1,
  summary: "buys falls: 1 from a close below the lower Bollinger band until one above the mean",
  params: {
    window: z.int().min(2).default(20).describe("bars in the mean and in the deviation"),
    width: z.number().positive().max(100).default(2)
      .describe("standard deviations from the mean to the band"),
  },
  columns: ["close"],
  signal({ bars: { close, length }, params: { window, width }, log }) {
    const { below, ties, exactForm } = belowLowerBand(close, { window, width });
    const above = aboveRollingMean(close, { window, minPeriods: window });
    log.info("band compared", { window, width, arithmetic: exactForm });
    const positions = heldPositions({
      length,
      warmup: above.warmup,
      enter: (t) => below[t] === 1,
      leave: (t) => above.positions[t] === 1,
    });
    return { positions, warmup: above.warmup, metrics: { ties } };
  },
});

export default bollingerReversal;
