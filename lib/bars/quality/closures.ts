/**
 * Which gaps between bars are those of a market that closes, and which are
 * holes. A night or a weekend comes back at its time of day, holes do not. Pure.
 *
 * @module
 */

import type { Times } from "../time/times.ts";

/** Where bars are missing though the market was open. */
export interface Holes {
  /** How many places. */
  readonly count: number;
  /** How many bars are missing there, as whole intervals. */
  readonly missingBars: number;
  /** Whether the market closes regularly. */
  readonly marketCloses: boolean;
}

/** A gap. */
interface Gap {
  /** Milliseconds between the two bars around it. */
  readonly step: number;
  /** Milliseconds since 1970-01-01 UTC of the bar before. */
  readonly from: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Clocks are set back and forward by an hour, so a time of day is taken as one of so long. */
const TIME_OF_DAY = 2 * HOUR;
/** A closure comes back at least once in so many days, on average. */
const DAYS_BETWEEN = 21;
/** And so often at least. */
const FEWEST = 3;
/** A holiday makes a closure longer, up to this. */
const LONGEST_HOLIDAY = 5 * DAY;

/** The holes among the gaps between bars that are `interval` apart. */
export function holesOf(times: Times, interval: number): Holes {
  const gaps = gapsOf(times, interval * 1.5);
  const counts = new Map<string, number>();
  for (const gap of gaps) counts.set(keyOf(gap), (counts.get(keyOf(gap)) ?? 0) + 1);
  const days = times.length < 2 ? 0 : (times.at(times.length - 1) - times.at(0)) / DAY;
  const least = Math.max(FEWEST, days / DAYS_BETWEEN);
  const isClosure = (gap: Gap): boolean => counts.get(keyOf(gap))! >= least;
  const closures = new Set(gaps.filter(isClosure).map(({ step }) => step));
  const holes = gaps.filter((gap) => !isClosure(gap) && !isHoliday(gap, closures));
  return {
    count: holes.length,
    missingBars: holes.reduce((sum, { step }) => sum + Math.round(step / interval) - 1, 0),
    marketCloses: closures.size > 0,
  };
}

function gapsOf(times: Times, least: number): readonly Gap[] {
  const gaps: Gap[] = [];
  times.eachStep((step, equal, after) => {
    if (step < least) return;
    for (let t = after; t < after + equal; t++) gaps.push({ step, from: times.at(t) });
  });
  return gaps;
}

/** Gaps of one length that begin at about one time of day. */
function keyOf({ step, from }: Gap): string {
  return `${step} ${Math.floor((((from % DAY) + DAY) % DAY) / TIME_OF_DAY)}`;
}

/** Whether a gap is a closure that is longer or shorter by whole days. */
function isHoliday({ step }: Gap, closures: ReadonlySet<number>): boolean {
  if (step >= LONGEST_HOLIDAY) return false;
  return [...closures].some((closure) => {
    const days = (step - closure) / DAY;
    return Math.abs(days - Math.round(days)) * DAY <= HOUR;
  });
}

/** Fewer steps than these tell nothing of a half. */
const FEWEST_STEPS = 20;
/** How many different steps of a half are counted. */
const MOST_STEPS = 10_000;

/**
 * Whether the interval of the first half is another than that of the second,
 * each that of most bars there.
 */
export function intervalChanges(times: Times): boolean {
  const half = times.length >> 1;
  const halves = [new Map<number, number>(), new Map<number, number>()] as const;
  times.eachStep((step, equal, after) => {
    const early = Math.max(0, Math.min(equal, half - after));
    for (const [counts, count] of [[halves[0], early], [halves[1], equal - early]] as const) {
      if (count > 0 && (counts.has(step) || counts.size < MOST_STEPS)) {
        counts.set(step, (counts.get(step) ?? 0) + count);
      }
    }
  });
  const [first, second] = halves.map(usual);
  return first !== undefined && second !== undefined && first !== second;
}

function usual(counts: ReadonlyMap<number, number>): number | undefined {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return all < FEWEST_STEPS ? undefined : [...counts].find(([, count]) => count * 2 > all)?.[0];
}
