/**
 * Long from a close above the highest high of the bars before, until one below
 * their lowest low.
 *
 * The idea: a price that has not been seen for long is the beginning of a
 * trend; Donchian's rule, as the Turtles traded it. Positions are held: entered
 * above the highest high of the `entry` bars before, left below the lowest low
 * of the `exit` bars before, flat at first. Prices are compared exactly.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "../lib/experiment.ts";
import { comparableUnits } from "../lib/signal/common_units.ts";
import { rollingMaximum, rollingMinimum } from "../lib/signal/extremes.ts";
import { heldPositions } from "../lib/signal/hold.ts";

/** See the module. */
const donchianBreakout: Experiment = defineExperiment({
  name: "donchian-breakout",
  version: 1,
  summary: "follows breakouts: 1 from a close above the high of `entry` bars until one below " +
    "the low of `exit` bars",
  params: {
    entry: z.int().min(1).default(20).describe("bars before, whose highest high is broken"),
    exit: z.int().min(1).default(10).describe("bars before, whose lowest low ends it"),
  },
  columns: ["high", "low", "close"],
  signal({ bars: { high, low, close, length }, params: { entry, exit } }) {
    const [highs, lows, closes] = comparableUnits([high, low, close]);
    const highest = rollingMaximum(highs!, entry);
    const lowest = rollingMinimum(lows!, exit);
    const warmup = Math.min(Math.max(entry, exit), length);
    const positions = heldPositions({
      length,
      warmup,
      enter: (t) => closes![t]! > highest[t - 1]!,
      leave: (t) => closes![t]! < lowest[t - 1]!,
    });
    return { positions, warmup };
  },
});

export default donchianBreakout;
