/**
 * Spans of time as users write them. Pure.
 *
 * @module
 */

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/**
 * A span such as `30d`, `12h` or `2w` in milliseconds; undefined if it is none.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { timeSpan } from "./time_span.ts";
 *
 * assert(timeSpan("2w") === 14 * 24 * 60 * 60 * 1000);
 * ```
 */
export function timeSpan(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6}(?:\.\d{1,6})?) ?([smhdw])$/i.exec(text.trim()) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS[unit!.toLowerCase()]!;
}
