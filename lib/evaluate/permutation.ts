/**
 * Whether positions fit the returns that they earn better than chance would
 * have it. Pure.
 *
 * @module
 */

import type { Random } from "../experiment.ts";
import type { Track } from "./ledger.ts";
import type { Measure } from "./measure.ts";

/** Sums closer than this share of all moves are equal, as sums in another order differ. */
const TOLERANCE = 1e-11;

/**
 * The p-value of a circular-shift test: how likely positions that know nothing
 * earn as much, costs aside. The positions are shifted against the returns, and
 * what falls off at the end comes in at the beginning; so both keep all that
 * they have by themselves, and lose what they have in common. The p-value is the
 * share of shifts, the true one among them (hence above 0), whose sum of position
 * by return is at least the true one.
 *
 * A shift costs one step per change of position: by partial summation, the sum
 * is over the changes, each times the running sum of returns there.
 *
 * @returns why there is none, if every shift is the same
 */
export function shiftTest(
  { prices, positions, from, end }: Track,
  { permutations, random }: { readonly permutations: number; readonly random: Random },
): Measure {
  const bars = end - from;
  const changes = changesOf(positions, { from, end });
  if (changes.at.length === 0) return "the position is the same at every bar";
  // Twice around, so that no shift goes beyond.
  const running = new Float64Array(2 * bars + 1);
  let moves = 0;
  for (let t = 0; t < bars; t++) {
    const move = prices[from + t + 1]! / prices[from + t]! - 1;
    moves += Math.abs(move);
    running[t + 1] = running[t]! + move;
  }
  const total = running[bars]!;
  for (let t = 1; t <= bars; t++) running[bars + t] = total + running[t]!;
  const first = positions[from]!;
  const last = positions[end - 1]!;
  const earned = (shift: number): number =>
    last * running[bars + shift]! - first * running[shift]! - weighted(running, { changes, shift });
  const least = earned(0) - TOLERANCE * moves;
  const isExhaustive = permutations >= bars - 1;
  const shifts = isExhaustive ? bars - 1 : permutations;
  let atLeast = 1;
  for (let count = 1; count <= shifts; count++) {
    if (earned(isExhaustive ? count : random.int(1, bars - 1)) >= least) atLeast++;
  }
  return atLeast / (shifts + 1);
}

interface Changes {
  /** Bars, from 0 for the first of the track, whose position is not that of the bar before. */
  readonly at: Int32Array;
  /** By how much. */
  readonly by: Float64Array;
}

function changesOf(
  positions: Int8Array,
  { from, end }: { readonly from: number; readonly end: number },
): Changes {
  let count = 0;
  for (let t = from + 1; t < end; t++) if (positions[t] !== positions[t - 1]) count++;
  const at = new Int32Array(count);
  const by = new Float64Array(count);
  for (let t = from + 1, write = 0; write < count; t++) {
    if (positions[t] === positions[t - 1]) continue;
    at[write] = t - from;
    by[write++] = positions[t]! - positions[t - 1]!;
  }
  return { at, by };
}

function weighted(
  running: Float64Array,
  { changes, shift }: { readonly changes: Changes; readonly shift: number },
): number {
  const { at, by } = changes;
  let sum = 0;
  for (let n = 0; n < at.length; n++) sum += by[n]! * running[at[n]! + shift]!;
  return sum;
}
