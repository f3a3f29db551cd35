/**
 * A look at the installation: nothing is made, nothing is changed.
 *
 * @module
 */

import { basename, dirname } from "node:path";
import type { Host } from "../host.ts";
import { type RegistryLocation, registryName } from "../registry/location.ts";
import { type Finding, type FindingGroup, fine, warning } from "./finding.ts";
import { leftoverFindings } from "./leftover_findings.ts";
import { permissionFindings } from "./permission_findings.ts";
import { placeFindings, type PlaceOptions } from "./place_findings.ts";
import { isRunId } from "../run_id.ts";
import { registryFindings } from "./registry_findings.ts";
import { serverFindings } from "./server_findings.ts";

/** What is looked at. */
export interface Installation {
  /** The machine. */
  readonly host: Pick<
    Host,
    "cwd" | "programRoot" | "standalone" | "system" | "monotonicMs"
  >;
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** The registry. */
  readonly registry: RegistryLocation;
  /** Where the paths come from: a flag, a variable, the default. */
  readonly origins: { readonly runsDir: string; readonly registry: string };
  /** Bytes as people read them. */
  readonly formatBytes: PlaceOptions["formatBytes"];
}

/** Everything there is to say about an installation. */
export async function examine(installation: Installation): Promise<readonly FindingGroup[]> {
  const { host, runsDir, registry, formatBytes } = installation;
  const { os, hostname } = host.system();
  const { findings, health } = registry.kind === "local"
    ? await registryFindings(registry, { os, runsDir, hostname })
    : { findings: await serverFindings(registry, host), health: undefined };
  const leftovers = await leftoverFindings(runsDir, {
    ids: health?.ids,
    running: (health?.running ?? []).map(({ id }) => id).filter(isRunId),
    registryName: registry.kind === "local" && dirname(registry.path) === runsDir
      ? basename(registry.path)
      : "registry.db",
  });
  return [
    { title: "Versions", findings: await versionFindings(host, health?.sqlite) },
    { title: "Paths", findings: pathFindings(installation) },
    { title: "Permissions", findings: await permissionFindings() },
    { title: "Folder of runs", findings: await placeFindings(runsDir, { os, formatBytes }) },
    { title: "Registry", findings },
    { title: "Leftovers", findings: leftovers },
  ];
}

async function versionFindings(
  { system, standalone }: Installation["host"],
  sqlite: string | undefined,
): Promise<readonly Finding[]> {
  const { sigrun, deno, v8, os, osRelease, arch } = system();
  return [
    fine("sigrun", standalone ? `${sigrun}, compiled` : sigrun),
    fine("deno", deno),
    fine("v8", v8),
    ...(sqlite === undefined ? [] : [fine("sqlite", `${sqlite}, inside libsql`)]),
    fine("system", `${os} ${osRelease}, ${arch}`),
    await gitFinding(standalone),
  ];
}

async function gitFinding(standalone: boolean): Promise<Finding> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["--version"],
      stdin: "null",
      stderr: "null",
    }).output();
    if (success) {
      return fine("git", new TextDecoder().decode(stdout).trim().replace("git version ", ""));
    }
  } catch {
    // Not there, or not allowed to ask.
  }
  // The compiled binary carries the commit that it was made from.
  if (standalone) return fine("git", "not asked: the commit is in the binary");
  return warning("git", "cannot be asked", {
    advice: "Runs are recorded without the commit of the program. Install git, if that matters.",
  });
}

function pathFindings(
  { host, runsDir, registry, origins }: Installation,
): readonly Finding[] {
  return [
    fine("working folder", host.cwd),
    fine("program", host.programRoot),
    fine("runs", `${runsDir}  (${origins.runsDir})`),
    fine("registry", `${registryName(registry)}  (${origins.registry})`),
  ];
}
