/**
 * Calendar dates, read from bytes: year-first, day-first, month-first, with
 * the month as a number or an English name. Pure.
 *
 * @module
 */

import { countDigits, digitsAt, isDigit, skipSpaces, twoDigits } from "./digits.ts";
import { isLetter, lettersEnd, monthNamed } from "./month_names.ts";
import type { TimeFormat } from "./time_format.ts";

const ZERO = 0x30;
const SPACE = 0x20;
const COMMA = 0x2c;
const DASH = 0x2d;
const POINT = 0x2e;
const SLASH = 0x2f;

/** Milliseconds in a day of 24 hours. */
export const MS_PER_DAY = 86_400_000;

/** Years for which eight bare digits are a date, unless the format says that they are. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;

/** Which part of a date is which; null where only the column can tell. */
type Order = "iso" | "ymd" | "dmy" | "mdy" | null;

/** Milliseconds since 1970-01-01 of a date of the Gregorian calendar; NaN if there is none. */
export function dateMs(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return NaN;
  // Years begin in March, so that the leap day is the last.
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return (y * 365 + leapDays + dayOfYear - 719_468) * MS_PER_DAY;
}

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Reads the date that a timestamp begins with. */
export class CalendarDateReader {
  readonly #order: Order;
  readonly #none: boolean;
  // The date of the row before; what it is, is in the fields.
  readonly #last = new Uint8Array(16);
  #lastLength = 0;

  /** Midnight of the date, in milliseconds since 1970-01-01; NaN if there is no such date. */
  ms: number = NaN;
  /** The same if the month stands first; NaN unless {@linkcode isDayMonth}. */
  monthFirstMs: number = NaN;
  /** Whether it is in the form of two numbers and a year, of which either may be the month. */
  isDayMonth: boolean = false;
  /** Whether points stand between the numbers of such a date. */
  isDotted: boolean = false;
  /** Whether the date stands without separators. */
  isCompact: boolean = false;

  /** A reader of dates in one format; undefined for any. */
  constructor(format?: TimeFormat) {
    const dated = format === "iso" || format === "ymd" || format === "dmy" || format === "mdy";
    this.#order = dated ? format : null;
    this.#none = format !== undefined && !dated;
  }

  /**
   * Reads the date at `start`.
   *
   * @returns the offset after it, or -1 if there is none that exists
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    if (this.#none) return -1;
    if (this.#isLast(bytes, start, end)) return start + this.#lastLength;
    this.#lastLength = 0;
    this.ms = NaN;
    this.monthFirstMs = NaN;
    this.isDayMonth = false;
    this.isCompact = false;
    const digits = countDigits(bytes, start, end);
    if (digits > 8 && digits !== 12 && digits !== 14) return -1;
    const p = this.#readForm(bytes, { start, end, digits });
    // A digit more, and it was another number.
    if (p === -1 || (p < end && isDigit(bytes[p]) && !this.isCompact)) return -1;
    if (Number.isNaN(this.ms) && Number.isNaN(this.monthFirstMs)) return -1;
    if (p - start <= this.#last.length) {
      for (let at = start; at < p; at++) this.#last[at - start] = bytes[at]!;
      this.#lastLength = p - start;
    }
    return p;
  }

  /** Whether the date of the row before stands at `start` again. */
  #isLast(bytes: Uint8Array, start: number, end: number): boolean {
    const last = this.#last;
    const length = this.#lastLength;
    const after = start + length;
    if (length === 0 || after > end) return false;
    for (let p = 0; p < length; p++) {
      if (bytes[start + p] !== last[p]) return false;
    }
    return after === end || !isDigit(bytes[after]);
  }

  #readForm(
    bytes: Uint8Array,
    { start, end, digits }: {
      readonly start: number;
      readonly end: number;
      readonly digits: number;
    },
  ): number {
    const order = this.#order;
    const yearFirst = order === null || order === "iso" || order === "ymd";
    if (digits === 4) return yearFirst ? this.#readYearFirst(bytes, start, end) : -1;
    if (digits === 8 || digits === 12 || digits === 14) {
      return yearFirst ? this.#readCompact(bytes, start) : -1;
    }
    if (order === "iso" || order === "ymd" || digits > 2) return -1;
    if (digits === 0) return order === "dmy" ? -1 : this.#readNameDay(bytes, start, end);
    const after = start + digits;
    if (after >= end) return -1;
    const first = oneOrTwoDigits(bytes, start, digits);
    const isName = isLetter(bytes[after]) || isLetter(bytes[after + 1]);
    if (isName) return order === "mdy" ? -1 : this.#readName(bytes, { after, end, day: first });
    return this.#readTwoNumbers(bytes, { after, end, first });
  }

  /** `2024-01-31`, `2024/1/3`, `2024.01.31`. */
  #readYearFirst(bytes: Uint8Array, start: number, end: number): number {
    const separator = bytes[start + 4];
    if (!isSeparator(separator)) return -1;
    const monthAt = start + 5;
    const monthDigits = countDigits(bytes, monthAt, end);
    const dayAt = monthAt + monthDigits + 1;
    if (dayAt >= end || bytes[dayAt - 1] !== separator) return -1;
    const dayDigits = countDigits(bytes, dayAt, end);
    if (!isOneOrTwo(monthDigits) || !isOneOrTwo(dayDigits)) return -1;
    if (this.#order === "iso" && (separator !== DASH || monthDigits + dayDigits !== 4)) return -1;
    this.ms = dateMs(
      digitsAt(bytes, start, 4),
      oneOrTwoDigits(bytes, monthAt, monthDigits),
      oneOrTwoDigits(bytes, dayAt, dayDigits),
    );
    return dayAt + dayDigits;
  }

  /** `20240131`, perhaps with a time in more digits after it. */
  #readCompact(bytes: Uint8Array, start: number): number {
    const year = digitsAt(bytes, start, 4);
    if (this.#order === null && !(year >= FIRST_YEAR && year <= LAST_YEAR)) return -1;
    this.isCompact = true;
    this.ms = dateMs(year, twoDigits(bytes, start + 4), twoDigits(bytes, start + 6));
    return start + 8;
  }

  /** The rest of `31/01/2024`. */
  #readTwoNumbers(
    bytes: Uint8Array,
    { after, end, first }: { readonly after: number; readonly end: number; readonly first: number },
  ): number {
    const separator = bytes[after];
    if (!isSeparator(separator)) return -1;
    const secondDigits = countDigits(bytes, after + 1, end);
    const yearAt = after + secondDigits + 2;
    if (!isOneOrTwo(secondDigits) || yearAt + 4 > end || bytes[yearAt - 1] !== separator) return -1;
    const second = oneOrTwoDigits(bytes, after + 1, secondDigits);
    const year = digitsAt(bytes, yearAt, 4);
    if (this.#order === "mdy") {
      this.ms = dateMs(year, first, second);
    } else {
      this.ms = dateMs(year, second, first);
      this.isDayMonth = this.#order === null;
      this.isDotted = separator === POINT;
      if (this.isDayMonth) this.monthFirstMs = dateMs(year, first, second);
    }
    return yearAt + 4;
  }

  /** The rest of `31 Jan 2024`, `31-January-2024`, `31Jan2024`. */
  #readName(
    bytes: Uint8Array,
    { after, end, day }: { readonly after: number; readonly end: number; readonly day: number },
  ): number {
    const separator = isLetter(bytes[after]) ? -1 : bytes[after]!;
    if (separator !== -1 && separator !== SPACE && !isSeparator(separator)) return -1;
    const name = separator === -1 ? after : after + 1;
    const nameEnd = lettersEnd(bytes, name, end);
    const month = monthNamed(bytes, name, nameEnd);
    let p = nameEnd;
    if (separator === SPACE) p = skipBreak(bytes, p, end);
    else if (separator !== -1) p = bytes[p] === separator ? p + 1 : -1;
    if (p === -1 || p + 4 > end) return -1;
    this.ms = dateMs(digitsAt(bytes, p, 4), month, day);
    return p + 4;
  }

  /** `Jan 31, 2024`, `January 31 2024`, `Jan-31-2024`. */
  #readNameDay(bytes: Uint8Array, start: number, end: number): number {
    const nameEnd = lettersEnd(bytes, start, end);
    const month = monthNamed(bytes, start, nameEnd);
    if (month === -1) return -1;
    const dashed = bytes[nameEnd] === DASH;
    const dayAt = dashed ? nameEnd + 1 : skipBreak(bytes, nameEnd, end);
    if (dayAt === -1) return -1;
    const dayDigits = countDigits(bytes, dayAt, end);
    if (!isOneOrTwo(dayDigits)) return -1;
    const dayEnd = dayAt + dayDigits;
    const yearAt = dashed
      ? (bytes[dayEnd] === DASH ? dayEnd + 1 : -1)
      : skipBreak(bytes, dayEnd, end);
    if (yearAt === -1 || yearAt + 4 > end) return -1;
    this.ms = dateMs(digitsAt(bytes, yearAt, 4), month, oneOrTwoDigits(bytes, dayAt, dayDigits));
    return yearAt + 4;
  }
}

function isSeparator(byte: number | undefined): boolean {
  return byte === DASH || byte === SLASH || byte === POINT;
}

function isOneOrTwo(digits: number): boolean {
  return digits === 1 || digits === 2;
}

/** The number in one or two digits that are known to be digits. */
function oneOrTwoDigits(bytes: Uint8Array, from: number, digits: number): number {
  return digits === 1 ? bytes[from]! - ZERO : twoDigits(bytes, from);
}

/** The offset after a comma or point and spaces, or one of them; -1 if there is neither. */
function skipBreak(bytes: Uint8Array, from: number, end: number): number {
  const marked = bytes[from] === COMMA || bytes[from] === POINT;
  const p = skipSpaces(bytes, marked ? from + 1 : from, end);
  return p === from ? -1 : p;
}
