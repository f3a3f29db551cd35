/**
 * Kept data that no run refers to: no row, no manifest, and no list of a
 * series that one of them refers to.
 *
 * @module
 */

import { join } from "node:path";
import { parseSeriesList } from "../../bars/series_list.ts";
import { dataHashes } from "../../registry/garbage.ts";
import type { Registry } from "../../registry/open.ts";
import { keptDataFolder, keptDataPath } from "../kept_data.ts";
import { MANIFEST_JSON } from "../run_directory.ts";
import { startOfRunId } from "../../run_id.ts";
import { type SizedPath, sizeOf } from "./sizes.ts";
import { openRegular, readRegularText } from "../../regular_file.ts";

/** A search for data that nobody refers to, and how far it came. */
export class UnusedData {
  readonly #runsDir: string;
  /** Names of the files that nobody was found to refer to, and their sizes; undefined at first. */
  #candidates: Map<string, number> | undefined;
  /** Directories whose manifest was read: it does not change any more. */
  readonly #read = new Set<string>();

  /** Of the kept data in a folder of runs. */
  constructor(runsDir: string) {
    this.#runsDir = runsDir;
  }

  /**
   * Looks for data that nobody refers to but runs that are to be removed. A
   * second search looks only at what the first one found, and at what came up
   * since; it is the one to go by, with {@linkcode holdAllKeptData}.
   *
   * @throws {UserError} if the registry cannot be read
   * @throws {Deno.errors} if a manifest is there that cannot be read
   */
  async search(
    registry: Registry,
    { except }: { readonly except: ReadonlySet<string> },
  ): Promise<readonly SizedPath[]> {
    const files = await keptFiles(this.#runsDir);
    const found = new Map(
      [...files].filter(([name]) => this.#candidates?.has(name) ?? true),
    );
    for (const hash of found.size === 0 ? [] : await dataHashes(registry, except)) {
      found.delete(nameOf(hash));
    }
    if (found.size > 0) await this.#withoutNamed(found, except);
    for (const name of found.size === 0 ? [] : files.keys()) {
      if (found.has(name)) continue;
      for (const member of await membersOf(keptDataPath(this.#runsDir, name))) found.delete(member);
    }
    this.#candidates = found;
    return [...found].map(([name, bytes]) => ({ path: keptDataPath(this.#runsDir, name), bytes }));
  }

  /** Takes out what a manifest names, wherever it does: of a run without a row, or with a damaged one. */
  async #withoutNamed(found: Map<string, number>, except: ReadonlySet<string>): Promise<void> {
    for await (const { name: id } of Deno.readDir(this.#runsDir)) {
      if (startOfRunId(id) === undefined || except.has(id) || this.#read.has(id)) continue;
      const manifest = await textOf(join(this.#runsDir, id, MANIFEST_JSON));
      if (manifest === undefined) continue;
      for (const [hash] of manifest.matchAll(/(?<=sha256:)[0-9a-f]{64}/g)) found.delete(hash);
      this.#read.add(id);
    }
  }
}

/** The files that are named by their hash, and their sizes. */
async function keptFiles(runsDir: string): Promise<ReadonlyMap<string, number>> {
  const files = new Map<string, number>();
  try {
    for await (const { name, isFile } of Deno.readDir(keptDataFolder(runsDir))) {
      if (isFile && /^[0-9a-f]{64}$/.test(name)) {
        files.set(name, await sizeOf(keptDataPath(runsDir, name)));
      }
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return files;
}

/** The names of the files of a series, if this is the list of one. */
async function membersOf(path: string): Promise<readonly string[]> {
  if (!await isListLike(path)) return [];
  return (parseSeriesList(await textOf(path) ?? "") ?? []).map(({ dataHash }) => nameOf(dataHash));
}

/** Whether a file begins as a list does, so that no data is read for nothing. */
async function isListLike(path: string): Promise<boolean> {
  const beginning = new Uint8Array("sha256:".length);
  try {
    using file = await openRegular(path);
    await file.read(beginning);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return new TextDecoder().decode(beginning) === "sha256:";
}

function nameOf(hash: string): string {
  return hash.replace(/^sha256:/, "");
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readRegularText(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { NotFound, NotADirectory } = Deno.errors;
  return error instanceof NotFound || error instanceof NotADirectory;
}
