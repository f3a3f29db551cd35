/**
 * Timestamps, read from bytes to milliseconds since 1970-01-01 UTC.
 *
 * Read so far: ISO 8601 dates and times (`T` or a space between them, seconds
 * and their fraction optional, `Z` or an offset or nothing for UTC), and Unix
 * time in seconds, milliseconds, microseconds or nanoseconds, told apart by
 * size. Pure.
 *
 * @module
 */

const ZERO = 0x30;
const MS_PER_DAY = 86_400_000;
const DASH = 0x2d;
const SPACE = 0x20;
const LETTER_T = 0x54;
const COLON = 0x3a;

/** Days since 1970-01-01 of a Gregorian date, or NaN if there is no such date. */
function daysOf(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const valid = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return valid ? date.getTime() / MS_PER_DAY : NaN;
}

/** The number in the two digits at `from`, or -1 if they are not digits. */
function twoDigits(bytes: Uint8Array, from: number): number {
  const tens = bytes[from]! - ZERO;
  const ones = bytes[from + 1]! - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** The number in `count` digits at `from`, or NaN if they are not digits. */
function digitsAt(bytes: Uint8Array, from: number, count: number): number {
  let number = 0;
  for (let p = from; p < from + count; p++) {
    const digit = bytes[p]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Digits of a Unix time in micro- or nanoseconds that are below a millisecond, by its size. */
function digitsBelowMs(size: number): number {
  if (size < 1e14) return 0;
  return size < 1e17 ? 3 : 6;
}

/** Reads timestamps; consecutive ones of one day are read faster. */
export class TimestampReader {
  // The date of the row before, as the bytes of its digits and in milliseconds.
  #lastYearBytes = 0;
  #lastDayBytes = 0;
  #lastDateMs = NaN;

  /** What {@linkcode readPlain} read, in milliseconds since 1970-01-01 UTC. */
  plainMs: number = NaN;

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
    if (bytes[start + 7] !== DASH) return -1;
    const date = this.#readDate(bytes, start);
    let p = start + 10;
    let ms = date;
    if (bytes[p] === SPACE || bytes[p] === LETTER_T) {
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
    this.plainMs = ms;
    return p;
  }

  #readPlainUnix(bytes: Uint8Array, start: number): number {
    let p = start;
    let number = 0;
    let digit = bytes[p]! - ZERO;
    while (digit >= 0 && digit <= 9) {
      number = number * 10 + digit;
      digit = bytes[++p]! - ZERO;
    }
    // Microseconds and beyond are read in parts elsewhere, to be exact.
    if (p === start || number >= 1e14) return -1;
    this.plainMs = number < 1e11 ? number * 1000 : number;
    return p;
  }

  /**
   * Reads `bytes[start..end)`; spaces around it don't count.
   *
   * @returns milliseconds since 1970-01-01 UTC, or NaN if it is no timestamp
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    while (start < end && bytes[start] === 0x20) start++;
    while (end > start && bytes[end - 1] === 0x20) end--;
    const dated = end - start >= 10 && bytes[start + 4] === 0x2d && bytes[start + 7] === 0x2d;
    return dated ? this.#readIso(bytes, start, end) : readUnix(bytes, start, end);
  }

  #readIso(bytes: Uint8Array, start: number, end: number): number {
    const date = this.#readDate(bytes, start);
    let p = start + 10;
    if (p === end) return date;
    if (bytes[p] !== 0x20 && bytes[p] !== 0x54 && bytes[p] !== 0x74) return NaN;
    if (end - p < 6 || bytes[p + 3] !== 0x3a) return NaN;
    const hour = digitsAt(bytes, p + 1, 2);
    const minute = digitsAt(bytes, p + 4, 2);
    p += 6;
    let second = 0;
    let ms = 0;
    if (p < end && bytes[p] === 0x3a) {
      if (end - p < 3) return NaN;
      second = digitsAt(bytes, p + 1, 2);
      p += 3;
      if (p < end && (bytes[p] === 0x2e || bytes[p] === 0x2c)) {
        let weight = 100;
        const fraction = ++p;
        for (; p < end && bytes[p]! >= ZERO && bytes[p]! <= ZERO + 9; p++) {
          ms += (bytes[p]! - ZERO) * weight;
          weight /= 10;
        }
        if (p === fraction) return NaN;
      }
    }
    // A leap second (60) is the first of the next minute, as in Unix time.
    if (!(hour <= 23 && minute <= 59 && second <= 60)) return NaN;
    const offset = p === end ? 0 : readOffset(bytes, p, end);
    return date + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms;
  }

  /** Milliseconds of the date in the ten bytes at `start`. */
  #readDate(bytes: Uint8Array, start: number): number {
    const yearBytes = (bytes[start]! << 24) | (bytes[start + 1]! << 16) |
      (bytes[start + 2]! << 8) | bytes[start + 3]!;
    const dayBytes = (bytes[start + 5]! << 24) | (bytes[start + 6]! << 16) |
      (bytes[start + 8]! << 8) | bytes[start + 9]!;
    if (dayBytes === this.#lastDayBytes && yearBytes === this.#lastYearBytes) {
      return this.#lastDateMs;
    }
    this.#lastDayBytes = dayBytes;
    this.#lastYearBytes = yearBytes;
    const year = digitsAt(bytes, start, 4);
    const month = digitsAt(bytes, start + 5, 2);
    this.#lastDateMs = daysOf(year, month, digitsAt(bytes, start + 8, 2)) * MS_PER_DAY;
    return this.#lastDateMs;
  }
}

/** Minutes east of UTC of `Z`, `+01`, `+0100` or `+01:00`, or NaN. */
function readOffset(bytes: Uint8Array, from: number, end: number): number {
  let p = from;
  while (p < end && bytes[p] === 0x20) p++;
  const word = String.fromCharCode(...bytes.subarray(p, Math.min(end, p + 8)));
  if (/^(z|utc|gmt)$/i.test(word)) return 0;
  const match = /^([+-])([01]\d|2[0-3])(?::?([0-5]\d))?$/.exec(word);
  if (match === null) return NaN;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? "0");
  return match[1] === "-" ? -minutes : minutes;
}

/** Milliseconds of a Unix time; seconds are below 1e11, until the year 5138. */
function readUnix(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === 0x2d;
  let p = negative ? start + 1 : start;
  const first = p;
  let number = 0;
  for (; p < end; p++) {
    const digit = bytes[p]! - ZERO;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
  }
  const point = p;
  if (p === first || p - first > 19) return NaN;
  // The fraction is `fraction / power`, both exact: digits beyond the twelfth
  // are finer than any time kept here.
  let fraction = 0;
  let power = 1;
  if (p < end && bytes[p++] !== 0x2e) return NaN;
  for (; p < end; p++) {
    const digit = bytes[p]! - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    if (power === 1e12) continue;
    fraction = fraction * 10 + digit;
    power *= 10;
  }
  let ms = number < 1e11 ? number * 1000 + fraction * 1000 / power : number + fraction / power;
  const below = digitsBelowMs(number);
  if (below > 0) {
    // In two parts, as one integer of that many digits would be rounded.
    const rest = digitsAt(bytes, point - below, below) + fraction / power;
    ms = digitsAt(bytes, first, point - first - below) + rest / 10 ** below;
  }
  return negative ? 0 - ms : ms;
}
