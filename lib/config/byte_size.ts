/**
 * Sizes as people write them: `64MB`, `1.5 GiB`, `1000`.
 *
 * @module
 */

const POWERS = ["", "k", "m", "g", "t"];

/**
 * What a size looks like. Units count in thousands, those with an `i` in steps
 * of 1024; case does not matter.
 */
export const BYTE_SIZE = /^(\d{1,15}(?:\.\d{1,15})?) ?(?:([kKmMgGtT])([iI]?))?[bB]?$/;

/**
 * A size in whole bytes.
 *
 * @throws {TypeError} if the text is no size
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { byteSize } from "./byte_size.ts";
 *
 * assert(byteSize("64MB") === 64_000_000);
 * assert(byteSize("1.5 GiB") === 1.5 * 1024 ** 3);
 * ```
 */
export function byteSize(text: string): number {
  const match = BYTE_SIZE.exec(text);
  if (match === null) throw new TypeError(`Cannot read ${JSON.stringify(text)} as a size`);
  const [, number, letter = "", binary = ""] = match;
  const step = binary === "" ? 1000 : 1024;
  return Math.floor(Number(number) * step ** POWERS.indexOf(letter.toLowerCase()));
}
