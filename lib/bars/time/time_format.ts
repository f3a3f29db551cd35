/**
 * The forms of time that can be asked for by name, and the words for what is
 * known and what is not.
 *
 * @module
 */

import { isExcelDay } from "./excel_day.ts";
import { zonesOf } from "./zone_abbreviations.ts";

/** What `time_format` may be; without it the form is detected. */
export const TIME_FORMATS = ["iso", "dmy", "mdy", "ymd", "s", "ms", "us", "ns", "excel"] as const;

/**
 * How the times of a column are written: `iso` (2024-01-31T23:59:00Z), a date
 * with its day, month or year first, Unix time in the unit named, or `excel`, a spreadsheet's days.
 */
export type TimeFormat = typeof TIME_FORMATS[number];

/** The known forms of time, for error messages. */
export const formHint: string =
  "Known are ISO 8601 (2024-01-31 23:59:00, UTC unless it has an offset), 31/01/2024 23:59, " +
  "1/31/2024 11:59 PM, 2024/01/31, 20240131 235900, 31 Jan 2024, Jan 31, 2024, " +
  "Wed, 31 Jan 2024 23:59:00 +0000, and Unix time in " +
  "seconds, milliseconds, microseconds or nanoseconds from 1973 to 2199.";

const ABBREVIATION = /\d ?([A-Z]{2,5})$/;

const EXAMPLES: Readonly<Record<TimeFormat, string>> = {
  iso: "2024-01-31 23:59:00",
  dmy: "31/01/2024 23:59",
  mdy: "01/31/2024 23:59",
  ymd: "2024/01/31 23:59",
  s: "Unix time in seconds, such as 1706745540",
  ms: "Unix time in milliseconds, such as 1706745540000",
  us: "Unix time in microseconds, such as 1706745540000000",
  ns: "Unix time in nanoseconds, such as 1706745540000000000",
  excel: "a spreadsheet's number of days, such as 45322.9993056",
};

/** What to do about the abbreviation of a time zone at the end of a time; null if it has none. */
export function zoneHint(text: string): string | null {
  const [, abbreviation = ""] = ABBREVIATION.exec(text.trim()) ?? [];
  const zones = zonesOf(abbreviation);
  if (zones.length === 0) return null;
  const options = zones.map(({ zone, offsetMinutes }) =>
    `--set time_zone=${zone}, or --set time_zone=${offsetText(offsetMinutes)} ` +
    "if it is used all year"
  );
  return `Say which zone ${abbreviation} is: ${options.join("; ")}.`;
}

/** `-05:00`. */
function offsetText(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/**
 * Why `text` is not read as a time, as the end of a sentence that began with it:
 * "which …".
 *
 * @param text what `TimestampReader` read as NaN
 * @param format the format that was asked for, if one was
 */
export function whyNoTime(text: string, format?: TimeFormat): string {
  const word = text.trim();
  if (format !== undefined) return `which is not of time_format ${format} (${EXAMPLES[format]})`;
  if (/^[+-]?\d+(\.\d*)?$/.test(word)) return whyNoUnixTime(word);
  if (/^\d{1,2}:\d\d/.test(word)) return "which has no date";
  const [, abbreviation] = ABBREVIATION.exec(word) ?? [];
  if (abbreviation !== undefined && !/^(AM|PM|UTC|GMT)$/.test(abbreviation)) {
    return `which has the abbreviation of a zone that several may have: ${abbreviation}`;
  }
  if (/^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(\d\d)?)(?!\d)/.test(word)) {
    return "which is no date and time that exists";
  }
  return "which is no known form of time";
}

function whyNoUnixTime(number: string): string {
  const size = Math.abs(Number(number));
  const compact = /^(19|2[01])\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d$/;
  if (compact.test(number)) {
    return "which may be a date and time without separators (time_format: ymd) " +
      "or milliseconds in 1976 (time_format: ms)";
  }
  return size < 1e8
    ? "which as a Unix time would be before 1973: a row number, " +
      (isExcelDay(size)
        ? "or a spreadsheet's number of days (--set time_format=excel)?"
        : "or a time of day without its date?")
    : "which is no Unix time from 1973 to 2199 in any unit";
}
