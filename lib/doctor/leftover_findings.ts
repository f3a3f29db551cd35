/**
 * What processes that were killed left in the folder of runs, and run
 * directories that the registry does not know.
 *
 * @module
 */

import { basename, join } from "node:path";
import { keptDataFolder } from "../store/kept_data.ts";
import { readManifest } from "../store/manifest.ts";
import { trashFolder } from "../store/place.ts";
import { startOfRunId } from "../run_id.ts";
import { type Finding, fine, warning } from "./finding.ts";

/** Files that were being written; see `writeWhole`. */
const TEMPORARY = /\.tmp$/;

/** Folders in which an import was put together. */
const STAGING = /^\.import-/;

/** What is known of the runs. */
export interface KnownRuns {
  /** Ids of those that have a row; undefined if the registry could not be asked. */
  readonly ids: ReadonlySet<string> | undefined;
  /** Ids of those that are stored as running. */
  readonly running: readonly string[];
  /** The name of the registry's file, if that is in the folder of runs. */
  readonly registryName: string;
}

/** Looks through the folder of runs. */
export async function leftoverFindings(
  runsDir: string,
  { ids, running, registryName }: KnownRuns,
): Promise<readonly Finding[]> {
  const names = await namesIn(runsDir);
  const unknown = ids === undefined
    ? []
    : names.filter((name) => startOfRunId(name) !== undefined && !ids.has(name));
  // A run that ended left none, so that only the others are looked into.
  const folders = [
    runsDir,
    keptDataFolder(runsDir),
    ...[...running, ...unknown].map((name) => join(runsDir, name)),
  ];
  let temporary = 0;
  for (const folder of folders) {
    temporary += (await namesIn(folder)).filter((name) => TEMPORARY.test(name)).length;
  }
  const staging = names.filter((name) => STAGING.test(name)).length;
  const asides = names.filter((name) => name.startsWith(`${registryName}.damaged-`));
  const sealed = await sealedAmong(unknown.map((name) => join(runsDir, name)));
  const findings = [
    ...counted("temporary files", temporary, {
      advice: "Writes were cut short, or are under way. runs:gc removes what stays.",
    }),
    ...counted("runs in the trash", (await namesIn(trashFolder(runsDir))).length, {
      advice: "A removal was cut short, or is under way. runs:gc ends it.",
    }),
    ...counted("staging folders", staging, {
      advice: "Imports were cut short, or are under way. The next import removes what stayed.",
    }),
    ...counted("unknown runs", sealed, {
      advice: "They have a directory and no row: runs:verify --repair makes the rows again.",
    }),
    ...counted("registries put aside", asides.length, {
      advice: `A repair kept them. Remove ${asides[0]} once nothing is missed.`,
    }),
  ];
  return findings.length === 0 ? [fine("leftovers", "none")] : findings;
}

function counted(name: string, count: number, advice: { readonly advice: string }): Finding[] {
  return count === 0 ? [] : [warning(name, String(count), advice)];
}

/** How many of these directories are complete; the others may be runs that just began. */
async function sealedAmong(directories: readonly string[]): Promise<number> {
  let sealed = 0;
  for (const directory of directories) {
    if ((await readManifest(directory))?.id === basename(directory)) sealed++;
  }
  return sealed;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch {
    return [];
  }
}
