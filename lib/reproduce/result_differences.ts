/**
 * In what a result differs from a recorded one. Pure.
 *
 * @module
 */

import { own } from "../own.ts";

/** How many differing bars are told one by one. */
const SHOWN_BARS = 3;

/** A metric that is not what it was. */
export interface MetricDifference {
  /** Its name. */
  readonly name: string;
  /** What was recorded; null if there was none. */
  readonly expected: number | null;
  /** What came out; null if there is none. */
  readonly actual: number | null;
}

/** A bar at which the position is not what it was. */
export interface PositionDifference {
  /** The bar, from 0. */
  readonly bar: number;
  /** Its time, milliseconds since 1970-01-01 UTC; null without times. */
  readonly time: number | null;
  /** The recorded position; null if there was no such bar. */
  readonly expected: number | null;
  /** The position now; null if there is no such bar. */
  readonly actual: number | null;
}

/** Positions against recorded ones. */
export interface PositionDifferences {
  /** Bars that were compared. */
  readonly bars: number;
  /** Bars at which the positions differ. */
  readonly differing: number;
  /** The first of them. */
  readonly first: readonly PositionDifference[];
}

/** Metrics by name. */
export type Metrics = Readonly<Record<string, number>>;

/** The metrics that differ, in the order of the actual ones. */
export function metricDifferences(expected: Metrics, actual: Metrics): readonly MetricDifference[] {
  const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...names].flatMap((name) => {
    const [before = null, now = null] = [own(expected, name), own(actual, name)];
    return before === now ? [] : [{ name, expected: before, actual: now }];
  });
}

/** The positions that differ. */
export function positionDifferences(
  expected: Int8Array,
  actual: Int8Array,
  times: ArrayLike<number> | null,
): PositionDifferences {
  const bars = Math.max(expected.length, actual.length);
  const first: PositionDifference[] = [];
  let differing = 0;
  for (let bar = 0; bar < bars; bar++) {
    if (expected[bar] === actual[bar]) continue;
    differing++;
    if (first.length === SHOWN_BARS) continue;
    first.push({
      bar,
      time: times?.[bar] ?? null,
      expected: expected[bar] ?? null,
      actual: actual[bar] ?? null,
    });
  }
  return { bars, differing, first };
}
