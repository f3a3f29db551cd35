/**
 * "Did you mean …": the nearest known word.
 *
 * @module
 */

import { levenshteinDistance } from "@std/text/levenshtein-distance";

/**
 * The candidate that a misspelt word most likely meant, or nothing when none
 * is near: at most one edit in three letters, case aside, or one containing
 * the other.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { nearest } from "./nearest.ts";
 *
 * assert(nearest("windw", ["seed", "window"]) === "window");
 * assert(nearest("zebra", ["seed", "window"]) === undefined);
 * ```
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // A distance takes time quadratic in the length, and no key is this long.
  const wanted = word.slice(0, 100).toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const known = candidate.slice(0, 100).toLowerCase();
    const contained = known.length >= 3 && wanted.length >= 3 &&
      (known.includes(wanted) || wanted.includes(known));
    const distance = levenshteinDistance(wanted, known);
    const limit = Math.max(1, Math.floor(Math.max(wanted.length, known.length) / 3));
    if ((distance <= limit || contained) && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` Did you mean window?`, or an empty text when nothing is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates);
  return found === undefined ? "" : `did you mean ${found}?`;
}
