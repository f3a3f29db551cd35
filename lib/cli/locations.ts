/**
 * Where runs and their registry are, from flags, environment and defaults.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Host } from "../host.ts";
import { type RegistryLocation, registryLocation } from "../registry/location.ts";
import type { Flags } from "./command.ts";

/** The places that every command about runs shares. */
export interface Locations {
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** The registry. */
  readonly registry: RegistryLocation;
}

/**
 * Flags win over the environment, that over the defaults.
 *
 * @throws {UserError} if the registry's URL is of an unknown kind
 */
export function locations(flags: Flags, host: Host): Locations {
  const runsDir = resolve(
    host.cwd,
    flags.text("runs-dir") ?? host.env("SIGRUN_RUNS_DIR") ?? "runs",
  );
  const registry = flags.text("registry") ?? host.env("SIGRUN_REGISTRY") ??
    resolve(runsDir, "registry.db");
  return { runsDir, registry: registryLocation(registry, host.cwd) };
}
