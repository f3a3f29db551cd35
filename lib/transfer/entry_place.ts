/**
 * What the name of an archive's entry says about where it belongs. Pure.
 *
 * @module
 */

import { IMPORTED_JSON } from "../imported.ts";
import { startOfRunId } from "../run_id.ts";
import { RUN_FILES } from "../store/run_directory.ts";
import { type TarEntry, TarProblem } from "./tar_header.ts";

/** An entry, as far as its header names it. */
export type NamedEntry = Pick<TarEntry, "name" | "kind">;

/** Where an entry belongs: to a run, to the kept data, or to neither, as a folder. */
export type EntryPlace =
  | { readonly of: "run"; readonly id: string; readonly file: string }
  | { readonly of: "data"; readonly hash: string }
  | { readonly of: "neither" };

/** The folder of kept data, in archives as in a folder of runs. */
export const DATA_FOLDER = "data";

const HASH = /^[0-9a-f]{64}$/;

/**
 * Where an entry belongs.
 *
 * @param folder the folder of the archive that runs are in, as {@linkcode runsFolder} gives it
 * @throws {TarProblem} if it would leave its folder, or is nothing that an
 * export holds; in a folder, what is no run and no kept data is left alone
 */
export function entryPlace(entry: NamedEntry, folder = ""): EntryPlace {
  const { name, kind } = entry;
  refuseUnsafe(entry);
  if (kind === "folder" && folder.startsWith(`${name.replace(/\/$/, "")}/`)) {
    return { of: "neither" };
  }
  if (!name.startsWith(folder)) throw stray(name);
  const parts = partsOf({ name: name.slice(folder.length), kind });
  const [first = "", file, ...more] = parts;
  const isRun = startOfRunId(first) !== undefined;
  if (folder !== "" && first !== "" && !isRun && !isKeptData(parts)) return { of: "neither" };
  const isKnown = (isRun || first === DATA_FOLDER) && more.length === 0 &&
    (kind === "folder") === (file === undefined);
  if (!isKnown) throw stray(name);
  if (file === undefined) return { of: "neither" };
  if (!isRun) {
    if (!HASH.test(file)) throw new TarProblem("is kept data without a hash for its name", name);
    return { of: "data", hash: `sha256:${file}` };
  }
  // An import of its own is noted here, one elsewhere means nothing.
  if (folder !== "" && file === IMPORTED_JSON) return { of: "neither" };
  if (!RUN_FILES.includes(file)) throw new TarProblem("is no file that a run writes", name);
  return { of: "run", id: first, file };
}

/**
 * The folder that an entry's run or kept data is in, with a slash at its end:
 * `""` at the top, `"./"`, `"runs/"`. Undefined for what is neither, and for
 * what is in a hidden folder: the trash, or an import that was cut short.
 *
 * @throws {TarProblem} if the entry would leave its folder
 */
export function runsFolder(entry: NamedEntry): string | undefined {
  refuseUnsafe(entry);
  const parts = partsOf(entry);
  const run = parts.findIndex((part) => startOfRunId(part) !== undefined);
  const isData = run === -1 && entry.kind === "file" && isKeptData(parts.slice(-2));
  if (run === -1 && !isData) return undefined;
  const [first, ...others] = parts.slice(0, isData ? -2 : run);
  if (first === undefined) return "";
  if (others.some((part) => part === "" || part === ".")) throw stray(entry.name);
  const isHidden = (part: string): boolean => part.startsWith(".");
  if ((first !== "." && isHidden(first)) || others.some(isHidden)) return undefined;
  return [first, ...others].map((part) => `${part}/`).join("");
}

/** Refuses names that lead elsewhere, or may do so somewhere. */
function refuseUnsafe(entry: NamedEntry): void {
  const { name } = entry;
  const refuse = (reason: string): never => {
    throw new TarProblem(reason, name);
  };
  if (/[\p{Cc}\ufffd]/u.test(name)) refuse("has a control character in its name");
  if (name.includes("\\")) refuse("has a backslash in its name");
  if (name.startsWith("/") || /^[a-z]:/i.test(name)) refuse("has an absolute path");
  if (partsOf(entry).includes("..")) refuse("has .. in its path");
}

function partsOf({ name, kind }: NamedEntry): readonly string[] {
  return (kind === "folder" ? name.replace(/\/$/, "") : name).split("/");
}

function isKeptData([folder, file = "", ...more]: readonly string[]): boolean {
  return folder === DATA_FOLDER && HASH.test(file) && more.length === 0;
}

function stray(name: string): TarProblem {
  return new TarProblem("is neither a file of a run nor kept data", name);
}
