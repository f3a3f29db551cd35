/**
 * Patterns of file names, as shells have them: `*`, `?` and `[…]`. Pure.
 *
 * @module
 */

/** A character of a name that a part of a pattern stands for; null for any number of any. */
type Part = ((character: string) => boolean) | null;

/**
 * Whether a name matches a pattern: `*` is any number of characters, `?` any
 * one, `[a-c]` one of some, `[!a-c]` one of the others, and anything else
 * itself, so that `[*]` is a star. A bracket that is never closed is itself,
 * too. As in a shell, a name that begins with a dot has to be asked for by it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { nameMatcher } from "./name_pattern.ts";
 *
 * assert(nameMatcher("BTC-2024-*.csv")("BTC-2024-01.csv"));
 * assert(!nameMatcher("BTC-[0-3]?.csv")("BTC-41.csv"));
 * ```
 */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const parts = partsOf(Array.from(pattern));
  const takesHidden = pattern.startsWith(".");
  return (name) => (takesHidden || !name.startsWith(".")) && matches(Array.from(name), parts);
}

function partsOf(pattern: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    const end = character === "[" ? classEnd(pattern, at) : -1;
    if (end !== -1) {
      parts.push(oneOf(pattern.slice(at + 1, end)));
      at = end;
    } else if (character === "*") parts.push(null);
    else if (character === "?") parts.push(() => true);
    else parts.push((other) => other === character);
  }
  return parts;
}

/** The position of the bracket that closes the one at `at`, or -1; one that comes first is meant. */
function classEnd(pattern: readonly string[], at: number): number {
  const first = at + (isNegation(pattern[at + 1]) ? 2 : 1);
  return pattern.indexOf("]", first + 1);
}

function isNegation(character: string | undefined): boolean {
  return character === "!" || character === "^";
}

/** The characters between two brackets. */
function oneOf(inside: readonly string[]): Part {
  const negated = isNegation(inside[0]);
  const characters = negated ? inside.slice(1) : inside;
  const ranges: [from: number, to: number][] = [];
  for (let at = 0; at < characters.length; at++) {
    const from = characters[at]!.codePointAt(0)!;
    const isRange = characters[at + 1] === "-" && at + 2 < characters.length;
    ranges.push([from, isRange ? characters[at + 2]!.codePointAt(0)! : from]);
    if (isRange) at += 2;
  }
  return (character) => {
    const code = character.codePointAt(0)!;
    return ranges.some(([from, to]) => code >= from && code <= to) !== negated;
  };
}

/**
 * Only the last star is ever tried again, as an earlier one could take no more
 * than what it leaves: the time is the product of the two lengths at most.
 */
function matches(name: readonly string[], parts: readonly Part[]): boolean {
  let at = 0;
  let part = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const wanted = parts[part];
    if (wanted === null) {
      star = part++;
      starAt = at;
    } else if (wanted?.(name[at]!)) {
      part++;
      at++;
    } else if (star !== -1) {
      part = star + 1;
      at = ++starAt;
    } else return false;
  }
  return parts.slice(part).every((rest) => rest === null);
}
