/**
 * `deno task bench:statistics`: how often tests of luck are wrong, on markets
 * where no signal has an edge. For each model of a market, each length and each
 * bundled signal: the share of p-values up to 0.05, and how often the 95 %
 * intervals of Sharpe ratio and edge hold the true value, which is 0.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { experiments } from "../../experiments/mod.ts";
import { evaluate } from "../../lib/evaluate/evaluate.ts";
import type { Experiment } from "../../lib/experiment.ts";
import { randomStreams } from "../../lib/random.ts";
import { signalOf } from "../../lib/run/signal.ts";
import { withDefaults } from "../experiments/bundled.ts";
import { marketBars, MODELS } from "./market_models.ts";

/** Cells in which signals trade in fewer bars are listed, not judged. */
const FEWEST_TRADED_BARS = 30;

/** What was counted of a signal on series of one model and length. */
interface Cell {
  series: number;
  small: number;
  smallTwoSided: number;
  sharpeHeld: number;
  sharpeIntervals: number;
  edgeHeld: number;
  edgeIntervals: number;
  tradedBars: number;
}

function countIn(cell: Cell, { metrics }: ReturnType<typeof evaluate>): void {
  cell.tradedBars += (metrics.exposure ?? 0) * (metrics.return_bars ?? 0);
  if (metrics.p_value !== undefined) {
    cell.series++;
    if (metrics.p_value <= 0.05) cell.small++;
    if (metrics.p_value_two_sided! <= 0.05) cell.smallTwoSided++;
  }
  if (metrics.sharpe_low !== undefined) {
    cell.sharpeIntervals++;
    if (metrics.sharpe_low <= 0 && metrics.sharpe_high! >= 0) cell.sharpeHeld++;
  }
  if (metrics.edge_low !== undefined) {
    cell.edgeIntervals++;
    if (metrics.edge_low <= 0 && metrics.edge_high! >= 0) cell.edgeHeld++;
  }
}

const { values: flags } = parseArgs({
  options: {
    series: { type: "string", default: "5000" },
    bars: { type: "string", default: "250,1000,5000" },
    models: { type: "string", default: Object.keys(MODELS).join(",") },
    signals: { type: "string", default: "" },
  },
});
const loaded: Experiment[] = [];
for (const [name, load] of Object.entries(experiments)) {
  if (flags.signals === "" || flags.signals.split(",").includes(name)) {
    loaded.push((await load()).default);
  }
}
const percent = (count: number, of: number): string =>
  of === 0 ? "–" : (100 * count / of).toFixed(1);

console.log(`${flags.series} series for each cell; shares in percent`);
console.log(
  "| model | bars | signal | p ≤ 0.05 | two-sided | Sharpe interval | edge interval | traded bars | judged |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
for (const model of flags.models.split(",")) {
  for (const bars of flags.bars.split(",").map(Number)) {
    const cells = loaded.map((): Cell => ({
      series: 0,
      small: 0,
      smallTwoSided: 0,
      sharpeHeld: 0,
      sharpeIntervals: 0,
      edgeHeld: 0,
      edgeIntervals: 0,
      tradedBars: 0,
    }));
    for (let seed = 1; seed <= Number(flags.series); seed++) {
      const market = marketBars(model, { bars, seed });
      for (const [at, experiment] of loaded.entries()) {
        const params = withDefaults(experiment, {});
        const signal = signalOf({ experiment, params }, { bars: market, seed });
        countIn(
          cells[at]!,
          evaluate({
            prices: market.close.values,
            positions: signal.positions,
            warmup: signal.warmup,
            timeAt: null,
            intervalMs: null,
            gaps: 0,
            settings: {
              costBps: 0,
              slippageBps: 0,
              riskFree: 0,
              barsPerYear: 252,
              permutations: undefined,
              split: 1,
            },
            random: randomStreams(seed),
          }),
        );
      }
    }
    for (const [at, cell] of cells.entries()) {
      const traded = cell.tradedBars / Number(flags.series);
      console.log(
        `| ${model} | ${bars} | ${loaded[at]!.name} | ${percent(cell.small, cell.series)} | ` +
          `${percent(cell.smallTwoSided, cell.series)} | ` +
          `${percent(cell.sharpeHeld, cell.sharpeIntervals)} | ` +
          `${percent(cell.edgeHeld, cell.edgeIntervals)} | ${traded.toFixed(0)} | ` +
          `${traded >= FEWEST_TRADED_BARS ? "yes" : "no"} |`,
      );
    }
  }
}
