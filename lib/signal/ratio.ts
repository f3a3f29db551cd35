/**
 * The double nearest to a fraction of bigints.
 *
 * @module
 */

/** More bits than a double has, so that the last one can say whether anything is left. */
const QUOTIENT_BITS = 70;

/**
 * The double nearest to `numerator / denominator`, ties to even, the
 * denominator being positive. What lies beyond the doubles, or between zero
 * and the smallest normal one, is no price.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { nearestRatio } from "./ratio.ts";
 *
 * assert(nearestRatio(1n, 10n) === 0.1);
 * assert(nearestRatio(-(2n ** 64n), 3n) === -(2 ** 64 / 3));
 * ```
 */
export function nearestRatio(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  const size = numerator < 0n ? -numerator : numerator;
  const shift = BigInt(bitsOf(denominator) - bitsOf(size) + QUOTIENT_BITS);
  const [top, bottom] = shift >= 0n ? [size << shift, denominator] : [size, denominator << -shift];
  // A set last bit stands for the remainder: it breaks what would look like a tie.
  const quotient = (top / bottom) | (top % bottom === 0n ? 0n : 1n);
  const ratio = Number(quotient) * 2 ** -Number(shift);
  return numerator < 0n ? -ratio : ratio;
}

/** The bits of a positive integer, or up to three more. */
function bitsOf(integer: bigint): number {
  return integer.toString(16).length * 4;
}
