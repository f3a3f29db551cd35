/**
 * What a new experiment and its test look like.
 *
 * @module
 */

import { fileOf } from "./experiment_name.ts";

/** An experiment to begin with: it works, and its comments say what is to be known. */
export function experimentSource(name: string, { from }: {
  /** Where it imports sigrun from: as one of its files, or as one of the user's. */
  readonly from: "project" | "package";
}): string {
  const [contract, indicators] = from === "project"
    ? ["../lib/experiment.ts", "../lib/signal/"]
    : ["sigrun", "sigrun/signal/"];
  return `/**
 * 1 while the close is above the close \`lookback\` bars ago, else 0.
 *
 * The idea: say here why this should tell anything about the bars to come.
 *
 * @module
 */

import { defineExperiment, type Experiment, z } from "${contract}";

/** See the module. */
const experiment: Experiment = defineExperiment({
  name: "${name}",
  // Raise it when equal bars and parameters give another signal than before.
  version: 1,
  // One sentence, for lists and editors.
  summary: "1 while the close is above the close \`lookback\` bars ago, else 0",
  // Each is a key of a config: its type, limits, default and meaning, in zod's words.
  params: {
    lookback: z.int().min(1).default(20).describe("bars to look back"),
  },
  // Only these are read; there are open, high, low, close and volume.
  columns: ["close"],
  // Where parameters limit one another, say so here, the problem or undefined:
  // check: ({ fast, slow }) => fast < slow ? undefined : { param: "fast", message: "…" },
  //
  // A pure function: no clock, no files, no Math.random. \`random("name")\`, beside bars and
  // params, gives seeded random numbers; \`log.info("…", { … })\` writes to run.log.
  signal({ bars: { close, length }, params: { lookback } }) {
    // Exact integers: a price is units / 10^decimals. \`close.values\` has the nearest doubles,
    // which indicators take, those of ${indicators} as well as your own.
    const { units } = close;
    // One for each bar: 1 long, 0 flat, -1 short; decided at its close, from bars 0 to t only.
    const positions = new Int8Array(length);
    // Leading bars without a signal; their positions stay 0.
    const warmup = Math.min(lookback, length);
    for (let t = warmup; t < length; t++) {
      positions[t] = units[t]! > units[t - lookback]! ? 1 : 0;
    }
    // Numbers of its own can be recorded, too: metrics: { ties: 3 }.
    return { positions, warmup };
  },
});

export default experiment;
`;
}

/** The test of an experiment that {@linkcode experimentSource} made for the project. */
export function testSource(name: string): string {
  return `import { assertEquals } from "@std/assert";
import experiment from "../../experiments/${fileOf(name)}";
import { checkLookahead } from "../../lib/check/lookahead.ts";
import { sampleBars, subjectOf } from "../check/sample_bars.ts";
import { barsOf } from "../signal/bars_of.ts";
import { bundledSignal, withDefaults } from "./bundled.ts";

Deno.test("${name} is 1 while the close is above the one \`lookback\` bars ago", async () => {
  const { positions, warmup } = await bundledSignal("${name}", {
    bars: barsOf([1, 2, 1, 3, 3, 3]),
    params: { lookback: 2 },
  });
  assertEquals([[...positions], warmup], [[0, 0, 0, 1, 1, 0], 2]);
});

Deno.test("${name} does not look ahead", async () => {
  const params = withDefaults(experiment, {});
  const subject = subjectOf(experiment, { bars: sampleBars(300), params });
  const report = await checkLookahead(subject, { cuts: 32, seed: 42 });
  assertEquals([report.biasedBars, report.uncompared], [0, []]);
});
`;
}
