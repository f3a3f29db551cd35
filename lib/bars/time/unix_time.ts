/**
 * Unix time, read from bytes, exactly. Pure.
 *
 * @module
 */

import { countDigits } from "./digits.ts";

const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;

/** A unit of Unix time. */
export type UnixUnit = "s" | "ms" | "us" | "ns";

/** Powers of ten, for up to nine digits. */
const POWERS: readonly number[] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** By how many digits a unit is coarser than a millisecond. */
const COARSER: Readonly<Record<UnixUnit, number>> = { s: 3, ms: 0, us: -3, ns: -6 };

/** Seconds at 1973-03-03 and at 2200-01-01: what lies between is taken for a time. */
const EARLIEST = 1e8;
const LATEST = 7_258_118_400;

/** No instant is further from 1970, in milliseconds: the limit of `Date`. */
const FURTHEST_MS = 8.64e15;

/** More digits than these are never a Unix time. */
const MAX_DIGITS = 19;

/** Digits below a millisecond that are kept: with them all, the sum is exact. */
const MAX_FRACTION = 1e15;

/**
 * The unit of a Unix time of this size, or null if it is none. Taken for times
 * are the years 1973 to 2199, which do not overlap from unit to unit. Smaller
 * numbers are row numbers or a spreadsheet's days.
 */
export function unitOfSize(size: number): UnixUnit | null {
  if (size >= EARLIEST && size <= LATEST) return "s";
  if (size >= EARLIEST * 1e3 && size <= LATEST * 1e3) return "ms";
  if (size >= EARLIEST * 1e6 && size <= LATEST * 1e6) return "us";
  if (size >= EARLIEST * 1e9 && size <= LATEST * 1e9) return "ns";
  return null;
}

/** Reads integer and decimal Unix times. */
export class UnixTimeReader {
  readonly #unit: UnixUnit | null;

  /** A reader of times in this unit; null tells it by size. */
  constructor(unit: UnixUnit | null) {
    this.#unit = unit;
  }

  /**
   * Reads `bytes[start..end)`, all of it.
   *
   * @returns milliseconds since 1970-01-01 UTC, the nearest double; NaN if it is no such time
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    const negative = bytes[start] === MINUS;
    const first = negative ? start + 1 : start;
    const digits = countDigits(bytes, first, end);
    const point = first + digits;
    if (digits === 0 || digits > MAX_DIGITS) return NaN;
    if (point < end && bytes[point] !== POINT) return NaN;
    const size = integerAt(bytes, first, digits);
    const unit = this.#unit ?? unitOfSize(size);
    if (unit === null) return NaN;
    // No more digits than these are an exact integer.
    const plain = unit === "ms" && point === end && digits <= 15;
    const ms = plain ? size : inMilliseconds(bytes, { first, point, end, unit });
    if (!(ms <= FURTHEST_MS)) return NaN;
    return negative ? 0 - ms : ms;
  }
}

/** The number in `count` digits at `from` that are known to be digits; the nearest, if too long. */
function integerAt(bytes: Uint8Array, from: number, count: number): number {
  // Nine digits at a time are small integers, which are faster.
  let number = 0;
  let p = from;
  for (let left = count; left > 0; left -= 9) {
    const length = left > 9 ? 9 : left;
    let part = 0;
    for (const to = p + length; p < to; p++) part = part * 10 + (bytes[p]! - ZERO);
    number = number * POWERS[length]! + part;
  }
  return number;
}

/** The digits from `first` to `end` but for the point, in milliseconds. */
function inMilliseconds(
  bytes: Uint8Array,
  { first, point, end, unit }: {
    readonly first: number;
    readonly point: number;
    readonly end: number;
    readonly unit: UnixUnit;
  },
): number {
  // Milliseconds end `cut` digits after the first; what follows is their fraction.
  let cut = point - first + COARSER[unit];
  let whole = 0;
  let fraction = 0;
  let power = 1;
  for (; cut < 0; cut++) power *= 10;
  for (let p = first; p < end; p++) {
    if (p === point) continue;
    const digit = bytes[p]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    if (cut > 0) {
      whole = whole * 10 + digit;
      cut--;
    } else if (power < MAX_FRACTION) {
      fraction = fraction * 10 + digit;
      power *= 10;
    }
  }
  for (; cut > 0; cut--) whole *= 10;
  return whole + fraction / power;
}
