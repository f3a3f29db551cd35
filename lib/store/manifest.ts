/**
 * `manifest.json`: all that the registry knows about a run, kept with the
 * run, so that a row can be made again from its directory.
 *
 * @module
 */

import { jsonText } from "../json_text.ts";
import { join } from "node:path";
import type { StorableRun } from "../registry/store.ts";
import { MANIFEST_JSON } from "./run_directory.ts";

/** Raised when the form of manifests changes. */
const MANIFEST_SCHEMA = 1;

/** The text of a manifest. */
export function manifestJson(run: StorableRun): string {
  return jsonText({ schema: MANIFEST_SCHEMA, run });
}

/** The run that a directory's manifest describes; undefined without a readable one. */
export async function readManifest(directory: string): Promise<StorableRun | undefined> {
  try {
    return runOfManifest(JSON.parse(await Deno.readTextFile(join(directory, MANIFEST_JSON))));
  } catch {
    return undefined;
  }
}

/** The run that a manifest's JSON describes; undefined if it is of another form, or has not ended. */
export function runOfManifest(json: unknown): StorableRun | undefined {
  const { schema, run } = (json ?? {}) as { readonly schema?: unknown; readonly run?: StorableRun };
  const hasEnded = run?.status === "finished" || run?.status === "failed" ||
    run?.status === "interrupted";
  return schema === MANIFEST_SCHEMA && hasEnded ? run : undefined;
}
