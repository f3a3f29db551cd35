/**
 * Which runs may still be going, so that nothing is to be said about them yet.
 *
 * @module
 */

import { join } from "node:path";
import { EXIT_USAGE, UserError } from "../errors.ts";
import { quote } from "../quote.ts";
import type { RunRecord } from "../record.ts";
import { isAlive, isHere, type Viewpoint } from "./liveness.ts";
import { readManifest } from "./manifest.ts";
import { placeOf } from "./place.ts";
import { RUN_LOG } from "./run_directory.ts";
import { runSuffix } from "../run_id.ts";

/** What tells whether a run may be going. */
export type RunningSubject = Pick<RunRecord, "id" | "status" | "started_at" | "directory"> & {
  /** The machine that it is on, if that is known. */
  readonly hostname: string | null;
};

/** Here and now. */
export interface Vantage extends Viewpoint {
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
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
  const elsewhere = isHere(run.hostname, vantage) ? "" : ` on ${quote(run.hostname ?? "unknown")}`;
  throw new UserError(`Run ${runSuffix(run.id)} is still running${elsewhere}`, {
    code: "run_running",
    exitCode: EXIT_USAGE,
    hint: "What is said about a run is kept beside its result: wait until it has ended. " +
      "A run that is about to start is given its name and tags with --name and --tag.",
  });
}

/** How long a run may take from its row to its log, in milliseconds. */
const START_MS = 60_000;

/** Whether a run that is stored as running may have a process. */
export async function mayBeRunning(
  run: RunningSubject,
  { runsDir, now, ...from }: Vantage,
): Promise<boolean> {
  if (run.status !== "running") return false;
  const place = await placeOf(run, runsDir);
  const isYoung = Math.abs(now.getTime() - new Date(run.started_at).getTime()) < START_MS;
  if (place.kind === "none") return isYoung || !isHere(run.hostname, from);
  if (await isAlive(place.path)) return true;
  // A complete one is recorded by whoever looks next, with the labels of its manifest.
  if ((await readManifest(place.path))?.id === run.id) return true;
  // Its log is locked before there is a line in it.
  return isYoung && await sizeOf(join(place.path, RUN_LOG)) === 0;
}

async function sizeOf(path: string): Promise<number> {
  return await Deno.lstat(path).then(({ size }) => size, () => 0);
}
