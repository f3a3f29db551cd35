/**
 * Times that programs print for people, brought to the forms that are read
 * fast: RFC 2822, dates as JavaScript, Java and Unix print them, names of days
 * and months, zones after a time. Pure.
 *
 * @module
 */

import { MONTH_WORDS } from "./month_words.ts";

/** A time in a form that is read fast, and what stood around it. */
export interface RareForm {
  /** The date, with a time of day and an offset where there are any. */
  readonly text: string;
  /** The name or the abbreviation of a zone after it; null without one. */
  readonly zone: string | null;
  /** The day of the week before it, 0 for Sunday; null without one. */
  readonly weekday: number | null;
}

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const WEEKDAY =
  /^(sun|mon|tue|wed|thu|fri|sat)(?:day|s|sday|nesday|r|rs|rsday|urday)?\.?(?:,\s*|\s+)/i;

/** `(Central European Standard Time)`, as JavaScript puts after an offset. */
const NAME_IN_BRACKETS = /(?<=[+-]\d{4})\s*\([^()]*\)$/;
/** `[Europe/Berlin]`, as Java puts after an offset. */
const ZONE_IN_BRACKETS = /\[([\w/+-]+)\]$/;
/** `GMT+0100`, `UTC+1`. */
const OFFSET_FROM_UTC = /\s*(?:GMT|UTC)([+-])(\d{1,2})(?::?(\d{2}))?$/i;
/** `Europe/Berlin`. */
const ZONE_NAME = /\s+([a-z]+(?:\/[a-z][\w+-]*)+)$/i;
/** `EST`, which no half of a day and no month is. */
const ABBREVIATION = /(?<=\d|\d ?[ap]m)\s*\b(?!am$|pm$|utc$|gmt$|z$)([a-z]{2,5})$/i;
/** `Jan 11 10:00:00 2024`, with a zone before the year as `date` prints it. */
const YEAR_LAST =
  /^([a-z]{3,9})\s+(\d{1,2})\s+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:\s+([a-z]{2,5}|[+-]\d{2}:?\d{2}))?\s+(\d{4})$/i;
/** `2024年01月11日`. */
const EAST_ASIAN = /^(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]/;
/** The day of the year: `2024-011`. */
const ORDINAL = /^(\d{4})-(\d{3})(?!\d|-)/;
/** The day of a week of the year: `2024-W02-4`. */
const WEEK_DATE = /^(\d{4})-?W(\d{2})-?([1-7])(?!\d)/;
const MONTH_WORD = /\p{L}{3,10}\.?/gu;

/** The form that a text has; null if it is none of these. */
export function rareForm(text: string): RareForm | null {
  let rest = text.trim();
  let zone: string | null = null;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest);
    if (match !== null) {
      rest = rest.slice(0, match.index) + rest.slice(match.index + match[0].length);
    }
    return match;
  };
  const weekday = take(WEEKDAY)?.[1]?.toLowerCase();
  take(NAME_IN_BRACKETS);
  const inBrackets = take(ZONE_IN_BRACKETS)?.[1];
  if (inBrackets !== undefined && !/(?:Z|[+-]\d{2}:?\d{2})$/i.test(rest)) zone = inBrackets;
  rest = rest.replace(
    OFFSET_FROM_UTC,
    (_, sign, hours, minutes) => `${sign}${hours.padStart(2, "0")}:${minutes ?? "00"}`,
  );
  rest = rest.replace(/(?<=\d)\s*([ap])\.\s?m\.?(?=\s|$)/i, " $1m");
  zone ??= take(ZONE_NAME)?.[1] ?? take(ABBREVIATION)?.[1]?.toUpperCase() ?? null;
  const yearLast = YEAR_LAST.exec(rest);
  if (yearLast !== null) {
    const [, month, day, clock, found, year] = yearLast;
    const isOffset = found !== undefined && /\d/.test(found);
    if (zone !== null && found !== undefined) return null;
    if (found !== undefined && !isOffset && !/^(?:utc|gmt)$/i.test(found)) zone = found;
    rest = `${month} ${day}, ${year} ${clock}${isOffset ? found : zone === null ? "Z" : ""}`;
    if (found === undefined && zone === null) rest = rest.slice(0, -1);
  }
  rest = rest.replace(/^(\d{1,2})\.\s+(?=\p{L})/u, "$1 ")
    .replace(/(?<=\d{4}-\d{2}-\d{2}) T(?=\d{2}:)/, "T")
    .replace(EAST_ASIAN, (_, year, month, day) => `${year}-${month}-${day}`)
    .replace(
      ORDINAL,
      (all, year, day) => dateText(Date.UTC(Number(year), 0, Number(day)), year) ?? all,
    )
    .replace(
      WEEK_DATE,
      (all, year, week, day) => weekDate(Number(year), Number(week), Number(day)) ?? all,
    )
    .replace(MONTH_WORD, (word) => MONTH_WORDS.get(word.toLowerCase().replace(".", "")) ?? word);
  if (rest === text.trim()) return null;
  return { text: rest, zone, weekday: weekday === undefined ? null : WEEKDAYS.indexOf(weekday) };
}

/** The date as ISO 8601 writes it; null if it is not in that year. */
function dateText(ms: number, year: string): string | null {
  const text = new Date(ms).toISOString().slice(0, 10);
  return text.startsWith(`${year}-`) ? text : null;
}

/** ISO 8601: the first week of a year is that of 4 January, and a week begins on Monday. */
function weekDate(year: number, week: number, day: number): string | null {
  const fourth = new Date(Date.UTC(year, 0, 4));
  const ms = fourth.getTime() +
    ((week - 1) * 7 + day - 1 - ((fourth.getUTCDay() + 6) % 7)) * 86_400_000;
  const thursday = new Date(ms + (4 - day) * 86_400_000);
  if (week < 1 || thursday.getUTCFullYear() !== year) return null;
  return new Date(ms).toISOString().slice(0, 10);
}
