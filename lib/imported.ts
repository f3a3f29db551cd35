/**
 * The note that an import leaves in the directory of a run: the run was made
 * elsewhere, so what it says is somebody else's word. No run writes it, no
 * export packs it, and none that comes with a run is taken over.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { jsonText } from "./json_text.ts";
import { startOfRunId } from "./run_id.ts";
import { readRegularText } from "./regular_file.ts";

/** Its name in a run directory. */
export const IMPORTED_JSON = "imported.json";

/** Raised when its form changes. */
const SCHEMA = 1;

/** When a run was imported, and from what. */
export interface ImportNote {
  /** ISO 8601 in UTC. */
  readonly imported_at: string;
  /** The archive or folder, as it was named. */
  readonly source: string;
}

/** The text of a note. */
export function importedJson({ imported_at, source }: ImportNote): string {
  return jsonText({ schema: SCHEMA, imported_at, source });
}

/** Whether a run directory has the note, whatever is in it: what cannot be read counts. */
export async function isImported(directory: string): Promise<boolean> {
  try {
    await Deno.lstat(join(directory, IMPORTED_JSON));
    return true;
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    return !(error instanceof NotFound || error instanceof NotADirectory);
  }
}

/** The note in a run directory; undefined without one that can be understood. */
export async function readImportNote(directory: string): Promise<ImportNote | undefined> {
  try {
    const { schema, imported_at, source } = JSON.parse(
      await readRegularText(join(directory, IMPORTED_JSON)),
    );
    const isNote = schema === SCHEMA && typeof imported_at === "string" &&
      typeof source === "string";
    return isNote ? { imported_at, source } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The run directory that a path lies in; undefined outside of any. Names are
 * compared without regard to case, as some file systems do.
 */
export function runDirectoryAround(path: string): string | undefined {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (startOfRunId(basename(folder).toLowerCase()) !== undefined) return folder;
  }
  return undefined;
}
