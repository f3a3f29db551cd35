/**
 * The books of positions that earn the returns of prices: what every metric is
 * made from. Pure.
 *
 * The position decided at the close of bar *t* earns `r = close[t+1] / close[t] - 1`.
 * Each unit by which it differs from the position before costs a share of the
 * equity, so that the equity grows by `(1 + position * r) * kept ** |change|`,
 * where `kept` is 1 less that share, and by nothing less than 0. The first of
 * the bars is entered from position 0. The last position is not closed, but
 * taken at what it is worth at the last close.
 *
 * Two passes, in plain sums: the second one is over deviations from the mean
 * that the first one found, so that no precision is lost to it.
 *
 * @module
 */

/** Positions and the prices that they earn on. */
export interface Track {
  /** Closes in any unit, all above 0; there is one at bar `end`, too. */
  readonly prices: Float64Array;
  /** -1, 0 or 1 for each bar. */
  readonly positions: Int8Array;
  /** The first bar that earns a return. */
  readonly from: number;
  /** The bar after the last one that does. */
  readonly end: number;
  /** The first bar out of sample; `end` if none is. */
  readonly split: number;
  /** Share of the equity that is left by a change of position by one. */
  readonly kept: number;
}

/** Sums over bars. */
export interface Sums {
  /** How many bars. */
  readonly bars: number;
  /** Those in a position. */
  readonly exposed: number;
  /** All changes of position, in units of it. */
  readonly changes: number;
  /** Trades that began: bars of one position other than 0, as far as they go. */
  readonly trades: number;
  /** Trades that ended with a profit, net of what their beginning and end cost. */
  readonly wins: number;
  /** Bars whose position earned something, costs aside. */
  readonly hits: number;
  /** Of position by return. */
  readonly inside: number;
  /** Of the returns of bars without a position. */
  readonly outside: number;
  /** Of all positions. */
  readonly positions: number;
  /** Of net returns. */
  readonly net: number;
  /** Of net returns above 0. */
  readonly gains: number;
  /** Of net returns below 0, without their sign. */
  readonly losses: number;
  /** The lowest net return. */
  readonly lowest: number;
  /** The highest. */
  readonly highest: number;
  /** What the equity grew to from 1, costs aside. */
  readonly grossGrowth: number;
  /** What it grew to net of costs. */
  readonly netGrowth: number;
  /** Of squared deviations of net returns from the mean of all bars of the track. */
  readonly squares: number;
  /** Of their cubes. */
  readonly cubes: number;
  /** Of their fourth powers. */
  readonly fourths: number;
  /** Of squares of net returns below the target, as far as they are below. */
  readonly shortfalls: number;
}

/** The deepest fall of the net equity from a height that it had before, 1 at the beginning included. */
export interface Drawdown {
  /** As a share of that height, 0 to 1. */
  readonly depth: number;
  /** Bar at whose close the height was reached; null if the equity never fell. */
  readonly peak: number | null;
  /** Bar at whose close it was deepest. */
  readonly trough: number | null;
  /** Bar at whose close the height was reached again; null if it never was. */
  readonly recovery: number | null;
}

/** What positions earned. */
export interface Ledger {
  /** All bars. */
  readonly whole: Sums;
  /** Those in sample. */
  readonly inSample: Sums;
  /** Those out of sample. */
  readonly outOfSample: Sums;
  /** Over all bars. */
  readonly drawdown: Drawdown;
}

/** Equity within this share of a height is as high: where prices return, products of returns do nearly. */
const AS_HIGH = 1 - 1e-9;
/** One fall is deeper than another by more than this share, so that of equals the first one counts. */
const DEEPER = 1 - 1e-12;
/** Below it equity is nothing; arithmetic on what little there is would be slow. */
const NOTHING = 1e-300;

/**
 * Keeps the books of a track.
 *
 * @param target net return of a bar below which it falls short
 */
export function ledgerOf(track: Track, target: number): Ledger {
  const { from, split, end } = track;
  const state: State = { ...START, peakAt: from };
  const first = firstPass(track, { from, end: split, state });
  const second = firstPass(track, { from: split, end, state });
  // A trade that is still open has only its beginning to pay for.
  if (state.held !== 0 && state.trade * track.kept > 1) {
    if (second.bars > 0) second.wins++;
    else first.wins++;
  }
  const mean = (first.net + second.net) / (end - from);
  secondPass(track, { from, end: split, before: 0, mean, target, into: first });
  const before = split > from ? track.positions[split - 1]! : 0;
  secondPass(track, { from: split, end, before, mean, target, into: second });
  const { depth, deepestFrom, trough, recovery } = state;
  return {
    whole: joined(first, second),
    inSample: first,
    outOfSample: second,
    drawdown: {
      depth,
      peak: trough === -1 ? null : deepestFrom,
      trough: trough === -1 ? null : trough,
      recovery: recovery === -1 ? null : recovery,
    },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What one bar hands on to the next one. */
interface State {
  held: number;
  trade: number;
  equity: number;
  peak: number;
  peakAt: number;
  depth: number;
  deepestFrom: number;
  trough: number;
  recovery: number;
}

const START: State = {
  held: 0,
  trade: 1,
  equity: 1,
  peak: 1,
  peakAt: 0,
  depth: 0,
  deepestFrom: -1,
  trough: -1,
  recovery: -1,
};

interface Stretch {
  readonly from: number;
  readonly end: number;
}

/** Share of the equity that is left by no change of position, by one of 1, and by one of 2. */
function keptBy(kept: number): Float64Array {
  return Float64Array.of(1, kept, kept * kept);
}

function firstPass(
  { prices, positions, kept }: Track,
  { from, end, state }: Stretch & { readonly state: State },
): Mutable<Sums> {
  const keptOf = keptBy(kept);
  const roundTrip = kept * kept;
  let { held, trade, equity, peak, peakAt, depth, deepestFrom, trough, recovery } = state;
  let height = peak * AS_HIGH;
  // Where a fall is deeper than all before.
  let floor = Math.min(height, peak * (1 - depth)) * DEEPER;
  let exposed = 0;
  let changes = 0;
  let trades = 0;
  let wins = 0;
  let hits = 0;
  let inside = 0;
  let outside = 0;
  let sum = 0;
  let net = 0;
  let sizes = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  let grossGrowth = 1;
  let netGrowth = 1;
  // No index is out of bounds: positions and prices go on to `end`.
  let price = prices[from]!;
  for (let t = from; t < end; t++) {
    const position = positions[t]!;
    const next = prices[t + 1]!;
    const move = next / price - 1;
    price = next;
    const earned = position * move;
    let gross = 1 + earned;
    if (gross < 0) gross = 0;
    const change = Math.abs(position - held);
    if (change !== 0) {
      if (held !== 0 && trade * roundTrip > 1) wins++;
      if (position !== 0) trades++;
      trade = 1;
      held = position;
    }
    trade *= gross;
    const growth = gross * keptOf[change]!;
    const gain = growth - 1;
    const isIn = position * position;
    exposed += isIn;
    sum += position;
    changes += change;
    // Not a branch: a coin toss is what returns are like.
    hits += Number(earned > 0);
    inside += earned;
    outside += (1 - isIn) * move;
    net += gain;
    sizes += Math.abs(gain);
    if (gain < lowest) lowest = gain;
    if (gain > highest) highest = gain;
    grossGrowth *= gross;
    netGrowth *= growth;
    equity *= growth;
    if (equity >= height) {
      peakAt = t + 1;
      if (equity > peak) {
        peak = equity;
        height = peak * AS_HIGH;
        floor = Math.min(height, peak * (1 - depth)) * DEEPER;
      }
      if (recovery === -1 && trough !== -1) recovery = t + 1;
    } else if (equity < floor) {
      if (equity < NOTHING) equity = 0;
      floor = equity * DEEPER;
      depth = 1 - equity / peak;
      deepestFrom = peakAt;
      trough = t + 1;
      recovery = -1;
    }
    if (netGrowth < NOTHING) netGrowth = 0;
    if (grossGrowth < NOTHING) grossGrowth = 0;
  }
  Object.assign(state, {
    held,
    trade,
    equity,
    peak,
    peakAt,
    depth,
    deepestFrom,
    trough,
    recovery,
  });
  return {
    bars: Math.max(0, end - from),
    exposed,
    changes,
    trades,
    wins,
    hits,
    inside,
    outside,
    positions: sum,
    net,
    gains: highest <= 0 ? 0 : (sizes + net) / 2,
    losses: lowest >= 0 ? 0 : (sizes - net) / 2,
    lowest,
    highest,
    grossGrowth,
    netGrowth,
    squares: 0,
    cubes: 0,
    fourths: 0,
    shortfalls: 0,
  };
}

function secondPass(
  { prices, positions, kept }: Track,
  { from, end, before, mean, target, into }: Stretch & {
    readonly before: number;
    readonly mean: number;
    readonly target: number;
    readonly into: Mutable<Sums>;
  },
): void {
  const keptOf = keptBy(kept);
  let held = before;
  let squares = 0;
  let cubes = 0;
  let fourths = 0;
  let shortfalls = 0;
  let price = prices[from]!;
  for (let t = from; t < end; t++) {
    const position = positions[t]!;
    const next = prices[t + 1]!;
    let gross = 1 + position * (next / price - 1);
    if (gross < 0) gross = 0;
    const gain = gross * keptOf[Math.abs(position - held)]! - 1;
    price = next;
    held = position;
    const deviation = gain - mean;
    const square = deviation * deviation;
    squares += square;
    cubes += square * deviation;
    fourths += square * square;
    // Twice what is below the target, or 0, without a branch as well.
    const shortfall = gain - target - Math.abs(gain - target);
    shortfalls += shortfall * shortfall;
  }
  Object.assign(into, { squares, cubes, fourths, shortfalls: shortfalls / 4 });
}

function joined(a: Sums, b: Sums): Sums {
  const both = Object.fromEntries(
    (Object.keys(a) as (keyof Sums)[]).map((key) => [key, a[key] + b[key]]),
  ) as unknown as Sums;
  return {
    ...both,
    lowest: Math.min(a.lowest, b.lowest),
    highest: Math.max(a.highest, b.highest),
    grossGrowth: a.grossGrowth * b.grossGrowth,
    netGrowth: a.netGrowth * b.netGrowth,
  };
}
