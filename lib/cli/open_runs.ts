/**
 * Opens the registry for a command that only looks.
 *
 * @module
 */

import { EXIT_USAGE, UserError } from "../errors.ts";
import { openRegistry, type Registry, registryExists } from "../registry/open.ts";
import { type Invocation, typed } from "./command.ts";
import { locations } from "./locations.ts";

/** Calls `use` with the registry; without one, with nothing. */
export async function withRegistry<T>(
  { flags, host }: Pick<Invocation, "flags" | "host">,
  use: (registry: Registry | undefined) => Promise<T>,
): Promise<T> {
  const { registry: location } = locations(flags, host);
  // Looking must not create one.
  if (!await registryExists(location)) return await use(undefined);
  const registry = await openRegistry(location);
  try {
    return await use(registry);
  } finally {
    registry.close();
  }
}

/** Where the registry was looked for, and how to get one. */
export function noRegistryYet({ flags, host }: Pick<Invocation, "flags" | "host">): UserError {
  const { registry } = locations(flags, host);
  return new UserError(`There is no registry at ${registry.path} yet`, {
    code: "run_not_found",
    exitCode: EXIT_USAGE,
    hint: `The first run makes it: ${typed(host, "run --config config.yaml")}. ` +
      "If there are runs elsewhere, name their folder: --runs-dir DIR.",
  });
}
