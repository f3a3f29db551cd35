/**
 * The folder of an archive that all its runs are in: none in an export, `./`
 * or `runs/` where tar packed a folder of runs. Pure.
 *
 * @module
 */

import { type EntryPlace, entryPlace, type NamedEntry, runsFolder } from "./entry_place.ts";
import { TarProblem } from "./tar_header.ts";

/** Finds the folder from the entries, in whichever order they come. */
export class LeadingFolder {
  #path: string | undefined;
  /** What came before the first run: the folder, and what lies beside runs. */
  #before: NamedEntry[] = [];

  /**
   * Where an entry belongs.
   *
   * @throws {TarProblem} if it would leave its folder, is in another one than
   * the runs before it, or shows that an earlier one is
   */
  place(entry: NamedEntry): EntryPlace {
    const own = runsFolder(entry);
    if (own !== undefined && own !== (this.#path ?? own)) {
      throw new TarProblem("is not in the same folder as the runs before it", entry.name);
    }
    if (own !== undefined && this.#path === undefined) this.#settle(own);
    if (this.#path !== undefined) return entryPlace(entry, this.#path);
    this.#before.push({ name: entry.name, kind: entry.kind });
    return { of: "neither" };
  }

  /**
   * The folder, with a slash at its end, when there are no more entries; `""`
   * for none.
   *
   * @throws {TarProblem} if there are entries, and no run to tell what they are
   */
  end(): string {
    if (this.#path === undefined) this.#settle("");
    return this.#path!;
  }

  #settle(path: string): void {
    for (const entry of this.#before) entryPlace(entry, path);
    this.#before = [];
    this.#path = path;
  }
}
