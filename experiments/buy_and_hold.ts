/**
 * Always 1: the baseline that a signal which is sometimes out of the market has
 * to beat.
 *
 * @module
 */

import { defineExperiment, type Experiment } from "../lib/experiment.ts";

/** See the module. */
const buyAndHold: Experiment = defineExperiment({
  name: "buy-and-hold",
  version: 1,
  summary: "a baseline: 1 at every bar",
  params: {},
  columns: ["close"],
  signal: ({ bars }) => ({ positions: new Int8Array(bars.length).fill(1), warmup: 0 }),
});

export default buyAndHold;
