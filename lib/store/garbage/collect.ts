/**
 * Garbage: deleted runs, kept data that no run refers to any more, and what
 * processes that died left behind. First a plan, then its execution, which
 * looks at everything once more.
 *
 * @module
 */

import { relative, sep } from "node:path";
import { UserError } from "../../errors.ts";
import type { Registry } from "../../registry/open.ts";
import { keptDataFolder } from "../kept_data.ts";
import { holdAllKeptData } from "../kept_data_hold.ts";
import { inside, removeInside } from "../inside.ts";
import { TRASH, trashFolder } from "../place.ts";
import {
  type DeletedRunsPlan,
  deletedRunsPlan,
  type DeletedRunsRequest,
  removeDeletedRuns,
} from "./deleted_runs.ts";
import { keepFromTrash, trashed, unfinishedCopies, unfinishedLabels } from "./leftovers.ts";
import { unfinishedImports } from "./unfinished_imports.ts";
import type { SizedPath } from "./sizes.ts";
import { UnusedData } from "./unused_data.ts";
import { openFolder } from "../../regular_file.ts";

/** What is garbage. */
export interface Garbage extends DeletedRunsPlan {
  /** Kept data files. */
  readonly data: readonly SizedPath[];
  /** What processes that died left behind. */
  readonly leftovers: readonly SizedPath[];
  /** Whether the kept data was left alone, as runs were keeping data all the time. */
  readonly isDataBusy: boolean;
}

/** Which garbage. */
export interface GarbageRequest extends DeletedRunsRequest {
  /** The time. */
  readonly now: Date;
}

/** A plan, and what executing it needs to know. */
export interface GarbagePlan {
  /** What it would remove. */
  readonly garbage: Garbage;
  /** Removes it; the result is what was removed. */
  collect(): Promise<Garbage>;
}

/**
 * Looks for garbage, and changes nothing.
 *
 * @throws {UserError} if the registry or the folder of runs cannot be read
 */
export async function garbagePlan(
  registry: Registry,
  request: GarbageRequest,
): Promise<GarbagePlan> {
  const { runsDir, now } = request;
  const unused = new UnusedData(runsDir);
  const garbage = await readable(runsDir, async () => {
    const plan = await deletedRunsPlan(registry, request);
    const except = new Set(plan.runs.map(({ id }) => id));
    const data = await unused.search(registry, { except });
    const { removable } = await trashed(registry, runsDir);
    const labels = await unfinishedLabels(runsDir, now);
    const copies = await unfinishedCopies(runsDir);
    const leftovers = [...removable, ...labels, ...await unfinishedImports(runsDir), ...copies];
    return { ...plan, data, leftovers, isDataBusy: false };
  });
  return {
    garbage,
    collect: () => readable(runsDir, () => collect(registry, { plan: garbage, unused, request })),
  };
}

async function collect(
  registry: Registry,
  { plan, unused, request }: {
    readonly plan: Garbage;
    readonly unused: UnusedData;
    readonly request: GarbageRequest;
  },
): Promise<Garbage> {
  const { runsDir, now } = request;
  await Deno.mkdir(trashFolder(runsDir)).catch((error) => {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  });
  await inside(runsDir, [TRASH], { expected: "directory" });
  using _ = await aloneInTrash(runsDir);
  const ids = plan.runs.map(({ id }) => id);
  const removed = new Set(await removeDeletedRuns(registry, { ...request, ids }));
  const trash = await trashed(registry, runsDir);
  for (const id of trash.recorded) await keepFromTrash(registry, { id, runsDir });
  const leftovers = [
    ...trash.removable,
    ...await unfinishedLabels(runsDir, now),
    ...await unfinishedImports(runsDir),
  ];
  for (const { path } of leftovers) await removeBelow(runsDir, path);
  const kept = await clearKeptData(registry, { unused, runsDir });
  return {
    runs: plan.runs.filter(({ id }) => removed.has(id)),
    left: plan.left,
    data: kept.data,
    leftovers: [...leftovers, ...kept.copies],
    isDataBusy: kept.isBusy,
  };
}

/** Removes the data that nobody refers to, while no run can begin to. */
async function clearKeptData(
  registry: Registry,
  { unused, runsDir }: { readonly unused: UnusedData; readonly runsDir: string },
): Promise<{
  readonly data: readonly SizedPath[];
  readonly copies: readonly SizedPath[];
  readonly isBusy: boolean;
}> {
  const except = new Set<string>();
  // Others have to wait for the second search only.
  const found = await unused.search(registry, { except });
  if (found.length === 0 && (await unfinishedCopies(runsDir)).length === 0) {
    return { data: [], copies: [], isBusy: false };
  }
  using hold = await holdAllKeptData(keptDataFolder(runsDir));
  if (hold === undefined) return { data: [], copies: [], isBusy: true };
  const data = await unused.search(registry, { except });
  const copies = await unfinishedCopies(runsDir);
  for (const { path } of [...data, ...copies]) await removeBelow(runsDir, path);
  return { data, copies, isBusy: false };
}

/** Removes what was found in a folder of runs. */
async function removeBelow(runsDir: string, path: string): Promise<void> {
  await removeInside(runsDir, relative(runsDir, path).split(sep));
}

/** Keeps other collections out; without effect where folders cannot be locked. */
async function aloneInTrash(runsDir: string): Promise<Disposable> {
  let folder: Deno.FsFile | undefined;
  try {
    folder = await openFolder(trashFolder(runsDir));
    await folder.lock(true);
  } catch {
    // Then two may be at work at once, and find gone what the other removed.
  }
  return {
    [Symbol.dispose]: () => {
      try {
        folder?.unlockSync();
      } catch {
        // It was not locked.
      }
      folder?.close();
    },
  };
}

/** What the system says about files, as an error for users. */
async function readable<T>(runsDir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isOfFiles = cause instanceof Error && cause.constructor.name in Deno.errors;
    if (cause instanceof UserError || !isOfFiles) throw cause;
    throw new UserError(`Cannot collect garbage in ${runsDir}: ${cause.message}`, {
      code: "runs_dir_unusable",
      hint: "Check the permissions of the folder and of what is in it.",
      cause,
    });
  }
}
