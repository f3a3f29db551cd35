/**
 * What the name of an archive's entry says about where it belongs. Pure.
 *
 * @module
 */

import { startOfRunId } from "../run/run_id.ts";
import { TarProblem } from "./tar_header.ts";

/** Where an entry belongs: to a run, to the kept data, or to neither, as a folder. */
export type EntryPlace =
  | { readonly of: "run"; readonly id: string; readonly file: string }
  | { readonly of: "data"; readonly hash: string }
  | { readonly of: "folder" };

/** The folder of kept data, in archives as in a folder of runs. */
export const DATA_FOLDER = "data";

/** Names that every file system can hold, and that are the same on each. */
const FILE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,75}$/;

/** Names that are devices on Windows, whatever their ending; and endings that it drops. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|\.$/i;

/**
 * Where an entry belongs.
 *
 * @throws {TarProblem} if it would leave its folder, or is nothing that an export holds
 */
export function entryPlace(
  { name, kind }: { readonly name: string; readonly kind: "file" | "folder" },
): EntryPlace {
  const refuse = (reason: string): never => {
    throw new TarProblem(reason, name);
  };
  if (/[\p{Cc}\ufffd]/u.test(name)) refuse("has a control character in its name");
  if (name.includes("\\")) refuse("has a backslash in its name");
  if (name.startsWith("/") || /^[a-z]:/i.test(name)) refuse("has an absolute path");
  const parts = (kind === "folder" ? name.replace(/\/$/, "") : name).split("/");
  if (parts.includes("..")) refuse("has .. in its path");
  const [folder = "", file, ...more] = parts;
  const isRun = startOfRunId(folder) !== undefined;
  const isKnown = (isRun || folder === DATA_FOLDER) && more.length === 0 &&
    (kind === "folder") === (file === undefined);
  if (!isKnown) refuse("is neither a file of a run nor kept data");
  if (file === undefined) return { of: "folder" };
  if (!isRun) {
    if (!/^[0-9a-f]{64}$/.test(file)) refuse("is kept data without a hash for its name");
    return { of: "data", hash: `sha256:${file}` };
  }
  if (!FILE_NAME.test(file) || RESERVED.test(file)) {
    refuse("has a name that not every file system can hold");
  }
  return { of: "run", id: folder, file };
}
