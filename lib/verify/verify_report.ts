/**
 * What an audit found, and what was done about it.
 *
 * @module
 */

import { type Check, isWrong } from "./check.ts";
import type { RunReport } from "./run_report.ts";

/** What was found. */
export interface VerifyReport {
  /** Of the registry. */
  readonly registry: readonly Check[];
  /** Of each run, oldest first. */
  readonly runs: readonly RunReport[];
  /** What was done about it. */
  readonly repairs: readonly Repair[];
}

/** One thing that was done. */
export interface Repair {
  /** The run that it was done to; null for the registry. */
  readonly run: string | null;
  /** What was done. */
  readonly action:
    | "registry rebuilt"
    | "directory brought back"
    | "row rebuilt"
    | "row removed"
    | "labels updated"
    | "marked"
    | "mark removed";
  /** From what, or why. */
  readonly detail: string;
}

/** Whether all is as it should be. */
export function isIntact({ registry, runs }: VerifyReport): boolean {
  return !registry.some(isWrong) && runs.every(({ state }) => state !== "damaged");
}
