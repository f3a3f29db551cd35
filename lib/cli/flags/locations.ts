/**
 * Where runs and their registry are, from flags, environment and defaults.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import type { Host } from "../../host.ts";
import {
  type RegistryLocation,
  registryLocation,
  TOKEN_VARIABLE,
} from "../../registry/location.ts";
import { isRunId } from "../../run_id.ts";
import type { Flags } from "../commands/command.ts";

/** The places that every command about runs shares. */
export interface Locations {
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** The registry. */
  readonly registry: RegistryLocation;
  /** This machine's name: what is on others cannot be looked at. */
  readonly hostname: string;
}

/**
 * Flags win over the environment, that over the defaults. A registry that is
 * named and lies in a folder of runs is that folder's, if no other is named: a
 * copied folder of runs stands by itself, however it is named.
 *
 * @throws {UserError} if the registry's URL is of an unknown kind, or has something secret in it
 */
export function locations(flags: Flags, host: Host): Locations {
  const folder = flags.text("runs-dir") ?? host.env("SIGRUN_RUNS_DIR");
  const named = flags.text("registry") ?? host.env("SIGRUN_REGISTRY");
  const usual = resolve(host.cwd, folder ?? "runs");
  const token = (): string | undefined => host.env(TOKEN_VARIABLE);
  const registry = registryLocation(named ?? resolve(usual, "registry.db"), host.cwd, { token });
  const { hostname } = host.system();
  const beside = registry.kind === "local" ? dirname(registry.path) : usual;
  const runsDir = folder === undefined && beside !== usual && holdsRuns(beside) ? beside : usual;
  return { runsDir, registry, hostname };
}

/** Whether there is a run directory in a folder. */
function holdsRuns(folder: string): boolean {
  try {
    return Array.from(Deno.readDirSync(folder))
      .some(({ name, isDirectory }) => isDirectory && isRunId(name));
  } catch {
    return false;
  }
}
