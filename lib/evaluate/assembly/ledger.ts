/**
 * The two passes of a ledger, over pieces of a track: what they sum up, and why,
 * is said where they are called from. AssemblyScript; see `loops.ts`.
 */

import { LEDGER } from "./places";

/** Most bars of a piece. */
export const PIECE_BARS: i32 = 1 << 16;
/** Where what was summed up is put, as f64: see `sums` and `state`. */
export const RESULT: usize = LEDGER;
/** Where the closes of a piece stand, one more than it has bars, as f64. */
export const PIECE_PRICES: usize = RESULT + 8 * 32;
/** Where its positions stand, as i8. */
export const PIECE_POSITIONS: usize = PIECE_PRICES + 8 * ((1 << 16) + 1);

/** Equity within this share of a height is as high. */
const AS_HIGH: f64 = 1 - 1e-9;
/** One fall is deeper than another by more than this share. */
const DEEPER: f64 = 1 - 1e-12;
/** Below it equity is nothing; arithmetic on what little there is would be slow. */
const NOTHING: f64 = 1e-300;

/** What is left of the equity by no change of position, by one of 1, and by one of 2, as f64. */
const KEPT: usize = RESULT + 8 * 24;

let roundTrip: f64 = 1;

let held: i32 = 0;
let trade: f64 = 1;
let equity: f64 = 1;
let peak: f64 = 1;
let peakAt: i32 = 0;
let depth: f64 = 0;
let deepestFrom: i32 = -1;
let trough: i32 = -1;
let recovery: i32 = -1;

let exposed: i32 = 0;
let changes: i32 = 0;
let trades: f64 = 0;
let wins: f64 = 0;
let hits: i32 = 0;
let inside: f64 = 0;
let outside: f64 = 0;
let sum: i32 = 0;
let net: f64 = 0;
let gains: f64 = 0;
let losses: f64 = 0;
let lowest: f64 = Infinity;
let highest: f64 = -Infinity;
let grossGrowth: f64 = 1;
let netGrowth: f64 = 1;

/** Begins a track whose first bar is `from`; a change of position by one leaves `share` of the equity. */
export function begin(from: i32, share: f64): void {
  roundTrip = share * share;
  store<f64>(KEPT, 1);
  store<f64>(KEPT, share, 8);
  store<f64>(KEPT, roundTrip, 16);
  held = 0;
  trade = 1;
  equity = 1;
  peak = 1;
  peakAt = from;
  depth = 0;
  deepestFrom = -1;
  trough = -1;
  recovery = -1;
}

/** Begins sums of their own; what bars hand on to each other goes on. */
export function beginSums(): void {
  exposed = 0;
  changes = 0;
  trades = 0;
  wins = 0;
  hits = 0;
  inside = 0;
  outside = 0;
  sum = 0;
  net = 0;
  gains = 0;
  losses = 0;
  lowest = Infinity;
  highest = -Infinity;
  grossGrowth = 1;
  netGrowth = 1;
}

/** The first pass over a piece of `bars` bars, the first of which is bar `at` of the track. */
export function firstPass(bars: i32, at: i32): void {
  // In locals, which registers can hold.
  let heldNow = held;
  let tradeNow = trade;
  let equityNow = equity;
  let peakNow = peak;
  let peakAtNow = peakAt;
  let depthNow = depth;
  let deepestFromNow = deepestFrom;
  let troughNow = trough;
  let recoveryNow = recovery;
  let exposedNow = exposed;
  let changesNow = changes;
  let tradesNow = trades;
  let winsNow = wins;
  let hitsNow = hits;
  let insideNow = inside;
  let outsideNow = outside;
  let sumNow = sum;
  let netNow = net;
  let gainsNow = gains;
  let lossesNow = losses;
  let lowestNow = lowest;
  let highestNow = highest;
  let grossGrowthNow = grossGrowth;
  let netGrowthNow = netGrowth;
  let height = peakNow * AS_HIGH;
  // Where a fall is deeper than all before.
  let floor = Math.min(height, peakNow * (1 - depthNow)) * DEEPER;
  let price = load<f64>(PIECE_PRICES);
  for (let t = 0; t < bars; t++) {
    const position: i32 = load<i8>(PIECE_POSITIONS + t);
    const next = load<f64>(PIECE_PRICES + 8 * <usize> (t + 1));
    const move = next / price - 1;
    price = next;
    const earned = <f64> position * move;
    let gross = 1 + earned;
    if (gross < 0) gross = 0;
    const change = abs(position - heldNow);
    const growth = gross * load<f64>(KEPT + 8 * <usize> change);
    if (change != 0) {
      changesNow += change;
      if (heldNow != 0 && tradeNow * roundTrip > 1) winsNow++;
      if (position != 0) tradesNow++;
      tradeNow = 1;
      heldNow = position;
    }
    tradeNow *= gross;
    const gain = growth - 1;
    // 1 of 1 and of -1.
    const isIn = position & 1;
    exposedNow += isIn;
    sumNow += position;
    hitsNow += <i32> (earned > 0);
    insideNow += earned;
    outsideNow += <f64> (1 - isIn) * move;
    netNow += gain;
    // Twice the gain or the loss, the other one being 0, without a branch.
    const size = Math.abs(gain);
    gainsNow += size + gain;
    lossesNow += size - gain;
    if (gain < lowestNow) lowestNow = gain;
    if (gain > highestNow) highestNow = gain;
    grossGrowthNow *= gross;
    netGrowthNow *= growth;
    equityNow *= growth;
    if (equityNow >= height) {
      peakAtNow = at + t + 1;
      if (equityNow > peakNow) {
        peakNow = equityNow;
        height = peakNow * AS_HIGH;
        floor = Math.min(height, peakNow * (1 - depthNow)) * DEEPER;
      }
      if (recoveryNow == -1 && troughNow != -1) recoveryNow = at + t + 1;
    } else if (equityNow < floor) {
      if (equityNow < NOTHING) equityNow = 0;
      floor = equityNow * DEEPER;
      depthNow = 1 - equityNow / peakNow;
      deepestFromNow = peakAtNow;
      troughNow = at + t + 1;
      recoveryNow = -1;
    }
    if (netGrowthNow < NOTHING) netGrowthNow = 0;
    if (grossGrowthNow < NOTHING) grossGrowthNow = 0;
  }
  held = heldNow;
  trade = tradeNow;
  equity = equityNow;
  peak = peakNow;
  peakAt = peakAtNow;
  depth = depthNow;
  deepestFrom = deepestFromNow;
  trough = troughNow;
  recovery = recoveryNow;
  exposed = exposedNow;
  changes = changesNow;
  trades = tradesNow;
  wins = winsNow;
  hits = hitsNow;
  inside = insideNow;
  outside = outsideNow;
  sum = sumNow;
  net = netNow;
  gains = gainsNow;
  losses = lossesNow;
  lowest = lowestNow;
  highest = highestNow;
  grossGrowth = grossGrowthNow;
  netGrowth = netGrowthNow;
}

/** Puts the sums since `beginSums` to `RESULT`. */
export function sums(): void {
  store<f64>(RESULT, <f64> exposed);
  store<f64>(RESULT, <f64> changes, 8);
  store<f64>(RESULT, trades, 16);
  store<f64>(RESULT, wins, 24);
  store<f64>(RESULT, <f64> hits, 32);
  store<f64>(RESULT, inside, 40);
  store<f64>(RESULT, outside, 48);
  store<f64>(RESULT, <f64> sum, 56);
  store<f64>(RESULT, net, 64);
  store<f64>(RESULT, gains / 2, 72);
  store<f64>(RESULT, losses / 2, 80);
  store<f64>(RESULT, lowest, 88);
  store<f64>(RESULT, highest, 96);
  store<f64>(RESULT, grossGrowth, 104);
  store<f64>(RESULT, netGrowth, 112);
}

/** Puts what the last bar would hand on to `RESULT`. */
export function state(): void {
  store<f64>(RESULT, <f64> held);
  store<f64>(RESULT, trade, 8);
  store<f64>(RESULT, depth, 16);
  store<f64>(RESULT, <f64> deepestFrom, 24);
  store<f64>(RESULT, <f64> trough, 32);
  store<f64>(RESULT, <f64> recovery, 40);
}

let before: i32 = 0;
let squares: f64 = 0;
let cubes: f64 = 0;
let fourths: f64 = 0;
let shortfalls: f64 = 0;

/** Begins a second pass, after a bar with this position. */
export function beginSecond(position: i32): void {
  before = position;
  squares = 0;
  cubes = 0;
  fourths = 0;
  shortfalls = 0;
}

/** The second pass over a piece. */
export function secondPass(bars: i32, mean: f64, target: f64): void {
  let beforeNow = before;
  let squaresNow = squares;
  let cubesNow = cubes;
  let fourthsNow = fourths;
  let shortfallsNow = shortfalls;
  let price = load<f64>(PIECE_PRICES);
  for (let t = 0; t < bars; t++) {
    const position: i32 = load<i8>(PIECE_POSITIONS + t);
    const next = load<f64>(PIECE_PRICES + 8 * <usize> (t + 1));
    let growth = 1 + <f64> position * (next / price - 1);
    if (growth < 0) growth = 0;
    growth *= load<f64>(KEPT + 8 * <usize> abs(position - beforeNow));
    const gain = growth - 1;
    price = next;
    beforeNow = position;
    const deviation = gain - mean;
    const square = deviation * deviation;
    squaresNow += square;
    cubesNow += square * deviation;
    fourthsNow += square * square;
    // Twice what is below the target, or 0, without a branch.
    const shortfall = gain - target - Math.abs(gain - target);
    shortfallsNow += shortfall * shortfall;
  }
  before = beforeNow;
  squares = squaresNow;
  cubes = cubesNow;
  fourths = fourthsNow;
  shortfalls = shortfallsNow;
}

/** Puts what the second pass found to `RESULT`. */
export function moments(): void {
  store<f64>(RESULT, squares);
  store<f64>(RESULT, cubes, 8);
  store<f64>(RESULT, fourths, 16);
  store<f64>(RESULT, shortfalls / 4, 24);
}

/** Sees to it that there is memory for a piece. */
export function reservePiece(): void {
  const end = PIECE_POSITIONS + (1 << 16);
  const pages = <i32> ((end + 65535) >>> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
}
