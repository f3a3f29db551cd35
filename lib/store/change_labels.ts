/**
 * Changes the labels of runs that ended: in `labels.json` first, which is the
 * truth, then in the registry. A process that dies between the two leaves a
 * file that is newer than the row; whoever looks next takes the newer one.
 *
 * @module
 */

import { EXIT_USAGE, UserError } from "../errors.ts";
import { quote } from "../quote.ts";
import {
  type LabelledRow,
  labelledRow,
  type Labels,
  sameLabels,
  sorted,
  storeLabels,
} from "../registry/labels.ts";
import type { Registry } from "../registry/open.ts";
import { type LockedTables, whileLocked } from "../registry/transaction.ts";
import { syncFolder } from "./files.ts";
import { type DatedLabels, readLabels, writeLabels } from "./labels.ts";
import { moveInside } from "./inside.ts";
import { placeOf, TRASH } from "./place.ts";
import { refuseRunning } from "./refuse_running.ts";

/** The labels of a run, before and after. */
export interface LabelsChange {
  /** The id of the run. */
  readonly id: string;
  /** Its labels before. */
  readonly before: Labels;
  /** Its labels now. */
  readonly after: Labels;
}

/** Whose labels change, and how. */
export interface LabelsRequest {
  /** The id of the run. */
  readonly id: string;
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** The wall clock. */
  readonly now: () => Date;
  /** This machine's name. */
  readonly hostname: string;
  /** What they become; `labels_at` is left as it is. */
  readonly change: (labels: Labels) => Labels;
}

/**
 * Changes the labels of one run. Of processes that do so at once each sees
 * what the one before it did.
 *
 * @throws {UserError} if the run is still going or is gone, its labels cannot be
 * understood, or nothing can be written
 */
export function changeLabels(
  registry: Registry,
  { id, ...request }: LabelsRequest,
): Promise<LabelsChange> {
  return whileLocked(registry, (tables) => changed(tables, { ...request, id, registry }));
}

/** How long others are kept out for the sake of many runs, in milliseconds. */
const HELD_MS = 400;

/** How long they are let in then: who waits for SQLite's lock asks again after 100 ms at the latest. */
const LET_IN_MS = 110;

/**
 * Changes the labels of many runs, one after the other: as many in one
 * transaction as there is time for, as each is flushed to the disk.
 *
 * @throws {UserError} as {@linkcode changeLabels}; the runs before that one are changed then
 */
export async function changeLabelsOfEach(
  registry: Registry,
  { ids, ...request }: Omit<LabelsRequest, "id"> & {
    /** The ids of the runs, each once. */
    readonly ids: readonly string[];
  },
): Promise<readonly LabelsChange[]> {
  const changes: LabelsChange[] = [];
  while (changes.length < ids.length) {
    if (changes.length > 0) await new Promise((resolve) => setTimeout(resolve, LET_IN_MS));
    const left = ids.slice(changes.length);
    const done = await whileLocked(registry, async (tables) => {
      const since = performance.now();
      const done: LabelsChange[] = [];
      for (const id of left) {
        if (done.length > 0 && performance.now() - since > HELD_MS) break;
        try {
          done.push(await changed(tables, { ...request, id, registry }));
        } catch (error) {
          // Nothing of that run is in the registry yet. The others are kept; it is first the next time.
          if (!(error instanceof UserError) || done.length === 0) throw error;
          break;
        }
      }
      return done;
    });
    changes.push(...done);
  }
  return changes;
}

/** Changes the labels of a run while others are kept out. */
async function changed(
  tables: LockedTables,
  { id, registry, runsDir, now, hostname, change }: LabelsRequest & {
    readonly registry: Registry;
  },
): Promise<LabelsChange> {
  const row = await labelledRow(tables, id);
  if (row === undefined) throw removedMeanwhile(id);
  await refuseRunning(row, { runsDir, now: now(), hostname, registry: registry.location });
  const directory = await broughtBack(row, runsDir);
  const inFile = directory === undefined ? undefined : await readLabels(directory);
  const before = newest(row.labels, inFile);
  const wanted = sorted(change(before));
  const after = sameLabels(before, wanted)
    ? before
    : { ...wanted, labels_at: momentAfter(before.labels_at, now()) };
  if (directory !== undefined && isDated(after) && after.labels_at !== inFile?.labels_at) {
    await writeLabels(directory, after);
  }
  if (after.labels_at !== row.labels.labels_at || !sameLabels(after, row.labels)) {
    await storeLabels(tables, { id, labels: after });
  }
  return { id, before, after };
}

/** The labels that were given last; of those of one moment the ones in the directory. */
export function newest(inRow: Labels, inFile: DatedLabels | undefined): Labels {
  return inFile !== undefined && inFile.labels_at >= (inRow.labels_at ?? "") ? inFile : inRow;
}

/** Now, or where the clock is behind or stands still, the first moment after `last`. */
export function momentAfter(last: string | null, now: Date): string {
  if (last === null || now.toISOString() > last) return now.toISOString();
  return new Date(new Date(last).getTime() + 1).toISOString();
}

function isDated(labels: Labels): labels is DatedLabels {
  return labels.labels_at !== null;
}

/** The directory of a run, out of the trash if it was left there. */
async function broughtBack(row: LabelledRow, runsDir: string): Promise<string | undefined> {
  const place = await placeOf(row, runsDir);
  if (place.kind === "here") return place.path;
  return place.kind === "trash" ? await bringBack(row.id, runsDir) : undefined;
}

/** Moves a run directory out of the trash; the result is its absolute path. */
export async function bringBack(id: string, runsDir: string): Promise<string> {
  const path = await moveInside(runsDir, { from: [TRASH, id], to: [id] });
  await syncFolder(runsDir);
  return path;
}

function removedMeanwhile(id: string): UserError {
  return new UserError(`Cannot find run ${quote(id)} in the registry`, {
    code: "run_not_found",
    exitCode: EXIT_USAGE,
    hint: "It was removed a moment ago.",
  });
}
