/**
 * Seeded random numbers, the same on every machine.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { Random } from "./experiment.ts";

/**
 * Named streams of random numbers for a seed: xoroshiro128+ whose state is the
 * first 128 bits of SHA-256 over seed and name, so that streams don't overlap
 * in practice and adding one changes no other.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { randomStreams } from "./random.ts";
 *
 * const first = randomStreams(42)("shuffle").float();
 * assert(first === randomStreams(42)("shuffle").float());
 * assert(first !== randomStreams(43)("shuffle").float());
 * ```
 */
export function randomStreams(seed: number): (stream: string) => Random {
  return (stream) => {
    const digest = sha256(new TextEncoder().encode(`${seed}\0${stream}`));
    const words = new DataView(digest.buffer, digest.byteOffset);
    const state = [0, 4, 8, 12].map((offset) => words.getInt32(offset));
    const generator = xoroshiro128plusFromState(state);
    return {
      float: () => uniformFloat64(generator),
      int: (min, max) => uniformInt(generator, min, max),
    };
  };
}
