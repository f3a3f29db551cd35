/**
 * References to runs: an id, its suffix, an unambiguous prefix of either,
 * `latest`, or `latest~N`.
 *
 * @module
 */

import { EXIT_USAGE, UserError } from "../errors.ts";
import { quote } from "../quote.ts";
import type { Registry } from "./open.ts";
import { nthLatestRun, runsByPrefix } from "./queries.ts";
import type { RecordedRun } from "../record.ts";

const FORMS = "A run is named by its id or its last six letters, the beginning of either, " +
  "latest, or latest~1 for the one before.";
const TOO_FEW = "There are not that many runs.";

/**
 * The run that a reference names.
 *
 * @throws {UserError} if there is none, or more than one
 */
export async function findRun(registry: Registry, reference: string): Promise<RecordedRun> {
  const back = stepsBack(reference);
  if (back !== undefined) {
    const found = await nthLatestRun(registry, back);
    if (found === undefined) throw notFound(reference, TOO_FEW);
    return found;
  }
  if (!isPrefix(reference)) throw notFound(reference, FORMS);
  const found = await runsByPrefix(registry, reference.toLowerCase(), 6);
  const id = onlyOne(reference, found.map(({ id }) => id));
  return found.find((run) => run.id === id)!;
}

/**
 * The one of these ids, newest first, that a reference names.
 *
 * @throws {UserError} if there is none, or more than one
 */
export function findRunId(reference: string, ids: readonly string[]): string {
  const back = stepsBack(reference);
  if (back !== undefined) {
    const found = ids[back];
    if (found === undefined) throw notFound(reference, TOO_FEW);
    return found;
  }
  if (!isPrefix(reference)) throw notFound(reference, FORMS);
  const prefix = reference.toLowerCase();
  const begins = (id: string): boolean =>
    id.startsWith(prefix) || id.slice(SUFFIX_AT).startsWith(prefix);
  return onlyOne(reference, ids.filter(begins));
}

/** Where the suffix of an id begins. */
const SUFFIX_AT = "20261123-085501-".length;

/** How many runs before the latest; undefined for another form. */
function stepsBack(reference: string): number | undefined {
  const relative = /^latest(?:~(\d{1,9}))?$/i.exec(reference);
  return relative === null ? undefined : Number(relative[1] ?? 0);
}

function isPrefix(reference: string): boolean {
  return /^[0-9a-z-]+$/i.test(reference);
}

function onlyOne(reference: string, found: readonly string[]): string {
  const exact = found.find((id) => id === reference.toLowerCase());
  if (exact !== undefined) return exact;
  if (found.length === 0) throw notFound(reference, FORMS);
  if (found.length > 1) {
    throw new UserError(
      `Cannot tell which run ${quote(reference)} is: it begins ${found.slice(0, 5).join(", ")}${
        found.length > 5 ? ", …" : ""
      }`,
      { code: "run_ambiguous", exitCode: EXIT_USAGE, hint: "Give more of its letters." },
    );
  }
  return found[0]!;
}

function notFound(reference: string, hint: string): UserError {
  return new UserError(`Cannot find run ${quote(reference)} in the registry`, {
    code: "run_not_found",
    exitCode: EXIT_USAGE,
    hint,
  });
}
