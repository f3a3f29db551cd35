/**
 * Which runs may still be going, so that nothing is to be said about them yet.
 *
 * @module
 */

import { join } from "node:path";
import { EXIT_USAGE, UserError } from "../errors.ts";
import { quote } from "../quote.ts";
import type { RunRecord } from "../record.ts";
import { isHere, standingOf, type Viewpoint } from "./liveness.ts";
import { readManifest } from "./manifest.ts";
import { locateRun } from "./place.ts";
import { RUN_LOG } from "./run_directory.ts";
import { runSuffix } from "../run_id.ts";

/** What tells whether a run may be going. */
export type RunningSubject = Pick<RunRecord, "id" | "status" | "started_at" | "directory"> & {
  /** The machine that it is on, if that is known. */
  readonly hostname: string | null;
};

/** Here and now. */
export interface Vantage extends Viewpoint {
  /** The time. */
  readonly now: Date;
}

/** What tells whether a run may be going, of all that is known about it. */
export function runningSubject(
  run: Omit<RunningSubject, "hostname"> & Pick<RunRecord, "environment">,
): RunningSubject {
  const { hostname } = run.environment;
  return { ...run, hostname: typeof hostname === "string" ? hostname : null };
}

/**
 * Refuses a run whose process lives, as it will seal the labels that it was
 * given and record them; and one of which that cannot be told.
 *
 * @throws {UserError} if it is one
 */
export async function refuseRunning(run: RunningSubject, vantage: Vantage): Promise<void> {
  if (!await mayBeRunning(run, vantage)) return;
  throw new UserError(`Run ${runSuffix(run.id)} is still running${await whereIs(run, vantage)}`, {
    code: "run_running",
    exitCode: EXIT_USAGE,
    hint: "What is said about a run is kept beside its result: wait until it has ended. " +
      "A run that is about to start is given its name and tags with --name and --tag.",
  });
}

/** Where a run goes on that cannot be seen from here; nothing if it can. */
async function whereIs(run: RunningSubject, vantage: Vantage): Promise<string> {
  if (!isHere(run.hostname, vantage)) return ` on ${quote(run.hostname ?? "unknown")}`;
  if (await standingOf(run, vantage) !== "unknown") return "";
  return `, as far as the registry says: its directory is ${quote(run.directory, 200)}`;
}

/** How long a run may take from its row to its log, in milliseconds. */
const START_MS = 60_000;

/** Whether a run that is stored as running may have a process. */
export async function mayBeRunning(run: RunningSubject, vantage: Vantage): Promise<boolean> {
  if (run.status !== "running") return false;
  if (await standingOf(run, vantage) !== "dead") return true;
  const isYoung = Math.abs(vantage.now.getTime() - new Date(run.started_at).getTime()) < START_MS;
  const directory = await locateRun(run, vantage);
  if (directory === null) return isYoung;
  // A complete one is recorded by whoever looks next, with the labels of its manifest.
  if ((await readManifest(directory))?.id === run.id) return true;
  // Its log is locked before there is a line in it.
  return isYoung && await sizeOf(join(directory, RUN_LOG)) === 0;
}

async function sizeOf(path: string): Promise<number> {
  return await Deno.lstat(path).then(({ size }) => size, () => 0);
}
