/**
 * Records in a registry what the run directories of this machine hold and it
 * does not: runs that ended while it was out of reach, ends that were not
 * recorded, labels that were given since. Doing it twice changes nothing.
 *
 * @module
 */

import { join } from "node:path";
import type { Registry } from "../registry/open.ts";
import { runSummaries, type RunSummary } from "../registry/queries.ts";
import { isRefusal } from "../registry/server_failure.ts";
import { commitIfRunning, commitRun, type StorableRun, withLabels } from "../registry/store.ts";
import { changeLabels } from "./change_labels.ts";
import { directoryIds } from "./directory_ids.ts";
import { asUserError } from "../failure.ts";
import { type DatedLabels, readLabels } from "./labels.ts";
import { isAlive } from "./liveness.ts";
import { readManifest } from "./manifest.ts";
import { MANIFEST_JSON } from "./run_directory.ts";

/** What was done about a run, or is to be done. */
export const SYNC_ACTIONS = [
  "run recorded",
  "end recorded",
  "labels recorded",
  "labels.json written",
] as const;

/** One of {@linkcode SYNC_ACTIONS}. */
export type SyncAction = typeof SYNC_ACTIONS[number];

/** What became of a run that the registry did not know, or not well. */
export type SyncStep =
  | { readonly run: string; readonly action: SyncAction }
  /** What its directory says cannot be recorded. */
  | { readonly run: string; readonly action: "failed"; readonly reason: string };

/** What was found and done. */
export interface SyncReport {
  /** Run directories that were looked at. */
  readonly total: number;
  /** What was done, oldest run first. */
  readonly steps: readonly SyncStep[];
  /** Runs that were as recorded. */
  readonly unchanged: number;
  /** Runs that are going on. */
  readonly running: number;
  /** Directories without a manifest, whose process is gone. */
  readonly incomplete: number;
}

/** Where to look. */
export interface SyncRequest {
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** The wall clock. */
  readonly now: () => Date;
  /** This machine's name. */
  readonly hostname: string;
  /** Whether nothing is written. */
  readonly dryRun: boolean;
}

/**
 * Brings a registry up to what the run directories hold.
 *
 * @param registry undefined for one that holds nothing yet, where nothing is written
 * @throws {UserError} if the registry or the folder of runs cannot be used
 */
export async function syncRuns(
  registry: Registry | undefined,
  request: SyncRequest,
): Promise<SyncReport> {
  const ids = await directoryIds(request.runsDir);
  const known = registry === undefined ? new Map() : await runSummaries(registry, ids);
  const steps: SyncStep[] = [];
  const counts = { unchanged: 0, running: 0, incomplete: 0 };
  for (const id of ids) {
    const step = await planned(id, { row: known.get(id), runsDir: request.runsDir });
    if (typeof step === "string") counts[step]++;
    else steps.push(await done(step, { registry, request }));
  }
  return { total: ids.length, steps, ...counts };
}

/** What is to be done, and with what. */
type Plan =
  | { readonly action: "run recorded" | "end recorded"; readonly run: StorableRun }
  | { readonly action: "labels recorded" | "labels.json written"; readonly id: string }
  | { readonly action: "failed"; readonly id: string; readonly reason: string };

async function planned(
  id: string,
  { row, runsDir }: { readonly row: RunSummary | undefined; readonly runsDir: string },
): Promise<Plan | "unchanged" | "running" | "incomplete"> {
  const directory = join(runsDir, id);
  const hasEnded = row !== undefined && row.status !== "running";
  if (!hasEnded && await isAlive(directory)) return "running";
  let labels: DatedLabels | undefined;
  try {
    labels = await readLabels(directory);
  } catch (error) {
    return { action: "failed", id, reason: asUserError(error).message };
  }
  if (!hasEnded) return await unrecordedEnd(id, { row, directory, labels });
  const [inRow, inFile] = [row.labels_at ?? "", labels?.labels_at ?? ""];
  if (inRow === inFile) return "unchanged";
  return { action: inFile > inRow ? "labels recorded" : "labels.json written", id };
}

async function unrecordedEnd(
  id: string,
  { row, directory, labels }: {
    readonly row: RunSummary | undefined;
    readonly directory: string;
    readonly labels: DatedLabels | undefined;
  },
): Promise<Plan | "incomplete"> {
  const sealed = await readManifest(directory);
  if (sealed?.id === id) {
    const run = labels === undefined ? sealed : withLabels(sealed, labels);
    return { action: row === undefined ? "run recorded" : "end recorded", run };
  }
  const exists = await Deno.lstat(join(directory, MANIFEST_JSON)).then(() => true, () => false);
  if (!exists) return "incomplete";
  return { action: "failed", id, reason: `${MANIFEST_JSON} is damaged, or of another run` };
}

async function done(
  plan: Plan,
  { registry, request }: {
    readonly registry: Registry | undefined;
    readonly request: SyncRequest;
  },
): Promise<SyncStep> {
  const { action } = plan;
  const run = "run" in plan ? plan.run.id : plan.id;
  if (action === "failed") return { run, action, reason: plan.reason };
  if (request.dryRun || registry === undefined) return { run, action };
  try {
    if (action === "run recorded") await commitRun(registry, plan.run);
    else if (action === "end recorded") await commitIfRunning(registry, plan.run);
    else await changeLabels(registry, { ...request, id: run, change: (labels) => labels });
    return { run, action };
  } catch (error) {
    // What a registry refuses of one run is no reason to leave out the others.
    const { code, message } = asUserError(error);
    if (code === "registry_unavailable" && !isRefusal(error)) throw error;
    return { run, action: "failed", reason: message };
  }
}
