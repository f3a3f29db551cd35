/**
 * How far metrics would be from what they are in other samples of the same
 * market. Pure.
 *
 * @module
 */

import type { Random } from "../experiment.ts";
import type { Track } from "./ledger.ts";
import type { Measure } from "./measure.ts";
import { loadTrack } from "./resampled_track.ts";
import * as wasm from "./loops.wasm";

/** The interval that is left when a fortieth is cut off at each end: 95 %. */
const CUT_OFF = 0.025;
/** Samples without a metric say nothing about it; with more of them than this nothing is said. */
const MOST_WITHOUT = 0.1;

/** Of one less, even what is between the lowest and the highest one holds less than 95 %. */
const FEWEST_SAMPLES = 39;

/** What is between a fortieth of the samples and a fortieth. */
export interface Interval {
  /** Its lower end. */
  readonly low: Measure;
  /** Its upper end. */
  readonly high: Measure;
}

/**
 * The mean length of blocks: the cube root of the number of bars, the order that is best for means.
 * Engines may differ in the last bit of a root, and never in this: half-way between two whole
 * numbers lies the cube root of no whole number.
 */
export function meanBlock(bars: number): number {
  return Math.max(1, Math.round(Math.cbrt(bars)));
}

/**
 * Intervals of the Sharpe ratio by the bar and of the edge, by the stationary
 * bootstrap of D. N. Politis and J. P. Romano (Journal of the American
 * Statistical Association 89, 1994): a sample is put together from blocks of
 * neighbouring bars, position and return together, that begin anywhere and have
 * lengths of a geometric distribution; the first bar follows on the last one.
 * Percentiles, of as many samples.
 *
 * A block costs a step whatever its length, as sums over it are differences of
 * running sums.
 */
export function bootstrap(
  track: Track,
  { samples, random, mean, riskFree }: {
    readonly samples: number;
    readonly random: Random;
    /** The mean net return of a bar. */
    readonly mean: number;
    /** The return of a bar that costs no risk. */
    readonly riskFree: number;
  },
): { readonly barSharpe: Interval; readonly edge: Interval } {
  const bars = loadTrack(track);
  const lengthCount = loadLengths(meanBlock(bars));
  wasm.prepareSamples(track.kept, mean, lengthCount);
  const word = (): number => random.int(-(2 ** 31), 2 ** 31 - 1);
  wasm.seed(word(), word(), word(), word());
  const sums = new Float64Array(wasm.memory.buffer, wasm.SUMS, wasm.COLUMNS) as unknown as Row;
  const sharpes = new Float64Array(samples);
  const edges = new Float64Array(samples);
  let sharpeCount = 0;
  let edgeCount = 0;
  for (let count = 0; count < samples; count++) {
    wasm.sample();
    const [net, squares, positions, exposed, moves, earned] = sums;
    const variation = squares - net * net / bars;
    if (variation > 1e-12 * squares) {
      sharpes[sharpeCount++] = (mean + net / bars - riskFree) / Math.sqrt(variation / (bars - 1));
    }
    const spread = exposed - positions * positions / bars;
    if (spread > 1e-12 * exposed) {
      edges[edgeCount++] = (earned - positions * moves / bars) / spread;
    }
  }
  return {
    barSharpe: interval(sharpes.subarray(0, sharpeCount), samples),
    edge: interval(edges.subarray(0, edgeCount), samples),
  };
}

/** Sums over a sample: net returns and their squares, both as deviations; positions, their squares, returns, products. */
type Row = readonly [
  net: number,
  squares: number,
  positions: number,
  exposed: number,
  moves: number,
  earned: number,
];

/**
 * Lays out lengths of a geometric distribution, from 1, to be found by inversion:
 * per length the share of lengths that are longer, and per part of [0, 1) the
 * length that its first number has. Returns how many lengths there are.
 */
function loadLengths(mean: number): number {
  const { memory, GUIDE, GUIDES, LONGER, MOST_LENGTHS } = wasm;
  const longer = new Float64Array(memory.buffer, LONGER, MOST_LENGTHS);
  const guide = new Int32Array(memory.buffer, GUIDE, GUIDES);
  longer[0] = 1;
  let count = 1;
  // What is rarer than one in 10^13 is cut off: it would not come up.
  for (let share = 1; share > 1e-13 && count < MOST_LENGTHS; count++) {
    longer[count] = share *= 1 - 1 / mean;
  }
  let length = 1;
  for (let part = 0; part < GUIDES; part++) {
    while (length < count - 1 && longer[length]! > 1 - part / GUIDES) length++;
    guide[part] = length;
  }
  return count;
}

function interval(values: Float64Array, samples: number): Interval {
  if (samples < FEWEST_SAMPLES) {
    const reason = `${samples} samples make no interval: set evaluate.permutations to ` +
      `${FEWEST_SAMPLES} or more`;
    return { low: reason, high: reason };
  }
  if (values.length < samples * (1 - MOST_WITHOUT)) {
    const reason = `${samples - values.length} of ${samples} samples have none`;
    return { low: reason, high: reason };
  }
  values.sort();
  const cut = Math.floor(values.length * CUT_OFF);
  return { low: values[cut]!, high: values[values.length - 1 - cut]! };
}
