/**
 * Audits a run directory that is to be imported, by itself: whether it is what
 * a run left, whatever any registry says.
 *
 * @module
 */

import { join } from "node:path";
import { EXIT_NOT_PROVED, UserError } from "../errors.ts";
import { type Check, isWrong } from "../verify/check.ts";
import { contentChecks } from "../verify/stored_contents.ts";
import { filesReport } from "../verify/stored_files.ts";
import { readStoredLabels } from "../verify/stored_labels.ts";
import { logCheck } from "../verify/stored_log.ts";
import { readStoredManifest } from "../verify/stored_manifest.ts";
import { printable, shortened } from "../quote.ts";
import type { Mirror } from "../registry/mirror.ts";
import type { DatedLabels } from "../store/labels.ts";
import { runSuffix } from "../run_id.ts";
import { RUN_LOG } from "../store/run_directory.ts";
import type { FoundRun } from "./import_source.ts";

/** A run that is what it was. */
export interface VerifiedRun extends FoundRun {
  /** Hash of its data; null if it had none. */
  readonly dataHash: string | null;
  /** What was said about it since, at its source. */
  readonly labels: DatedLabels | undefined;
}

/** More of what is wrong says no more. */
const MAX_SHOWN = 4;

/**
 * Audits the directory of a run that was found.
 *
 * @throws {UserError} if anything is not as it should be
 */
export async function verifiedRun(found: FoundRun, mirror: Mirror): Promise<VerifiedRun> {
  const { id, source, directory, labelsIn, isHere } = found;
  const manifest = await readStoredManifest(directory, { id, mirror });
  const labels = await readStoredLabels(labelsIn);
  const checks = [...manifest.checks, ...labels.checks];
  // What is here already is for runs:verify to judge.
  if (manifest.sealed !== undefined && !isHere) {
    const { run } = manifest.sealed;
    const files = await filesReport(directory, run);
    checks.push(...files.checks, ...await contentChecks(directory, { run, files }));
    if (files.readable.has(RUN_LOG)) checks.push(await logCheck(join(directory, RUN_LOG), RUN_LOG));
  }
  const wrong = checks.filter(isWrong);
  if (wrong.length === 0 && manifest.sealed !== undefined) {
    // Not all of the run, which is in its manifest: there may be very many of them.
    return { ...found, dataHash: manifest.sealed.run.hashes.data, labels: labels.labels };
  }
  const shown = wrong.slice(0, MAX_SHOWN).map(checkText).join("; ");
  const more = wrong.length > MAX_SHOWN ? `; and ${wrong.length - MAX_SHOWN} more` : "";
  throw new UserError(
    `Cannot import run ${runSuffix(id)} of ${printable(source)}: ${shown}${more}`,
    {
      code: "run_damaged",
      exitCode: EXIT_NOT_PROVED,
      hint: "Nothing was imported. Was it cut off or changed on its way? Copy it again; " +
        "or leave such runs out: --skip-damaged.",
    },
  );
}

function checkText({ check, expected, actual, status }: Check): string {
  const values = status === "differs" || status === "malformed"
    ? ` (expected ${shortened(expected)}, got ${shortened(actual)})`
    : "";
  return `${shortened(check, 120)} ${status}${values}`;
}
