/**
 * "Did you mean …": the nearest known word.
 *
 * @module
 */

import { levenshteinDistance } from "@std/text/levenshtein-distance";

/**
 * The candidate that a misspelt word most likely meant, or nothing when none
 * is near: at most one edit in three letters, case aside, where two neighbours
 * that changed places are one edit; or one containing the other.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { nearest } from "./nearest.ts";
 *
 * assert(nearest("windw", ["seed", "window"]) === "window");
 * assert(nearest("clsoe", ["open", "close"]) === "close");
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
    const distance = isTransposition(wanted, known) ? 1 : levenshteinDistance(wanted, known);
    const length = Math.max(wanted.length, known.length);
    // An edit leaves nothing of a single letter.
    const limit = length === 1 ? 0 : Math.max(1, Math.floor(length / 3));
    if ((distance <= limit || contained) && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Whether swapping two neighbouring letters makes one word the other. */
function isTransposition(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = a.split("").findIndex((letter, index) => letter !== b[index]);
  return at !== -1 && a[at] === b[at + 1] && a[at + 1] === b[at] &&
    a.slice(at + 2) === b.slice(at + 2);
}
