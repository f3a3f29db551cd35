/**
 * The studentised slope of returns on positions, of the positions as they are
 * and shifted around. AssemblyScript; see `loops.wasm.ts`.
 */

import { conjugate, prepareRoots, times, transform, transformBack } from "./fourier";
import { RESAMPLING } from "./places";
import { bars, moveAt, positionAt, roomFor, work } from "./track";

/** What was found: the statistic, and how many shifts have one as high, and one as far from 0. */
export const FOUND: usize = RESAMPLING;
/** Shifts that are to be looked at together, as i32. */
export const DRAWN: usize = RESAMPLING + 64;
/** Most of them at once. */
export const MOST_DRAWN: i32 = 512;

/** Statistics that close to each other are equal, as sums in another order differ. */
const TOLERANCE: f64 = 1e-9;
/** A share of the variation this small is rounding. */
const NOTHING: f64 = 1e-12;

let mean: f64 = 0;
let scale: f64 = 1;
let longBars: f64 = 0;
let shortBars: f64 = 0;
let average: f64 = 0;
let spread: f64 = 0;
let longWeight: f64 = 0;
let shortWeight: f64 = 0;
let flatWeight: f64 = 0;
let own: f64 = 0;
let above: f64 = 0;
let away: f64 = 0;

/** The return of a bar, in standard deviations from the mean. */
@inline
function deviationAt(t: i32): f64 {
  return (moveAt(t) - mean) * scale;
}

/**
 * What all shifts have in common. Returns 0 if there is a statistic; else 1 if
 * the position never changes, 2 if the returns do not vary, 3 if one position
 * is that of a single bar.
 */
export function prepareShifts(): i32 {
  const n = <f64> bars;
  let sum: f64 = 0;
  longBars = 0;
  shortBars = 0;
  for (let t = 0; t < bars; t++) {
    sum += moveAt(t);
    const position = positionAt(t);
    longBars += <f64> (position > 0);
    shortBars += <f64> (position < 0);
  }
  const flatBars = n - longBars - shortBars;
  average = (longBars - shortBars) / n;
  spread = longBars + shortBars - n * average * average;
  if (longBars == n || shortBars == n || flatBars == n) return 1;
  mean = sum / n;
  let squares: f64 = 0;
  let largest: f64 = 0;
  for (let t = 0; t < bars; t++) {
    const deviation = moveAt(t) - mean;
    squares += deviation * deviation;
    largest = Math.max(largest, Math.abs(deviation));
  }
  if (largest <= NOTHING) return 2;
  scale = 1 / Math.sqrt(squares / n);
  longWeight = weight(1);
  shortWeight = weight(-1);
  flatWeight = weight(0);
  if (longBars > 0 && longWeight < 0) return 3;
  if (shortBars > 0 && shortWeight < 0) return 3;
  return flatBars > 0 && flatWeight < 0 ? 3 : 0;
}

/** The weight of squared residuals at a position: by its leverage (HC2 of MacKinnon and White). */
function weight(position: f64): f64 {
  const distance = position - average;
  const left = 1 - 1 / <f64> bars - distance * distance / spread;
  return left > NOTHING ? distance * distance / left : -1;
}

/** The statistic, of sums over the bars that are long (of returns and their squares), and short. */
@inline
function statistic(long: v128, short: v128): f64 {
  const n = <f64> bars;
  const longSum = f64x2.extract_lane(long, 0);
  const shortSum = f64x2.extract_lane(short, 0);
  const slope = (longSum - shortSum) / spread;
  const middle = -slope * average;
  const flatSum = -longSum - shortSum;
  const flatSquares = n - f64x2.extract_lane(long, 1) - f64x2.extract_lane(short, 1);
  let variance: f64 = 0;
  if (longBars > 0) {
    const at = middle + slope;
    variance += longWeight *
      Math.max(0, f64x2.extract_lane(long, 1) - 2 * at * longSum + longBars * at * at);
  }
  if (shortBars > 0) {
    const at = middle - slope;
    variance += shortWeight *
      Math.max(0, f64x2.extract_lane(short, 1) - 2 * at * shortSum + shortBars * at * at);
  }
  const flatBars = n - longBars - shortBars;
  if (flatBars > 0) {
    variance += flatWeight *
      Math.max(0, flatSquares - 2 * middle * flatSum + flatBars * middle * middle);
  }
  if (variance > NOTHING * spread) return slope * spread / Math.sqrt(variance);
  return Math.abs(slope) < TOLERANCE ? 0 : slope > 0 ? Infinity : -Infinity;
}

function begin(statistic: f64): void {
  own = statistic;
  above = 0;
  away = 0;
}

@inline
function count(statistic: f64): void {
  const room = TOLERANCE * (1 + Math.abs(own));
  // Of infinite ones nothing can be taken away.
  above += <f64> (statistic >= own || statistic >= own - room);
  away += <f64> (Math.abs(statistic) >= Math.abs(own) || Math.abs(statistic) >= Math.abs(own) - room);
}

function end(): void {
  store<f64>(FOUND, own);
  store<f64>(FOUND, above, 8);
  store<f64>(FOUND, away, 16);
}

/**
 * All shifts from 1 to `furthest`, from the correlation around the circle of
 * positions with returns (real) and squared returns (imaginary).
 */
export function countAll(furthest: i32): void {
  let size: i32 = 4;
  while (size < 2 * bars) size <<= 1;
  const bytes = 16 * <usize> size;
  const returns = work;
  const long = returns + bytes;
  const short = long + bytes;
  const roots = short + bytes;
  roomFor(3 * bytes + bytes / 2);
  prepareRoots(roots, size);
  for (let t = 0; t < bars; t++) {
    const deviation = deviationAt(t);
    const pair = f64x2(deviation, deviation * deviation);
    v128.store(returns + 16 * <usize> t, pair);
    v128.store(returns + 16 * <usize> (bars + t), pair);
  }
  const rest = returns + 32 * <usize> bars;
  memory.fill(rest, 0, returns + bytes - rest);
  transform(returns, roots, size);
  correlate(long, 1, size, returns, roots);
  correlate(short, -1, size, returns, roots);
  const share = f64x2.splat(1 / <f64> size);
  for (let shift = 0; shift <= furthest; shift++) {
    const at = 16 * <usize> shift;
    const found = statistic(
      f64x2.mul(v128.load(long + at), share),
      f64x2.mul(v128.load(short + at), share),
    );
    if (shift == 0) begin(found);
    else count(found);
  }
  end();
}

/** The correlation with the bars of one position, `size` times too large; 0 if there are none. */
function correlate(into: usize, position: i32, size: i32, returns: usize, roots: usize): void {
  memory.fill(into, 0, 16 * <usize> size);
  let any = false;
  for (let t = 0; t < bars; t++) {
    if (positionAt(t) != position) continue;
    store<f64>(into + 16 * <usize> t, 1);
    any = true;
  }
  if (!any) return;
  transform(into, roots, size);
  for (let k = 0; k < size; k++) {
    const at = into + 16 * <usize> k;
    v128.store(at, times(v128.load(returns + 16 * <usize> k), conjugate(v128.load(at))));
  }
  transformBack(into, roots, size);
}

let longs: i32 = 0;
let shorts: i32 = 0;

/** Running sums twice around, and stretches of one position, for {@linkcode countDrawn}. */
export function prepareDrawn(): void {
  const stretches = work + 16 * (2 * <usize> bars + 1);
  roomFor(16 * (2 * <usize> bars + 1) + 8 * <usize> bars + 8);
  let sum = f64x2.splat(0);
  v128.store(work, sum);
  for (let t = 0; t < bars; t++) {
    const deviation = deviationAt(t);
    sum = f64x2.add(sum, f64x2(deviation, deviation * deviation));
    v128.store(work + 16 * <usize> (t + 1), sum);
  }
  for (let t = 1; t <= bars; t++) {
    v128.store(
      work + 16 * <usize> (bars + t),
      f64x2.add(sum, v128.load(work + 16 * <usize> t)),
    );
  }
  longs = stretchesOf(1, stretches);
  shorts = stretchesOf(-1, stretches + 8 * <usize> longs);
  const long = shifted(stretches, longs, 0);
  const short = shifted(stretches + 8 * <usize> longs, shorts, 0);
  begin(statistic(long, short));
  end();
}

/** Puts the first bar of each stretch and the one after it. */
function stretchesOf(position: i32, into: usize): i32 {
  let found: i32 = 0;
  let before: i32 = 0;
  for (let t = 0; t <= bars; t++) {
    const now = t < bars ? positionAt(t) : 0;
    if (now == position && before != position) store<i32>(into + 8 * <usize> found, t);
    if (now != position && before == position) {
      store<i32>(into + 8 * <usize> found, t, 4);
      found++;
    }
    before = now;
  }
  return found;
}

/** Sums over the stretches, shifted. */
@inline
function shifted(stretches: usize, count: i32, shift: i32): v128 {
  const from = work + 16 * <usize> shift;
  let sum = f64x2.splat(0);
  let other = f64x2.splat(0);
  let n: i32 = 0;
  for (; n + 1 < count; n += 2) {
    const at = stretches + 8 * <usize> n;
    sum = f64x2.add(sum, stretch(from, at));
    other = f64x2.add(other, stretch(from, at + 8));
  }
  if (n < count) sum = f64x2.add(sum, stretch(from, stretches + 8 * <usize> n));
  return f64x2.add(sum, other);
}

@inline
function stretch(from: usize, at: usize): v128 {
  return f64x2.sub(
    v128.load(from + 16 * <usize> load<i32>(at, 4)),
    v128.load(from + 16 * <usize> load<i32>(at)),
  );
}

/** Looks at the first so many shifts of `DRAWN`. */
export function countDrawn(drawn: i32): void {
  const long = work + 16 * (2 * <usize> bars + 1);
  const short = long + 8 * <usize> longs;
  for (let n = 0; n < drawn; n++) {
    const shift = load<i32>(DRAWN + 4 * <usize> n);
    count(statistic(shifted(long, longs, shift), shifted(short, shorts, shift)));
  }
  end();
}
