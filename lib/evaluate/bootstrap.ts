/**
 * How far metrics would be from what they are in other samples of the same
 * market. Pure.
 *
 * @module
 */

import type { Random } from "../experiment.ts";
import type { Track } from "./ledger.ts";
import type { Measure } from "./measure.ts";

/** The interval that is left when a fortieth is cut off at each end: 95 %. */
const CUT_OFF = 0.025;
/** Samples without a metric say nothing about it; with more of them than this nothing is said. */
const MOST_WITHOUT = 0.1;

/** What is between a fortieth of the samples and a fortieth. */
export interface Interval {
  /** Its lower end. */
  readonly low: Measure;
  /** Its upper end. */
  readonly high: Measure;
}

/** The mean length of blocks: the cube root of the number of bars, the order that is best for means. */
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
  const bars = track.end - track.from;
  const running = runningSums(track, mean);
  const lengths = new GeometricLengths(meanBlock(bars));
  const sums = new Float64Array(COLUMNS);
  const sharpes = new Float64Array(samples);
  const edges = new Float64Array(samples);
  let sharpeCount = 0;
  let edgeCount = 0;
  for (let sample = 0; sample < samples; sample++) {
    drawSample(sums, { running, bars, lengths, random });
    const [net, squares, positions, exposed, moves, earned] = sums as unknown as Row;
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

/** Net returns and their squares, both as deviations; positions, their squares, returns, products. */
type Row = readonly [
  net: number,
  squares: number,
  positions: number,
  exposed: number,
  moves: number,
  earned: number,
];
const COLUMNS = 6;

/** Sums over the bars before each one, a row for each. */
function runningSums(
  { prices, positions, from, end, kept }: Track,
  mean: number,
): Float64Array {
  const running = new Float64Array((end - from + 1) * COLUMNS);
  const keptOf = Float64Array.of(1, kept, kept * kept);
  let held = 0;
  let price = prices[from]!;
  let write = COLUMNS;
  for (let t = from; t < end; t++, write += COLUMNS) {
    const position = positions[t]!;
    const next = prices[t + 1]!;
    const move = next / price - 1;
    const growth = Math.max(0, 1 + position * move) * keptOf[Math.abs(position - held)]!;
    const deviation = growth - 1 - mean;
    price = next;
    held = position;
    const read = write - COLUMNS;
    running[write] = running[read]! + deviation;
    running[write + 1] = running[read + 1]! + deviation * deviation;
    running[write + 2] = running[read + 2]! + position;
    running[write + 3] = running[read + 3]! + position * position;
    running[write + 4] = running[read + 4]! + move;
    running[write + 5] = running[read + 5]! + position * move;
  }
  return running;
}

function drawSample(
  sums: Float64Array,
  { running, bars, lengths, random }: {
    readonly running: Float64Array;
    readonly bars: number;
    readonly lengths: GeometricLengths;
    readonly random: Random;
  },
): void {
  let net = 0;
  let squares = 0;
  let positions = 0;
  let exposed = 0;
  let moves = 0;
  let earned = 0;
  let around = 0;
  for (let left = bars; left > 0;) {
    // The whole part is where a block begins; what is left is as good a random number.
    const drawn = random.float() * bars;
    const start = Math.floor(drawn);
    const length = Math.min(left, lengths.of(drawn - start));
    left -= length;
    let end = start + length;
    if (end > bars) {
      end -= bars;
      around++;
    }
    const from = start * COLUMNS;
    const to = end * COLUMNS;
    net += running[to]! - running[from]!;
    squares += running[to + 1]! - running[from + 1]!;
    positions += running[to + 2]! - running[from + 2]!;
    exposed += running[to + 3]! - running[from + 3]!;
    moves += running[to + 4]! - running[from + 4]!;
    earned += running[to + 5]! - running[from + 5]!;
  }
  // Of a block that goes on at the beginning the sums of all bars are missing.
  const all = bars * COLUMNS;
  sums[0] = net + around * running[all]!;
  sums[1] = squares + around * running[all + 1]!;
  sums[2] = positions + around * running[all + 2]!;
  sums[3] = exposed + around * running[all + 3]!;
  sums[4] = moves + around * running[all + 4]!;
  sums[5] = earned + around * running[all + 5]!;
}

/** Lengths of a geometric distribution, from 1, by inversion. */
class GeometricLengths {
  /** Per length the share of lengths that are longer. */
  readonly #longer: Float64Array;
  /** Per part of [0, 1) the length that its first number has. */
  readonly #guide: Int32Array;

  constructor(mean: number) {
    const longer = [1];
    // What is rarer than one in 10^13 is cut off: it would not come up.
    while (longer.at(-1)! > 1e-13) longer.push(longer.at(-1)! * (1 - 1 / mean));
    this.#longer = Float64Array.from(longer);
    this.#guide = new Int32Array(GUIDES);
    let length = 1;
    for (let part = 0; part < GUIDES; part++) {
      while (longer[length]! > 1 - part / GUIDES) length++;
      this.#guide[part] = length;
    }
  }

  /** The length for a number that is uniform in [0, 1). */
  of(uniform: number): number {
    const longer = this.#longer;
    const last = longer.length - 1;
    const rest = 1 - uniform;
    let length = this.#guide[Math.floor(uniform * GUIDES)]!;
    while (length < last && longer[length]! > rest) length++;
    return length;
  }
}

const GUIDES = 512;

function interval(values: Float64Array, samples: number): Interval {
  if (values.length < samples * (1 - MOST_WITHOUT)) {
    const reason = `${samples - values.length} of ${samples} samples have none`;
    return { low: reason, high: reason };
  }
  values.sort();
  const cut = Math.floor(values.length * CUT_OFF);
  return { low: values[cut]!, high: values[values.length - 1 - cut]! };
}
