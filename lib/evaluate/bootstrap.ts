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

/** The level of the intervals. */
export const CONFIDENCE = 0.95;
/** Samples without a statistic say nothing about it; with more of them than this nothing is said. */
const MOST_WITHOUT = 0.1;
/** Of fewer, even the furthest one holds less than 95 %. */
const FEWEST_SAMPLES = 39;
/** Of fewer blocks, how sums of blocks vary cannot be told. */
const FEWEST_BLOCKS = 4;

/** A 95 % interval. */
export interface Interval {
  /** Its lower end. */
  readonly low: Measure;
  /** Its upper end. */
  readonly high: Measure;
}

/**
 * The length of blocks: the cube root of the number of bars, the order that is best for means.
 * Engines may differ in the last bit of a root, and never in this: half-way between two whole
 * numbers lies the cube root of no whole number.
 */
export function blockLength(bars: number): number {
  return Math.max(1, Math.round(Math.cbrt(bars)));
}

/**
 * Intervals of the Sharpe ratio by the bar and of the slope of returns on
 * positions, by a studentised circular block bootstrap (P. Hall, Annals of
 * Statistics 16, 1988; D. N. Politis and J. P. Romano, in: Exploring the Limits
 * of Bootstrap, 1992; O. Ledoit and M. Wolf, Journal of Empirical Finance 15,
 * 2008): samples of blocks of neighbouring bars are drawn, and each tells by how
 * many standard errors of its own it is off. The interval is symmetric, as wide
 * as 95 % of them need.
 *
 * A statistic is replaced by the mean of its influence function, whose sums over
 * blocks are at hand, so that a block costs a step whatever its length.
 */
export function bootstrap(
  track: Track,
  { samples, random, riskFree }: {
    readonly samples: number;
    readonly random: Random;
    /** The return of a bar that costs no risk. */
    readonly riskFree: number;
  },
): { readonly barSharpe: Interval; readonly edge: Interval } {
  const bars = loadTrack(track);
  const length = blockLength(bars);
  const blocks = Math.ceil(bars / length);
  const reason = samples < FEWEST_SAMPLES
    ? `${samples} samples make no interval: set evaluate.permutations to ${FEWEST_SAMPLES} or more`
    : blocks < FEWEST_BLOCKS
    ? `${bars} bars are too few to tell how they vary`
    : undefined;
  if (reason !== undefined) {
    const none = { low: reason, high: reason };
    return { barSharpe: none, edge: none };
  }
  wasm.prepareBlocks(track.kept, riskFree, length);
  const [ratio, slope, ratioError, slopeError] = new Float64Array(
    wasm.memory.buffer,
    wasm.ESTIMATES,
    4,
  );
  const word = (): number => random.int(-(2 ** 31), 2 ** 31 - 1);
  wasm.seed(word(), word(), word(), word());
  const place = wasm.samplesAt(samples);
  wasm.drawSamples(samples, blocks);
  const drawn = new Float64Array(wasm.memory.buffer, place, 2 * samples);
  return {
    barSharpe: interval(drawn, { column: 0, estimate: ratio!, error: ratioError! }),
    edge: interval(drawn, { column: 1, estimate: slope!, error: slopeError! }),
  };
}

function interval(
  drawn: Float64Array,
  { column, estimate, error }: {
    readonly column: 0 | 1;
    readonly estimate: number;
    readonly error: number;
  },
): Interval {
  const samples = drawn.length / 2;
  const sizes = new Float64Array(samples);
  let count = 0;
  for (let sample = 0; sample < samples; sample++) {
    const size = Math.abs(drawn[2 * sample + column]!);
    if (Number.isFinite(size)) sizes[count++] = size;
  }
  if (count < samples * (1 - MOST_WITHOUT)) {
    const reason = `${samples - count} of ${samples} samples have none`;
    return { low: reason, high: reason };
  }
  const sorted = sizes.subarray(0, count).sort();
  const width = sorted[Math.min(count - 1, Math.ceil(CONFIDENCE * (count + 1)) - 1)]! * error;
  return { low: estimate - width, high: estimate + width };
}
