/**
 * Opens the registry for a command that only looks.
 *
 * @module
 */

import { EXIT_USAGE, UserError } from "../../errors.ts";
import { registryName } from "../../registry/location.ts";
import { openExisting, type Registry } from "../../registry/open.ts";
import { type Invocation, typedHere } from "../commands/command.ts";
import { emptied, unknownRuns } from "../../store/unknown_runs.ts";
import { locations } from "./locations.ts";

/**
 * Calls `use` with the registry; without one, with nothing.
 *
 * @throws {UserError} if it knows none of the runs that lie in its folder
 */
export async function withRegistry<T>(
  invocation: Pick<Invocation, "flags" | "host">,
  use: (registry: Registry | undefined) => Promise<T>,
): Promise<T> {
  const { runsDir, registry: location } = locations(invocation.flags, invocation.host);
  const registry = await openExisting(location);
  try {
    const runs = await unknownRuns(registry, { runsDir, location });
    if (runs > 0) throw emptied(location, { runs, mend: typedHere(invocation, "runs:sync") });
    return await use(registry);
  } finally {
    registry?.close();
  }
}

/**
 * Calls `use` with the registry.
 *
 * @throws {UserError} if there is none
 */
export async function withExistingRegistry<T>(
  invocation: Pick<Invocation, "flags" | "host">,
  use: (registry: Registry) => Promise<T>,
): Promise<T> {
  return await withRegistry(invocation, async (registry) => {
    if (registry === undefined) throw noRegistryYet(invocation);
    return await use(registry);
  });
}

/** Where the registry was looked for, and how to get one. */
export function noRegistryYet(invocation: Pick<Invocation, "flags" | "host">): UserError {
  const { flags, host } = invocation;
  const { registry } = locations(flags, host);
  return new UserError(`There is no registry at ${registryName(registry)} yet`, {
    code: "run_not_found",
    exitCode: EXIT_USAGE,
    hint: `The first run makes it: ${typedHere(invocation, "run --config config.yaml")}. ` +
      "If there are runs elsewhere, name their folder: --runs-dir DIR.",
  });
}
