/**
 * The audit of one run: its directory against its manifest, its row against
 * both.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { type RunHead, runHeads } from "../registry/audit.ts";
import type { Mirror } from "../registry/mirror.ts";
import type { RegistryLocation } from "../registry/location.ts";
import type { Registry } from "../registry/open.ts";
import { rawRows } from "../registry/raw_rows.ts";
import { withLabels } from "../registry/store.ts";
import { whileLocked } from "../registry/transaction.ts";
import { isRunId } from "../run_id.ts";
import { trashFolder } from "../store/place.ts";
import { isAlive, isHere } from "../store/liveness.ts";
import { MANIFEST_JSON } from "../store/run_directory.ts";
import { type Check, isWrong } from "./check.ts";
import { foundText, lookAt } from "./stored_file.ts";
import { filesReport } from "./stored_files.ts";
import { contentChecks } from "./stored_contents.ts";
import { type ManifestReport, readStoredManifest, type Sealed } from "./stored_manifest.ts";
import {
  labelsCheck,
  NO_LABELS,
  readStoredLabels,
  rowLabels,
  type Settlement,
  settlementChecks,
  settlementOf,
  type StoredLabels,
} from "./stored_labels.ts";
import { rowChecks } from "./stored_row.ts";

/** How a run stands; one that is running, crashed or on another machine is not judged. */
export type RunState = "intact" | "damaged" | "running" | "crashed" | "elsewhere";

/** What was found of a run. */
export interface RunReport {
  /** Its id. */
  readonly id: string;
  /** How it stands. */
  readonly state: RunState;
  /** What was looked at. */
  readonly checks: readonly Check[];
  /** Whether it has a row. */
  readonly hasRow: boolean;
  /** Whether it has a row that does not say how it ended. */
  readonly isOpen: boolean;
  /** Where its directory is, if it is anywhere. */
  readonly directory: string | null;
  /** The run that its manifest describes, if it does. */
  readonly sealed: Sealed | undefined;
  /** Its labels, as they are in its directory. */
  readonly labels: StoredLabels;
  /** Which labels hold, if row and directory do not agree. */
  readonly settlement: Settlement | undefined;
  /** What its mark says, if it has one. */
  readonly mark: string | undefined;
}

/** Where and how to look. */
export interface RunContext {
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** The registry; undefined if it is lost or damaged. */
  readonly registry: Registry | undefined;
  /** What rows there should be. */
  readonly mirror: Mirror;
  /** This machine's name. */
  readonly hostname: string;
}

/** What is known of a run before its directory is looked at. */
export interface RunKnown {
  /** Its id. */
  readonly id: string;
  /** Its row, if it has one. */
  readonly head: RunHead | undefined;
  /** Its mark, if it has one. */
  readonly mark: string | undefined;
}

/** Looks at all that there is of a run. */
export async function runReport(known: RunKnown, context: RunContext): Promise<RunReport> {
  const { id, mark } = known;
  const place = await findDirectory(known, context);
  let head = known.head;
  const report = (
    state: RunState,
    checks: readonly Check[],
    found: Partial<RunReport> = {},
  ): RunReport => ({
    id,
    state,
    checks,
    hasRow: head !== undefined,
    isOpen: head?.hasEnded === false,
    directory: place.path,
    sealed: undefined,
    labels: NO_LABELS,
    settlement: undefined,
    mark,
    ...found,
  });
  if (!isRunId(id)) return report("damaged", place.checks);
  if (head !== undefined && await isOutOfReach(head, { place: place.path, context })) {
    const check = {
      check: "directory",
      expected: head.directory,
      actual: `on host ${head.hostname ?? "unknown"}`,
      status: "not checked",
    } as const;
    return report(head.hasEnded ? "elsewhere" : "running", [check]);
  }
  if (place.isElsewhere) return report(head!.hasEnded ? "elsewhere" : "running", place.checks);
  if (head?.hasEnded !== true) {
    if (place.path !== null && await isAlive(place.path)) {
      const check = { check: "row status", expected: "running", actual: "running" };
      return report("running", [{ ...check, status: "running" }]);
    }
    // It may have ended while it was looked at.
    if (head !== undefined) head = await headAgain(known, context);
  }
  const manifest = place.path === null
    ? { exists: false, sealed: undefined, checks: [] }
    : await readStoredManifest(place.path, { id, mirror: context.mirror });
  const row = await settledRow(place.path, { head, manifest, context });
  const checks = [
    ...place.checks,
    ...row.checks,
    ...row.labels.checks,
    ...await judged(place.path, { head, manifest }),
  ];
  const isCrashed = head?.hasEnded === false && !checks.some(isWrong);
  if (mark !== undefined && !checks.some(isWrong)) {
    checks.push({ check: "mark", expected: "none", actual: mark, status: "outdated" });
  }
  const state = checks.some(isWrong) ? "damaged" : isCrashed ? "crashed" : "intact";
  const { labels, settlement } = row;
  return report(state, checks, { sealed: manifest.sealed, labels, settlement });
}

/** Whether a run is on another machine, and no complete copy of its directory is on this one. */
async function isOutOfReach(
  { hostname, hasEnded }: RunHead,
  { place, context }: { readonly place: string | null; readonly context: RunContext },
): Promise<boolean> {
  const { registry, hostname: here } = context;
  if (registry === undefined) return false;
  if (isHere(hostname, { registry: registry.location, hostname: here })) return false;
  if (place === null) return true;
  return !hasEnded && (await lookAt(join(place, MANIFEST_JSON))).kind !== "file";
}

/** What a mark says of a report; null if there is nothing to say. */
export function markOf({ checks }: RunReport): string | null {
  const wrong = checks.filter((check) => isWrong(check) && check.check !== "mark");
  return wrong.length === 0
    ? null
    : wrong.map(({ check, status }) => `${check} ${status}`).join(", ");
}

/** What is in the directory, labels aside. */
async function judged(
  directory: string | null,
  { head, manifest }: {
    readonly head: RunHead | undefined;
    readonly manifest: ManifestReport;
  },
): Promise<readonly Check[]> {
  if (directory === null) return [];
  if (!manifest.exists) {
    // Without an end on record it never had one.
    if (head?.hasEnded !== true) {
      const actual = "no process, no manifest";
      return [{ check: "run", expected: "an end", actual, status: "crashed" }];
    }
    if (head.isBare) {
      const expected = "none, as none is recorded";
      return [{ check: MANIFEST_JSON, expected, actual: "none", status: "not checked" }];
    }
    return manifest.checks;
  }
  if (manifest.sealed === undefined) return manifest.checks;
  const { run } = manifest.sealed;
  const files = await filesReport(directory, run);
  const contents = await contentChecks(directory, { run, files });
  return [...manifest.checks, ...files.checks, ...contents];
}

/** What was found of a row, and of the labels that it should have. */
interface RowReport extends Pick<RunReport, "checks" | "labels" | "settlement"> {}

interface RowContext {
  readonly head: RunHead | undefined;
  readonly manifest: ManifestReport;
  readonly context: RunContext;
}

/** The row against manifest and labels; once more if another process is just changing them. */
async function settledRow(directory: string | null, row: RowContext): Promise<RowReport> {
  const look = async (): Promise<RowReport> =>
    await rowReport(directory === null ? undefined : await readStoredLabels(directory), row);
  const found = await look();
  const { registry } = row.context;
  if (found.settlement === undefined || registry === undefined) return found;
  // As long as that one is in, nobody else is.
  await whileLocked(registry, () => Promise.resolve()).catch(() => {});
  return await look();
}

async function rowReport(
  inDirectory: StoredLabels | undefined,
  { head, manifest: { sealed }, context: { registry, mirror } }: RowContext,
): Promise<RowReport> {
  const labels = inDirectory ?? NO_LABELS;
  if (head === undefined || registry === undefined) {
    const check: Check = { check: "row", expected: "a row", actual: "none", status: "missing" };
    return { checks: [check], labels, settlement: undefined };
  }
  const stored = await rawRows(registry, { id: head.id, tables: mirror.tables });
  const inRow = rowLabels(stored);
  // Without a directory the row alone has them.
  const settlement = inDirectory && settlementOf(inRow, inDirectory);
  const open: Check[] = head.hasEnded ? [] : [{
    check: "row status",
    expected: "running",
    actual: sealed === undefined ? "no process" : "complete, but not recorded",
    status: "crashed",
  }];
  const settling = settlement === undefined
    ? []
    : settlementChecks(settlement, { inRow, inFile: labels });
  if (!head.hasEnded || sealed === undefined) {
    const alone = settlement === undefined && labels.labels !== undefined
      ? [labelsCheck(inRow, labels.labels)]
      : [];
    const actual = "no manifest to go by";
    const unchecked: Check[] = head.hasEnded
      ? [{ check: "row", expected: "as the manifest", actual, status: "not checked" }]
      : [];
    return { checks: [...open, ...unchecked, ...settling, ...alone], labels, settlement };
  }
  // What is to be settled is said once, not for each column.
  const said = settlement === undefined && inDirectory !== undefined
    ? labels.labels
    : inRow ?? labels.labels;
  const expected = said === undefined ? sealed : await mirror.of(withLabels(sealed.stored, said));
  return { checks: [...rowChecks(expected.rows, stored), ...settling], labels, settlement };
}

async function headAgain(
  { id, head }: RunKnown,
  { registry }: RunContext,
): Promise<RunHead | undefined> {
  return registry === undefined ? head : (await runHeads(registry, id))[0];
}

/** Whether the registry is a file in the folder of runs, so that all its runs are there. */
function isBeside(location: RegistryLocation, runsDir: string): boolean {
  return location.kind === "local" && dirname(location.path) === runsDir;
}

/** What was found of a run's directory. */
interface FoundDirectory {
  readonly path: string | null;
  readonly checks: readonly Check[];
  /** Whether it may be in another folder of runs, which is not looked into. */
  readonly isElsewhere?: boolean;
}

/** Looks for a run's directory in the folder of runs; where its row says it was is no place to go. */
async function findDirectory(
  { id, head }: RunKnown,
  { runsDir, registry }: RunContext,
): Promise<FoundDirectory> {
  if (!isRunId(id)) {
    const check = { check: "row id", expected: "the id of a run", actual: id };
    return { path: null, checks: [{ ...check, status: "malformed" }] };
  }
  const usual = join(runsDir, id);
  const recorded = head?.directory ?? usual;
  const check = { check: "directory", expected: recorded };
  const found = await lookAt(usual);
  if (found.kind === "directory") {
    return {
      path: usual,
      checks: recorded === usual ? [] : [{ ...check, actual: usual, status: "moved" }],
    };
  }
  const actual = foundText(found);
  if (found.kind !== "missing") {
    return { path: null, checks: [{ ...check, actual, status: "differs" }] };
  }
  const trashed = join(trashFolder(runsDir), id);
  if (head !== undefined && (await lookAt(trashed)).kind === "directory") {
    return { path: trashed, checks: [{ ...check, actual: trashed, status: "outdated" }] };
  }
  if (recorded !== usual && registry !== undefined && !isBeside(registry.location, runsDir)) {
    const checks = [{ ...check, actual: "in another folder", status: "not checked" } as const];
    return { path: null, checks, isElsewhere: true };
  }
  // One that crashed, or could not publish, need not have got that far.
  const isNeeded = head !== undefined && head.hasEnded && !head.isBare;
  return { path: null, checks: isNeeded ? [{ ...check, actual, status: "missing" }] : [] };
}
