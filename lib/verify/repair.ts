/**
 * Repairs what an audit finds, from the run directories: rows that are missing
 * are made again, a registry that is lost or damaged is made anew, of labels
 * that differ the newer ones hold, a directory that a collection of garbage
 * left on its way out is brought back, and runs that are damaged are marked.
 * Nothing is deleted, of a run directory nothing but labels.json is changed,
 * and a repair that was cut short can be made again.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { markDamage, runHeads } from "../registry/audit.ts";
import { quote } from "../quote.ts";
import { labelledRow, removeRun } from "../registry/labels.ts";
import type { LocalRegistry, RemoteRegistry } from "../registry/location.ts";
import { openRegistry, type Registry } from "../registry/open.ts";
import { oddColumns } from "../registry/run_rows.ts";
import {
  begunRun,
  commitIfRunning,
  commitRun,
  reserveRun,
  type StorableRun,
  withLabels,
} from "../registry/store.ts";
import { whileLocked } from "../registry/transaction.ts";
import { bringBack } from "../store/change_labels.ts";
import { isAlive } from "../store/liveness.ts";
import { directoryIds } from "../store/directory_ids.ts";
import type { DatedLabels } from "../store/labels.ts";
import { placeOf, trashFolder } from "../store/place.ts";
import { LABELS_JSON, MANIFEST_JSON } from "../store/run_directory.ts";
import { isRunId, startOfRunId } from "../run_id.ts";
import { registryReport, soundChecks } from "./registry_report.ts";
import { settleLabels } from "./repair_labels.ts";
import { markOf, type RunContext, type RunKnown, type RunReport, runReport } from "./run_report.ts";
import { lookAt } from "./stored_file.ts";
import { isGone, knownRuns, type VerifyRequest } from "./verify.ts";
import type { Repair, VerifyReport } from "./verify_report.ts";
import { reasonOf } from "../system_error.ts";
import { openFolder } from "../regular_file.ts";

/**
 * Audits what is stored, repairs what can be, and audits it again.
 *
 * @throws {UserError} as the audit does, or if the registry cannot be replaced
 */
export async function verifyAndRepair(request: VerifyRequest): Promise<VerifyReport> {
  const { location, runsDir } = request;
  using _ = await lockFolder(location.kind === "local" ? dirname(location.path) : runsDir);
  const repairs: Repair[] = [];
  const { registry, isNew } = await usableRegistry(request, repairs);
  try {
    // From a new registry all of them are missing, not just those asked for.
    const wanted = isNew ? { ...request, references: [] } : request;
    const runs: RunReport[] = [];
    for (const known of await knownRuns(wanted, registry)) {
      const { report, done } = await repairedRun(known, { ...request, registry });
      if (!await isGone(report, registry)) runs.push(report);
      repairs.push(...done);
    }
    return { registry: await soundChecks(registry), runs, repairs };
  } finally {
    registry.close();
  }
}

/** The registry, or a new one in its place. */
async function usableRegistry(
  { location, mirror, runsDir }: VerifyRequest,
  repairs: Repair[],
): Promise<{ readonly registry: Registry; readonly isNew: boolean }> {
  const { state, registry } = await registryReport(location, mirror);
  if (registry !== undefined) return { registry, isNew: false };
  let detail = "none was there";
  if (state === "damaged") {
    if (location.kind === "remote") throw notSetAside(location);
    await refuseWhileRunning(location, runsDir);
    detail = `the one there was damaged; kept in ${await setAside(location)}`;
  }
  repairs.push({ run: null, action: "registry rebuilt", detail });
  // Where there is none a run may be about to make it: what is there is left to SQLite.
  return { registry: await openRegistry(location), isNew: true };
}

/** A server's database is not for a client to move. */
function notSetAside({ url }: RemoteRegistry): UserError {
  return new UserError(`Cannot replace the registry ${url}: it is on a server`, {
    code: "registry_unavailable",
    hint: "Have an empty database put in its place, or a backup: " +
      "then runs:sync records the runs of each machine that are missing there.",
  });
}

/** A run that goes on would record its end in the file that is put aside. */
async function refuseWhileRunning({ path }: LocalRegistry, runsDir: string): Promise<void> {
  for (const id of await directoryIds(runsDir, { anyKind: true })) {
    if (!await isAlive(join(runsDir, id))) continue;
    throw new UserError(`Cannot replace the registry ${path}: run ${id} is still going`, {
      code: "registry_unavailable",
      hint: "Wait until it has ended, then try again.",
    });
  }
}

/** Moves a registry, its journals first, to a new folder beside it; the result is that folder. */
async function setAside({ path }: LocalRegistry): Promise<string> {
  const files = ["-journal", "-wal", "-shm", ""].map((ending) => path + ending);
  try {
    const folder = await newFolder(`${path}.damaged`);
    for (const file of files) {
      if ((await lookAt(file)).kind === "missing") continue;
      await Deno.rename(file, join(folder, basename(file)));
    }
    return folder;
  } catch (cause) {
    throw new UserError(`Cannot move ${path} aside: ${reasonOf(cause)}`, {
      code: "registry_unavailable",
      hint: "Check the permissions of its folder.",
      cause,
    });
  }
}

/** Makes `name-1`, or the first such folder that is not there yet. */
async function newFolder(name: string): Promise<string> {
  for (let number = 1;; number++) {
    const folder = `${name}-${number}`;
    try {
      await Deno.mkdir(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** Repairs one run: its row first, then its mark. */
async function repairedRun(
  known: RunKnown,
  context: RunContext & { readonly registry: Registry },
): Promise<{ readonly report: RunReport; readonly done: readonly Repair[] }> {
  const { registry } = context;
  const done: Repair[] = [];
  const again = async (mark: string | undefined): Promise<RunReport> =>
    await runReport({ ...known, head: (await runHeads(registry, known.id))[0], mark }, context);
  let report = await runReport(known, context);
  if (!isRunId(known.id)) {
    await whileLocked(registry, (tables) => removeRun(tables, known.id));
    const detail = `of ${quote(known.id)}, which is not the id of a run`;
    return { report, done: [{ run: null, action: "row removed", detail }] };
  }
  if (report.directory === join(trashFolder(context.runsDir), known.id)) {
    const path = await broughtBack(known.id, context);
    if (path !== undefined) {
      done.push({ run: known.id, action: "directory brought back", detail: `to ${path}` });
    }
    report = await again(known.mark);
  }
  const unreadable = await unreadableRow(report, registry);
  if (unreadable !== undefined) {
    await commitRun(registry, unreadable.run);
    const columns = unreadable.columns.join(", ");
    const detail = `from ${MANIFEST_JSON}, as it was unreadable: ${columns}`;
    done.push({ run: known.id, action: "row rebuilt", detail });
    report = await again(known.mark);
  }
  const row = rowToRecord(report);
  if (row !== undefined) {
    if (row.status === "running") await reserveRun(registry, row);
    // A run may have been faster to record it, and a user then have labelled it.
    else if (report.isOpen) await commitIfRunning(registry, row);
    else await commitRun(registry, row);
    const detail = row.status === "running" ? "its id, as there is no manifest" : MANIFEST_JSON;
    const labels = row.labels_at === null ? "" : ` and ${LABELS_JSON}`;
    done.push({ run: known.id, action: "row rebuilt", detail: `from ${detail}${labels}` });
    report = await again(known.mark);
  }
  if (report.settlement !== undefined) {
    const detail = await settleLabels(report, context);
    if (detail !== undefined) done.push({ run: known.id, action: "labels updated", detail });
    report = await again(known.mark);
  }
  const mark = markOf(report);
  const isJudged = report.state !== "running" && report.state !== "elsewhere";
  if (report.hasRow && isJudged && mark !== (known.mark ?? null)) {
    await markDamage(registry, { id: known.id, found: mark });
    done.push({
      run: known.id,
      action: mark === null ? "mark removed" : "marked",
      detail: mark ?? "nothing is wrong with it now",
    });
    report = await again(mark ?? undefined);
  }
  return { report, done };
}

/** What the row of a run has to be, if there is a manifest and the row cannot be read. */
async function unreadableRow(
  { id, hasRow, state, sealed, labels }: RunReport,
  registry: Registry,
): Promise<{ readonly run: StorableRun; readonly columns: readonly string[] } | undefined> {
  if (!hasRow || state === "running" || sealed === undefined) return undefined;
  const columns = await oddColumns(registry, id);
  return columns.length === 0
    ? undefined
    : { run: labelled(sealed.stored, labels.labels), columns };
}

/** The row that a run lacks, if it lacks one: its manifest's, or that of a run that crashed. */
function rowToRecord(report: RunReport): StorableRun | undefined {
  const { id, hasRow, isOpen, state, directory, sealed } = report;
  if (state === "running" || (hasRow && !isOpen)) return undefined;
  const { labels } = report.labels;
  if (sealed !== undefined) return labelled(sealed.stored, labels);
  if (hasRow || directory === null) return undefined;
  const begun = begunRun({ id, started_at: startOfRunId(id)!.toISOString(), directory });
  return labelled(begun, labels);
}

function labelled(run: StorableRun, labels: DatedLabels | undefined): StorableRun {
  return labels === undefined ? run : withLabels(run, labels);
}

/** Moves a directory out of the trash if its run is still on record; the result is its path. */
async function broughtBack(
  id: string,
  { registry, runsDir }: RunContext & { readonly registry: Registry },
): Promise<string | undefined> {
  return await whileLocked(registry, async (tables) => {
    const row = await labelledRow(tables, id);
    // Whoever collects garbage may have come to its end.
    if (row === undefined || (await placeOf(row, runsDir)).kind !== "trash") return undefined;
    return await bringBack(id, runsDir);
  });
}

/**
 * Keeps other repairs out until it is let go of, which the kernel sees to;
 * without effect where folders cannot be opened.
 */
async function lockFolder(path: string): Promise<Disposable> {
  let folder: Deno.FsFile | undefined;
  try {
    folder = await openFolder(path);
    await folder.lock(true);
  } catch {
    // Windows opens no folders, and some network file systems lock none.
  }
  return { [Symbol.dispose]: () => folder?.close() };
}
