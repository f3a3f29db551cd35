/**
 * In what the code of two runs differs, as far as git can tell. Pure.
 *
 * @module
 */

import type { RunRecord } from "../record.ts";
import { SOURCES } from "../run/code_identity.ts";

/** The code of a run against that of another one with another code hash. */
export interface CodeDifference {
  /** Id of the run. */
  readonly run: string;
  /** Id of the run that it is compared with. */
  readonly baseline: string;
  /** The command that shows what changed in between; null where no commits tell. */
  readonly git_diff: string | null;
  /** Ids of those of the two that ran with changes that are in no commit. */
  readonly uncommitted: readonly string[];
}

/** What of a run says which code it ran. */
export type CodeOfRun = Pick<RunRecord, "id" | "hashes" | "environment">;

/** The difference of a run's code from the baseline's; null if it is the same, or unknown. */
export function codeDifference(run: CodeOfRun, baseline: CodeOfRun): CodeDifference | null {
  const { code } = run.hashes;
  if (code === null || baseline.hashes.code === null || code === baseline.hashes.code) return null;
  const [from, to] = [commitOf(baseline), commitOf(run)];
  return {
    run: run.id,
    baseline: baseline.id,
    git_diff: from === null || to === null || from === to
      ? null
      : `git diff ${from.slice(0, SHORT)}..${to.slice(0, SHORT)} -- ${PATHS.join(" ")}`,
    uncommitted: [baseline, run].filter(isDirty).map(({ id }) => id),
  };
}

/** Digits of a commit that tell it from others in a repository of any size. */
const SHORT = 12;

/** Folders first, as they are what changes most. */
const PATHS: readonly string[] = SOURCES.toSorted((a, b) =>
  Number(a.includes(".")) - Number(b.includes("."))
);

/** The commit of a run; null for what is none, as this goes into a command. */
function commitOf(run: CodeOfRun): string | null {
  const { commit } = gitOf(run);
  return typeof commit === "string" && /^[0-9a-f]{7,64}$/.test(commit) ? commit : null;
}

function isDirty(run: CodeOfRun): boolean {
  return gitOf(run).dirty === true;
}

function gitOf({ environment: { git } }: CodeOfRun): Readonly<Record<string, unknown>> {
  return typeof git === "object" && git !== null ? git as Record<string, unknown> : {};
}
