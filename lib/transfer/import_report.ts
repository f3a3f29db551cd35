/**
 * What an import did, run by run.
 *
 * @module
 */

/** What came of a run; `held back` where another one refused the whole import. */
export const OUTCOMES = [
  "imported",
  "recorded",
  "already here",
  "conflicting",
  "damaged",
  "unfinished",
  "held back",
] as const;

/** One of {@linkcode OUTCOMES}. */
export type Outcome = typeof OUTCOMES[number];

/** A run of a source, and what came of it. */
export interface ImportedRun {
  /** Its id. */
  readonly id: string;
  /** The source, as it was named. */
  readonly source: string;
  /** What came of it. */
  readonly outcome: Outcome;
  /** More about that; null if there is nothing to say. */
  readonly detail: string | null;
}

/** What an import did. */
export interface ImportReport {
  /** The runs of all sources. */
  readonly runs: readonly ImportedRun[];
  /** Files of kept data that came with them. */
  readonly data: { readonly files: number; readonly bytes: number };
  /** Whether nothing was imported, because of conflicts. */
  readonly isRefused: boolean;
}
