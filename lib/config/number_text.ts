/**
 * Numbers as texts that not all readers of YAML take for the same number. Pure.
 *
 * @module
 */

/** A decimal that begins with no needless zero: every reader that takes it for a number agrees. */
const CLEAR = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const OCTAL = /^([+-]?)0o?([0-7]+)$/;
const BINARY = /^([+-]?)0b([01]+)$/;
const HEXADECIMAL = /^([+-]?)0x([\da-f]+)$/i;

/**
 * The numbers that a text may stand for, if it is one of those whose value
 * depends on the reader: a zero in front is octal to some, `0x10` and `1_000`
 * are text to some. Empty for all else, and for plain decimals.
 *
 * @param value what YAML read, if that was a number
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { unclearNumber } from "./number_text.ts";
 *
 * assertEquals(unclearNumber("010"), [10, 8]);
 * assertEquals(unclearNumber("1_000"), [1000]);
 * assertEquals(unclearNumber("10"), []);
 * ```
 */
export function unclearNumber(text: string, value?: number): readonly number[] {
  if (CLEAR.test(text) || (value !== undefined && !Number.isFinite(value))) return [];
  const bare = text.replaceAll("_", "");
  const readings = [
    ...(DECIMAL.test(bare) ? [Number(bare)] : []),
    ...inBase(OCTAL.exec(bare), 8),
    ...inBase(BINARY.exec(bare), 2),
    ...inBase(HEXADECIMAL.exec(bare), 16),
    ...(value === undefined ? [] : [value]),
  ];
  return [...new Set(readings)];
}

function inBase(match: RegExpExecArray | null, base: number): readonly number[] {
  return match === null ? [] : [Number.parseInt(`${match[1]}${match[2]}`, base)];
}

/** Why such a text is not taken for a number: "'010' is 10 to some readers of YAML …". */
export function whyUnclear(shown: string, [first, ...others]: readonly number[]): string {
  const second = others.length === 0 ? "text" : others.join(" or ");
  const all = [first, ...others].join(" or ");
  return `${shown} is ${first} to some readers of YAML and ${second} to others: write ${all}`;
}
