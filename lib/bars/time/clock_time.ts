/**
 * The time of day within a timestamp, and the offset after it, read from bytes. Pure.
 *
 * @module
 */

import { countDigits, isDigit, skipSpaces, twoDigits } from "./digits.ts";

const ZERO = 0x30;
const PLUS = 0x2b;
const COMMA = 0x2c;
const DASH = 0x2d;
const POINT = 0x2e;
const COLON = 0x3a;
/** Turns an ASCII letter to lower case. */
const LOWER = 0x20;

/** Digits below a millisecond that are kept. */
const MAX_FRACTION = 1e12;

/**
 * Reads `23:59`, `9:30:00.5`, `02:30 PM`, `02-PM` or, where that is allowed,
 * `235900`; each with an offset (`Z`, `UTC`, `GMT`, `+01`, `+0100`, `+01:00`) or none.
 */
export class ClockTimeReader {
  /** Whether digits may stand without colons. */
  compact: boolean = false;
  /** Whole milliseconds since midnight. */
  ms: number = 0;
  /** Fraction of a millisecond beyond {@linkcode ms}, from 0 to below 1. */
  fraction: number = 0;
  /** Minutes east of UTC, or NaN without an offset. */
  offsetMinutes: number = NaN;

  /** Sets midnight, without an offset. */
  reset(): void {
    this.ms = 0;
    this.fraction = 0;
    this.offsetMinutes = NaN;
  }

  /**
   * Reads `bytes[from..end)`, all of it.
   *
   * @returns whether it is a time of day; only then the fields are set
   */
  read(bytes: Uint8Array, from: number, end: number): boolean {
    this.reset();
    const digits = countDigits(bytes, from, end);
    let p = from + digits;
    let hour = digits === 1 ? bytes[from]! - ZERO : twoDigits(bytes, from);
    let minute = 0;
    let second = 0;
    let hourAlone = false;
    let fractionAllowed = false;
    if (this.compact && (digits === 4 || digits === 6)) {
      minute = twoDigits(bytes, from + 2);
      fractionAllowed = digits === 6;
      if (fractionAllowed) second = twoDigits(bytes, from + 4);
    } else if (digits !== 1 && digits !== 2) {
      return false;
    } else if (bytes[p] === COLON && end - p >= 3) {
      minute = twoDigits(bytes, p + 1);
      p += 3;
      fractionAllowed = p < end && bytes[p] === COLON;
      if (fractionAllowed) {
        if (end - p < 3) return false;
        second = twoDigits(bytes, p + 1);
        p += 3;
      }
    } else {
      hourAlone = true;
    }
    if (fractionAllowed && p < end && (bytes[p] === POINT || bytes[p] === COMMA)) {
      const point = p;
      p = this.#readFraction(bytes, point + 1, end);
      if (p === point + 1) return false;
    }

    const half = p === end ? 0 : halfOfDay(bytes, { from: p, end, afterDash: hourAlone });
    if (half !== 0) {
      if (!(hour >= 1 && hour <= 12)) return false;
      hour = hour % 12 + (half > 0 ? 12 : 0);
      p = Math.abs(half);
    } else if (hourAlone) {
      return false;
    }
    // A leap second (60) is the first of the next minute, as in Unix time.
    // Also false where one of them is -1, that is no digits.
    if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60)) {
      return false;
    }
    this.ms += ((hour * 60 + minute) * 60 + second) * 1000;
    if (p === end) return true;
    this.offsetMinutes = readOffset(bytes, p, end);
    return !Number.isNaN(this.offsetMinutes);
  }

  /** Reads digits after a decimal point; returns the offset after them. */
  #readFraction(bytes: Uint8Array, from: number, end: number): number {
    let p = from;
    let ms = 0;
    let weight = 100;
    let below = 0;
    let power = 1;
    for (; p < end && isDigit(bytes[p]); p++) {
      const digit = bytes[p]! - ZERO;
      if (weight >= 1) {
        ms += digit * weight;
        weight /= 10;
      } else if (power < MAX_FRACTION) {
        below = below * 10 + digit;
        power *= 10;
      }
    }
    this.ms = ms;
    this.fraction = below / power;
    return p;
  }
}

/**
 * Finds `AM` or `PM`, after spaces or, `afterDash`, one dash.
 *
 * @returns the offset after it, negative for AM; 0 if there is none
 */
function halfOfDay(
  bytes: Uint8Array,
  { from, end, afterDash }: {
    readonly from: number;
    readonly end: number;
    readonly afterDash: boolean;
  },
): number {
  let p = from;
  if (afterDash && p < end && bytes[p] === DASH) p++;
  else p = skipSpaces(bytes, p, end);
  if (end - p < 2 || (bytes[p + 1]! | LOWER) !== 0x6d) return 0; // m
  const letter = bytes[p]! | LOWER;
  if (letter === 0x61) return -(p + 2); // a
  return letter === 0x70 ? p + 2 : 0; // p
}

/** Minutes east of UTC of `Z`, `+01`, `+0100` or `+01:00`, or NaN. */
function readOffset(bytes: Uint8Array, from: number, end: number): number {
  const p = skipSpaces(bytes, from, end);
  const sign = bytes[p];
  if (sign !== PLUS && sign !== DASH) return isUtc(bytes, p, end) ? 0 : NaN;
  const length = end - p;
  const minutesAt = length === 5 ? p + 3 : length === 6 && bytes[p + 3] === COLON ? p + 4 : -1;
  if (length !== 3 && minutesAt === -1) return NaN;
  const hours = twoDigits(bytes, p + 1);
  const minutes = minutesAt === -1 ? 0 : twoDigits(bytes, minutesAt);
  if (!(hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59)) return NaN;
  return sign === DASH ? -(hours * 60 + minutes) : hours * 60 + minutes;
}

/** Whether `bytes[from..end)` is `Z`, `UTC` or `GMT`, in any case. */
function isUtc(bytes: Uint8Array, from: number, end: number): boolean {
  const length = end - from;
  if (length !== 1 && length !== 3) return false;
  let word = 0;
  for (let p = from; p < end; p++) word = (word << 8) | bytes[p]! | LOWER;
  return word === 0x7a || word === 0x757463 || word === 0x676d74; // z, utc, gmt
}
