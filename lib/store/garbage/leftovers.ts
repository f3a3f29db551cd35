/**
 * What processes that died on the way left behind: files that were never
 * renamed into place, and directories that were on their way out.
 *
 * @module
 */

import { join } from "node:path";
import { labelledRow } from "../../registry/labels.ts";
import type { Registry } from "../../registry/open.ts";
import { whileLocked } from "../../registry/transaction.ts";
import { bringBack } from "../change_labels.ts";
import { keptDataFolder } from "../kept_data.ts";
import { placeOf, trashFolder } from "../place.ts";
import { startOfRunId } from "../../run_id.ts";
import { type SizedPath, sizeOf } from "./sizes.ts";

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const TEMPORARY_DATA = new RegExp(`^\\.?[0-9a-f]{64}\\.${UUID}\\.tmp$`);
const TEMPORARY_LABELS = new RegExp(`^\\.labels\\.json\\.${UUID}\\.tmp$`);

/** After this long nobody is at work on labels any more, in milliseconds. */
const STALE_MS = 60 * 60 * 1000;

/** Copies of data that were cut short. As long as runs keep data some may be at work. */
export async function unfinishedCopies(runsDir: string): Promise<readonly SizedPath[]> {
  return await sizedPaths(keptDataFolder(runsDir), (name) => TEMPORARY_DATA.test(name));
}

/** Labels that were never renamed into a run directory. */
export async function unfinishedLabels(runsDir: string, now: Date): Promise<readonly SizedPath[]> {
  const found = await sizedPaths(runsDir, (name) => TEMPORARY_LABELS.test(name));
  const isStale = await Promise.all(found.map(async ({ path }) => {
    // One that is gone was renamed into its place.
    const mtime = await Deno.lstat(path).then(({ mtime }) => mtime, () => null);
    return mtime !== null && now.getTime() - mtime.getTime() > STALE_MS;
  }));
  return found.filter((_, at) => isStale[at]);
}

/** The directories in the trash whose run is on record no more, and the ids of the others. */
export async function trashed(
  registry: Registry,
  runsDir: string,
): Promise<{ readonly removable: readonly SizedPath[]; readonly recorded: readonly string[] }> {
  const removable: SizedPath[] = [];
  const recorded: string[] = [];
  for (const id of await namesIn(trashFolder(runsDir))) {
    if (startOfRunId(id) === undefined) continue;
    const path = join(trashFolder(runsDir), id);
    const place = await whileLocked(registry, async (tables) => {
      const row = await labelledRow(tables, id);
      return row && await placeOf(row, runsDir);
    });
    // Where the run has its directory all the same, this is one that was replaced.
    if (place?.kind === "trash") recorded.push(id);
    else removable.push({ path, bytes: await sizeOf(path) });
  }
  return { removable, recorded };
}

/** Moves a directory out of the trash whose run is not to be removed now. */
export async function keepFromTrash(
  registry: Registry,
  { id, runsDir }: { readonly id: string; readonly runsDir: string },
): Promise<void> {
  await whileLocked(registry, async (tables) => {
    const row = await labelledRow(tables, id);
    if (row !== undefined && (await placeOf(row, runsDir)).kind === "trash") {
      await bringBack(id, runsDir);
    }
  });
}

async function sizedPaths(
  folder: string,
  isWanted: (name: string) => boolean,
): Promise<readonly SizedPath[]> {
  const paths = (await namesIn(folder)).filter(isWanted).map((name) => join(folder, name));
  return await Promise.all(paths.map(async (path) => ({ path, bytes: await sizeOf(path) })));
}

/** The names in a folder, sorted; none if there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return [];
    throw error;
  }
}
