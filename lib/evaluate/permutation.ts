/**
 * Whether positions fit the returns that they earn better than chance would
 * have it. Pure.
 *
 * @module
 */

import type { Random } from "../experiment.ts";
import type { Track } from "./ledger.ts";
import type { Measure } from "./measure.ts";
import { loadTrack } from "./resampled_track.ts";
import * as wasm from "./loops.wasm";

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
 * Shifts that are almost all the way round bring positions to returns that they
 * were made of. A signal that follows trends does wonders there, so that none
 * would have a p-value below the share of such shifts, and one against trends
 * does badly. As far as a signal looks back, which is what its warm-up tells,
 * they are left out, unless that were more than half of all.
 *
 * A shift costs one step per change of position: by partial summation, the sum
 * is over the changes, each times the running sum of returns there.
 *
 * @returns why there is none, if every shift is the same
 */
export function shiftTest(
  track: Track,
  { permutations, random }: { readonly permutations: number; readonly random: Random },
): Measure {
  const bars = loadTrack(track);
  if (wasm.prepareShifts() === 0) return "the position is the same at every bar";
  const least = wasm.earned(0) - TOLERANCE * wasm.moves();
  const furthest = bars - 1 - Math.min(track.from, Math.floor((bars - 1) / 2));
  const isExhaustive = permutations >= furthest;
  const shifts = isExhaustive ? furthest : permutations;
  let atLeast = 1;
  for (let count = 1; count <= shifts; count++) {
    if (wasm.earned(isExhaustive ? count : random.int(1, furthest)) >= least) atLeast++;
  }
  return atLeast / (shifts + 1);
}
