/**
 * The permissions that Deno gave this process, against those that the tasks
 * ask for.
 *
 * @module
 */

import { type Finding, fine, problem, warning } from "./finding.ts";

/** A permission, and what comes of lacking it. */
interface Need {
  readonly flag: string;
  readonly descriptors: readonly Deno.PermissionDescriptor[];
  /** What cannot be done without it. */
  readonly without: string;
  /** Whether the program works all the same. */
  readonly isOptional?: boolean;
}

const NEEDS: readonly Need[] = [
  { flag: "--allow-read", descriptors: [{ name: "read" }], without: "no file can be read" },
  { flag: "--allow-write", descriptors: [{ name: "write" }], without: "no run can be recorded" },
  { flag: "--allow-ffi", descriptors: [{ name: "ffi" }], without: "the registry cannot be opened" },
  {
    flag: "--allow-net",
    descriptors: [{ name: "net" }],
    without: "a registry on a server cannot be reached",
    isOptional: true,
  },
  {
    flag: "--allow-run=git",
    descriptors: [{ name: "run", command: "git" }],
    without: "runs do not record the git commit",
    isOptional: true,
  },
  {
    flag: "--allow-env",
    descriptors: [
      "SIGRUN_RUNS_DIR",
      "SIGRUN_REGISTRY",
      "SIGRUN_REGISTRY_TOKEN",
      "NO_COLOR",
      "TERM",
    ].map((variable) => ({ name: "env", variable })),
    without: "the environment is not heard",
  },
  {
    flag: "--allow-sys",
    descriptors: (["hostname", "osRelease"] as const)
      .map((kind) => ({ name: "sys", kind })),
    without: "runs cannot record what they ran on",
  },
];

/** A finding for each permission. */
export async function permissionFindings(): Promise<readonly Finding[]> {
  return await Promise.all(NEEDS.map(async ({ flag, descriptors, without, isOptional }) => {
    const states = await Promise.all(
      descriptors.map((descriptor) => Deno.permissions.query(descriptor)),
    );
    if (states.every(({ state }) => state === "granted")) return fine(flag, "granted");
    const partly = states.some(({ state, partial }) => state === "granted" || partial);
    const found = `${partly ? "granted in part" : "not granted"}: ${without}`;
    const advice = { advice: "Start sigrun by its tasks, which ask for what they need." };
    return isOptional ? warning(flag, found, advice) : problem(flag, found, advice);
  }));
}
