/**
 * Timestamps, read from bytes to milliseconds since 1970-01-01 UTC.
 *
 * A timestamp is a calendar date, perhaps with a time of day, perhaps with an
 * offset; or a Unix time in seconds, milliseconds, microseconds or nanoseconds,
 * told apart by size. Pure.
 *
 * @module
 */

import { CalendarDateReader, dateMs } from "./calendar_date.ts";
import { ClockTimeReader } from "./clock_time.ts";
import { digitsAt, isDigit, skipSpaces, twoDigits } from "./digits.ts";
import type { TimeFormat } from "./time_format.ts";
import { TimeZone } from "./time_zone.ts";
import { plainFactor, UnixTimeReader } from "./unix_time.ts";

const ZERO = 0x30;
const SPACE = 0x20;
const TAB = 0x09;
const COMMA = 0x2c;
const DASH = 0x2d;
const COLON = 0x3a;
const UPPER_T = 0x54;
const LETTER_T = 0x74;
/** Turns an ASCII letter to lower case. */
const LOWER = 0x20;

/** How a column's times are written, as far as that is known. */
export interface TimestampOptions {
  /** The only form taken; without it, any. */
  readonly format?: TimeFormat | undefined;
  /** The zone of texts without an offset, an IANA name or an offset; UTC without it. */
  readonly zone?: string | undefined;
}

/** Reads timestamps; consecutive ones of one day are read faster. */
export class TimestampReader {
  readonly #date: CalendarDateReader;
  readonly #clock = new ClockTimeReader();
  readonly #zone: TimeZone | null;
  readonly #unix: UnixTimeReader | null;
  readonly #detect: boolean;
  readonly #plainIso: boolean;
  /** Milliseconds in the unit of plain Unix times; NaN if there are none. */
  readonly #plainFactor: number;

  // The date of the row before, as the bytes of its digits and in milliseconds.
  #lastYearBytes = 0;
  #lastDayBytes = 0;
  #lastDateMs = NaN;

  /** What {@linkcode readPlain} read, in milliseconds since 1970-01-01 UTC. */
  plainMs: number = NaN;

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

  /**
   * A reader for one column.
   *
   * @throws {RangeError} if there is no such time zone
   */
  constructor({ format, zone }: TimestampOptions = {}) {
    this.#date = new CalendarDateReader(format);
    this.#zone = zone === undefined || zone === "UTC" ? null : new TimeZone(zone);
    this.#detect = format === undefined;
    const isUnit = format === "s" || format === "ms" || format === "us" || format === "ns";
    this.#unix = isUnit || this.#detect ? new UnixTimeReader(isUnit ? format : null) : null;
    this.#plainIso = this.#detect || format === "iso" || format === "ymd";
    this.#plainFactor = format === "s" ? 1000 : format === "ms" ? 1 : NaN;
  }

  /**
   * Reads a plain timestamp, `2024-01-31`, `2024-01-31 23:59`, `2024-01-31T23:59:00`
   * or a Unix time without a fraction, that begins at `start` and ends before
   * some other byte. Up to 19 bytes after `start` are looked at.
   *
   * @returns the offset of that byte, or -1 if there is no such timestamp;
   * `read` knows more forms
   */
  readPlain(bytes: Uint8Array, start: number): number {
    if (bytes[start + 4] !== DASH) return this.#readPlainUnix(bytes, start);
    if (bytes[start + 7] !== DASH || !this.#plainIso) return -1;
    const date = this.#readPlainDate(bytes, start);
    let p = start + 10;
    let ms = date;
    if (bytes[p] === SPACE || bytes[p] === UPPER_T) {
      if (bytes[p + 3] !== COLON) return -1;
      const hour = twoDigits(bytes, p + 1);
      const minute = twoDigits(bytes, p + 4);
      p += 6;
      let second = 0;
      if (bytes[p] === COLON) {
        second = twoDigits(bytes, p + 1);
        p += 3;
      }
      // Also false where one of them is -1, that is no digits.
      if (
        !(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60)
      ) {
        return -1;
      }
      ms += ((hour * 60 + minute) * 60 + second) * 1000;
    }
    if (Number.isNaN(ms)) return -1;
    this.plainMs = this.#zone === null ? ms : this.#zone.toUtc(ms);
    return p;
  }

  #readPlainUnix(bytes: Uint8Array, start: number): number {
    // In two small integers, which are faster than one large number.
    const nine = start + 9;
    let p = start;
    let high = 0;
    let digit = bytes[p]! - ZERO;
    while (digit >= 0 && digit <= 9 && p < nine) {
      high = high * 10 + digit;
      digit = bytes[++p]! - ZERO;
    }
    let number = high;
    if (p === nine) {
      let low = 0;
      let power = 1;
      for (; digit >= 0 && digit <= 9 && power < 1e9; power *= 10) {
        low = low * 10 + digit;
        digit = bytes[++p]! - ZERO;
      }
      number = high * power + low;
    }
    if (p === start) return -1;
    const factor = this.#detect ? plainFactor(number) : this.#plainFactor;
    // Also false if the factor is NaN. Longer ones are read in parts elsewhere, to be exact.
    if (!(number * factor < 1e14)) return -1;
    this.plainMs = number * factor;
    return p;
  }

  /** Milliseconds of the date in the ten bytes at `start`. */
  #readPlainDate(bytes: Uint8Array, start: number): number {
    const yearBytes = (bytes[start]! << 24) | (bytes[start + 1]! << 16) |
      (bytes[start + 2]! << 8) | bytes[start + 3]!;
    const dayBytes = (bytes[start + 5]! << 24) | (bytes[start + 6]! << 16) |
      (bytes[start + 8]! << 8) | bytes[start + 9]!;
    if (dayBytes === this.#lastDayBytes && yearBytes === this.#lastYearBytes) {
      return this.#lastDateMs;
    }
    this.#lastDayBytes = dayBytes;
    this.#lastYearBytes = yearBytes;
    this.#lastDateMs = dateMs(
      digitsAt(bytes, start, 4),
      digitsAt(bytes, start + 5, 2),
      digitsAt(bytes, start + 8, 2),
    );
    return this.#lastDateMs;
  }

  /**
   * Reads `bytes[start..end)`; spaces around it don't count. Where day and month
   * may be either, the day is taken to stand first, and {@linkcode isDayMonth}
   * and {@linkcode monthFirstMs} are set.
   *
   * @returns milliseconds since 1970-01-01 UTC, or NaN if it is no timestamp
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.isDayMonth = false;
    this.monthFirstMs = NaN;
    let from = start;
    let to = end;
    while (from < to && isBlank(bytes[from])) from++;
    while (to > from && isBlank(bytes[to - 1])) to--;
    const dateEnd = this.#date.read(bytes, from, to);
    if (dateEnd !== -1 && this.#readClock(bytes, dateEnd, to)) return this.#dated();
    if (this.#unix === null || this.#mayBeMinute(bytes, dateEnd)) return NaN;
    return this.#unix.read(bytes, from, to);
  }

  /** Reads what follows a date, up to `end`; returns whether it is a time of day or nothing. */
  #readClock(bytes: Uint8Array, dateEnd: number, end: number): boolean {
    const clock = this.#clock;
    if (dateEnd === end) {
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
    const { ms, isDayMonth, monthFirstMs } = this.#date;
    this.isDayMonth = isDayMonth;
    if (isDayMonth) this.monthFirstMs = this.#toUtc(monthFirstMs);
    return this.#toUtc(ms);
  }

  /** The date with the time of day just read, in UTC. */
  #toUtc(midnightMs: number): number {
    const { ms, fraction, offsetMinutes } = this.#clock;
    const local = midnightMs + ms;
    if (!Number.isNaN(offsetMinutes)) return local - offsetMinutes * 60_000 + fraction;
    return (this.#zone === null ? local : this.#zone.toUtc(local)) + fraction;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}
