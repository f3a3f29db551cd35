/**
 * Times as text. Pure.
 *
 * @module
 */

/**
 * Milliseconds since 1970-01-01 UTC as ISO 8601, to the millisecond, or to the
 * microsecond where there are some; the bare number outside the years that
 * `Date` knows.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { isoTime } from "./iso_time.ts";
 *
 * assert(isoTime(1599314400000) === "2020-09-05T14:00:00.000Z");
 * assert(isoTime(0.25) === "1970-01-01T00:00:00.000250Z");
 * ```
 */
export function isoTime(ms: number): string {
  const micros = Math.round((ms - Math.floor(ms)) * 1000);
  const date = new Date(Math.floor(ms) + (micros === 1000 ? 1 : 0));
  if (Number.isNaN(date.getTime())) return String(ms);
  const iso = date.toISOString();
  if (micros % 1000 === 0) return iso;
  return `${iso.slice(0, -1)}${String(micros).padStart(3, "0")}Z`;
}
