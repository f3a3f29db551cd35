/**
 * `--output` and `--log-file`: further copies of a run's files.
 *
 * @module
 */

import { dirname, join, resolve } from "node:path";
import { EXIT_USAGE, UserError } from "../errors.ts";
import { writeWhole } from "../run/files.ts";
import { RUN_LOG } from "../run/run_directory.ts";
import type { Flags } from "./command.ts";

/** Absolute paths of the copies that are wanted. */
export interface CopyTargets {
  /** Of metrics.json. */
  readonly output: string | undefined;
  /** Of run.log. */
  readonly logFile: string | undefined;
}

/**
 * The copies that the flags ask for, checked before anything runs.
 *
 * @throws {UserError} if one is a directory, or would overwrite a file that is needed
 */
export async function copyTargets(
  flags: Flags,
  { cwd, needed }: { readonly cwd: string; readonly needed: () => Promise<readonly string[]> },
): Promise<CopyTargets> {
  const target = async (flag: "output" | "log-file"): Promise<string | undefined> => {
    const value = flags.text(flag);
    if (value === undefined) return undefined;
    const path = resolve(cwd, value);
    await refuseTarget(path, { flag, needed: await needed() });
    return path;
  };
  const targets = { output: await target("output"), logFile: await target("log-file") };
  if (targets.output !== undefined && targets.output === targets.logFile) {
    throw unusable(`Cannot write both metrics.json and run.log to ${targets.output}`);
  }
  return targets;
}

async function refuseTarget(
  path: string,
  { flag, needed }: { readonly flag: string; readonly needed: readonly string[] },
): Promise<void> {
  const found = await Deno.stat(path).catch(() => undefined);
  if (found?.isDirectory) {
    throw unusable(`Cannot write --${flag} to ${path}: it is a directory`);
  }
  for (const file of needed) {
    if (file === path || found !== undefined && await isSameFile(path, file)) {
      throw unusable(`Cannot write --${flag} to ${path}: the run needs that file`);
    }
  }
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  try {
    return await Deno.realPath(a) === await Deno.realPath(b);
  } catch {
    return false;
  }
}

/**
 * Writes the copies.
 *
 * @throws {UserError} if one cannot be written
 */
export async function writeCopies(
  { output, logFile }: CopyTargets,
  { metricsJson, directory }: {
    readonly metricsJson: string;
    readonly directory: string | undefined;
  },
): Promise<void> {
  if (output !== undefined) await writeCopy(output, () => Promise.resolve(metricsJson));
  if (logFile !== undefined && directory !== undefined) {
    await writeCopy(logFile, () => Deno.readTextFile(join(directory, RUN_LOG)));
  }
}

async function writeCopy(path: string, content: () => Promise<string>): Promise<void> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await writeWhole(path, await content());
  } catch (cause) {
    throw unusable(
      `Cannot write ${path}: ${cause instanceof Error ? cause.message : cause}`,
      cause,
    );
  }
}

function unusable(message: string, cause?: unknown): UserError {
  return new UserError(message, {
    code: "output_unwritable",
    exitCode: EXIT_USAGE,
    hint: "The run directory has these files in any case; name another path for the copy.",
    cause,
  });
}
