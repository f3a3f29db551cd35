/**
 * English names of months, read from bytes. Pure.
 *
 * @module
 */

const NAMES = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
] as const;

/** September, the only month with a short form of four letters. */
const SEPT = 8;

/** Whether a byte is an ASCII letter; undefined is none. */
export function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

/** The offset of the first byte from `from` on that is no letter, at most `end`. */
export function lettersEnd(bytes: Uint8Array, from: number, end: number): number {
  let p = from;
  while (p < end && isLetter(bytes[p])) p++;
  return p;
}

/**
 * The month, from 1, whose name is `bytes[from..to)`, all letters: in full or
 * the first three, or `Sept`, in any case; -1 if there is none.
 */
export function monthNamed(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length < 3) return -1;
  for (let month = 0; month < NAMES.length; month++) {
    const name = NAMES[month]!;
    if (length !== 3 && length !== name.length && !(length === 4 && month === SEPT)) continue;
    let p = 0;
    while (p < length && (bytes[from + p]! | 0x20) === name.charCodeAt(p)) p++;
    if (p === length) return month + 1;
  }
  return -1;
}
