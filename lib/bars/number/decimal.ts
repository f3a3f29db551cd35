/**
 * Decimal text, read exactly: `mantissa / 10^scale`.
 *
 * @module
 */

import type { DecimalMark } from "./decimal_mark.ts";
import { plainNumber } from "./number_forms.ts";

/** What a field turned out to be. */
export const DECIMAL = {
  /** A number that fits a double's 53 bits: see `mantissa`. */
  NARROW: 0,
  /** A number that does not: see `wide`. */
  WIDE: 1,
  /** One of the words for "no value". */
  MISSING: 2,
  /** Neither. */
  INVALID: 3,
  /** A number with more digits than {@linkcode MAX_DIGITS}. */
  TOO_LONG: 4,
} as const;

/** One of {@linkcode DECIMAL}. */
export type DecimalKind = typeof DECIMAL[keyof typeof DECIMAL];

/**
 * The most digits before and after the point together. Far beyond any price;
 * it keeps `1e-300` beside `1e300` from making every row 600 digits wide.
 */
export const MAX_DIGITS = 38;

/** The most bytes of a field in one of the rare forms. */
const LONGEST_FIELD = 400;

/** Words that stand for a missing value, in lower case. */
export const MISSING_WORDS: ReadonlySet<string> = new Set([
  "",
  "-",
  "null",
  "nan",
  "n/a",
  "na",
  "none",
  "nil",
]);

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const SPACE = 0x20;

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;
const text = new TextDecoder();

/** Reads decimals from bytes; the last result stays in its fields. */
export class DecimalReader {
  /** The integer, sign included, of a NARROW number. */
  mantissa = 0;
  /** The integer, sign included, of a WIDE number. */
  wide = 0n;
  /** The power of ten to divide by, from 0; no smaller one would do. */
  scale = 0;

  readonly #mark: DecimalMark;

  /** A reader of numbers whose fraction this begins. */
  constructor(mark: DecimalMark = "point") {
    this.#mark = mark;
  }

  /** Reads `bytes[start..end)`; spaces around the number don't count. */
  read(bytes: Uint8Array, start: number, end: number): DecimalKind {
    while (start < end && bytes[start] === SPACE) start++;
    while (end > start && bytes[end - 1] === SPACE) end--;
    let p = start;
    const negative = bytes[p] === MINUS;
    if (p < end && (negative || bytes[p] === PLUS)) p++;
    // Doubles only ever round past 2^53, and rounding keeps order: a mantissa
    // that ends up below it was exact at every step.
    let mantissa = 0;
    let digits = 0;
    for (; p < end; p++, digits++) {
      const digit = bytes[p]! - ZERO;
      if (digit < 0 || digit > 9) break;
      mantissa = mantissa * 10 + digit;
    }
    let scale = 0;
    if (p < end && bytes[p] === POINT) {
      p++;
      // Zeros at the end of the fraction carry no value.
      let last = end;
      while (last > p && bytes[last - 1] === ZERO) last--;
      digits += end - last;
      const fraction = p;
      for (; p < last; p++) {
        const digit = bytes[p]! - ZERO;
        if (digit < 0 || digit > 9) break;
        mantissa = mantissa * 10 + digit;
      }
      scale = p - fraction;
      digits += scale;
      if (p === last) p = end;
    }
    if (
      this.#mark === "comma" || p < end || digits === 0 || mantissa > Number.MAX_SAFE_INTEGER ||
      scale > MAX_DIGITS
    ) {
      const field = text.decode(bytes.subarray(start, Math.min(end, start + LONGEST_FIELD)));
      if (end - start <= LONGEST_FIELD) return this.#readText(field);
      // Only its beginning was looked at, so there is no value to be had from it.
      return NUMBER.test(field) ? DECIMAL.TOO_LONG : DECIMAL.INVALID;
    }
    this.mantissa = negative ? -mantissa : mantissa;
    this.scale = mantissa === 0 ? 0 : scale;
    if (mantissa === 0) this.mantissa = 0;
    return DECIMAL.NARROW;
  }

  /** The forms that are rare: missing, an exponent, many digits, no number at all. */
  #readText(field: string): DecimalKind {
    if (MISSING_WORDS.has(field.trim().toLowerCase())) return DECIMAL.MISSING;
    const match = NUMBER.exec(plainNumber(field, this.#mark) ?? "");
    if (match === null) return DECIMAL.INVALID;
    const [, sign, whole = "", fraction = "", exponent = "0"] = match;
    if (whole === "" && fraction === "") return DECIMAL.INVALID;
    let digits = (whole + fraction).replace(/^0+/, "");
    let scale = fraction.length - Number(exponent);
    const kept = digits.replace(/0+$/, "");
    scale -= digits.length - kept.length;
    digits = kept;
    if (digits === "") {
      this.mantissa = 0;
      this.scale = 0;
      return DECIMAL.NARROW;
    }
    if (scale > MAX_DIGITS || Math.max(digits.length, digits.length - scale) > MAX_DIGITS) {
      return DECIMAL.TOO_LONG;
    }
    if (scale < 0) {
      digits += "0".repeat(-scale);
      scale = 0;
    }
    this.scale = scale;
    const size = BigInt(digits);
    const integer = sign === "-" ? -size : size;
    if (size <= Number.MAX_SAFE_INTEGER) {
      this.mantissa = Number(integer);
      return DECIMAL.NARROW;
    }
    this.wide = integer;
    return DECIMAL.WIDE;
  }
}
