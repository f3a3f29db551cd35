/**
 * Deleted runs, and their removal for good.
 *
 * 1. Under the registry's write lock: look at the run once more, move its
 *    directory to the trash, remove its row, commit.
 * 2. Remove the directory from the trash.
 *
 * A process that dies before the commit leaves the row and a directory in the
 * trash, which is brought back by an audit with `--repair` and by whoever says
 * something about the run, and removed by the next collection. One that dies
 * after it leaves a directory in the trash that belongs to no run.
 *
 * @module
 */

import { dirname } from "node:path";
import { UserError } from "../../errors.ts";
import { type DeletedRun, deletedRuns } from "../../registry/garbage.ts";
import { labelledRow, removeRun, storeLabels } from "../../registry/labels.ts";
import type { Registry } from "../../registry/open.ts";
import { type LockedTables, whileLocked } from "../../registry/transaction.ts";
import { newest } from "../change_labels.ts";
import { syncFolder } from "../files.ts";
import { readLabels } from "../labels.ts";
import { isAlive, type Viewpoint } from "../liveness.ts";
import { moveInside, removeInside } from "../inside.ts";
import { isRunId } from "../../run_id.ts";
import { placeOf, type RunPlace, TRASH, trashFolder } from "../place.ts";
import { sizeOf } from "./sizes.ts";

/** A deleted run that is to be removed. */
export interface GarbageRun {
  /** Its id. */
  readonly id: string;
  /** The user's name for it. */
  readonly name: string | null;
  /** When it began, ISO 8601 in UTC. */
  readonly started_at: string;
  /** When it was deleted, ISO 8601 in UTC. */
  readonly deleted_at: string;
  /** Bytes of its directory. */
  readonly bytes: number;
}

/** Why a deleted run is left alone. */
export type LeftReason = "elsewhere" | "running" | "unclear" | "damaged";

/** What is to become of deleted runs. */
export interface DeletedRunsPlan {
  /** Those that are to be removed, oldest first. */
  readonly runs: readonly GarbageRun[];
  /** How many are left alone, and why. */
  readonly left: Readonly<Record<LeftReason, number>>;
}

/** Which runs, and where they are. */
export interface DeletedRunsRequest extends Viewpoint {
  /** Only runs that were deleted by then, ISO 8601 in UTC; all if left out. */
  readonly until?: string | undefined;
}

/** Looks at the deleted runs, and changes nothing. */
export async function deletedRunsPlan(
  registry: Registry,
  request: DeletedRunsRequest,
): Promise<DeletedRunsPlan> {
  const runs: GarbageRun[] = [];
  const left = { elsewhere: 0, running: 0, unclear: 0, damaged: 0 };
  for (const run of await deletedRuns(registry, request.until)) {
    const found = await lookAt(run, request);
    if (typeof found === "string") left[found]++;
    else {
      const { id, name, started_at, deleted_at } = run;
      const bytes = found.place === undefined ? 0 : await sizeOf(found.place.path);
      runs.push({ id, name, started_at, deleted_at, bytes });
    }
  }
  return { runs, left };
}

/** A run that can be removed, and where its directory is if there is one. */
interface FoundRun {
  readonly place: Extract<RunPlace, { readonly path: string }> | undefined;
}

/** Where a run that can be removed is, or why it is left alone. */
async function lookAt(
  run: Omit<DeletedRun, "name" | "deleted_at">,
  { runsDir, hostname, registry }: DeletedRunsRequest,
): Promise<LeftReason | FoundRun> {
  if (!isRunId(run.id)) return "damaged";
  const place = await placeOf(run, runsDir);
  switch (place.kind) {
    case "elsewhere":
      return "elsewhere";
    case "none":
      if (run.hostname === null || run.hostname === hostname) return { place: undefined };
      // Beside its registry it would be, whatever the machine was called, as containers have a
      // new name each time. If not there, it is another machine's to remove.
      return registry.kind === "local" && dirname(registry.path) === runsDir
        ? { place: undefined }
        : "elsewhere";
    default:
      if (run.status === "running" && await isAlive(place.path)) return "running";
      return await readLabels(place.path).then(() => ({ place }), () => "unclear" as const);
  }
}

/** Runs of which the rows are removed in one transaction: a server grants it a few seconds. */
const AT_ONCE = { local: 32, remote: 2 } as const;

/**
 * Removes runs for good; the result are the ids of those that were removed.
 * One that was restored meanwhile stays.
 *
 * @throws {UserError} if the registry or the folder of runs cannot be written
 */
export async function removeDeletedRuns(
  registry: Registry,
  { ids, ...request }: DeletedRunsRequest & { readonly ids: readonly string[] },
): Promise<readonly string[]> {
  const removed: string[] = [];
  const atOnce = AT_ONCE[registry.location.kind];
  for (let from = 0; from < ids.length; from += atOnce) {
    const some = ids.slice(from, from + atOnce);
    const moved: string[] = [];
    try {
      const gone = await whileLocked(registry, async (tables) => {
        const gone: string[] = [];
        for (const id of some) {
          if (await moveAside(tables, { id, moved, ...request })) gone.push(id);
        }
        if (moved.length > 0) {
          await syncFolder(trashFolder(request.runsDir));
          await syncFolder(request.runsDir);
        }
        return gone;
      });
      removed.push(...gone);
    } catch (error) {
      for (const id of moved) {
        await moveInside(request.runsDir, { from: [TRASH, id], to: [id] }).catch(() => {});
      }
      throw unremovable(request.runsDir, error);
    }
    for (const id of moved) await removeInside(request.runsDir, [TRASH, id]);
  }
  return removed;
}

/** Moves the directory of a run to the trash and removes its row; whether it is still to be removed. */
async function moveAside(
  tables: LockedTables,
  { id, moved, until, ...request }: DeletedRunsRequest & {
    readonly id: string;
    /** Takes the id of what was moved. */
    readonly moved: string[];
  },
): Promise<boolean> {
  const row = await labelledRow(tables, id);
  if (row === undefined) return false;
  const found = await lookAt(row, request);
  if (typeof found === "string") return false;
  const inFile = found.place === undefined ? undefined : await readLabels(found.place.path);
  const labels = newest(row.labels, inFile);
  if (labels !== row.labels) await storeLabels(tables, { id, labels });
  const { deleted_at } = labels;
  if (deleted_at === null || (until !== undefined && deleted_at > until)) return false;
  if (found.place !== undefined) {
    if (found.place.kind === "here") {
      // One that was replaced since a collection that was cut short.
      await removeInside(request.runsDir, [TRASH, id]);
      await moveInside(request.runsDir, { from: [id], to: [TRASH, id] });
    }
    moved.push(id);
  }
  await removeRun(tables, id);
  return true;
}

function unremovable(runsDir: string, cause: unknown): unknown {
  if (cause instanceof UserError || !(cause instanceof Error)) return cause;
  if (!(cause.constructor.name in Deno.errors)) return cause;
  return new UserError(`Cannot remove runs from ${runsDir}: ${cause.message}`, {
    code: "runs_dir_unusable",
    hint: "Check the permissions of the folder and of what is in it.",
    cause,
  });
}
