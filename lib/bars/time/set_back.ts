/**
 * Times that look like those of a clock that was set back, in a file that does
 * not say in which zone they are. Pure.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import type { Times } from "./times.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Months, from 0, in which clocks are set back somewhere. */
const MONTHS: readonly number[] = [2, 3, 8, 9, 10];

/** Whether clocks are set back at such a time: in the night to a Sunday, in spring or autumn. */
export function mayBeSetBack(ms: number): boolean {
  const date = new Date(ms);
  return date.getUTCDay() === 0 && date.getUTCHours() <= 3 && MONTHS.includes(date.getUTCMonth());
}

/** Whether a time as it stands in a file is that of a clock, with no word on its zone. */
export function isLocal(text: string): boolean {
  return /\d:\d\d|\d [ap]\.?m|\d{8} \d/i.test(text) &&
    !/(?:z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2}|\)|\])$/i.test(text.trim());
}

/**
 * Rows that would be in order, were it not for one step back of at most an hour
 * in such a night, or several a month and more apart.
 *
 * @returns the first time after such a step, or null if the rows are not like that
 */
export function setBackAt(times: Times): number | null {
  let rises = 0;
  let falls = 0;
  times.eachStep((step, count) => {
    if (step > 0) rises += count;
    else if (step < 0) falls += count;
  });
  if (Math.min(rises, falls) === 0 || rises === falls) return null;
  const sign = rises > falls ? 1 : -1;
  let first: number | null = null;
  let last = -Infinity;
  let isOther = false;
  times.eachStep((step, count, after) => {
    if (step * sign >= 0) return;
    const at = times.at(after + 1);
    const isLike = count === 1 && Math.abs(step) <= HOUR && mayBeSetBack(at) &&
      Math.abs(at - last) > 28 * DAY;
    isOther ||= !isLike;
    first ??= at;
    last = at;
  });
  return isOther ? null : first;
}

/** What to do about times that may be those of a clock that was set back. */
export const NAME_ZONE: string =
  "Say in which zone the times are: --set time_zone=America/New_York, --set time_zone=Europe/Berlin, " +
  "or --set time_zone=UTC if no clock was set back.";

/** The error for such rows. */
export function setBackError(path: string, ms: number): UserError {
  const text = new Date(ms).toISOString().slice(0, 16).replace("T", " ");
  return new UserError(
    `Cannot use ${path}: its rows step back at ${text}, as they do where a clock is set back, ` +
      "and nothing says in which zone they are",
    { code: "data_invalid", hint: NAME_ZONE },
  );
}
