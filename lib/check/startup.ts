/**
 * How far a signal depends on where the data starts. A rolling mean forgets
 * what left its window; a recursive indicator such as an EMA remembers its
 * first value, ever less of it. Pure.
 *
 * @module
 */

import type { Signal } from "../experiment.ts";
import type { ProofSubject } from "./lookahead_search.ts";
import { sliceBars } from "./partial_bars.ts";

/**
 * A signal that differs in the last tenth of its bars has not settled: it may
 * as well differ beyond them.
 */
const UNSETTLED_FROM = 0.9;

/** The signal of data that starts later, against that of all the data. */
export interface LaterStart {
  /** How many bars later it starts. */
  readonly bars: number;
  /** Bars that are past the warm-up of both signals. */
  readonly compared: number;
  /** Those of them at which the positions differ. */
  readonly differing: number;
  /** The last of those, counted from the new start, from 0; null if there is none. */
  readonly lastDifference: number | null;
  /** The experiment's message, if it failed. */
  readonly failure: string | null;
}

/** What was found. */
export interface StartupReport {
  /** Name of the experiment. */
  readonly experiment: string;
  /** Bars of the data. */
  readonly bars: number;
  /** Warm-up bars of the signal of all the data. */
  readonly warmup: number;
  /** The signals of later starts. */
  readonly starts: readonly LaterStart[];
  /** Bars after which no position differs, over all starts; null if nothing was compared. */
  readonly barsToSettle: number | null;
  /** Whether the differences end well before the data does; null if nothing was compared. */
  readonly settles: boolean | null;
}

/**
 * Starts the data later by 1, 2, 5, 10, … bars, up to half of them, and
 * compares each signal with that of all the data.
 *
 * @throws {UserError} if the experiment fails on all the data
 */
export function checkStartup({ experiment, bars, compute }: ProofSubject): StartupReport {
  const full = compute(sliceBars(bars, 0, bars.length));
  const starts = laterStarts(bars.length).map((later): LaterStart => {
    let signal: Signal;
    try {
      signal = compute(sliceBars(bars, later, bars.length));
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      return { bars: later, compared: 0, differing: 0, lastDifference: null, failure };
    }
    return { bars: later, ...differences(signal, { full, later }), failure: null };
  });
  const compared = starts.filter(({ compared }) => compared > 0);
  const isCompared = compared.length > 0;
  return {
    experiment,
    bars: bars.length,
    warmup: full.warmup,
    starts,
    barsToSettle: isCompared
      ? Math.max(...compared.map(({ lastDifference }) => (lastDifference ?? -1) + 1))
      : null,
    settles: isCompared
      ? compared.every(({ bars: later, lastDifference }) =>
        (lastDifference ?? -1) < UNSETTLED_FROM * (bars.length - later)
      )
      : null,
  };
}

/** 1, 2, 5, 10, 20, 50, … up to half of the bars. */
function laterStarts(bars: number): readonly number[] {
  const starts: number[] = [];
  for (let power = 1; power <= bars / 2; power *= 10) {
    starts.push(...[1, 2, 5].map((digit) => digit * power).filter((start) => start <= bars / 2));
  }
  return starts;
}

function differences(
  { positions, warmup }: Signal,
  { full, later }: { readonly full: Signal; readonly later: number },
): Pick<LaterStart, "compared" | "differing" | "lastDifference"> {
  const from = Math.max(warmup, full.warmup - later);
  let differing = 0;
  let lastDifference: number | null = null;
  for (let t = from; t < positions.length; t++) {
    if (positions[t] === full.positions[later + t]) continue;
    differing++;
    lastDifference = t;
  }
  return {
    compared: positions.length - Math.min(from, positions.length),
    differing,
    lastDifference,
  };
}
