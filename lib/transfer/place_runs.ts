/**
 * Puts runs that were staged and audited in their place, and records them,
 * while nobody else can write to the registry.
 *
 * @module
 */

import { dirname, join, relative, sep } from "node:path";
import { UserError } from "../errors.ts";
import { IMPORTED_JSON, importedJson } from "../imported.ts";
import { rowChecks } from "../verify/stored_row.ts";
import { isWrong } from "../verify/check.ts";
import { readStoredLabels, rowLabels } from "../verify/stored_labels.ts";
import { labelledRow, type Labels, storeLabels } from "../registry/labels.ts";
import type { Mirror } from "../registry/mirror.ts";
import type { Registry } from "../registry/open.ts";
import { rawRows } from "../registry/raw_rows.ts";
import { commitRunsLocked, type StorableRun, withLabels } from "../registry/store.ts";
import { type LockedTables, whileLocked } from "../registry/transaction.ts";
import { syncFolder, writeWhole } from "../store/files.ts";
import { inside } from "../store/inside.ts";
import { keptDataFolder, keptDataPath, makeKeptDataFolder } from "../store/kept_data.ts";
import { type DatedLabels, writeLabels } from "../store/labels.ts";
import { isAlive } from "../store/liveness.ts";
import { readManifest } from "../store/manifest.ts";
import { placeOf } from "../store/place.ts";
import { LABELS_JSON, MANIFEST_JSON } from "../store/run_directory.ts";
import type { ImportedRun, ImportReport, Outcome } from "./import_report.ts";
import { sameBytes } from "./same_bytes.ts";
import type { KeptDataHold } from "../store/kept_data_hold.ts";
import { isKept, type StagedFile } from "./staged_data.ts";
import type { VerifiedRun } from "./verified_run.ts";
import { hintFor, reasonOf } from "../system_error.ts";
import { readRegular } from "../regular_file.ts";

/** What is to be placed. */
export interface Placement {
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** The registry, open. */
  readonly registry: Registry;
  /** What rows there should be. */
  readonly mirror: Mirror;
  /** The runs, each once. */
  readonly runs: readonly VerifiedRun[];
  /** Those that are in conflict already. */
  readonly conflicting: readonly ImportedRun[];
  /** Their kept data. */
  readonly data: readonly StagedFile[];
  /** Keeps kept data from being cleared away. */
  readonly hold: KeptDataHold;
  /** Whether runs whose id is taken by another are left out; else nothing is imported. */
  readonly skipConflicts: boolean;
  /** Whether nothing is to be changed. */
  readonly dryRun: boolean;
  /** The wall clock. */
  readonly now: () => Date;
}

/** What is to be done about a run. */
interface Plan {
  readonly outcome: Outcome;
  readonly detail?: string | undefined;
  /** Its directory, staged or on its way out, is renamed into place. */
  readonly moves?: string | undefined;
  /** Its row is written. */
  readonly records?: boolean;
  /** The labels that hold; undefined if they are those of the manifest. */
  readonly labels?: DatedLabels | undefined;
  /** Whether its directory has to follow them. */
  readonly relabelsFile?: boolean;
  /** Whether its row has to follow them. */
  readonly relabelsRow?: boolean;
}

/** Steps back, the last one first. */
type Undo = (() => Promise<void>)[];

/**
 * Places and records all, or nothing.
 *
 * @throws {UserError} if something cannot be written; what was done until then is undone
 */
export async function placeRuns(placement: Placement): Promise<ImportReport> {
  const { registry, runs, conflicting, skipConflicts, dryRun } = placement;
  const undo: Undo = [];
  try {
    return await whileLocked(registry, async (tables) => {
      const plans: (readonly [VerifiedRun, Plan])[] = [];
      for (const run of runs) plans.push([run, await planOf(run, { ...placement, tables })]);
      const hasConflicts = conflicting.length > 0 ||
        plans.some(([, { outcome }]) => outcome === "conflicting");
      const isRefused = hasConflicts && !skipConflicts;
      const data = await missingData(placement, plans);
      if (!isRefused && !dryRun) {
        await placeData(data, placement, undo);
        await placeDirectories(plans, placement, undo);
        await recordAll(plans, { tables, runsDir: placement.runsDir });
      }
      const outcomes = plans.map(([{ id, source }, plan]): ImportedRun => {
        const { outcome, labels } = plan;
        const isHeldBack = isRefused && (outcome === "imported" || outcome === "recorded");
        const details = [
          plan.detail,
          plan.relabelsRow ? "its labels were older than these" : undefined,
          labels?.deleted_at ? "deleted: runs:restore brings it back" : undefined,
        ].filter((text) => text !== undefined);
        const detail = details.length === 0 ? null : details.join("; ");
        return { id, source, outcome: isHeldBack ? "held back" : outcome, detail };
      });
      return {
        runs: [...outcomes, ...conflicting],
        data: isRefused ? { files: 0, bytes: 0 } : {
          files: data.length,
          bytes: data.reduce((sum, { bytes }) => sum + bytes, 0),
        },
        isRefused,
      };
    });
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => {});
    if (error instanceof UserError) throw error;
    throw unplaced(placement.runsDir, error);
  }
}

/** What is to be done about a run, as things stand. */
async function planOf(
  verified: VerifiedRun,
  { tables, registry, mirror, runsDir }: Placement & { readonly tables: LockedTables },
): Promise<Plan> {
  const { id, directory, labels: theirs } = verified;
  const usual = join(runsDir, id);
  const row = await labelledRow(tables, id);
  // Its row may say where it was on another machine, or in another folder: here is what counts.
  const place = await placeOf({ id, directory: usual }, runsDir);
  // What is in the trash without a row is being removed.
  const path = place.kind === "here" || (place.kind === "trash" && row !== undefined)
    ? place.path
    : undefined;
  const hasOther = path === undefined
    ? await Deno.lstat(usual).then(() => true, () => false)
    : !await sameBytes(join(directory, MANIFEST_JSON), join(path, MANIFEST_JSON));
  if (hasOther) return { outcome: "conflicting", detail: "another run of this id is here" };
  const isOpen = row?.status === "running";
  if (
    path === undefined && row !== undefined &&
    !await isRowOf(await runIn(directory), { tables, registry, mirror })
  ) {
    return { outcome: "conflicting", detail: "another run of this id is in the registry" };
  }
  if (path !== undefined && isOpen && await isAlive(path)) {
    return { outcome: "already here", detail: "it is about to be recorded" };
  }
  const inFile = path === undefined ? undefined : (await readStoredLabels(path)).labels;
  const labels = newestOf([inFile, dated(row?.labels), theirs]);
  const records = row === undefined || isOpen;
  return {
    ...told({ hasPath: path !== undefined, hasRow: row !== undefined, isOpen }),
    moves: path === undefined ? directory : place.kind === "trash" ? path : undefined,
    records,
    labels,
    relabelsFile: labels?.labels_at !== (path === undefined ? theirs : inFile)?.labels_at,
    relabelsRow: !records && labels !== undefined && labels.labels_at !== row.labels.labels_at,
  };
}

/** What came of a run of which some parts were here. */
function told(
  { hasPath, hasRow, isOpen }: {
    readonly hasPath: boolean;
    readonly hasRow: boolean;
    readonly isOpen: boolean;
  },
): Pick<Plan, "outcome" | "detail"> {
  if (!hasPath) {
    const detail = hasRow ? "its row was here, its directory was not" : undefined;
    return { outcome: "imported", detail };
  }
  if (!hasRow) return { outcome: "recorded", detail: "its directory was here, its row was not" };
  return isOpen
    ? { outcome: "recorded", detail: "its end was not on record" }
    : { outcome: "already here" };
}

/** The labels that were given last, of those of one moment the first. */
function newestOf(all: readonly (DatedLabels | undefined)[]): DatedLabels | undefined {
  return all.reduce((newest, labels) =>
    labels !== undefined && labels.labels_at > (newest?.labels_at ?? "") ? labels : newest
  );
}

function dated(labels: Labels | undefined): DatedLabels | undefined {
  const { labels_at = null } = labels ?? {};
  return labels === undefined || labels_at === null ? undefined : { ...labels, labels_at };
}

/** Whether the row of this id is that of this run, whatever was said about it since. */
async function isRowOf(
  run: StorableRun,
  { tables, registry, mirror }: {
    readonly tables: LockedTables;
    readonly registry: Registry;
    readonly mirror: Mirror;
  },
): Promise<boolean> {
  const context = { database: tables, location: registry.location };
  const stored = await rawRows(context, { id: run.id, tables: mirror.tables });
  const labels = rowLabels(stored);
  if (labels === undefined) return false;
  const { rows } = await mirror.of(withLabels(run, labels));
  return !rowChecks(rows, stored).some(isWrong);
}

/** The staged data that is not kept here, of runs that are not left out. */
async function missingData(
  { data, runsDir }: Placement,
  plans: readonly (readonly [VerifiedRun, Plan])[],
): Promise<readonly StagedFile[]> {
  if (plans.every(([, { outcome }]) => outcome === "conflicting")) return [];
  const missing: StagedFile[] = [];
  for (const file of data) if (!await isKept(runsDir, file)) missing.push(file);
  return missing;
}

/** Data first: what a run refers to is there before the run is. */
async function placeData(
  data: readonly StagedFile[],
  { runsDir, hold }: Pick<Placement, "runsDir" | "hold">,
  undo: Undo,
): Promise<void> {
  if (data.length === 0) return;
  const folder = keptDataFolder(runsDir);
  const isNewFolder = await Deno.lstat(folder).then(() => false, () => true);
  await makeKeptDataFolder(runsDir);
  // Only if it is empty by then.
  if (isNewFolder) undo.push(() => Deno.remove(folder));
  await hold.take();
  for (const { hash, path } of data) {
    const kept = keptDataPath(runsDir, hash);
    await inside(runsDir, relative(runsDir, kept).split(sep), { expected: "replaceable" });
    const isNew = await Deno.lstat(kept).then(() => false, () => true);
    Deno.renameSync(path, kept);
    if (isNew) undo.push(() => Deno.remove(kept));
  }
  await syncFolder(folder);
}

async function placeDirectories(
  plans: readonly (readonly [VerifiedRun, Plan])[],
  { runsDir, now }: Pick<Placement, "runsDir" | "now">,
  undo: Undo,
): Promise<void> {
  const imported_at = now().toISOString();
  for (const [{ id, source, directory }, { moves, labels, relabelsFile }] of plans) {
    const target = join(runsDir, id);
    if (relabelsFile && labels !== undefined) {
      if (moves === undefined) undo.push(await labelsBack(target));
      await writeLabels(moves ?? target, labels);
    }
    if (moves === undefined) continue;
    // What was on its way out was here before.
    if (moves === directory) {
      await writeWhole(join(moves, IMPORTED_JSON), importedJson({ imported_at, source }));
    }
    await syncFolder(moves);
    await inside(runsDir, [id], { expected: "nothing" });
    // At once, by this thread: nothing else is to be done meanwhile, and it is quick.
    Deno.renameSync(moves, target);
    undo.push(() => Deno.rename(target, moves));
  }
  await syncFolder(runsDir);
}

/** Puts the labels of a run directory back as they are now. */
async function labelsBack(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, LABELS_JSON);
  const text = await readRegular(path).catch(() => undefined);
  return async () => {
    if (text === undefined) await Deno.remove(path);
    else await writeWhole(path, [text], { temporaryIn: dirname(directory) });
  };
}

/** Rows that are written at once: on a server, each time takes a while. */
const ROWS_AT_ONCE = 200;

/** Records what is in its place by now. */
async function recordAll(
  plans: readonly (readonly [VerifiedRun, Plan])[],
  { tables, runsDir }: { readonly tables: LockedTables; readonly runsDir: string },
): Promise<void> {
  const recorded = plans.filter(([, { records }]) => records);
  for (let at = 0; at < recorded.length; at += ROWS_AT_ONCE) {
    const some = recorded.slice(at, at + ROWS_AT_ONCE);
    const runs = await Promise.all(some.map(async ([{ id }, { labels }]) => {
      const run = await runIn(join(runsDir, id));
      return labels === undefined ? run : withLabels(run, labels);
    }));
    await commitRunsLocked(tables, runs);
  }
  for (const [{ id }, { labels, relabelsRow }] of plans) {
    if (relabelsRow && labels !== undefined) await storeLabels(tables, { id, labels });
  }
}

/** The run of a directory that was audited. */
async function runIn(directory: string): Promise<StorableRun> {
  const run = await readManifest(directory);
  if (run === undefined) throw new Error(`${directory} was changed meanwhile`);
  return run;
}

function unplaced(runsDir: string, cause: unknown): UserError {
  const reason = reasonOf(cause);
  return new UserError(`Cannot import into ${runsDir}: ${reason}`, {
    code: "runs_dir_unusable",
    hint: `Nothing was imported. ${hintFor(cause, "Is the disk full?")}`,
    cause,
  });
}
