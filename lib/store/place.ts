/**
 * Where the directory of a run is. A row is somebody's word: an id that is not
 * of the form of a run id has no place, and the path that a row has says where
 * its directory once was, nothing more. What is looked for lies in the folders
 * that a command was given, so that a copied folder of runs stands by itself.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { quote } from "../quote.ts";
import type { RunRecord } from "../record.ts";
import type { RegistryLocation } from "../registry/location.ts";
import { isRunId } from "../run_id.ts";

/** What tells where a run's directory is. */
export type PlacedRun = Pick<RunRecord, "id" | "directory">;

/** Where run directories may be. */
export interface RunPlaces {
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** The registry. */
  readonly registry: RegistryLocation;
}

/** The place of a run's directory. */
export type RunPlace =
  /** In the folder of runs. */
  | { readonly kind: "here"; readonly path: string }
  /** Moved aside by a collection of garbage that was cut short. */
  | { readonly kind: "trash"; readonly path: string }
  /** It would be in the folder of runs, and is not. */
  | { readonly kind: "none" }
  /** Not in that folder, nor was it: in another one, or on another machine. */
  | { readonly kind: "elsewhere" };

/** The folder of run directories that are on their way out. */
export function trashFolder(runsDir: string): string {
  return join(runsDir, TRASH);
}

/** The name of that folder. */
export const TRASH = ".trash";

/**
 * Looks for a run's directory, for those who change it or remove it. Links are
 * not followed.
 *
 * @throws {UserError} if the id is none
 */
export async function placeOf({ id, directory }: PlacedRun, runsDir: string): Promise<RunPlace> {
  const usual = runPath(runsDir, id);
  if (await isDirectory(usual)) return { kind: "here", path: usual };
  const trashed = runPath(trashFolder(runsDir), id);
  if (await isDirectory(trashed)) return { kind: "trash", path: trashed };
  return { kind: directory === usual ? "none" : "elsewhere" };
}

/**
 * Absolute path of a run's directory, for those who read it: the one of its
 * name beside a registry that is a file, or in the folder of runs. Null if it
 * is in neither. Links are not followed.
 *
 * @throws {UserError} if the id is none
 */
export async function locateRun(
  { id }: Pick<PlacedRun, "id">,
  places: RunPlaces,
): Promise<string | null> {
  for (const folder of foldersOf(places)) {
    const path = runPath(folder, id);
    if (await isDirectory(path)) return path;
  }
  return null;
}

/** Whether the directory of a run would be in one of these folders, by what its row says. */
export function belongsHere({ id, directory }: PlacedRun, places: RunPlaces): boolean {
  return [...foldersOf(places)].some((folder) => join(folder, id) === directory);
}

function foldersOf({ runsDir, registry }: RunPlaces): Iterable<string> {
  return new Set(registry.kind === "local" ? [dirname(registry.path), runsDir] : [runsDir]);
}

/** Path of a run directory in a folder; an id that is none makes no path. */
function runPath(folder: string, id: string): string {
  if (isRunId(id)) return join(folder, id);
  throw new UserError(`Cannot use run ${quote(id)}: that is not the id of a run`, {
    code: "run_damaged",
    hint: "Its row in the registry is damaged, or of another program: runs:verify says more.",
  });
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
