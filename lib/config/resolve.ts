/**
 * From a config file and the command line's overrides to a {@linkcode Config}.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import { z } from "zod";
import { EXIT_USAGE, UserError } from "../errors.ts";
import type { ExperimentTable, ParamsShape } from "../experiment.ts";
import { nearest } from "../nearest.ts";
import { printable } from "../quote.ts";
import type { Config } from "./config.ts";
import type { ConfigDocument } from "./document.ts";
import { expectedForm, shownValue } from "./expected.ts";
import {
  findExperiment,
  type FoundExperiment,
  isExperimentPath,
  loadExperiment,
} from "./experiments.ts";
import { applyOverrides, type Override } from "./overrides.ts";
import { DEFAULT_EXPERIMENT, FUTURE_KEYS, reservedShape } from "./reserved.ts";

/** What a config is made of. */
export interface ResolveRequest {
  /** The file. */
  readonly document: ConfigDocument;
  /** Values that win over the file's, the last of a key over earlier ones. */
  readonly overrides: readonly Override[];
  /** Absolute path of the data file, if the command line names one. */
  readonly data?: string | undefined;
  /** The bundled experiments. */
  readonly experiments: ExperimentTable;
}

/** A key and what is wrong with it. */
interface Problem {
  readonly key: readonly string[];
  readonly message: string;
}

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
  let found: FoundExperiment;
  try {
    found = await findNamed(values.experiment ?? DEFAULT_EXPERIMENT, request);
  } catch (error) {
    // Without the experiment its parameters are unknown; the rest can be judged.
    if (!(error instanceof UserError)) throw error;
    throw withProblems(error, validate(reservedShape, reservedOnly(values)).problems, request);
  }
  const { experiment, path: experimentPath } = found;
  const shape = { ...reservedShape, ...experiment.params };
  const { problems, valid } = validate(shape, values);
  if (problems.length > 0) throw invalidConfig(problems, request);
  const reserved = z.object(reservedShape).parse(valid);
  const params = Object.fromEntries(Object.keys(experiment.params).map((key) => [key, valid[key]]));
  const conflict = experiment.check(params);
  if (conflict !== undefined) {
    throw invalidConfig([{ key: [conflict.param], message: conflict.message }], request);
  }
  return {
    version: reserved.version,
    seed: reserved.seed,
    experiment,
    experimentPath,
    data: resolve(dirname(document.path), reserved.data),
    columns: reserved.columns,
    maxMissing: reserved.max_missing,
    warmup: reserved.warmup,
    signals: reserved.signals,
    params,
  };
}

function findNamed(name: unknown, request: ResolveRequest): Promise<FoundExperiment> {
  if (typeof name !== "string" || name === "") {
    const message = `expected the name or path of an experiment, got ${shownValue(name)}`;
    throw invalidConfig([{ key: ["experiment"], message }], request);
  }
  if (!isExperimentPath(name)) return findExperiment(name, request.experiments);
  return loadExperiment(resolve(dirname(request.document.path), name));
}

/** Checks every key on its own, so that one problem does not hide another. */
function validate(
  shape: ParamsShape,
  values: Readonly<Record<string, unknown>>,
): { readonly problems: readonly Problem[]; readonly valid: Record<string, unknown> } {
  const problems: Problem[] = [];
  const valid: Record<string, unknown> = {};
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(shape, key)) problems.push(unknownKey([key], Object.keys(shape)));
  }
  for (const [key, type] of Object.entries(shape)) {
    const given = Object.hasOwn(values, key);
    const result = type.safeParse(given ? values[key] : undefined);
    if (result.success) valid[key] = result.data;
    else if (!given) {
      problems.push({ key: [key], message: `missing: expected ${expectedForm(type)}` });
    } else {
      problems.push(
        ...result.error.issues.flatMap((issue) =>
          valueProblems(issue, { key, type, value: values[key] })
        ),
      );
    }
  }
  return { problems, valid };
}

function unknownKey(key: readonly string[], known: readonly string[]): Problem {
  const name = key.at(-1)!;
  if (key.length === 1 && FUTURE_KEYS.includes(name)) {
    return { key, message: "reserved, but without effect in this version of sigrun: remove it" };
  }
  const near = nearest(name, known);
  return {
    key,
    message: "unknown key" +
      (near === undefined ? `; known are ${known.join(", ")}` : `; did you mean ${near}?`),
  };
}

/** A zod issue in sigrun's words. */
function valueProblems(
  issue: z.core.$ZodIssue,
  { key, type, value }: { readonly key: string; readonly type: z.ZodType; readonly value: unknown },
): readonly Problem[] {
  const path = [key, ...issue.path.map(String)];
  const inner = innerType(type, issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
    return issue.keys.map((name) => unknownKey([...path, name], known));
  }
  let got: unknown = value;
  for (const part of issue.path) got = (got as Record<PropertyKey, unknown> | undefined)?.[part];
  const expected = expectedForm(inner);
  const detail = issue.code === "custom" ? `${printable(issue.message)}; ` : "";
  const example = typeof got === "number" && expected === "text"
    ? `; write it in quotes: "${got}"`
    : "";
  return [{
    key: path,
    message: `${detail}expected ${expected}, got ${shownValue(got)}${example}`,
  }];
}

/** The type of what stands at `path` inside a value of `type`. */
function innerType(type: z.ZodType, path: readonly PropertyKey[]): z.ZodType {
  let inner: z.ZodType = unwrapped(type);
  for (const part of path) {
    if (!(inner instanceof z.ZodObject)) break;
    const next = (inner.shape as ParamsShape)[String(part)];
    if (next === undefined) break;
    inner = unwrapped(next);
  }
  return inner;
}

function unwrapped(type: z.ZodType): z.ZodType {
  return type instanceof z.ZodDefault || type instanceof z.ZodOptional
    ? unwrapped(type.unwrap() as z.ZodType)
    : type;
}

function reservedOnly(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => Object.hasOwn(reservedShape, key)),
  );
}

function invalidConfig(problems: readonly Problem[], request: ResolveRequest): UserError {
  const { path } = request.document;
  const lines = problems.map((problem) => `  ${problemLine(problem, request)}`);
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new UserError(`The config ${path} has ${count}:\n${lines.join("\n")}`, {
    code: "config_invalid",
    exitCode: EXIT_USAGE,
    hint: "The README lists all keys with their values.",
  });
}

/** The error, and below it what else is wrong. */
function withProblems(
  error: UserError,
  problems: readonly Problem[],
  request: ResolveRequest,
): UserError {
  if (problems.length === 0) return error;
  const lines = problems.map((problem) => `  ${problemLine(problem, request)}`);
  return new UserError(
    `${error.message}\nand the config has other problems:\n${lines.join("\n")}`,
    {
      code: error.code,
      exitCode: error.exitCode,
      hint: error.hint,
      cause: error.cause,
    },
  );
}

/** `config.yaml:3:1: windw: unknown key; did you mean window?` */
function problemLine({ key, message }: Problem, { document, overrides }: ResolveRequest): string {
  const name = printable(key.join("."));
  const override = overrides.findLast((override) =>
    override.key.every((part, depth) => key[depth] === part)
  );
  if (override !== undefined) return `${printable(override.origin)}: ${name}: ${message}`;
  const position = document.positionOf(key);
  const place = position === undefined
    ? document.path
    : `${document.path}:${position.line}:${position.column}`;
  return `${place}: ${name}: ${message}`;
}
