/**
 * Run directories that a registry does not know, as it was lost or emptied.
 *
 * @module
 */

import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { RegistryLocation } from "../registry/location.ts";
import { registryName } from "../registry/location.ts";
import type { Registry } from "../registry/open.ts";
import { hasRuns } from "../registry/queries.ts";
import { directoryIds } from "./directory_ids.ts";
import { MANIFEST_JSON } from "./run_directory.ts";

/**
 * How many complete runs there are in a folder whose registry is a file and
 * knows none at all; none where it knows any, or is on a server.
 *
 * @param registry undefined where there is none, or an empty file
 * @throws {UserError} if the registry or the folder cannot be read
 */
export async function unknownRuns(
  registry: Registry | undefined,
  { runsDir, location }: { readonly runsDir: string; readonly location: RegistryLocation },
): Promise<number> {
  if (location.kind === "remote" || registry !== undefined && await hasRuns(registry)) return 0;
  let complete = 0;
  for (const id of await directoryIds(runsDir)) {
    const path = join(runsDir, id, MANIFEST_JSON);
    if (await Deno.lstat(path).then(({ isFile }) => isFile, () => false)) complete++;
  }
  return complete;
}

/** A registry that knows none of the runs beside it: what it says of them is not to be believed. */
export function emptied(
  location: RegistryLocation,
  { runs, mend }: { readonly runs: number; readonly mend: string },
): UserError {
  const are = runs === 1 ? "is 1 run directory" : `are ${runs} run directories`;
  return new UserError(
    `The registry ${registryName(location)} knows no run, but there ${are} in its folder`,
    {
      code: "registry_unavailable",
      hint: `Was it lost or emptied? This records all of them again: ${mend}`,
    },
  );
}
