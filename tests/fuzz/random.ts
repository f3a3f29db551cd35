/**
 * The one source of chance: a seed and the number of a case give the same
 * numbers on every machine.
 *
 * @module
 */

import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xorshift128plus } from "pure-rand/generator/xorshift128plus";

/** Seeded chance. */
export class Random {
  readonly #generator;

  /** The numbers of one case. */
  constructor(seed: number, number: number) {
    // Neighbours begin alike until they are mixed well.
    this.#generator = xorshift128plus(
      Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b),
    );
    for (let round = 0; round < 8; round++) this.int(0, 1);
  }

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return uniformInt(this.#generator, min, max);
  }

  /** True once in `times` times. */
  once(times: number): boolean {
    return this.int(1, times) === 1;
  }

  /** One of some. */
  pick<T>(items: readonly T[]): T {
    return items[this.int(0, items.length - 1)]!;
  }
}
