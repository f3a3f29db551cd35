/**
 * Exact decimals as text. Pure.
 *
 * @module
 */

/**
 * `unit / 10^decimals`, exactly, without zeros at the end of the fraction.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { decimalText } from "./decimal_text.ts";
 *
 * assert(decimalText(1032706, 2) === "10327.06");
 * assert(decimalText(-5n, 3) === "-0.005");
 * assert(decimalText(393000, 2) === "3930");
 * ```
 */
export function decimalText(unit: number | bigint, decimals: number): string {
  // Units are integers of any size; a double's own text could have an exponent.
  const digits = String(BigInt(unit)).replace("-", "").padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return `${unit < 0 ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}
