/**
 * Paths below a folder of runs that are written to, moved or removed. Whatever
 * a row, a name or a link says: what is done is done inside the folder.
 *
 * @module
 */

import { basename, join, sep } from "node:path";
import { UserError } from "../errors.ts";
import { quote } from "../quote.ts";

/** What has to be at a path. */
export type ExpectedKind = "file" | "directory" | "nothing" | "replaceable" | "anything";

/**
 * The path of a name in a folder of runs, or of a name in a folder in it, once
 * it is proven: it lies in that folder, no link is on the way, and there is what
 * is expected. The folder itself may be a link.
 *
 * @param folder absolute path of the folder of runs, or of one that is proven
 * @param names the names on the way, one for each step
 * @param expected what has to be there; a link is no more than that where it is
 * replaced by renaming, or removed by itself: `replaceable` and `anything`
 * @throws {UserError} if it leads elsewhere, or something else is there
 * @throws {Deno.errors} if it cannot be looked at
 */
export async function inside(
  folder: string,
  names: readonly string[],
  { expected }: { readonly expected: ExpectedKind },
): Promise<string> {
  const real = await Deno.realPath(folder);
  let path = folder;
  for (const [at, name] of names.entries()) {
    const parent = path;
    path = join(parent, name);
    if (!isName(name)) throw refused(path, { folder, reason: `${quote(name)} is not a name` });
    const isLast = at === names.length - 1;
    const found = await kindOf(path);
    if (!isLast && found !== "directory") {
      throw refused(path, { folder, reason: `it is ${WORDS[found]}, not a directory` });
    }
    if (isLast && !isExpected(found, expected)) {
      throw refused(path, { folder, reason: `it is ${WORDS[found]}, not ${SHOWN[expected]}` });
    }
    if (await Deno.realPath(parent) !== join(real, ...names.slice(0, at))) {
      throw refused(path, { folder, reason: "it leads out of that folder" });
    }
  }
  return path;
}

/** Removes a file, or a folder with all that is in it; it may be gone already. No link is followed. */
export async function removeInside(folder: string, names: readonly string[]): Promise<void> {
  try {
    const path = await inside(folder, names, { expected: "anything" });
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Moves a directory to a place in the same folder of runs where nothing is. */
export async function moveInside(
  folder: string,
  { from, to }: { readonly from: readonly string[]; readonly to: readonly string[] },
): Promise<string> {
  const source = await inside(folder, from, { expected: "directory" });
  const target = await inside(folder, to, { expected: "nothing" });
  await Deno.rename(source, target);
  return target;
}

type Kind = "file" | "directory" | "nothing" | "link" | "other";

const SHOWN: Readonly<Record<ExpectedKind, string>> = {
  file: "a file",
  directory: "a directory",
  nothing: "free",
  replaceable: "a file",
  anything: "anything",
};

const WORDS: Readonly<Record<Kind, string>> = {
  file: "a file",
  directory: "a directory",
  nothing: "missing",
  link: "a symbolic link",
  other: "no regular file",
};

function isExpected(found: Kind, expected: ExpectedKind): boolean {
  if (expected === "anything") return true;
  if (expected === "replaceable") return found !== "directory" && found !== "other";
  return found === expected;
}

/** A single step on a way, on every system. */
function isName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/\\\0]/.test(name) &&
    !name.includes(sep) && basename(name) === name;
}

async function kindOf(path: string): Promise<Kind> {
  try {
    const { isFile, isDirectory, isSymlink } = await Deno.lstat(path);
    return isSymlink ? "link" : isFile ? "file" : isDirectory ? "directory" : "other";
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return "nothing";
    throw error;
  }
}

function refused(
  path: string,
  { folder, reason }: { readonly folder: string; readonly reason: string },
): UserError {
  return new UserError(`Cannot change ${path}: ${reason}`, {
    code: "runs_dir_unusable",
    hint: `Only what lies in ${folder} is changed, and nothing by way of a link: ` +
      "look at it, and move it away if it is not sigrun's.",
  });
}
