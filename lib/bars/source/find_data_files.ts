/**
 * The files that are meant by paths and patterns of paths; loaded where there
 * is a pattern or more than one path.
 *
 * @module
 */

import { join, parse, sep } from "node:path";
import { UserError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { printable, quote } from "../../quote.ts";
import { mayBePattern, STANDARD_INPUT } from "./data_file.ts";
import { nameMatcher } from "./name_pattern.ts";
import { hintFor, reasonOf } from "../../system_error.ts";

/** Any number of folders, none included. */
const ANY_FOLDERS = "**";

/** How many names a message shows. */
const SHOWN_NAMES = 3;

/** Files, each once. */
export interface FoundFiles {
  /** Their absolute paths, in the order in which they were named; `-` is standard input. */
  readonly paths: readonly string[];
  /** Paths that were left out, as they lead to a file that is there already. */
  readonly repeated: readonly string[];
}

/**
 * Finds the files of some absolute paths, of which each may be a pattern. Up
 * to its first folder or file that is not there, a pattern is taken as it
 * stands, so that a file with a star in its name can be named.
 *
 * @throws {UserError} if a pattern matches no file, or a folder cannot be listed
 */
export async function findDataFiles(named: readonly string[]): Promise<FoundFiles> {
  const all = (await Promise.all(named.map(filesOf))).flat();
  const real = await Promise.all(all.map((path) =>
    // Opening it will say what is wrong with it.
    path === STANDARD_INPUT ? path : Deno.realPath(path).catch(() => path)
  ));
  const seen = new Set<string>();
  const paths: string[] = [];
  const repeated: string[] = [];
  for (const [at, path] of all.entries()) {
    (seen.has(real[at]!) ? repeated : paths).push(path);
    seen.add(real[at]!);
  }
  return { paths, repeated };
}

/** Where a pattern begins to be one. */
interface Place {
  /** The folder up to there. */
  readonly folder: string;
  /** The names below it; the last one is that of a file. */
  readonly names: readonly string[];
}

async function filesOf(path: string): Promise<readonly string[]> {
  if (path === STANDARD_INPUT || !mayBePattern(path)) return [path];
  const place = await patternPlace(path);
  if (place.names.length === 0) return [path];
  const found = new Set<string>();
  for await (const file of matching(place)) found.add(file);
  if (found.size === 0) throw await noMatch(place);
  return [...found].sort();
}

async function patternPlace(path: string): Promise<Place> {
  const { root } = parse(path);
  const names = path.slice(root.length).split(sep)
    // Twice any folders is any folders.
    .filter((name, at, all) => name !== ANY_FOLDERS || all[at - 1] !== ANY_FOLDERS);
  let folder = root;
  let at = 0;
  for (; at < names.length; at++) {
    const next = join(folder, names[at]!);
    if (mayBePattern(names[at]!) && await infoOf(next) === null) break;
    folder = next;
  }
  return { folder, names: names.slice(at) };
}

async function* matching({ folder, names: [name, ...rest] }: Place): AsyncGenerator<string> {
  if (name === ANY_FOLDERS) {
    yield* matching({ folder, names: rest.length === 0 ? ["*"] : rest });
    for (const entry of await entriesOf(folder)) {
      // A link may lead back to where it stands.
      if (!entry.isDirectory || entry.name.startsWith(".")) continue;
      yield* matching({ folder: join(folder, entry.name), names: [ANY_FOLDERS, ...rest] });
    }
    return;
  }
  for (const path of await pathsMatching(folder, name!)) {
    const isFolder = (await infoOf(path))?.isDirectory === true;
    if (rest.length === 0 && !isFolder) yield path;
    if (rest.length > 0 && isFolder) yield* matching({ folder: path, names: rest });
  }
}

/** Paths of what matches in a folder, links that lead nowhere included. */
async function pathsMatching(folder: string, name: string): Promise<readonly string[]> {
  if (!mayBePattern(name)) {
    const path = join(folder, name);
    return await infoOf(path) === null ? [] : [path];
  }
  const isMatch = nameMatcher(name);
  return (await entriesOf(folder)).filter((entry) => isMatch(entry.name))
    .map((entry) => join(folder, entry.name));
}

/** What a path leads to; null if there is nothing. */
async function infoOf(path: string): Promise<Deno.FileInfo | null> {
  return await Deno.stat(path).catch(() => Deno.lstat(path)).catch(() => null);
}

/** What a folder holds, sorted; nothing where there is no such folder. */
async function entriesOf(folder: string): Promise<readonly Deno.DirEntry[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw new UserError(`Cannot list the folder ${printable(folder)}: ${reasonOf(error)}`, {
      code: "data_unreadable",
      hint: hintFor(error, "Check that you may read it, or name the files one by one."),
      cause: error,
    });
  }
}

/** The error for a pattern that matches no file. */
async function noMatch(place: Place): Promise<UserError> {
  const { folder, names } = await dead(place);
  const isFile = names.length === 1;
  const entries = await entriesOf(folder);
  const others = entries.filter(({ isDirectory }) => isDirectory !== isFile)
    .map(({ name }) => name);
  const near = nearest(names[0]!, others.slice(0, 1000));
  const shown = others.slice(0, SHOWN_NAMES).map((name) => quote(name)).join(", ");
  const more = others.length > SHOWN_NAMES ? ` and ${others.length - SHOWN_NAMES} more` : "";
  const info = await infoOf(folder);
  const there = near !== undefined
    ? `the nearest is ${quote(near)}`
    : others.length > 0
    ? `it has ${shown}${more}`
    : info === null
    ? "there is no such folder"
    : info.isDirectory
    ? `there is no ${isFile ? "file" : "folder"} in it`
    : "that is no folder";
  return new UserError(
    `Cannot find data files that match ${quote(names.join(sep), 200)} in ${
      printable(folder)
    }: ${there}`,
    {
      code: "data_unreadable",
      hint: "In a name * is any text, ? any character and [a-c] one of some; ** is any folders. " +
        "Upper and lower case differ, and names that begin with a dot are left out.",
    },
  );
}

/** Where a pattern leads no further: the first folder in which nothing has the name. */
async function dead({ folder, names }: Place): Promise<Place> {
  const [name, ...rest] = names;
  if (rest.length === 0 || name === ANY_FOLDERS) return { folder, names };
  for (const path of await pathsMatching(folder, name!)) {
    if ((await infoOf(path))?.isDirectory) return await dead({ folder: path, names: rest });
  }
  return { folder, names };
}
