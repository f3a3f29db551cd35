/**
 * Timestamps, read from bytes to milliseconds since 1970-01-01 UTC.
 *
 * A timestamp is a calendar date, perhaps with a time of day, perhaps with an
 * offset; or a Unix time in seconds, milliseconds, microseconds or nanoseconds,
 * told apart by size. Pure.
 *
 * @module
 */

import type { PlainTimes } from "../plain/plain_rows.ts";
import { CalendarDateReader, MS_PER_DAY } from "./calendar_date.ts";
import { ClockTimeReader } from "./clock_time.ts";
import { excelMs } from "./excel_day.ts";
import { isDigit, skipSpaces, twoDigits } from "./digits.ts";
import type { TimeFormat } from "./time_format.ts";
import { rareForm } from "./rare_form.ts";
import { isTimeZone, TimeZone } from "./time_zone.ts";
import { type TwoDigitYear, twoDigitYear } from "./two_digit_year.ts";
import { UnixTimeReader } from "./unix_time.ts";
import { zonesOf } from "./zone_abbreviations.ts";

const SPACE = 0x20;
const TAB = 0x09;
const COMMA = 0x2c;
const LETTER_T = 0x74;
/** No time is longer, in bytes. */
const LONGEST = 100;
/** Turns an ASCII letter to lower case. */
const LOWER = 0x20;

/** How a column's times are written, as far as that is known. */
export interface TimestampOptions {
  /** The only form taken; without it, any. */
  readonly format?: TimeFormat | undefined;
  /** The zone of texts without an offset, an IANA name or an offset; UTC without it. */
  readonly zone?: string | undefined;
}

/** Reads timestamps. */
export class TimestampReader {
  readonly #date: CalendarDateReader;
  readonly #clock = new ClockTimeReader();
  readonly #zone: TimeZone | null;
  readonly #unix: UnixTimeReader | null;
  readonly #format: TimeFormat | undefined;
  readonly #detect: boolean;
  /** Whether the last time is a date without a time of day. */
  #isDate = false;
  /** The zone that stands after the time, by name or abbreviation. */
  #cellZone: string | undefined;
  /** Zones by the names that were met. */
  readonly #zones = new Map<string, TimeZone | null>();

  /** Which times mean the same to this reader and to that of plain rows. */
  readonly plain: PlainTimes;

  /**
   * Whether what {@linkcode read} read is a date of two numbers and a year,
   * either of which may be the month. Never with a `format`.
   */
  isDayMonth: boolean = false;

  /**
   * If {@linkcode isDayMonth}: what {@linkcode read} would return if the month
   * stood first; NaN if there is no such date. Else NaN.
   */
  monthFirstMs: number = NaN;

  /** If {@linkcode isDayMonth}: whether points stand between the numbers. */
  isDotted: boolean = false;

  /**
   * What {@linkcode read} would return if the year, of two digits, stood first;
   * NaN if there is no such date.
   */
  yearFirstMs: number = NaN;

  /** Whether the year has two digits. */
  hasTwoDigitYear: boolean = false;

  /** The second time that the last one may be, as its hour happens twice; else NaN. */
  laterMs: number = NaN;

  /** The same if the month stands first. */
  monthFirstLaterMs: number = NaN;

  /** Whether the last time is a midnight where it was written, as a date alone is. */
  isMidnight: boolean = false;

  /** Whether the last time does not exist, as the clock skips it. */
  isSkipped: boolean = false;

  /**
   * A reader for one column.
   *
   * @throws {RangeError} if there is no such time zone
   */
  constructor({ format, zone }: TimestampOptions = {}) {
    this.#date = new CalendarDateReader(format);
    this.#zone = zone === undefined || zone === "UTC" ? null : new TimeZone(zone);
    this.#format = format;
    this.#detect = format === undefined;
    const isUnit = format === "s" || format === "ms" || format === "us" || format === "ns";
    this.#unix = isUnit || this.#detect ? new UnixTimeReader(isUnit ? format : null) : null;
    this.plain = {
      iso: this.#zone === null && (this.#detect || format === "iso" || format === "ymd"),
      unix: this.#detect ? "by size" : format === "s" || format === "ms" ? format : "none",
    };
  }

  /**
   * Reads `bytes[start..end)`; spaces around it don't count. Where day and month
   * may be either, the day is taken to stand first, and {@linkcode isDayMonth}
   * and {@linkcode monthFirstMs} are set.
   *
   * @returns milliseconds since 1970-01-01 UTC, or NaN if it is no timestamp
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    let from = start;
    let to = end;
    while (from < to && isBlank(bytes[from])) from++;
    while (to > from && isBlank(bytes[to - 1])) to--;
    this.#cellZone = undefined;
    this.yearFirstMs = NaN;
    this.hasTwoDigitYear = false;
    if (this.#format === "excel") return this.#readExcel(bytes.subarray(from, to));
    const ms = this.#readKnown(bytes, from, to);
    return this.isRead(ms) || to - from > LONGEST ? ms : this.#readRare(bytes.subarray(from, to));
  }

  /** Whether there is a time, in whichever order, if {@linkcode read} returned `ms`. */
  isRead(ms: number): boolean {
    return !Number.isNaN(ms) || (this.isDayMonth && !Number.isNaN(this.monthFirstMs)) ||
      !Number.isNaN(this.yearFirstMs);
  }

  /** Reads a time of one of the forms that are read fast. */
  #readKnown(bytes: Uint8Array, from: number, to: number): number {
    this.isDayMonth = false;
    this.monthFirstMs = NaN;
    this.laterMs = NaN;
    this.monthFirstLaterMs = NaN;
    this.isSkipped = false;
    const dateEnd = this.#date.read(bytes, from, to);
    if (dateEnd !== -1 && this.#readClock(bytes, dateEnd, to)) return this.#dated();
    if (this.#unix === null || this.#mayBeMinute(bytes, dateEnd)) return NaN;
    const ms = this.#unix.read(bytes, from, to);
    this.isMidnight = ms % MS_PER_DAY === 0;
    return ms;
  }

  /** Reads a time of one of the other forms. */
  #readRare(bytes: Uint8Array): number {
    const cell = new TextDecoder().decode(bytes);
    const form = rareForm(cell);
    const { text, zone, weekday } = form ?? { text: cell, zone: null, weekday: null };
    this.#cellZone = zone ?? undefined;
    const dated = twoDigitYear(text);
    if (dated === null && form === null) return NaN;
    const ms = dated === null ? this.#readText(text) : this.#readTwoDigits(dated);
    return weekday === null || this.isDayMonth || weekday === weekdayOf(this.#date.ms) ? ms : NaN;
  }

  /** Reads a date whose year has two digits: in all orders that the format allows. */
  #readTwoDigits({ yearLast, yearFirst }: TwoDigitYear): number {
    this.hasTwoDigitYear = true;
    if (this.#format === "ymd") return yearFirst === null ? NaN : this.#readText(yearFirst);
    if (this.#format === undefined && yearFirst !== null) {
      this.yearFirstMs = this.#readText(yearFirst);
    }
    return this.#readText(yearLast);
  }

  #readText(text: string): number {
    const known = new TextEncoder().encode(text);
    return this.#readKnown(known, 0, known.length);
  }

  /** Reads a spreadsheet's number of days, which are those of a local clock. */
  #readExcel(bytes: Uint8Array): number {
    this.isDayMonth = false;
    this.laterMs = NaN;
    this.isSkipped = false;
    const local = excelMs(new TextDecoder().decode(bytes));
    this.#isDate = local % MS_PER_DAY === 0;
    this.isMidnight = this.#isDate;
    this.#clock.reset();
    return this.#inZone(local);
  }

  /** Reads what follows a date, up to `end`; returns whether it is a time of day or nothing. */
  #readClock(bytes: Uint8Array, dateEnd: number, end: number): boolean {
    const clock = this.#clock;
    this.#isDate = dateEnd === end;
    if (this.#isDate) {
      clock.reset();
      return true;
    }
    const compact = this.#date.isCompact;
    const byte = bytes[dateEnd]!;
    let from = dateEnd;
    if (compact && isDigit(byte)) {
      // Fourteen digits are too many for a Unix time.
      if (this.#detect && !(dateEnd + 4 < end && isDigit(bytes[dateEnd + 4]))) return false;
    } else if ((byte | LOWER) === LETTER_T) {
      from++;
    } else {
      from = skipSpaces(bytes, byte === COMMA ? from + 1 : from, end);
      if (bytes[from - 1] !== SPACE) return false;
    }
    clock.compact = compact;
    return clock.read(bytes, from, end);
  }

  /**
   * Whether a compact date is followed by the four digits of an hour and a
   * minute: it may be that or milliseconds in 1976, so it is neither.
   */
  #mayBeMinute(bytes: Uint8Array, dateEnd: number): boolean {
    if (dateEnd === -1 || !this.#date.isCompact) return false;
    const hour = twoDigits(bytes, dateEnd);
    const minute = twoDigits(bytes, dateEnd + 2);
    return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59;
  }

  /** The date and time of day just read. */
  #dated(): number {
    const { ms, isDayMonth, monthFirstMs, isDotted } = this.#date;
    this.isMidnight = this.#clock.ms === 0 && this.#clock.fraction === 0;
    this.isDayMonth = isDayMonth;
    this.isDotted = isDotted;
    if (isDayMonth) {
      this.monthFirstMs = this.#toUtc(monthFirstMs);
      this.monthFirstLaterMs = this.laterMs;
    }
    return this.#toUtc(ms);
  }

  /** The date with the time of day just read, in UTC. */
  #toUtc(midnightMs: number): number {
    const { ms, fraction, offsetMinutes } = this.#clock;
    const local = midnightMs + ms;
    this.laterMs = NaN;
    if (!Number.isNaN(offsetMinutes)) return local - offsetMinutes * 60_000 + fraction;
    return this.#inZone(local) + fraction;
  }

  /** A local time in UTC: by the zone that stands after it, or else by that of the column. */
  #inZone(local: number): number {
    const name = this.#cellZone;
    if (name === undefined) return this.#zone === null ? local : this.#by(this.#zone, local);
    const zones = zonesOf(name);
    if (zones.length === 0) {
      const zone = this.#named(name);
      return zone === null ? NaN : this.#by(zone, local);
    }
    // The zone of the column has to agree, as other zones have this abbreviation, too.
    const offsets = this.#zone?.offsetsAt(local) ?? [];
    const agreed = new Set(
      zones.map(({ offsetMinutes }) => offsetMinutes * 60_000)
        .filter((offset) => offsets.includes(offset)),
    );
    const [offset = NaN] = agreed.size === 1 ? agreed : [];
    return local - offset;
  }

  /** A local time of a zone; NaN if it is skipped there, but the first of a day is its midnight. */
  #by(zone: TimeZone, local: number): number {
    const ms = zone.toUtc(local);
    if (zone.isSkipped && local % MS_PER_DAY !== 0) {
      this.isSkipped = true;
      return NaN;
    }
    if (!this.#isDate) this.laterMs = zone.laterMs + this.#clock.fraction;
    return ms;
  }

  /** The zone of a name that stands after a time; null if there is none. */
  #named(name: string): TimeZone | null {
    let zone = this.#zones.get(name);
    if (zone === undefined) {
      zone = isTimeZone(name) ? new TimeZone(name) : null;
      this.#zones.set(name, zone);
    }
    return zone;
  }
}

/** The day of the week of a midnight, 0 for Sunday; 1970 began on a Thursday. */
function weekdayOf(ms: number): number {
  return (((ms / MS_PER_DAY + 4) % 7) + 7) % 7;
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}
