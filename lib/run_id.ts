/**
 * Run ids: `20261123-085501-k3f9x2`.
 *
 * @module
 */

/** Crockford's base 32: no i, l, o or u to misread. */
const BASE32 = "0123456789abcdefghjkmnpqrstvwxyz";

/** Letters of the random suffix: 2^30 of them in a second. */
const SUFFIX_LENGTH = 6;

/**
 * A run id from the time (UTC, to the second) and six random bytes.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { newRunId } from "./run_id.ts";
 *
 * const id = newRunId(new Date("2026-11-23T08:55:01Z"), new Uint8Array(6));
 * assert(id === "20261123-085501-000000");
 * ```
 */
export function newRunId(now: Date, random: Uint8Array): string {
  const [date, time] = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").split("T");
  const suffix = Array.from(random.subarray(0, SUFFIX_LENGTH), (byte) => BASE32[byte % 32]);
  return `${date}-${time}-${suffix.join("")}`;
}

/** The random part of a run id, by which people call it. */
export function runSuffix(id: string): string {
  return id.slice(id.lastIndexOf("-") + 1);
}

/** When the run of an id began, to the second; undefined for what is no run id. */
export function startOfRunId(id: string): Date | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[0-9a-hjkmnp-tv-z]{6}$/.exec(id);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second] = found;
  const start = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(start.getTime()) ? undefined : start;
}

/** Whether a text is the id of a run: no other names a directory. */
export function isRunId(text: string): boolean {
  return startOfRunId(text) !== undefined;
}
