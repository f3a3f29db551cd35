/**
 * A studentised bootstrap by blocks of two statistics at once: the Sharpe ratio
 * by the bar and the slope of returns on positions, each by its influence
 * function. AssemblyScript; see `loops.wasm.ts`.
 */

import { RESAMPLING } from "./places";
import { bars, moveAt, positionAt, roomFor, work } from "./track";

/** Where the estimates and their standard errors are put: ratio, slope, error, error. */
export const ESTIMATES: usize = RESAMPLING;

let state0: u64 = 0;
let state1: u64 = 0;

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

/**
 * Both estimates, their influence at each bar, and the sums of it over the
 * `length` bars from each bar on, around the circle. A change of position by one
 * leaves `kept` of the equity; `free` is the return without risk.
 */
export function prepareBlocks(kept: f64, free: f64, length: i32): void {
  const n = <f64> bars;
  roomFor(16 * 2 * <usize> bars);
  const influence = work + 16 * <usize> bars;
  let net: f64 = 0;
  let moves: f64 = 0;
  let positions: f64 = 0;
  let held: f64 = 0;
  for (let t = 0; t < bars; t++) {
    const position = <f64> positionAt(t);
    const move = moveAt(t);
    let growth = 1 + position * move;
    if (growth < 0) growth = 0;
    const change = Math.abs(position - held);
    if (change != 0) growth *= change == 1 ? kept : kept * kept;
    held = position;
    net += growth - 1;
    moves += move;
    positions += position;
    store<f64>(influence + 16 * <usize> t, growth - 1);
  }
  const mean = net / n;
  const moveMean = moves / n;
  const positionMean = positions / n;
  let squares: f64 = 0;
  let spread: f64 = 0;
  let products: f64 = 0;
  for (let t = 0; t < bars; t++) {
    const deviation = load<f64>(influence + 16 * <usize> t) - mean;
    const distance = <f64> positionAt(t) - positionMean;
    squares += deviation * deviation;
    spread += distance * distance;
    products += distance * (moveAt(t) - moveMean);
  }
  const sd = Math.sqrt(squares / (n - 1));
  const ratio = (mean - free) / sd;
  const slope = products / spread;
  store<f64>(ESTIMATES, ratio);
  store<f64>(ESTIMATES, slope, 8);
  for (let t = 0; t < bars; t++) {
    const at = influence + 16 * <usize> t;
    const deviation = (load<f64>(at) - mean) / sd;
    const distance = <f64> positionAt(t) - positionMean;
    store<f64>(at, deviation - ratio / 2 * (deviation * deviation - (n - 1) / n));
    store<f64>(at, distance * (moveAt(t) - moveMean - slope * distance) * n / spread, 8);
  }
  let sum = f64x2.splat(0);
  for (let t = 0; t < length; t++) sum = f64x2.add(sum, v128.load(influence + 16 * <usize> t));
  let variance = f64x2.splat(0);
  for (let t = 0; t < bars; t++) {
    v128.store(work + 16 * <usize> t, sum);
    variance = f64x2.add(variance, f64x2.mul(sum, sum));
    const next = t + length < bars ? t + length : t + length - bars;
    sum = f64x2.add(
      f64x2.sub(sum, v128.load(influence + 16 * <usize> t)),
      v128.load(influence + 16 * <usize> next),
    );
  }
  // A sum over a block is held against the mean of all bars, which it is a part of.
  const block = <f64> length;
  const errors = f64x2.mul(variance, f64x2.splat(1 / (n * n * block * (1 - block / n))));
  store<f64>(ESTIMATES, Math.sqrt(f64x2.extract_lane(errors, 0)), 16);
  store<f64>(ESTIMATES, Math.sqrt(f64x2.extract_lane(errors, 1)), 24);
}

/** Where samples are put, two numbers each: what stands in front of it is in use. */
export function samplesAt(samples: i32): usize {
  roomFor(16 * 2 * <usize> bars + 16 * <usize> samples);
  return work + 16 * 2 * <usize> bars;
}

/** Draws samples of so many blocks; puts how many standard errors of its own each is off. */
export function drawSamples(samples: i32, blocks: i32): void {
  let into = work + 16 * 2 * <usize> bars;
  const n = <f64> bars;
  const count = <f64> blocks;
  for (let sample = 0; sample < samples; sample++) {
    let sum = f64x2.splat(0);
    let squares = f64x2.splat(0);
    for (let block = 0; block < blocks; block++) {
      const drawn = v128.load(work + 16 * <usize> <i32> (uniform() * n));
      sum = f64x2.add(sum, drawn);
      squares = f64x2.add(squares, f64x2.mul(drawn, drawn));
    }
    const mean = f64x2.mul(sum, f64x2.splat(1 / count));
    const variance = f64x2.mul(
      f64x2.sub(squares, f64x2.mul(sum, mean)),
      f64x2.splat(1 / (count * (count - 1))),
    );
    v128.store(into, f64x2.div(mean, f64x2.sqrt(variance)));
    into += 16;
  }
}
