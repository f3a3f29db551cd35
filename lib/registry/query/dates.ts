/**
 * Dates and times in expressions: `2026-11-23`, `yesterday`, `2 days ago`. Pure.
 *
 * @module
 */

/** A stretch of time, both ends ISO 8601 in UTC; a moment begins and ends at once. */
export interface TimeRange {
  /** Its first moment. */
  readonly from: string;
  /** The first moment after it; the same as `from` for a moment. */
  readonly to: string;
}

/** The forms there are, for a hint. */
export const DATE_FORMS: string =
  "A date is 2026-11-23, a part of one (2026, 2026-11, 2026-11-23 14:05) or " +
  "a full ISO time, in UTC unless it says otherwise; or today, yesterday, now, 2 days ago, 1 h ago.";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Units of equal length, by their spellings in the singular. */
const UNITS_MS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  sec: SECOND_MS,
  second: SECOND_MS,
  m: MINUTE_MS,
  min: MINUTE_MS,
  minute: MINUTE_MS,
  h: HOUR_MS,
  hr: HOUR_MS,
  hour: HOUR_MS,
  d: DAY_MS,
  day: DAY_MS,
  w: 7 * DAY_MS,
  week: 7 * DAY_MS,
};

/** Units of calendars, in months. */
const UNITS_MONTHS: Readonly<Record<string, number>> = { month: 1, y: 12, year: 12 };

const AGO = /^(\d+(?:\.\d+)?)\s*([a-z]+)\s+ago$/;
const ISO =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[t ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(z|[+-]\d\d(?::?\d\d)?)?)?)?)?$/;

/**
 * The time that a text means; undefined if it means none. A part of a date is
 * all the time that begins like it: `2026-11` is all of that month.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { timeRange } from "./dates.ts";
 *
 * const now = new Date("2026-11-23T08:55:01.000Z");
 * assert(timeRange("2026-11", now)?.to === "2026-12-01T00:00:00.000Z");
 * assert(timeRange("2 days ago", now)?.from === "2026-11-21T08:55:01.000Z");
 * ```
 */
export function timeRange(text: string, now: Date): TimeRange | undefined {
  const wanted = text.trim().toLowerCase();
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  if (wanted === "now") return rangeOf(now.getTime(), now.getTime());
  if (wanted === "today") return rangeOf(today, today + DAY_MS);
  if (wanted === "yesterday") return rangeOf(today - DAY_MS, today);
  const ago = AGO.exec(wanted);
  if (ago !== null) return agoRange(Number(ago[1]), { unit: ago[2]!, now });
  const iso = ISO.exec(wanted);
  return iso === null ? undefined : isoRange(iso);
}

function agoRange(
  count: number,
  { unit, now }: { readonly unit: string; readonly now: Date },
): TimeRange | undefined {
  const singular = unit.length > 2 ? unit.replace(/s$/, "") : unit;
  if (Object.hasOwn(UNITS_MS, singular)) {
    const at = now.getTime() - count * UNITS_MS[singular]!;
    return rangeOf(at, at);
  }
  if (!Object.hasOwn(UNITS_MONTHS, singular) || !Number.isInteger(count)) return undefined;
  const at = new Date(now);
  const day = at.getUTCDate();
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() - count * UNITS_MONTHS[singular]!);
  // The 31st of a month without one is its last day.
  at.setUTCDate(Math.min(day, daysIn(at.getUTCFullYear(), at.getUTCMonth())));
  return rangeOf(at.getTime(), at.getTime());
}

function isoRange(match: RegExpExecArray): TimeRange | undefined {
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const at = (text: string | undefined, least: number): number => Number(text ?? least);
  const fields = {
    year: at(year, 0),
    month: at(month, 1),
    day: at(day, 1),
    hour: at(hour, 0),
    minute: at(minute, 0),
    second: at(second, 0),
  };
  const isValid = fields.month >= 1 && fields.month <= 12 && fields.day >= 1 &&
    fields.day <= daysIn(fields.year, fields.month - 1) && fields.hour < 24 &&
    fields.minute < 60 && fields.second < 60;
  const offsetMs = zoneOffsetMs(zone);
  if (!isValid || offsetMs === undefined) return undefined;
  const utc = (more: Partial<typeof fields> = {}): number => {
    const { year, month, day, hour, minute, second } = { ...fields, ...more };
    const date = new Date(0);
    // Not Date.UTC, to which the year 26 is 1926.
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second, 0);
    return date.getTime() - offsetMs;
  };
  if (fraction !== undefined) {
    const ms = Number(fraction.padEnd(3, "0").slice(0, 3));
    return rangeOf(
      utc() + ms,
      utc() + ms + (fraction.length < 3 ? 10 ** (3 - fraction.length) : 1),
    );
  }
  if (month === undefined) return rangeOf(utc(), utc({ year: fields.year + 1 }));
  if (day === undefined) return rangeOf(utc(), utc({ month: fields.month + 1 }));
  const stepMs = hour === undefined
    ? DAY_MS
    : minute === undefined
    ? HOUR_MS
    : second === undefined
    ? MINUTE_MS
    : SECOND_MS;
  return rangeOf(utc(), utc() + stepMs);
}

function zoneOffsetMs(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === "z") return 0;
  const [, sign, hours, minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone)!;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS);
}

/** Days in a month, which counts from 0. */
function daysIn(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month + 1, 0);
  return date.getUTCDate();
}

function rangeOf(fromMs: number, toMs: number): TimeRange | undefined {
  const [from, to] = [new Date(fromMs), new Date(toMs)];
  // Years of five digits would be in another order as text.
  const isKnown = [from, to].every((date) =>
    !Number.isNaN(date.getTime()) && date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999
  );
  return isKnown ? { from: from.toISOString(), to: to.toISOString() } : undefined;
}
