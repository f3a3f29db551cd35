/**
 * Finding the experiment that a config names.
 *
 * @module
 */

import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { EXIT_USAGE, UserError } from "../errors.ts";
import type { Experiment, ExperimentTable, ParamsShape } from "../experiment.ts";
import { runDirectoryAround } from "../imported.ts";
import { nearest } from "../nearest.ts";
import { printable, quote } from "../quote.ts";
import { isReserved } from "./reserved.ts";

/** An experiment, and the file it came from if it was given by path. */
export interface FoundExperiment {
  /** The experiment. */
  readonly experiment: Experiment;
  /** Absolute path of its file; null for a bundled one. */
  readonly path: string | null;
}

/** The endings of files that hold code. */
const CODE_FILE = /\.[cm]?[jt]s$/;

/** Whether `experiment:` holds a path rather than a name. */
export function isExperimentPath(name: string): boolean {
  return /[/\\]/.test(name) || CODE_FILE.test(name);
}

/**
 * Loads a bundled experiment by name.
 *
 * @throws {UserError} if there is none of that name
 */
export async function findExperiment(
  name: string,
  table: ExperimentTable,
): Promise<FoundExperiment> {
  if (!Object.hasOwn(table, name)) {
    const near = nearest(name, Object.keys(table));
    throw new UserError(
      `Cannot find experiment ${quote(name)}` +
        (near === undefined ? "" : `: did you mean ${near}?`),
      {
        code: "experiment_unknown",
        exitCode: EXIT_USAGE,
        hint: `There are: ${Object.keys(table).join(", ")}. ` +
          "One of your own is given by its path: experiment: ./my_signal.ts",
      },
    );
  }
  return { experiment: checked((await table[name]!()).default, name), path: null };
}

/**
 * Loads an experiment from a file.
 *
 * @throws {UserError} if there is no such file, if it cannot be loaded, or if
 * it does not export an experiment as its default
 */
export async function loadExperiment(path: string): Promise<FoundExperiment> {
  if (!isAbsolute(path)) throw new TypeError(`Cannot load ${path}: the path is not absolute`);
  await findExperimentFile(path);
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (cause) {
    throw unloadable(path, {
      reason: String(cause instanceof Error ? cause.message : cause),
      hint: "The error is in that file, or in what it imports.",
      cause,
    });
  }
  return { experiment: checked(module.default, path), path };
}

/**
 * Looks whether there is a file that can be an experiment, before it is
 * imported, as what goes wrong then is an error of the file's own.
 *
 * @throws {UserError} if there is none, it is no file of code, or lies in a run directory
 */
export async function findExperimentFile(path: string): Promise<void> {
  let found: Deno.FileInfo;
  let real: string;
  try {
    found = await Deno.stat(path);
    real = await Deno.realPath(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new UserError(`Cannot find the experiment ${printable(path)}`, {
        code: "experiment_unknown",
        exitCode: EXIT_USAGE,
        hint: "A path in a config is relative to the config file.",
        cause,
      });
    }
    throw unloadable(path, {
      reason: String(cause instanceof Error ? cause.message : cause),
      hint: "Check the path and its permissions.",
      cause,
    });
  }
  if (found.isDirectory) {
    throw unloadable(path, {
      reason: "it is a directory",
      hint: "Name the file in it, for example: experiment: ./my_signal.ts",
    });
  }
  if (!CODE_FILE.test(path)) {
    throw unloadable(path, {
      reason: "it is no file of code",
      hint: "The name of an experiment's file ends with .ts or .js.",
    });
  }
  if ((runDirectoryAround(path) ?? runDirectoryAround(real)) !== undefined) throw inRun(path);
}

/** The error that a path leads into a run directory. */
export function inRun(path: string): UserError {
  return unloadable(path, {
    reason: "it lies in a run directory, which holds results and no code",
    hint: "Name the file of the experiment where you keep it, by its absolute path.",
  });
}

function unloadable(
  path: string,
  { reason, hint, cause }: {
    readonly reason: string;
    readonly hint: string;
    readonly cause?: unknown;
  },
): UserError {
  return new UserError(`Cannot load the experiment ${printable(path)}: ${reason}`, {
    code: "experiment_invalid",
    exitCode: EXIT_USAGE,
    hint,
    cause,
  });
}

/** What a module exports, if it is an experiment that a config can be made for. */
function checked(value: unknown, origin: string): Experiment {
  const experiment = value as Partial<Experiment> | null | undefined;
  if (
    typeof experiment?.signal !== "function" || typeof experiment.check !== "function" ||
    typeof experiment.name !== "string" || !Array.isArray(experiment.columns) ||
    !isParamsShape(experiment.params)
  ) {
    throw new UserError(
      `Cannot use ${printable(origin)}: its default export is not an experiment`,
      {
        code: "experiment_invalid",
        exitCode: EXIT_USAGE,
        hint: "Write: export default defineExperiment({ … }), imported from sigrun.",
      },
    );
  }
  const taken = Object.keys(experiment.params).filter(isReserved);
  if (taken.length > 0) {
    throw new UserError(
      `Cannot use ${printable(origin)}: its parameter ${taken[0]} is a key of sigrun's own`,
      {
        code: "experiment_invalid",
        exitCode: EXIT_USAGE,
        hint: "Give the parameter another name.",
      },
    );
  }
  return experiment as Experiment;
}

function isParamsShape(value: unknown): value is ParamsShape {
  return typeof value === "object" && value !== null &&
    Object.values(value).every((type) => typeof type?.safeParse === "function");
}
