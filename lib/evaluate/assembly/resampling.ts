/**
 * What is resampled: sums over shifted positions, and over blocks of bars that
 * are drawn. The caller calls `reserve`, copies prices and positions to their
 * places, and calls `prepareShifts` or `prepareSamples` once and `earned` or
 * `sample` as often as it likes. AssemblyScript; see `loops.ts`.
 */

import { GROWING, RESAMPLING } from "./places";

/** Parts of [0, 1) whose first length is known. */
export const GUIDES: i32 = 512;
/** Sums of a sample: see `sample`. */
export const COLUMNS: i32 = 6;

/** Where the sums of a sample are put. */
export const SUMS: usize = RESAMPLING;
/** Per part of [0, 1) the length that its first number has, as i32. */
export const GUIDE: usize = SUMS + 64;
/** Per length the share of lengths that are longer, as f64. */
export const LONGER: usize = GUIDE + 4 * 512;
/** Most lengths that there is room for. */
export const MOST_LENGTHS: i32 = 1 << 16;

let bars: i32 = 0;
let lengths: i32 = 0;
let changes: i32 = 0;
let totalMoves: f64 = 0;

/** Where the closes stand, one more than there are bars, as f64. */
const prices: usize = GROWING;
/** Where the positions stand, one for each bar, as i8. */
let positions: usize = 0;
/** Where what is computed of them stands. */
let work: usize = 0;

let state0: u64 = 0;
let state1: u64 = 0;

/** Where the closes are to be put, one more than there are bars, as f64. */
export const PRICES: usize = GROWING;

/** Makes room for so many bars; returns where the positions are to be put, one for each, as i8. */
export function reserve(count: i32): usize {
  bars = count;
  positions = prices + 8 * (<usize> count + 1);
  work = (positions + <usize> count + 63) & ~63;
  const shifts: usize = 8 * (2 * <usize> count + 1) + 12 * <usize> count + 8;
  const samples: usize = 8 * 6 * (<usize> count + 1);
  const end = work + (shifts > samples ? shifts : samples);
  const pages = <i32> ((end + 65535) >>> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
  return positions;
}

/** Running sums of returns, twice around, and the changes of position. */
export function prepareShifts(): i32 {
  const running = work;
  store<f64>(running, 0);
  let sum: f64 = 0;
  totalMoves = 0;
  for (let t = 0; t < bars; t++) {
    const price = prices + 8 * <usize> t;
    const move = load<f64>(price + 8) / load<f64>(price) - 1;
    totalMoves += Math.abs(move);
    sum += move;
    store<f64>(running + 8 * <usize> (t + 1), sum);
  }
  for (let t = 1; t <= bars; t++) {
    store<f64>(running + 8 * <usize> (bars + t), sum + load<f64>(running + 8 * <usize> t));
  }
  const by = running + 8 * (2 * <usize> bars + 1);
  const at = by + 8 * <usize> bars;
  changes = 0;
  for (let t = 1; t < bars; t++) {
    const change = <i32> load<i8>(positions + t) - <i32> load<i8>(positions + t - 1);
    if (change == 0) continue;
    store<i32>(at + 4 * <usize> changes, t);
    store<f64>(by + 8 * <usize> changes, <f64> change);
    changes++;
  }
  return changes;
}

/** The sum of the sizes of all returns. */
export function moves(): f64 {
  return totalMoves;
}

/** The sum of position by return, the positions shifted: by partial summation, over their changes. */
export function earned(shift: i32): f64 {
  const running = work;
  const by = running + 8 * (2 * <usize> bars + 1);
  const at = by + 8 * <usize> bars;
  const shifted = running + 8 * <usize> shift;
  let sum: f64 = 0;
  for (let n: usize = 0; n < <usize> changes; n++) {
    sum += load<f64>(by + 8 * n) * load<f64>(shifted + 8 * <usize> load<i32>(at + 4 * n));
  }
  return <f64> load<i8>(positions + bars - 1) * load<f64>(shifted + 8 * <usize> bars) -
    <f64> load<i8>(positions) * load<f64>(shifted) - sum;
}

/**
 * Running sums over the bars before each one: net returns and their squares, as
 * deviations from `mean`; positions, their squares, returns, and products of both.
 */
export function prepareSamples(kept: f64, mean: f64, lengthCount: i32): void {
  lengths = lengthCount;
  let net: f64 = 0;
  let squares: f64 = 0;
  let sum: f64 = 0;
  let exposed: f64 = 0;
  let all: f64 = 0;
  let products: f64 = 0;
  let held: f64 = 0;
  let row = work;
  for (let column = 0; column < COLUMNS; column++) store<f64>(row + 8 * column, 0);
  for (let t = 0; t < bars; t++) {
    const price = prices + 8 * <usize> t;
    const position = <f64> load<i8>(positions + t);
    const move = load<f64>(price + 8) / load<f64>(price) - 1;
    let gross = 1 + position * move;
    if (gross < 0) gross = 0;
    const change = Math.abs(position - held);
    const growth = change == 0 ? gross : change == 1 ? gross * kept : gross * (kept * kept);
    const deviation = growth - 1 - mean;
    held = position;
    net += deviation;
    squares += deviation * deviation;
    sum += position;
    exposed += position * position;
    all += move;
    products += position * move;
    row += 8 * COLUMNS;
    store<f64>(row, net);
    store<f64>(row, squares, 8);
    store<f64>(row, sum, 16);
    store<f64>(row, exposed, 24);
    store<f64>(row, all, 32);
    store<f64>(row, products, 40);
  }
}

/** Begins a sequence of random numbers. */
export function seed(a: i32, b: i32, c: i32, d: i32): void {
  state0 = (<u64> <u32> a) << 32 | <u64> <u32> b;
  state1 = (<u64> <u32> c) << 32 | <u64> <u32> d;
}

/** The next number of xoroshiro128+ (Blackman and Vigna 2018), uniform in [0, 1). */
@inline
function uniform(): f64 {
  const result = state0 + state1;
  const mixed = state0 ^ state1;
  state0 = rotl<u64>(state0, 24) ^ mixed ^ (mixed << 16);
  state1 = rotl<u64>(mixed, 37);
  return <f64> (result >>> 11) * (1.0 / 9007199254740992.0);
}

/** Draws blocks until there are as many bars, and puts their sums to `SUMS`. */
export function sample(): void {
  let net: f64 = 0;
  let squares: f64 = 0;
  let sum: f64 = 0;
  let exposed: f64 = 0;
  let all: f64 = 0;
  let products: f64 = 0;
  let around: f64 = 0;
  for (let left = bars; left > 0;) {
    // The whole part is where a block begins; what is left is as good a random number.
    const drawn = uniform() * <f64> bars;
    const start = <i32> drawn;
    const rest = drawn - <f64> start;
    let length = load<i32>(GUIDE + 4 * <usize> <i32> (rest * <f64> GUIDES));
    while (length < lengths - 1 && load<f64>(LONGER + 8 * <usize> length) > 1 - rest) length++;
    if (length > left) length = left;
    left -= length;
    let end = start + length;
    if (end > bars) {
      end -= bars;
      around += 1;
    }
    const from = work + 8 * COLUMNS * <usize> start;
    const to = work + 8 * COLUMNS * <usize> end;
    net += load<f64>(to) - load<f64>(from);
    squares += load<f64>(to, 8) - load<f64>(from, 8);
    sum += load<f64>(to, 16) - load<f64>(from, 16);
    exposed += load<f64>(to, 24) - load<f64>(from, 24);
    all += load<f64>(to, 32) - load<f64>(from, 32);
    products += load<f64>(to, 40) - load<f64>(from, 40);
  }
  // Of a block that goes on at the beginning the sums of all bars are missing.
  const whole = work + 8 * COLUMNS * <usize> bars;
  store<f64>(SUMS, net + around * load<f64>(whole));
  store<f64>(SUMS, squares + around * load<f64>(whole, 8), 8);
  store<f64>(SUMS, sum + around * load<f64>(whole, 16), 16);
  store<f64>(SUMS, exposed + around * load<f64>(whole, 24), 24);
  store<f64>(SUMS, all + around * load<f64>(whole, 32), 32);
  store<f64>(SUMS, products + around * load<f64>(whole, 40), 40);
}
