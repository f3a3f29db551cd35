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

/** Of up to as many bars all shifts are looked at, which takes as long as some hundred drawn ones. */
export const MOST_BARS_FOR_ALL = 1 << 17;

/** What a permutation test found. */
export interface ShiftTest {
  /** How likely positions that know nothing do as well. */
  readonly pValue: Measure;
  /** And how likely they are as far from doing nothing, for better or worse. */
  readonly twoSided: Measure;
  /** How many shifts were looked at; 0 if there is nothing to find. */
  readonly shifts: number;
  /** Whether these are all shifts that there are. */
  readonly isExhaustive: boolean;
}

const REASONS: Readonly<Record<number, string>> = {
  1: "the position is the same at every bar",
  2: "the returns do not vary",
  3: "a position that a single bar has tells nothing of how returns vary",
};

/**
 * A permutation test by shifts around the circle: the positions are shifted
 * against the returns, and what falls off at the end comes in at the beginning.
 * So both keep all that they have by themselves, and lose what they have in
 * common. The p-value is the share of shifts, the true one among them, whose
 * statistic is at least the true one.
 *
 * The statistic is the slope of returns on positions divided by its
 * heteroskedasticity-robust standard error (HC2 of J. G. MacKinnon and H. White,
 * Journal of Econometrics 29, 1985); with two positions that is the t of B. L.
 * Welch (Biometrika 34, 1947). A sum of returns would not do: a signal that buys
 * after falls holds when returns are large, so its own sum varies more than the
 * shifted ones.
 *
 * Shifts that are almost all the way round bring positions to returns that they
 * were made of. As far as a signal looks back, they are left out: as many as it
 * has warm-up bars, and at least the number of bars to the power of 2/3, as what
 * is entered on one condition and left on another looks back further; but no more
 * than half of all.
 *
 * @param options.drawn how many shifts to draw; undefined: all of them, or of
 * more than {@linkcode MOST_BARS_FOR_ALL} bars as many as `most` says
 */
export function shiftTest(
  track: Track,
  { drawn, most, random }: {
    readonly drawn: number | undefined;
    readonly most: number;
    readonly random: Random;
  },
): ShiftTest {
  const bars = loadTrack(track);
  const reason = bars < 2 ? "a single return does not vary" : REASONS[wasm.prepareShifts()];
  if (reason !== undefined) {
    return { pValue: reason, twoSided: reason, shifts: 0, isExhaustive: false };
  }
  const back = Math.max(track.from, Math.round(Math.cbrt(bars * bars)));
  const furthest = bars - 1 - Math.min(back, Math.floor((bars - 1) / 2));
  const isExhaustive = bars <= MOST_BARS_FOR_ALL && (drawn ?? furthest) >= furthest;
  const shifts = isExhaustive ? furthest : drawn ?? most;
  if (isExhaustive) wasm.countAll(furthest);
  else countDrawn(shifts, () => random.int(1, furthest));
  const [, above, away] = new Float64Array(wasm.memory.buffer, wasm.FOUND, 3);
  return {
    pValue: (1 + above!) / (1 + shifts),
    twoSided: (1 + away!) / (1 + shifts),
    shifts,
    isExhaustive,
  };
}

function countDrawn(shifts: number, draw: () => number): void {
  wasm.prepareDrawn();
  const places = new Int32Array(wasm.memory.buffer, wasm.DRAWN, wasm.MOST_DRAWN);
  for (let left = shifts; left > 0;) {
    const count = Math.min(left, wasm.MOST_DRAWN);
    for (let n = 0; n < count; n++) places[n] = draw();
    wasm.countDrawn(count);
    left -= count;
  }
}
