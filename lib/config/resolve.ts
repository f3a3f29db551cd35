/**
 * From a config file and the command line's overrides to a {@linkcode Config}.
 *
 * @module
 */

import { dirname, isAbsolute, resolve } from "node:path";
import type { z } from "zod";
import { EXIT_USAGE, UserError } from "../errors.ts";
import { dataPath } from "../bars/source/data_file.ts";
import type { Experiment, ExperimentTable } from "../experiment.ts";
import { printable, shortened } from "../quote.ts";
import type { Config } from "./config.ts";
import type { ConfigDocument } from "./document.ts";
import { shownValue } from "./expected.ts";
import {
  findExperiment,
  findExperimentFile,
  type FoundExperiment,
  inRun,
  isExperimentPath,
  loadExperiment,
} from "./experiments.ts";
import { moduleFiles } from "./local_imports.ts";
import { applyOverrides, type Override, writtenTexts } from "./overrides.ts";
import { DEFAULT_EXPERIMENT, evaluateSettings, reservedShape } from "./reserved.ts";
import { reservedValues } from "./reserved_values.ts";
import { refuseUntrusted } from "./trust.ts";
import type { Problem } from "./typed_values.ts";
import { validate } from "./validate.ts";

/** What a config is made of. */
export interface ResolveRequest {
  /** The file. */
  readonly document: ConfigDocument;
  /** Values that win over the file's, the last of a key over earlier ones. */
  readonly overrides: readonly Override[];
  /** Absolute paths and patterns of the data files, if the command line names any. */
  readonly data?: readonly string[] | undefined;
  /** The bundled experiments. */
  readonly experiments: ExperimentTable;
  /** Hashes of experiments that are executed though somebody else's config names them. */
  readonly trusted?: readonly string[] | undefined;
}

/** A message fits on a screen; the rest is told when these are mended. */
const MAX_PROBLEMS = 20;

/**
 * Resolves a config: overrides laid over the file, defaults filled in, paths
 * made absolute, everything validated.
 *
 * @throws {UserError} that names every problem at once, each with its place,
 * what was expected and the nearest known key
 */
export async function resolveConfig(request: ResolveRequest): Promise<Config> {
  const { document, overrides } = request;
  const values = applyOverrides(document.values, overrides);
  if (request.data !== undefined) values.data = request.data;
  const written = writtenTexts(document.written, overrides);
  const named = reservedValues(document, overrides).experiment;
  let found: FoundExperiment;
  try {
    found = await findNamed(named ?? DEFAULT_EXPERIMENT, request);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Without the experiment its parameters are unknown; the rest can be judged.
    const others = validate(reservedOnly(values), { shape: reservedShape, written }).problems
      .filter(({ key }) => key[0] !== "experiment");
    const problems = [{ key: ["experiment"], message: error.message }, ...others];
    throw invalidConfig(problems, { request, first: error });
  }
  const { experiment, path: experimentPath } = found;
  const shape = { ...reservedShape, ...experiment.params };
  const { problems, valid } = validate(values, { shape, written });
  if (problems.length > 0) {
    throw invalidConfig(problems, { request, hint: otherParameters(experiment, request) });
  }
  // Each value has just come out of the type of its own key.
  const reserved = valid as z.infer<z.ZodObject<typeof reservedShape>>;
  const params = Object.fromEntries(Object.keys(experiment.params).map((key) => [key, valid[key]]));
  const conflict = experiment.check(params);
  if (conflict !== undefined) {
    const problem = { key: [conflict.param], message: conflict.message };
    throw invalidConfig([problem], { request });
  }
  return {
    version: reserved.version,
    seed: reserved.seed,
    experiment,
    experimentPath,
    data: [reserved.data].flat().map((name) => dataPath(name, dirname(document.path))),
    columns: reserved.columns,
    symbol: reserved.symbol,
    timeFormat: reserved.time_format,
    timeZone: reserved.time_zone,
    decimalMark: reserved.decimal_mark,
    duplicates: reserved.duplicates,
    maxMissing: reserved.max_missing,
    warmup: reserved.warmup,
    evaluate: evaluateSettings(reserved.evaluate),
    signals: reserved.signals,
    keepData: reserved.keep_data,
    params,
  };
}

async function findNamed(name: unknown, request: ResolveRequest): Promise<FoundExperiment> {
  if (typeof name !== "string" || name === "") {
    throw new UserError(`expected the name or path of an experiment, got ${shownValue(name)}`, {
      code: "config_invalid",
      exitCode: EXIT_USAGE,
    });
  }
  if (!isExperimentPath(name)) return await findExperiment(name, request.experiments);
  const { document: { path: configPath, isOfRun, foreign }, trusted = [] } = request;
  const path = resolve(dirname(configPath), name);
  if (isOfRun === true && !isAbsolute(name)) throw inRun(path);
  if (foreign === undefined) return await loadExperiment(path);
  await findExperimentFile(path);
  await refuseUntrusted(await moduleFiles(path), { foreign, trusted });
  return await loadExperiment(path);
}

/** What to do where another experiment was put over a config that has parameters. */
function otherParameters(
  { name, params }: Experiment,
  { document, overrides }: ResolveRequest,
): string | undefined {
  const known = { ...reservedShape, ...params };
  const hasOthers = Object.keys(document.values).some((key) => !Object.hasOwn(known, key));
  if (!hasOthers || !overrides.some(({ key }) => key[0] === "experiment")) return undefined;
  const own = Object.keys(params);
  return `The file has parameters of another experiment; ${printable(name)} has ${
    own.length === 0 ? "none" : own.join(", ")
  }. Give it a config of its own.`;
}

function reservedOnly(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => Object.hasOwn(reservedShape, key)),
  );
}

/** All problems in one error; of the kind of the first, if that one was an error of its own. */
function invalidConfig(
  problems: readonly Problem[],
  { request, first, hint = "The README lists all keys with their values." }: {
    readonly request: ResolveRequest;
    readonly first?: UserError;
    readonly hint?: string | undefined;
  },
): UserError {
  const { path } = request.document;
  const lines = problems.slice(0, MAX_PROBLEMS).map((problem) => problemLine(problem, request));
  if (problems.length > MAX_PROBLEMS) lines.push(`… and ${problems.length - MAX_PROBLEMS} more`);
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new UserError(`The config ${path} has ${count}:\n  ${lines.join("\n  ")}`, {
    code: first?.code ?? "config_invalid",
    exitCode: EXIT_USAGE,
    hint: first?.hint ?? hint,
    cause: first?.cause,
  });
}

/** `config.yaml:3:1: windw: unknown key; did you mean window?` */
function problemLine({ key, message }: Problem, { document, overrides }: ResolveRequest): string {
  const name = shortened(key.join("."));
  // The one that set the key, a key around it, or a key inside it.
  const override = overrides.findLast((override) =>
    override.key.every((part, depth) => depth >= key.length || key[depth] === part)
  );
  if (override !== undefined) return `${shortened(override.origin)}: ${name}: ${message}`;
  const position = document.positionOf(key);
  const place = position === undefined
    ? document.path
    : `${document.path}:${position.line}:${position.column}`;
  return `${place}: ${name}: ${message}`;
}
