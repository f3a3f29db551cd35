/**
 * The kept data that comes with runs, in a staging folder.
 *
 * @module
 */

import { join } from "node:path";
import { parseSeriesList } from "../bars/series_list.ts";
import { EXIT_NOT_PROVED, UserError } from "../errors.ts";
import { printable } from "../quote.ts";
import { keptDataPath } from "../store/kept_data.ts";
import { abortable } from "./abortable.ts";
import type { FoundSource } from "./import_source.ts";
import { keptFiles } from "./kept_files.ts";
import { refused } from "./stage_archive.ts";
import { readable } from "./stage_folder.ts";
import { stageFile, type Staging } from "./staging.ts";
import { TarProblem } from "./tar_header.ts";
import type { VerifiedRun } from "./verified_run.ts";
import { DATA_FOLDER } from "./entry_place.ts";
import { readRegularText } from "../regular_file.ts";

/** A file of kept data that waits to be put in its place. */
export interface StagedFile {
  /** Its hash, which was checked. */
  readonly hash: string;
  /** Its absolute path. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
}

/**
 * The kept data of these runs, each file once, unless it is here already.
 *
 * @throws {UserError} if a file is not of the hash that is its name, or belongs
 * to no run of its archive
 */
export async function stagedData(
  found: readonly FoundSource[],
  { runs, runsDir, staging, abort }: {
    readonly runs: readonly VerifiedRun[];
    readonly runsDir: string;
    readonly staging: Staging;
    readonly abort: AbortSignal;
  },
): Promise<readonly StagedFile[]> {
  const staged = new Map<string, StagedFile>();
  const taken = new Set(runs.map(({ id }) => id));
  for (const { source, runs: foundRuns, data } of found) {
    const ids = new Set(foundRuns.map(({ id }) => id));
    const hashes = new Set(
      runs.flatMap(({ id, dataHash }) => ids.has(id) && dataHash !== null ? [dataHash] : []),
    );
    const files = data.kind === "staged"
      ? await ofArchive(data.files, {
        source,
        hashes,
        // That of a run that is damaged or in conflict goes with it.
        mayHaveOthers: data.hasOthers || foundRuns.some(({ id }) => !taken.has(id)),
      })
      : data.runsDir === runsDir
      ? []
      : await ofFolder(data.runsDir, { hashes, runsDir, staging, abort });
    for (const file of files) staged.set(file.hash, file);
  }
  return [...staged.values()];
}

async function ofArchive(
  files: ReadonlyMap<string, string>,
  { source, hashes, mayHaveOthers }: {
    readonly source: string;
    readonly hashes: ReadonlySet<string>;
    readonly mayHaveOthers: boolean;
  },
): Promise<readonly StagedFile[]> {
  const wanted = new Set(hashes);
  for (const hash of hashes) {
    for (const member of await listedIn(files.get(hash))) wanted.add(member);
  }
  const other = [...files.keys()].find((hash) => !wanted.has(hash));
  if (other !== undefined && !mayHaveOthers) {
    const name = `${DATA_FOLDER}/${other.replace("sha256:", "")}`;
    throw refused(source, new TarProblem("is the data of no run in it", name));
  }
  return await Promise.all(
    [...files].filter(([hash]) => wanted.has(hash))
      .map(async ([hash, path]) => ({ hash, path, bytes: (await Deno.stat(path)).size })),
  );
}

/** Hashes of the files that a list of a series names; none if it is no list. */
async function listedIn(path: string | undefined): Promise<readonly string[]> {
  // A list of 200,000 files.
  if (path === undefined || (await Deno.stat(path)).size > 16 << 20) return [];
  const text = await readRegularText(path).catch(() => "");
  return parseSeriesList(text)?.map(({ dataHash }) => dataHash) ?? [];
}

async function ofFolder(
  from: string,
  { hashes, runsDir, staging, abort }: {
    readonly hashes: ReadonlySet<string>;
    readonly runsDir: string;
    readonly staging: Staging;
    readonly abort: AbortSignal;
  },
): Promise<readonly StagedFile[]> {
  const staged = new Map<string, StagedFile>();
  for (const hash of hashes) {
    for (const file of (await keptFiles(from, hash)).files) {
      if (staged.has(file.hash) || await isKept(runsDir, file)) continue;
      const path = join(
        await staging.folder(DATA_FOLDER),
        `${staged.size}-${file.hash.replace("sha256:", "")}`,
      );
      if (await stageFile(path, abortable(readable(file.path), abort)) !== file.hash) {
        throw new UserError(
          `Cannot import ${printable(file.path)}: it is not of the hash that is its name`,
          {
            code: "run_damaged",
            exitCode: EXIT_NOT_PROVED,
            hint: "Nothing was imported. Copy the file again, or remove it there.",
          },
        );
      }
      staged.set(file.hash, { hash: file.hash, path, bytes: file.bytes });
    }
  }
  return [...staged.values()];
}

/** Whether a file of this hash and size is kept here. */
export async function isKept(
  runsDir: string,
  { hash, bytes }: Pick<StagedFile, "hash" | "bytes">,
): Promise<boolean> {
  const found = await Deno.lstat(keptDataPath(runsDir, hash)).catch(() => undefined);
  return found?.isFile === true && found.size === bytes;
}
