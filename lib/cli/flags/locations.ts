/**
 * Where runs and their registry are, from flags, environment and defaults.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Host } from "../../host.ts";
import {
  type RegistryLocation,
  registryLocation,
  TOKEN_VARIABLE,
} from "../../registry/location.ts";
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
 * Flags win over the environment, that over the defaults.
 *
 * @throws {UserError} if the registry's URL is of an unknown kind, or has something secret in it
 */
export function locations(flags: Flags, host: Host): Locations {
  const runsDir = resolve(
    host.cwd,
    flags.text("runs-dir") ?? host.env("SIGRUN_RUNS_DIR") ?? "runs",
  );
  const registry = flags.text("registry") ?? host.env("SIGRUN_REGISTRY") ??
    resolve(runsDir, "registry.db");
  const token = (): string | undefined => host.env(TOKEN_VARIABLE);
  return {
    runsDir,
    registry: registryLocation(registry, host.cwd, { token }),
    hostname: host.system().hostname,
  };
}
