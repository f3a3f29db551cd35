/**
 * Markets that nothing foretells: returns are martingale differences, whatever
 * their volatility does, so that no signal of the past has an edge.
 *
 * @module
 */

import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import type { Bars } from "../../lib/experiment.ts";
import { randomStreams } from "../../lib/random.ts";

/** A GJR-GARCH process of L. Glosten, R. Jagannathan and D. Runkle (Journal of Finance 48, 1993). */
interface MarketModel {
  /** What a squared return adds to the next variance. */
  readonly alpha: number;
  /** What it adds besides if the return was negative. */
  readonly gamma: number;
  /** What remains of the variance. */
  readonly beta: number;
}

/** The models of the study: returns alike, volatility in clusters, and more of it after falls. */
export const MODELS: Readonly<Record<string, MarketModel>> = {
  "iid": { alpha: 0, gamma: 0, beta: 0 },
  "GARCH": { alpha: 0.1, gamma: 0, beta: 0.88 },
  "GJR": { alpha: 0.02, gamma: 0.16, beta: 0.88 },
};

/** The standard deviation of a return. */
const SD = 0.01;
/** Bars that are made and left out, so that the variance forgets where it began. */
const BURN_IN = 300;

/** Bars of a model: a close per bar, and a range that holds open and close. */
export function marketBars(
  model: string,
  { bars, seed }: { readonly bars: number; readonly seed: number },
): Bars {
  const { alpha, gamma, beta } = MODELS[model]!;
  const { float } = randomStreams(seed)(`market ${model}`);
  const target = SD * SD;
  const base = target * (1 - alpha - gamma / 2 - beta);
  const columns = { open: [], high: [], low: [], close: [] } as Record<string, number[]>;
  let variance = target;
  let price = 1e6;
  for (let t = -BURN_IN; t < bars; t++) {
    const move = Math.sqrt(variance) * normal(float);
    variance = base + (alpha + (move < 0 ? gamma : 0)) * move * move + beta * variance;
    if (t < 0) continue;
    const open = price;
    price *= 1 + move;
    const reach = Math.sqrt(variance) * price;
    columns.open!.push(open);
    columns.close!.push(price);
    columns.high!.push(Math.max(open, price) + reach * float() / 2);
    columns.low!.push(Math.min(open, price) - reach * float() / 2);
  }
  const units = Object.fromEntries(
    Object.entries(columns).map((
      [name, values],
    ) => [name, decimalColumn(Float64Array.from(values, (value) => Math.round(value * 1000)), 5)]),
  );
  const volume = decimalColumn(new Float64Array(bars).fill(1), 0);
  return { length: bars, times: null, ...units, volume } as unknown as Bars;
}

/** A number of the standard normal distribution, by the method of G. Box and M. Muller. */
function normal(float: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - float())) * Math.cos(2 * Math.PI * float());
}
