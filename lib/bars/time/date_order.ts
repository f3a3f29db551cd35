/**
 * Whether the day or the month stands first in a column of dates such as
 * 01/02/2024, decided from the whole column. Pure.
 *
 * @module
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONTH_DAYS = 365.2425 / 12;

/** Steps may be this much off a whole day, as clocks are set back and forward. */
const CLOCK_CHANGE = 2 * HOUR;
/** And these days off a whole month, as months are unequal and begin on a weekend. */
const MONTH_SLACK = 3.5;

/** So few days are as likely months. */
const FEW_STEPS = 5;

/** Which comes first, or why that cannot be said. */
export type DateOrderDecision =
  | {
    /** The day first, or the month. */
    readonly order: "dmy" | "mdy";
    /**
     * What told: an impossible date, the regularity of the times, that they are days
     * and not months apart, or that both give the same.
     */
    readonly by: "validity" | "regularity" | "step" | "equality";
  }
  | {
    readonly order: null;
    readonly reason: "contradictory";
    /** The first row that is a date only with the day first, from 0. */
    readonly dayFirstRow: number;
    /** The first row that is a date only with the month first. */
    readonly monthFirstRow: number;
  }
  | { readonly order: null; readonly reason: "ambiguous" };

/**
 * Decides from a column read both ways, in file order: milliseconds, NaN where
 * a row is no date that way, equal where the order makes no difference. Rows
 * that are NaN both ways don't count.
 *
 * A date that exists in one order only decides. Otherwise the order wins
 * - that alone leaves the rows sorted, forward or backward,
 * - or in which more bars follow each other at the usual step, be that minutes,
 *   days or months,
 * - or, for steps below a day, that needs at most half the other's time span,
 * - or in which rows in order, a few at least, are all a day apart, where in the
 *   other they are all a month apart.
 */
export function decideDateOrder(
  dayFirst: Float64Array,
  monthFirst: Float64Array,
): DateOrderDecision {
  let dayFirstRow = -1;
  let monthFirstRow = -1;
  let equal = true;
  for (let row = 0; row < dayFirst.length; row++) {
    const day = dayFirst[row]!;
    const month = monthFirst[row]!;
    if (day === month) continue;
    const noDay = Number.isNaN(day);
    const noMonth = Number.isNaN(month);
    if (noDay && noMonth) continue;
    equal = false;
    if (noMonth && dayFirstRow === -1) dayFirstRow = row;
    if (noDay && monthFirstRow === -1) monthFirstRow = row;
  }
  if (equal) return { order: "dmy", by: "equality" };
  if (dayFirstRow !== -1 && monthFirstRow !== -1) {
    return { order: null, reason: "contradictory", dayFirstRow, monthFirstRow };
  }
  if (dayFirstRow !== -1) return { order: "dmy", by: "validity" };
  if (monthFirstRow !== -1) return { order: "mdy", by: "validity" };
  const lead = compareRegularity(dayFirst, monthFirst);
  if (lead === 0) {
    if (areDaysNotMonths(dayFirst, monthFirst)) return { order: "dmy", by: "step" };
    if (areDaysNotMonths(monthFirst, dayFirst)) return { order: "mdy", by: "step" };
    return { order: null, reason: "ambiguous" };
  }
  return { order: lead > 0 ? "dmy" : "mdy", by: "regularity" };
}

/** Whether all steps are of one day in the first, and of one month in the second. */
function areDaysNotMonths(days: Float64Array, months: Float64Array): boolean {
  const [a, b] = [stepsOf(days), stepsOf(months)];
  return a.count >= FEW_STEPS && a.regular === a.count && a.usual === DAY &&
    b.regular === b.count && b.usual === MONTH_DAYS * DAY && isMonotone(days) && isMonotone(months);
}

/** Positive if `a` is the more regular series, negative if `b` is, 0 if neither. */
function compareRegularity(a: Float64Array, b: Float64Array): number {
  const sorted = Number(isMonotone(a)) - Number(isMonotone(b));
  if (sorted !== 0) return sorted;
  const stepsA = stepsOf(a);
  const stepsB = stepsOf(b);
  const regular = stepsA.regular - stepsB.regular;
  // A step that few rows keep says nothing.
  const usual = Math.max(stepsA.regular, stepsB.regular) * 2 >= stepsA.count;
  const span = Math.max(stepsA.usual, stepsB.usual) < DAY
    ? leadOfHalf(stepsB.span, stepsA.span)
    : 0;
  if (!usual || regular === 0) return span;
  return span !== 0 && Math.sign(regular) !== span ? 0 : regular;
}

/** 1 if `more` is at least twice `less`, -1 the other way round, else 0. */
function leadOfHalf(more: number, less: number): number {
  if (more >= 2 * less) return less >= 2 * more ? 0 : 1;
  return less >= 2 * more ? -1 : 0;
}

function isMonotone(times: Float64Array): boolean {
  let rises = false;
  let falls = false;
  let last = NaN;
  for (let row = 0; row < times.length; row++) {
    const time = times[row]!;
    if (Number.isNaN(time)) continue;
    if (time > last) rises = true;
    else if (time < last) falls = true;
    if (rises && falls) return false;
    last = time;
  }
  return true;
}

/** What the steps from time to time are like, once the times are sorted and distinct. */
interface Steps {
  /** How many there are. */
  readonly count: number;
  /** How many are as long as the commonest one. */
  readonly regular: number;
  /** How long that is, in milliseconds, about. */
  readonly usual: number;
  /** From the first time to the last. */
  readonly span: number;
}

function stepsOf(times: Float64Array): Steps {
  // NaN is sorted to the end.
  const sorted = times.slice().sort();
  const counts = new Map<number, number>();
  let count = 0;
  let last = sorted[0]!;
  for (let row = 1; row < sorted.length; row++) {
    const time = sorted[row]!;
    if (Number.isNaN(time)) break;
    if (time === last) continue;
    const step = stepClass(time - last);
    counts.set(step, (counts.get(step) ?? 0) + 1);
    count++;
    last = time;
  }
  let usual = 0;
  let regular = 0;
  for (const [step, times] of counts) {
    if (times > regular) [usual, regular] = [step, times];
  }
  return { count, regular, usual, span: last - sorted[0]! };
}

/** A step in milliseconds, rounded to days or months if it is about that. */
function stepClass(ms: number): number {
  const days = Math.round(ms / DAY);
  if (days === 0 || Math.abs(ms - days * DAY) > CLOCK_CHANGE) return ms;
  const months = Math.round(days / MONTH_DAYS);
  const isMonths = months > 0 && Math.abs(days - months * MONTH_DAYS) <= MONTH_SLACK;
  return isMonths ? months * MONTH_DAYS * DAY : days * DAY;
}
