/**
 * Whether a signal looks ahead: the position at bar *t* may depend on bars 0
 * to *t* only.
 *
 * Two tests at each cut. Truncation: the signal of the bars before the cut
 * alone must be the beginning of the whole signal. Perturbation: it must stay
 * that beginning when every bar from the cut on is noise. The first finds what
 * depends on there being later bars, the second what depends on their values.
 * Neither can prove that there is no bias at a bar that no cut follows
 * closely; a cut after every bar comes nearest to it. Pure.
 *
 * @module
 */

import { randomStreams } from "../random.ts";
import { chooseCuts } from "./cuts.ts";
import {
  type LookaheadTest,
  type ProofSubject,
  Search,
  type UncomparedCuts,
} from "./lookahead_search.ts";
import { noisyBars } from "./noise.ts";
import { columnsOf, sliceBars, type Source } from "./partial_bars.ts";

/** Cuts, if nobody says how many. */
export const DEFAULT_CUTS = 32;

/** How thoroughly to look. */
export interface LookaheadOptions {
  /** Cuts, from 1; `all`: after every bar. */
  readonly cuts: number | "all";
  /** Seed of the noise and of the random cuts. */
  readonly seed: number;
  /** Called before each computation; it may take its time, or throw to end the check. */
  readonly pause?: (() => Promise<void>) | undefined;
}

/** What was found. */
export interface LookaheadReport {
  /** Name of the experiment. */
  readonly experiment: string;
  /** Bars of the data. */
  readonly bars: number;
  /** Leading bars that were compared at one cut or more. */
  readonly barsChecked: number;
  /** How many cuts were made. */
  readonly cuts: number;
  /** Bars whose position, or whose being warm-up, was seen to depend on later bars. */
  readonly biasedBars: number;
  /** The first of those bars, from 0; null if there is none. */
  readonly firstBiasedBar: number | null;
  /** Its time, milliseconds since 1970-01-01 UTC; null without times. */
  readonly firstBiasedTime: number | null;
  /**
   * Through what the future leaks. Empty for a biased signal: as far as was
   * found it depends on how many bars there are, whatever they hold.
   */
  readonly leaks: readonly Source[];
  /** For each test, at how many cuts it could be made and at how many it found bias. */
  readonly tests: {
    readonly [T in LookaheadTest]: { readonly compared: number; readonly biased: number };
  };
  /** Cuts at which the experiment failed. */
  readonly uncompared: readonly UncomparedCuts[];
  /** What it cost, in computations of the signal of all bars. */
  readonly computations: number;
}

/**
 * Looks for look-ahead bias.
 *
 * @throws {UserError} if the experiment fails on the bars themselves, or gives
 * another signal for the same bars, in which case nothing can be told
 */
export async function checkLookahead(
  subject: ProofSubject,
  { cuts: count, seed, pause }: LookaheadOptions,
): Promise<LookaheadReport> {
  const { experiment, bars } = subject;
  const streams = randomStreams(seed);
  const random = (stream: string) => streams(`look-ahead: ${stream}`);
  const read = new Set<Source>();
  const search = new Search(subject, read);
  const cuts = chooseCuts(search.full, { count, random: random("cuts") });
  const noisy = noisyBars(bars, random);
  const columns = new Set(columnsOf(bars));
  for (const cut of cuts) {
    await pause?.();
    search.test("truncation", cut, sliceBars(bars, 0, cut));
    await pause?.();
    search.test("perturbation", cut, noisy(cut, columns));
  }
  if (search.isBiased) search.confirm();
  const leaks = await search.leaks(read, { noisy, pause });
  const first = search.isBiased ? search.biased.indexOf(1) : null;
  return {
    experiment,
    bars: bars.length,
    barsChecked: search.barsChecked,
    cuts: cuts.length,
    biasedBars: search.biased.reduce((sum, flag) => sum + flag, 0),
    firstBiasedBar: first,
    firstBiasedTime: first === null ? null : bars.times?.[first] ?? null,
    leaks,
    tests: {
      truncation: search.tally("truncation"),
      perturbation: search.tally("perturbation"),
    },
    uncompared: [...search.uncompared.values()],
    computations: search.computations,
  };
}
