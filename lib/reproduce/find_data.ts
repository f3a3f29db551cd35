/**
 * Finding the data of a run by its hash.
 *
 * @module
 */

import { dirname } from "node:path";
import { STANDARD_INPUT } from "../bars/source/data_file.ts";
import type { Config } from "../config/config.ts";
import type { Input } from "../host.ts";
import { hashOfFile } from "../store/file_hash.ts";
import { keptDataPath, keptSeries } from "../store/kept_data.ts";
import { loadForRun } from "../run/work.ts";

/** Where a data file is looked for: where the user says, where the run had it, among kept copies. */
export type DataPlace = "given" | "recorded" | "kept";

/** A place to look at. */
export interface DataCandidate {
  /** What kind of place it is. */
  readonly place: DataPlace;
  /** Absolute paths of the files: one, or those of a series. */
  readonly paths: readonly string[];
}

/** What was found. */
export type DataFinding =
  /** Files with the hash. */
  | ({ readonly status: "same" } & DataCandidate)
  /** Only files with other hashes; the first of them, and their hash, null if they make no series. */
  | ({ readonly status: "changed"; readonly actual: string | null } & DataCandidate)
  /** No file at all. */
  | { readonly status: "missing" };

/** Looks for data files, and hashes each only once. */
export class DataFinder {
  readonly #hashes = new Map<string, Promise<string | undefined>>();

  /**
   * The first candidate that has the hash.
   *
   * @param hash what is looked for
   */
  async find(hash: string, { candidates, seriesHash }: {
    /** Where to look, in this order. */
    readonly candidates: readonly DataCandidate[];
    /** Hash of several files as one series; it throws if they are none. */
    readonly seriesHash: (paths: readonly string[]) => Promise<string>;
  }): Promise<DataFinding> {
    let changed: DataFinding | undefined;
    for (const candidate of candidates) {
      const { paths } = candidate;
      const [path, ...others] = await Promise.all(paths.map((path) => this.#hashOf(path)));
      if (path === undefined || others.includes(undefined)) continue;
      const actual = others.length === 0 ? path : await seriesHash(paths).catch(() => null);
      if (actual === hash) return { status: "same", ...candidate };
      changed ??= { status: "changed", actual, ...candidate };
    }
    return changed ?? { status: "missing" };
  }

  #hashOf(path: string): Promise<string | undefined> {
    const known = this.#hashes.get(path);
    if (known !== undefined) return known;
    const hash = hashIfFile(path);
    this.#hashes.set(path, hash);
    return hash;
  }
}

/** Data that is looked for comes from files. */
export const NO_INPUT: Input = { isTerminal: false, read: () => Promise.resolve(null) };

/**
 * Looks for the data of a run where it may be: where the user says, where the
 * run had it, among the copies beside its directory and in the folder of runs.
 *
 * @param hash hash of the run's data
 */
export async function findRunData(hash: string, { directory, runsDir, config, given, finder }: {
  /** Absolute path of the run directory; null if it is not here. */
  readonly directory: string | null;
  /** Absolute path of the folder of runs, where the directory is elsewhere. */
  readonly runsDir?: string | undefined;
  /** The run's config. */
  readonly config: Config;
  /** Absolute paths of the files to look at first: one, or those of a series. */
  readonly given?: readonly string[] | undefined;
  /** Finds data. */
  readonly finder: DataFinder;
}): Promise<DataFinding> {
  const kept = async (folder: string): Promise<readonly string[] | undefined> =>
    config.data.length === 1 ? [keptDataPath(folder, hash)] : await keptSeries(folder, hash);
  const folders = new Set([
    ...(directory === null ? [] : [dirname(directory)]),
    ...(runsDir === undefined ? [] : [runsDir]),
  ]);
  const copies = (await Promise.all(Array.from(folders, kept))).filter((paths) =>
    paths !== undefined
  );
  return await finder.find(hash, {
    candidates: [
      ...(given === undefined ? [] : [{ place: "given", paths: given } as const]),
      { place: "recorded", paths: config.data },
      ...copies.map((paths) => ({ place: "kept", paths }) as const),
    ],
    seriesHash: async (paths) =>
      (await loadForRun({ ...config, data: paths, signals: "none" }, { stdin: NO_INPUT })).dataHash,
  });
}

/** Undefined for what cannot be read, and for what can be read only once. */
async function hashIfFile(path: string): Promise<string | undefined> {
  if (path === STANDARD_INPUT) return undefined;
  try {
    return (await Deno.stat(path)).isFile ? await hashOfFile(path) : undefined;
  } catch {
    return undefined;
  }
}
