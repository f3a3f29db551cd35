/**
 * How far apart bars are: the usual interval, and where bars are missing.
 * Pure.
 *
 * @module
 */

/** How far apart bars are. */
export interface Spacing {
  /**
   * The commonest time between neighbours of different times, in milliseconds,
   * the shortest of equally common ones; null if there is none that makes up
   * more than a sixteenth of them.
   */
  readonly intervalMs: number | null;
  /** Places where at least one bar is missing; null without an interval. */
  readonly gaps: Gaps | null;
}

/** Where bars are missing: neighbours at least one and a half intervals apart. */
export interface Gaps {
  /** How many such places. */
  readonly count: number;
  /** Milliseconds between the two bars around the longest one; null if there is none. */
  readonly longestMs: number | null;
  /** Position of the bar before the longest one, from 0; the first of equals. */
  readonly longestAfter: number | null;
  /** Milliseconds since 1970-01-01 UTC of that bar. */
  readonly longestFrom: number | null;
  /** How many bars are missing in all, as whole intervals. */
  readonly missingBars: number;
}

/** How many intervals are counted at once; the limit above is one more. */
const COUNTERS = 15;

/** Bars from which the interval is guessed. */
const GUESSED_FROM = 64;

/** The spacing of times in ascending order, and how many of them repeat the one before. */
export function spacingOf(
  times: Float64Array,
): { readonly spacing: Spacing; readonly repeats: number } {
  const guess = commonest(times.subarray(0, GUESSED_FROM));
  let counted = count(times, guess ?? NaN);
  let intervalMs = guess;
  // What more than half of all are is the commonest, and there is no need to look further.
  if (counted.atInterval * 2 <= counted.steps) {
    intervalMs = commonest(times);
    if (intervalMs !== guess) counted = count(times, intervalMs ?? NaN);
  }
  const { repeats, gaps } = counted;
  return { spacing: { intervalMs, gaps: intervalMs === null ? null : gaps }, repeats };
}

interface Counted {
  /** Neighbours of different times. */
  readonly steps: number;
  /** Those that are the interval apart. */
  readonly atInterval: number;
  readonly repeats: number;
  readonly gaps: Gaps;
}

function count(times: Float64Array, interval: number): Counted {
  let others = 0;
  let repeats = 0;
  let gaps = 0;
  let longest = 0;
  let longestAfter = -1;
  let missingBars = 0;
  const least = interval * 1.5;
  let before = times[0]!;
  for (let t = 1; t < times.length; t++) {
    const now = times[t]!;
    const step = now - before;
    before = now;
    if (step === interval) continue;
    others++;
    if (step === 0) repeats++;
    else if (step >= least) {
      gaps++;
      missingBars += Math.round(step / interval) - 1;
      if (step > longest) {
        longest = step;
        longestAfter = t - 1;
      }
    }
  }
  const all = Math.max(0, times.length - 1);
  return {
    steps: all - repeats,
    atInterval: all - others,
    repeats,
    gaps: {
      count: gaps,
      longestMs: gaps === 0 ? null : longest,
      longestAfter: gaps === 0 ? null : longestAfter,
      longestFrom: gaps === 0 ? null : times[longestAfter]!,
      missingBars,
    },
  };
}

/**
 * The commonest step, as {@linkcode Spacing} says: whatever makes up more than
 * a sixteenth is among the fifteen that are left by the algorithm of Misra and
 * Gries, "Finding repeated elements" (1982); a second pass counts these.
 */
function commonest(times: Float64Array): number | null {
  const steps = new Float64Array(COUNTERS);
  const counts = new Float64Array(COUNTERS);
  eachStep(times, (step) => {
    let free = -1;
    for (let at = 0; at < COUNTERS; at++) {
      if (counts[at] === 0) free = at;
      else if (steps[at] === step) {
        counts[at]!++;
        return;
      }
    }
    if (free === -1) {
      for (let at = 0; at < COUNTERS; at++) counts[at]!--;
    } else {
      steps[free] = step;
      counts[free] = 1;
    }
  });
  const candidates = steps.filter((_, at) => counts[at]! > 0).sort();
  const found = new Float64Array(candidates.length);
  let all = 0;
  eachStep(times, (step) => {
    all++;
    const at = candidates.indexOf(step);
    if (at !== -1) found[at]!++;
  });
  const most = found.indexOf(Math.max(...found));
  return most !== -1 && found[most]! * (COUNTERS + 1) > all ? candidates[most]! : null;
}

function eachStep(times: Float64Array, use: (step: number) => void): void {
  for (let t = 1; t < times.length; t++) {
    const step = times[t]! - times[t - 1]!;
    if (step !== 0) use(step);
  }
}
