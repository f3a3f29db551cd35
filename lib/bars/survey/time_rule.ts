/**
 * Which column is the time of the bars, where no title says so: the one whose
 * every cell is a time and which moves in one direction. Pure.
 *
 * @module
 */

import type { ClockForm } from "./clock_cells.ts";
import { directionOf } from "./time_cells.ts";
import type { ColumnFacts, Survey } from "./survey.ts";

/** A column, or a date and a time of day in two, that all rows say is a time. */
export interface TimeCandidate {
  /** The field of the time, or of its date. */
  readonly time: number;
  /** Where the time of day is, if it is apart. */
  readonly clock: { readonly field: number; readonly form: ClockForm } | null;
}

/** What all rows say of the time. */
export type TimeFinding =
  | { readonly kind: "one"; readonly found: TimeCandidate; readonly why: string }
  | { readonly kind: "several"; readonly candidates: readonly TimeCandidate[] }
  | { readonly kind: "none" };

type Timed = ColumnFacts & { readonly times: NonNullable<ColumnFacts["times"]> };

/**
 * The time of the bars, from all rows.
 *
 * @param among the fields that may be it
 */
export function findTime({ columns, rows }: Survey, among: readonly number[]): TimeFinding {
  const asked = columns.filter(({ field }) => among.includes(field));
  const timed = asked.filter((column): column is Timed => column.times !== null);
  const strict = timed.filter(({ times }) => times.direction === "strict");
  if (strict.length > 0) return beginning(strict, rows);
  const dates = timed.filter(({ times }) => times.areDates && times.direction !== "mixed");
  const clocks = asked.filter(({ clock }) => clock?.isConstant === false);
  const pairs = dates.flatMap((date) =>
    clocks.filter((clock) => clock !== date).map((clock): TimeCandidate => ({
      time: date.field,
      clock: { field: clock.field, form: clock.clock!.form },
    }))
  );
  if (pairs.length > 1) return { kind: "several", candidates: pairs };
  if (pairs.length === 1) {
    return { kind: "one", found: pairs[0]!, why: "a date and a time of day" };
  }
  return beginning(timed.filter(({ times }) => times.direction === "weak"), rows);
}

/** The one of several columns of times that begins the bars. */
function beginning(timed: readonly Timed[], rows: number): TimeFinding {
  const different = timed.filter(({ times }, at) =>
    !timed.slice(0, at).some((other) => other.times.ms.every((ms, row) => ms === times.ms[row]))
  );
  const candidates = different.map(({ field }) => ({ time: field, clock: null }));
  if (different.length === 0) return { kind: "none" };
  if (different.length === 1) {
    const why = timed.length === 1
      ? "the only column of times in one direction"
      : "the first of the columns with these times";
    return { kind: "one", found: candidates[0]!, why };
  }
  const first = rows < 2
    ? undefined
    : different.find((column) =>
      different.every((other) => other === column || begins(column, other))
    );
  if (first === undefined) return { kind: "several", candidates };
  return {
    kind: "one",
    found: { time: first.field, clock: null },
    why: "of the columns of times the one that begins the bar",
  };
}

/** Whether bars that begin at the times of `a` end at those of `b`, before the next one begins. */
function begins({ times: { ms: a } }: Timed, { times: { ms: b } }: Timed): boolean {
  const forward = a.at(-1)! >= a[0]!;
  for (let row = 0; row < a.length; row++) {
    if (!(a[row]! < b[row]!)) return false;
    const next = forward ? a[row + 1] : a[row - 1];
    if (next !== undefined && b[row]! > next) return false;
  }
  return directionOf(b) === "strict";
}
