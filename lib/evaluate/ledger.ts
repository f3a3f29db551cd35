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
 * that the first one found, so that no precision is lost to it. The loops are in
 * WebAssembly, piece by piece; their source is in `assembly/`.
 *
 * @module
 */

import * as wasm from "./loops.wasm";

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

/**
 * Keeps the books of a track.
 *
 * @param target net return of a bar below which it falls short
 */
export function ledgerOf(track: Track, target: number): Ledger {
  const { from, split, end, kept } = track;
  wasm.reservePiece();
  wasm.begin(from, kept);
  const first = firstPass(track, { from, end: split });
  const second = firstPass(track, { from: split, end });
  const { held, trade, depth, deepestFrom, trough, recovery } = stateOf();
  // A trade that is still open has only its beginning to pay for.
  const isOpenWin = held !== 0 && trade * kept > 1;
  const won = isOpenWin ? (second.bars > 0 ? second : first) : null;
  const mean = (first.net + second.net) / (end - from);
  const parts = [
    { sums: first, from, end: split, before: 0 },
    { sums: second, from: split, end, before: split > from ? track.positions[split - 1]! : 0 },
  ].map(({ sums, ...stretch }): Sums => ({
    ...sums,
    wins: sums.wins + (sums === won ? 1 : 0),
    ...secondPass(track, { ...stretch, mean, target }),
  }));
  const [inSample, outOfSample] = parts as [Sums, Sums];
  return {
    whole: joined(inSample, outOfSample),
    inSample,
    outOfSample,
    drawdown: {
      depth,
      peak: trough === -1 ? null : deepestFrom,
      trough: trough === -1 ? null : trough,
      recovery: recovery === -1 ? null : recovery,
    },
  };
}

interface Stretch {
  readonly from: number;
  readonly end: number;
}

/** The sums of the second pass, over deviations from the mean of all bars. */
type Moments = Pick<Sums, "squares" | "cubes" | "fourths" | "shortfalls">;

/** Copies a stretch to where the loops read it, and has `use` called with each piece of it. */
function eachPiece(
  { prices, positions }: Track,
  { from, end }: Stretch,
  use: (bars: number, at: number) => void,
): void {
  const { memory, PIECE_BARS, PIECE_PRICES, PIECE_POSITIONS } = wasm;
  const pricesThere = new Float64Array(memory.buffer, PIECE_PRICES, PIECE_BARS + 1);
  const positionsThere = new Int8Array(memory.buffer, PIECE_POSITIONS, PIECE_BARS);
  for (let at = from; at < end; at += PIECE_BARS) {
    const bars = Math.min(PIECE_BARS, end - at);
    pricesThere.set(prices.subarray(at, at + bars + 1));
    positionsThere.set(positions.subarray(at, at + bars));
    use(bars, at);
  }
}

/** The first numbers that the loops have put to their place. */
function results(count: number): readonly number[] {
  return [...new Float64Array(wasm.memory.buffer, wasm.RESULT, count)];
}

function firstPass(track: Track, { from, end }: Stretch): Omit<Sums, keyof Moments> {
  wasm.beginSums();
  eachPiece(track, { from, end }, wasm.firstPass);
  wasm.sums();
  const [exposed, changes, trades, wins, hits, inside, outside, positions, ...rest] = results(15);
  const [net, gains, losses, lowest, highest, grossGrowth, netGrowth] = rest as [
    ...[number, number, number, number, number, number, number],
  ];
  return {
    bars: Math.max(0, end - from),
    exposed: exposed!,
    changes: changes!,
    trades: trades!,
    wins: wins!,
    hits: hits!,
    inside: inside!,
    outside: outside!,
    positions: positions!,
    net,
    gains,
    losses,
    lowest,
    highest,
    grossGrowth,
    netGrowth,
  };
}

/** What the last bar would have handed on. */
function stateOf(): Readonly<
  Record<"held" | "trade" | "depth" | "deepestFrom" | "trough" | "recovery", number>
> {
  wasm.state();
  const [held, trade, depth, deepestFrom, trough, recovery] = results(6) as [
    ...[number, number, number, number, number, number],
  ];
  return { held, trade, depth, deepestFrom, trough, recovery };
}

function secondPass(
  track: Track,
  { from, end, before, mean, target }: Stretch & {
    readonly before: number;
    readonly mean: number;
    readonly target: number;
  },
): Moments {
  wasm.beginSecond(before);
  eachPiece(track, { from, end }, (bars) => wasm.secondPass(bars, mean, target));
  wasm.moments();
  const [squares, cubes, fourths, shortfalls] = results(4) as [number, number, number, number];
  return { squares, cubes, fourths, shortfalls };
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
