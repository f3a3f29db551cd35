/**
 * One thing that an audit looked at, and how it was. Pure.
 *
 * @module
 */

/** How a thing was, where nothing is wrong with it. */
export const SOUND_STATUSES = ["ok", "not checked", "moved", "running", "crashed"] as const;

/** What can be wrong with a thing. */
export const WRONG_STATUSES = [
  "differs",
  "missing",
  "unexpected",
  "malformed",
  "unreadable",
  "outdated",
] as const;

/** How a thing was. */
export type CheckStatus = typeof SOUND_STATUSES[number] | typeof WRONG_STATUSES[number];

/** One thing that was looked at. */
export interface Check {
  /** What it is, for example `metrics.json sha256`. */
  readonly check: string;
  /** What it should be. */
  readonly expected: string;
  /** What it is. */
  readonly actual: string;
  /** How it was. */
  readonly status: CheckStatus;
}

/** Whether a thing is not as it should be. */
export function isWrong({ status }: Check): boolean {
  return (WRONG_STATUSES as readonly string[]).includes(status);
}

/** The check of two values that should be equal. */
export function equalityCheck(
  check: string,
  { expected, actual }: { readonly expected: string; readonly actual: string },
): Check {
  return { check, expected, actual, status: expected === actual ? "ok" : "differs" };
}
