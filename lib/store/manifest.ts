/**
 * `manifest.json`: all that the registry knows about a run, kept with the
 * run, so that a row can be made again from its directory.
 *
 * @module
 */

import { jsonText } from "../json_text.ts";
import { join } from "node:path";
import { parseJson } from "../json_depth.ts";
import { oddFields } from "../record_schema.ts";
import { readRegularText } from "../regular_file.ts";
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
    const path = join(directory, MANIFEST_JSON);
    return runOfManifest(parseJson(await readRegularText(path)));
  } catch {
    return undefined;
  }
}

/**
 * The run that a manifest's JSON describes; undefined if it is of another form,
 * or has not ended.
 */
export function runOfManifest(json: unknown): StorableRun | undefined {
  try {
    return sealedRunOf(json);
  } catch {
    return undefined;
  }
}

/**
 * The run that a manifest's JSON describes.
 *
 * @throws {TypeError} with what is wrong, if it is of another form or has not ended
 */
export function sealedRunOf(json: unknown): StorableRun {
  const { schema, run } = (json ?? {}) as { readonly schema?: unknown; readonly run?: unknown };
  if (schema !== MANIFEST_SCHEMA) throw new TypeError("not one of this schema");
  const odd = oddFields(run);
  if (odd.length > 0) throw new TypeError(`not of a run: ${odd.join(", ")}`);
  const { status } = run as StorableRun;
  if (status === "finished" || status === "failed" || status === "interrupted") {
    return run as StorableRun;
  }
  throw new TypeError("of a run that has not ended");
}
