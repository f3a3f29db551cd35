/**
 * In which place a run's directory is, for those who change it or remove it.
 *
 * @module
 */

import { basename, join } from "node:path";
import type { RunRecord } from "../record.ts";

/** The place of a run's directory. */
export type RunPlace =
  /** In the folder of runs. */
  | { readonly kind: "here"; readonly path: string }
  /** Where its row says, outside that folder. */
  | { readonly kind: "elsewhere"; readonly path: string }
  /** Moved aside by a collection of garbage that was cut short. */
  | { readonly kind: "trash"; readonly path: string }
  /** Nowhere on this machine. */
  | { readonly kind: "none" };

/** The folder of run directories that are on their way out. */
export function trashFolder(runsDir: string): string {
  return join(runsDir, ".trash");
}

/** Looks for a run's directory. Links are not followed. */
export async function placeOf(
  { id, directory }: Pick<RunRecord, "id" | "directory">,
  runsDir: string,
): Promise<RunPlace> {
  const usual = join(runsDir, id);
  if (await isDirectory(usual)) return { kind: "here", path: usual };
  if (directory !== usual && basename(directory) === id && await isDirectory(directory)) {
    return { kind: "elsewhere", path: directory };
  }
  const trashed = join(trashFolder(runsDir), id);
  return await isDirectory(trashed) ? { kind: "trash", path: trashed } : { kind: "none" };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isDirectory;
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return false;
    throw error;
  }
}
