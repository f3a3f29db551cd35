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
import type { RunRecord } from "./record.ts";

const FORMS = "A run is named by its id or its last six letters, the beginning of either, " +
  "latest, or latest~1 for the one before.";

/**
 * The run that a reference names.
 *
 * @throws {UserError} if there is none, or more than one
 */
export async function findRun(registry: Registry, reference: string): Promise<RunRecord> {
  const relative = /^latest(?:~(\d{1,9}))?$/i.exec(reference);
  if (relative !== null) {
    const found = await nthLatestRun(registry, Number(relative[1] ?? 0));
    if (found === undefined) throw notFound(reference, "There are not that many runs.");
    return found;
  }
  if (!/^[0-9a-z-]+$/i.test(reference)) throw notFound(reference, FORMS);
  const found = await runsByPrefix(registry, reference.toLowerCase(), 6);
  const exact = found.find(({ id }) => id === reference.toLowerCase());
  if (exact !== undefined) return exact;
  if (found.length === 0) throw notFound(reference, FORMS);
  if (found.length > 1) {
    const shown = found.slice(0, 5).map(({ id }) => id).join(", ");
    throw new UserError(
      `Cannot tell which run ${quote(reference)} is: it begins ${shown}${
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
