/**
 * How far apart bars are: the usual interval, and where bars are missing.
 * Pure.
 *
 * @module
 */

import { type Holes, holesOf, intervalChanges } from "./closures.ts";
import type { Times } from "../time/times.ts";

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
  /** Those of them that are no closures of the market; null without an interval. */
  readonly holes: Holes | null;
  /** Whether the interval of the first half is another than that of the second. */
  readonly changes: boolean;
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

/** The spacing of times in ascending order, and how many of them repeat the one before. */
export function spacingOf(
  times: Times,
): { readonly spacing: Spacing; readonly repeats: number } {
  const intervalMs = commonest(times);
  const { repeats, gaps } = count(times, intervalMs ?? NaN);
  const spacing = {
    intervalMs,
    gaps: intervalMs === null ? null : gaps,
    holes: intervalMs === null ? null : holesOf(times, intervalMs),
    changes: intervalChanges(times),
  };
  return { spacing, repeats };
}

function count(
  times: Times,
  interval: number,
): { readonly repeats: number; readonly gaps: Gaps } {
  let repeats = 0;
  let gaps = 0;
  let longest = 0;
  let longestAfter = -1;
  let missingBars = 0;
  const least = interval * 1.5;
  times.eachStep((step, equal, after) => {
    if (step === 0) repeats += equal;
    else if (step >= least) {
      gaps += equal;
      missingBars += equal * (Math.round(step / interval) - 1);
      if (step > longest) {
        longest = step;
        longestAfter = after;
      }
    }
  });
  return {
    repeats,
    gaps: {
      count: gaps,
      longestMs: gaps === 0 ? null : longest,
      longestAfter: gaps === 0 ? null : longestAfter,
      longestFrom: gaps === 0 ? null : times.at(longestAfter),
      missingBars,
    },
  };
}

/**
 * The commonest step, as {@linkcode Spacing} says: whatever makes up more than
 * a sixteenth is among the fifteen that are left by the algorithm of Misra and
 * Gries, "Finding repeated elements" (1982), in which equal neighbours count
 * at once; a second pass counts these.
 */
function commonest(times: Times): number | null {
  const steps = new Float64Array(COUNTERS);
  const counts = new Float64Array(COUNTERS);
  times.eachStep((step, equal) => {
    if (step === 0) return;
    let left = equal;
    while (left > 0) {
      let free = -1;
      let fewest = left;
      for (let at = 0; at < COUNTERS; at++) {
        if (counts[at] === 0) free = at;
        else if (steps[at] === step) {
          counts[at]! += left;
          return;
        } else fewest = Math.min(fewest, counts[at]!);
      }
      if (free !== -1) {
        steps[free] = step;
        counts[free] = left;
        return;
      }
      for (let at = 0; at < COUNTERS; at++) counts[at]! -= fewest;
      left -= fewest;
    }
  });
  const candidates = steps.filter((_, at) => counts[at]! > 0).sort();
  const found = new Float64Array(candidates.length);
  let all = 0;
  times.eachStep((step, equal) => {
    if (step === 0) return;
    all += equal;
    const at = candidates.indexOf(step);
    if (at !== -1) found[at]! += equal;
  });
  const most = found.indexOf(Math.max(...found));
  return most !== -1 && found[most]! * (COUNTERS + 1) > all ? candidates[most]! : null;
}
