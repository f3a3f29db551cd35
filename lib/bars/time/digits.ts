/**
 * Digits among bytes. Pure.
 *
 * @module
 */

const ZERO = 0x30;
const SPACE = 0x20;

/** Whether a byte is an ASCII digit; undefined is none. */
export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= ZERO + 9;
}

/** How many digits stand in a row at `from`, before `end`. */
export function countDigits(bytes: Uint8Array, from: number, end: number): number {
  let p = from;
  while (p < end && isDigit(bytes[p])) p++;
  return p - from;
}

/** The number in the two digits at `from`, or -1 if they are not digits. */
export function twoDigits(bytes: Uint8Array, from: number): number {
  const tens = bytes[from]! - ZERO;
  const ones = bytes[from + 1]! - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** The number in `count` digits at `from`, or NaN if they are not digits. */
export function digitsAt(bytes: Uint8Array, from: number, count: number): number {
  let number = 0;
  for (let p = from; p < from + count; p++) {
    const digit = bytes[p]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** The offset of the first byte from `from` on that is no space, at most `end`. */
export function skipSpaces(bytes: Uint8Array, from: number, end: number): number {
  let p = from;
  while (p < end && bytes[p] === SPACE) p++;
  return p;
}
