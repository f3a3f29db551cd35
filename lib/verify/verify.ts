/**
 * The audit of all that is stored: the registry, each run directory, each row,
 * and what has no counterpart.
 *
 * @module
 */

import { damageMarks, type RunHead, runHeads } from "../registry/audit.ts";
import type { RegistryLocation } from "../registry/location.ts";
import type { Mirror } from "../registry/mirror.ts";
import { type Registry, registryExists } from "../registry/open.ts";
import { findRunId } from "../registry/reference.ts";
import { directoryIds } from "../store/directory_ids.ts";
import { isRunId, startOfRunId } from "../run_id.ts";
import { registryReport } from "./registry_report.ts";
import { type RunKnown, type RunReport, runReport } from "./run_report.ts";
import type { VerifyReport } from "./verify_report.ts";

/** What to look at. */
export interface VerifyRequest {
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** The registry. */
  readonly location: RegistryLocation;
  /** This machine's name: run directories of others are not looked at. */
  readonly hostname: string;
  /** The runs; all if there are none. */
  readonly references: readonly string[];
  /** What rows there should be. */
  readonly mirror: Mirror;
}

/**
 * Audits what is stored, and changes nothing.
 *
 * @throws {UserError} if the registry cannot be read, or a reference names no run
 */
export async function verify(request: VerifyRequest): Promise<VerifyReport> {
  const found = await registryReport(request.location, request.mirror);
  try {
    const runs: RunReport[] = [];
    for (const known of await knownRuns(request, found.registry)) {
      const report = await runReport(known, { ...request, registry: found.registry });
      if (!await isGone(report, found.registry)) runs.push(report);
    }
    return { registry: found.checks, runs, repairs: [] };
  } finally {
    found.registry?.close();
  }
}

/** Whether a run was there when runs were listed, and was collected as garbage since. */
export async function isGone(
  { id, directory, checks }: RunReport,
  registry: Registry | undefined,
): Promise<boolean> {
  if (directory !== null || registry === undefined) return false;
  // Something is there, if no directory.
  if (checks.some(({ check, status }) => check === "directory" && status === "differs")) {
    return false;
  }
  return (await runHeads(registry, id)).length === 0;
}

/** Whether there is anything to audit: a registry, or a run directory. */
export async function hasRecords(
  { location, runsDir }: Pick<VerifyRequest, "location" | "runsDir">,
): Promise<boolean> {
  if (location.kind === "remote" || await registryExists(location)) return true;
  return (await directoryIds(runsDir, { anyKind: true })).length > 0;
}

/**
 * What is known of the runs before their directories are looked at, oldest
 * first: of those asked for, or of all.
 *
 * @throws {UserError} if a reference names no run, or names cannot be listed
 */
export async function knownRuns(
  { runsDir, references }: Pick<VerifyRequest, "runsDir" | "references">,
  registry: Registry | undefined,
): Promise<readonly RunKnown[]> {
  // Before the rows: a run has its row before it has its directory.
  const directories = await directoryIds(runsDir, { anyKind: true });
  const heads = new Map(
    registry === undefined ? [] : (await runHeads(registry)).map((head) => [head.id, head]),
  );
  const marks = registry === undefined ? new Map<string, string>() : await damageMarks(registry);
  const ids = [...new Set([...heads.keys(), ...directories])]
    .sort((a, b) => startOf(a, heads) < startOf(b, heads) ? -1 : 1);
  const newestFirst = ids.filter(isRunId).toReversed();
  const wanted = references.length === 0
    ? ids
    : [...new Set(references.map((reference) => findRunId(reference, newestFirst)))];
  return wanted.map((id) => ({ id, head: heads.get(id), mark: marks.get(id) }));
}

/** What sorts runs by their start, and those of one moment by their id. */
function startOf(id: string, heads: ReadonlyMap<string, RunHead>): string {
  const started = heads.get(id)?.startedAt ?? startOfRunId(id)?.toISOString() ?? "";
  return `${started} ${id}`;
}
