/**
 * Imports runs from another machine or folder: all of them or none. What is
 * found is staged and audited first, then renamed into place and recorded
 * while nobody else can write to the registry. A process that is killed in
 * between leaves whole run directories, some of them without a row: the same
 * import again, or runs:verify --repair, makes the rows.
 *
 * @module
 */

import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { RegistryLocation } from "../registry/location.ts";
import { openExisting, openMemoryRegistry, openRegistry } from "../registry/open.ts";
import { keptDataFolder } from "../store/kept_data.ts";
import { KeptDataHold } from "../store/kept_data_hold.ts";
import { MANIFEST_JSON } from "../store/run_directory.ts";
import { abortable, refuseAborted } from "./abortable.ts";
import type { ImportedRun, ImportReport } from "./import_report.ts";
import type { FoundSource, StagingPlace, UnfinishedRun } from "./import_source.ts";
import { type Placement, placeRuns } from "./place_runs.ts";
import { sameBytes } from "./same_bytes.ts";
import { type ArchiveSource, stageArchive } from "./stage_archive.ts";
import { stageFolder } from "./stage_folder.ts";
import { stagedData } from "./staged_data.ts";
import { Staging } from "./staging.ts";
import type { ArchiveLimits } from "./tar_reader.ts";
import { type VerifiedRun, verifiedRun } from "./verified_run.ts";

/** Where runs come from: an archive, or the absolute path of a folder. */
export type ImportSource =
  | ({ readonly kind: "archive" } & ArchiveSource)
  | { readonly kind: "folder"; readonly name: string; readonly path: string };

/** What to import, and where to. */
export interface ImportRequest
  extends Pick<Placement, "runsDir" | "mirror" | "skipConflicts" | "dryRun" | "now"> {
  /** The sources. */
  readonly sources: readonly ImportSource[];
  /** The registry. */
  readonly location: RegistryLocation;
  /** What an archive may hold. */
  readonly limits: ArchiveLimits;
  /** Whether runs that are damaged are left out; else nothing is imported. */
  readonly skipDamaged: boolean;
  /** Ends it as long as nothing is in its place; its reason is the signal. */
  readonly abort: AbortSignal;
}

/**
 * Imports all runs of some sources.
 *
 * @throws {UserError} if a source cannot be read or is refused, a run is
 * damaged, or something cannot be written; nothing is imported then
 */
export async function importRuns(request: ImportRequest): Promise<ImportReport> {
  const { sources, runsDir, location, dryRun, abort } = request;
  const staging = await Staging.open(runsDir);
  // What is kept here already is relied on until the runs are in their place.
  using hold = new KeptDataHold(keptDataFolder(runsDir));
  try {
    await hold.take();
    const found: FoundSource[] = [];
    for (const [at, source] of sources.entries()) {
      const place: StagingPlace = { folder: (...names) => staging.folder(String(at), ...names) };
      found.push(await stage(source, { ...request, staging: place }));
    }
    const { runs, damaged } = await verifiedRuns(found, request);
    const { distinct, conflicting } = await distinctRuns(runs);
    const data = await stagedData(found, { ...request, runs: distinct, staging });
    refuseAborted(abort);
    const registry = dryRun
      ? await openExisting(location) ?? await openMemoryRegistry()
      : await openRegistry(location);
    try {
      const placed = await placeRuns({
        ...request,
        registry,
        runs: distinct,
        conflicting,
        data,
        hold,
      });
      const unfinished = found.flatMap(({ unfinished }) => unfinished.map(unfinishedRun));
      return { ...placed, runs: [...placed.runs, ...damaged, ...unfinished].sort(byId) };
    } finally {
      registry.close();
    }
  } finally {
    await staging.remove();
  }
}

async function stage(
  source: ImportSource,
  { staging, limits, runsDir, abort }: ImportRequest & { readonly staging: StagingPlace },
): Promise<FoundSource> {
  if (source.kind === "folder") return await stageFolder(source, { staging, runsDir, abort });
  const pieces = abortable(source.pieces, abort);
  return await stageArchive({ ...source, pieces }, { staging, limits });
}

/** Audits all runs that were found. */
async function verifiedRuns(
  found: readonly FoundSource[],
  { mirror, skipDamaged, abort }: ImportRequest,
): Promise<{ readonly runs: readonly VerifiedRun[]; readonly damaged: readonly ImportedRun[] }> {
  const runs: VerifiedRun[] = [];
  const damaged: ImportedRun[] = [];
  for (const run of found.flatMap(({ runs }) => runs)) {
    refuseAborted(abort);
    try {
      runs.push(await verifiedRun(run, mirror));
    } catch (error) {
      if (!(error instanceof UserError) || !skipDamaged) throw error;
      const { id, source } = run;
      damaged.push({ id, source, outcome: "damaged", detail: error.message.replace(/^.*?: /, "") });
    }
  }
  return { runs, damaged };
}

/** Each run once; those whose id another source has for another run are in conflict. */
async function distinctRuns(
  runs: readonly VerifiedRun[],
): Promise<
  { readonly distinct: readonly VerifiedRun[]; readonly conflicting: readonly ImportedRun[] }
> {
  const distinct = new Map<string, VerifiedRun>();
  const conflicting: ImportedRun[] = [];
  for (const run of runs) {
    const { id, source, directory, labels } = run;
    const other = distinct.get(id);
    if (other === undefined) distinct.set(id, run);
    else if (
      await sameBytes(join(other.directory, MANIFEST_JSON), join(directory, MANIFEST_JSON))
    ) {
      if ((labels?.labels_at ?? "") > (other.labels?.labels_at ?? "")) distinct.set(id, run);
    } else {
      const detail = `another run of this id is in ${other.source}`;
      conflicting.push({ id, source, outcome: "conflicting", detail });
    }
  }
  return { distinct: [...distinct.values()], conflicting };
}

function unfinishedRun({ id, source, status }: UnfinishedRun): ImportedRun {
  return { id, source, outcome: "unfinished", detail: status };
}

function byId(a: ImportedRun, b: ImportedRun): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
