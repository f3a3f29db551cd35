/**
 * What a look at the installation finds.
 *
 * @module
 */

/** How a thing stands: as it should be, worth knowing, or in the way of work. */
export const FINDING_STATUSES = ["ok", "warning", "problem"] as const;

/** One of {@linkcode FINDING_STATUSES}. */
export type FindingStatus = typeof FINDING_STATUSES[number];

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at. */
  readonly name: string;
  /** How it stands. */
  readonly status: FindingStatus;
  /** What was found. */
  readonly found: string;
  /** What to do; null where there is nothing to do. */
  readonly advice: string | null;
}

/** Things that belong together. */
export interface FindingGroup {
  /** What they have in common. */
  readonly title: string;
  /** The things. */
  readonly findings: readonly Finding[];
}

/** A thing that is as it should be. */
export function fine(name: string, found: string): Finding {
  return { name, status: "ok", found, advice: null };
}

/** A thing that is worth knowing. */
export function warning(
  name: string,
  found: string,
  { advice }: Advice,
): Finding {
  return { name, status: "warning", found, advice };
}

/** A thing that is in the way of work. */
export function problem(name: string, found: string, { advice }: Advice): Finding {
  return { name, status: "problem", found, advice };
}

/** What to do about it. */
export interface Advice {
  /** A sentence. */
  readonly advice: string;
}
