/**
 * The manifest of a run directory: whether it is one, and what it vouches for.
 *
 * @module
 */

import { join } from "node:path";
import { parseJson } from "../json_depth.ts";
import { shortened } from "../quote.ts";
import { MOST_TEXT_BYTES } from "../regular_file.ts";
import type { Mirror, Mirrored } from "../registry/mirror.ts";
import type { StorableRun } from "../registry/store.ts";
import { manifestJson, sealedRunOf } from "../store/manifest.ts";
import { MANIFEST_JSON } from "../store/run_directory.ts";
import type { Check } from "./check.ts";
import { differenceChecks, differences } from "./differences.ts";
import { lookAt, notAFile, textOf } from "./stored_file.ts";
import { formCheck } from "./stored_text.ts";
import { reasonOf } from "../system_error.ts";

/** A run that a manifest describes, and what a registry has once it is recorded. */
export interface Sealed extends Mirrored {
  /** The run in the manifest's own words. */
  readonly stored: StorableRun;
}

/** What was found of a manifest. */
export interface ManifestReport {
  /** Whether there is one, of whatever kind. */
  readonly exists: boolean;
  /** The run that it describes, if it does. */
  readonly sealed: Sealed | undefined;
  /** What was looked at. */
  readonly checks: readonly Check[];
}

/** Looks at the manifest of the run `id`. */
export async function readStoredManifest(
  directory: string,
  { id, mirror }: { readonly id: string; readonly mirror: Mirror },
): Promise<ManifestReport> {
  const path = join(directory, MANIFEST_JSON);
  const found = await lookAt(path);
  if (found.kind !== "file") {
    return {
      exists: found.kind !== "missing",
      sealed: undefined,
      checks: [notAFile(MANIFEST_JSON, found)],
    };
  }
  try {
    const { sealed, checks } = await understand(await textOf(path, MOST_TEXT_BYTES), {
      id,
      mirror,
    });
    return { exists: true, sealed, checks };
  } catch (error) {
    const actual = error instanceof RangeError ? "nested too deeply" : reasonOf(error);
    const status = error instanceof Deno.errors.PermissionDenied ? "unreadable" : "malformed";
    return {
      exists: true,
      sealed: undefined,
      checks: [{ check: MANIFEST_JSON, expected: "a manifest", actual, status }],
    };
  }
}

async function understand(
  text: string,
  { id, mirror }: { readonly id: string; readonly mirror: Mirror },
): Promise<{ readonly sealed: Sealed; readonly checks: readonly Check[] }> {
  const run = sealedRunOf(parseJson(text));
  if (run.id !== id) throw new Error(`of run ${shortened(String(run.id))}`);
  const sealed = { stored: run, ...await mirror.of(run) };
  const form = formCheck(MANIFEST_JSON, { text, canonical: manifestJson(run) });
  // What a registry does not give back is no part of a run.
  const strange = differences(withoutOrder(sealed.run), withoutOrder(run))
    .filter(({ expected, actual }) => actual !== undefined || !isNothing(expected));
  return { sealed, checks: [form, ...differenceChecks(MANIFEST_JSON, strange)] };
}

/** A run whose lists, of which the registry does not keep the order, are sorted. */
function withoutOrder(run: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(run).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.toSorted((a, b) => textOrder(a, b)) : value,
    ]),
  );
}

function textOrder(a: unknown, b: unknown): number {
  const [first, second] = [JSON.stringify(a), JSON.stringify(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** A field that came up after the manifest was written is empty. */
function isNothing(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}
