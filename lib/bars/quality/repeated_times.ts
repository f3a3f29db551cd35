/**
 * Bars that have the time of the bar before: rows that a file holds twice, or
 * two that tell different stories about one moment. Pure.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { type Bars, COLUMN_NAMES, type ColumnName } from "../../experiment.ts";
import { isoTime } from "../time/iso_time.ts";
import { mayBeSetBack, NAME_ZONE } from "../time/set_back.ts";
import type { RowOrder } from "../time/time_order.ts";
import type { Times } from "../time/times.ts";

/** Bars in time order with whichever columns were kept. */
export type KeptBars =
  & { readonly length: number; readonly times: Times | null }
  & Partial<Pick<Bars, ColumnName>>;

/** How many of each kind are remembered by position. */
const SHOWN_BARS = 5;

/** What `duplicates` may be. */
export const DUPLICATES_POLICIES = ["first", "last", "keep"] as const;

/**
 * Which of the rows of one time count: the first or the last, as they stand in
 * the file, or all. Without a policy, rows that are identical count once.
 */
export type DuplicatesPolicy = typeof DUPLICATES_POLICIES[number];

/** Some bars: how many, and which the first of them are. */
export interface FoundBars {
  /** How many. */
  readonly count: number;
  /** Positions of the first few, from 0. */
  readonly bars: readonly number[];
  /** Their times, milliseconds since 1970-01-01 UTC. */
  readonly times: readonly number[];
}

/** The bars that have the time of the bar before. */
export interface RepeatedTimes {
  /** Those with the same value in every kept column, too. */
  readonly identical: FoundBars;
  /** Those with another value in a kept column. */
  readonly conflicting: FoundBars;
}

/** Finds the bars that have the time of the bar before; none without times. */
export function repeatedTimes(bars: KeptBars): RepeatedTimes {
  const identical = { count: 0, bars: [] as number[], times: [] as number[] };
  const conflicting = { count: 0, bars: [] as number[], times: [] as number[] };
  const { times } = bars;
  if (times !== null) {
    const columns = keptUnits(bars);
    times.eachStep((step, count, after) => {
      if (step !== 0) return;
      for (let t = after + 1; t <= after + count; t++) {
        const kind = sameValues(columns, t) ? identical : conflicting;
        kind.count++;
        if (kind.bars.length === SHOWN_BARS) continue;
        kind.bars.push(t);
        kind.times.push(times.at(t));
      }
    });
  }
  return { identical, conflicting };
}

function keptUnits(bars: KeptBars): readonly ArrayLike<number | bigint>[] {
  return COLUMN_NAMES.flatMap((name) => bars[name] === undefined ? [] : [bars[name].units]);
}

/** Whether bar `t` has the values of the bar before; units of one column share one power of ten. */
function sameValues(columns: readonly ArrayLike<number | bigint>[], t: number): boolean {
  for (let at = 0; at < columns.length; at++) {
    if (columns[at]![t] !== columns[at]![t - 1]) return false;
  }
  return true;
}

/**
 * Which bars count.
 *
 * @param options `duplicates`: which rows of one time do, as they stand in the
 * file; without it, those that differ from the one before; `order`: how the rows
 * stood, as newest-first rows were reversed; `repeats`: the repeated times
 * @returns positions of the bars that count, or null if that is all of them
 */
export function countedBars(
  bars: KeptBars,
  { duplicates, order, repeats }: {
    readonly duplicates: DuplicatesPolicy | undefined;
    readonly order: RowOrder;
    readonly repeats: RepeatedTimes;
  },
): Uint32Array | null {
  if (duplicates === "keep") return null;
  if (duplicates !== undefined) return barsOfDistinctTimes(bars, { keep: duplicates, order });
  return repeats.identical.count === 0 ? null : distinctBars(bars, repeats.identical.count);
}

/** The bars that differ from the one before, which `repeated` bars do not. */
function distinctBars(bars: KeptBars, repeated: number): Uint32Array {
  const columns = keptUnits(bars);
  const times = bars.times!.values;
  const kept = new Uint32Array(times.length - repeated);
  for (let t = 0, write = 0; t < times.length; t++) {
    if (t === 0 || times[t] !== times[t - 1] || !sameValues(columns, t)) kept[write++] = t;
  }
  return kept;
}

/** The first or the last bar of each time, or null if each time is there once. */
function barsOfDistinctTimes(
  { times: column }: KeptBars,
  { keep, order }: { readonly keep: "first" | "last"; readonly order: RowOrder },
): Uint32Array | null {
  if (column === null) return null;
  const times = column.values;
  let distinct = times.length === 0 ? 0 : 1;
  for (let t = 1; t < times.length; t++) if (times[t] !== times[t - 1]) distinct++;
  if (distinct === times.length) return null;
  const kept = new Uint32Array(distinct);
  const keepsEarlier = (keep === "first") !== (order === "descending");
  for (let t = 0, write = 0; t < times.length; t++) {
    const neighbour = keepsEarlier ? t - 1 : t + 1;
    if (times[neighbour] !== times[t]) kept[write++] = t;
  }
  return kept;
}

/**
 * The error for bars that conflict while nothing says which to keep; `fileOf`
 * gives the file of a bar where there are several, `areLocal` says that nothing
 * names their zone.
 */
export function conflictError(
  path: string,
  { bars, conflicting, fileOf, areLocal = false }: {
    readonly bars: Partial<Pick<Bars, ColumnName>>;
    readonly conflicting: FoundBars;
    readonly fileOf?: ((bar: number) => string) | undefined;
    readonly areLocal?: boolean;
  },
): UserError {
  const t = conflicting.bars[0]!;
  const differing = COLUMN_NAMES.filter((name) => {
    const units = bars[name]?.units;
    return units !== undefined && units[t] !== units[t - 1];
  });
  const files = fileOf === undefined ? [] : [...new Set([fileOf(t - 1), fileOf(t)])];
  const where = files.length === 0 ? "" : ` (in ${files.join(" and in ")})`;
  const others = conflicting.count === 1 ? "" : ` (${conflicting.count} such bars in all)`;
  return new UserError(
    `Cannot use ${path}: two rows for ${isoTime(conflicting.times[0]!)}${where} differ in their ` +
      `${differing.join(" and ")}${others}`,
    {
      code: "data_invalid",
      hint: areLocal && mayBeSetBack(conflicting.times[0]!)
        ? `The clock may have been set back then, so that both count. ${NAME_ZONE}`
        : "Correct the file, or say which row of a time counts: " +
          "--set duplicates=first or --set duplicates=last",
    },
  );
}
