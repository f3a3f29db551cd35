/**
 * From a config file and the command line's overrides to a {@linkcode Config}.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import { z } from "zod";
import { EXIT_USAGE, UserError } from "../errors.ts";
import { dataPath } from "../bars/source/data_file.ts";
import type { Experiment, ExperimentTable, ParamsShape } from "../experiment.ts";
import { nearest } from "../nearest.ts";
import { printable, shortened } from "../quote.ts";
import type { Config } from "./config.ts";
import type { ConfigDocument } from "./document.ts";
import { expectedForm, isIntegerLimit, shownValue } from "./expected.ts";
import {
  findExperiment,
  type FoundExperiment,
  isExperimentPath,
  loadExperiment,
} from "./experiments.ts";
import { type MalformedText, malformedText } from "./malformed_text.ts";
import { applyOverrides, type Override } from "./overrides.ts";
import { DEFAULT_EXPERIMENT, evaluateSettings, reservedShape } from "./reserved.ts";

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
}

/** A message fits on a screen; the rest is told when these are mended. */
const MAX_PROBLEMS = 20;

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
    if (!(error instanceof UserError)) throw error;
    // Without the experiment its parameters are unknown; the rest can be judged.
    const others = validate(reservedShape, reservedOnly(values)).problems
      .filter(({ key }) => key[0] !== "experiment");
    const problems = [{ key: ["experiment"], message: error.message }, ...others];
    throw invalidConfig(problems, { request, first: error });
  }
  const { experiment, path: experimentPath } = found;
  const shape = { ...reservedShape, ...experiment.params };
  const { problems, valid } = validate(shape, values);
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
    timeFormat: reserved.time_format,
    timeZone: reserved.time_zone,
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
  return isExperimentPath(name)
    ? await loadExperiment(resolve(dirname(request.document.path), name))
    : await findExperiment(name, request.experiments);
}

/** Checks every key on its own, so that one problem does not hide another. */
function validate(
  shape: ParamsShape,
  values: Readonly<Record<string, unknown>>,
): { readonly problems: readonly Problem[]; readonly valid: Record<string, unknown> } {
  const malformed = malformedText(values);
  const problems: Problem[] = malformed.map(malformedProblem);
  const judged = new Set(malformed.map(({ path }) => path[0]));
  const valid: Record<string, unknown> = {};
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(shape, key) && key.isWellFormed()) {
      problems.push(unknownKey([key], Object.keys(shape)));
    }
  }
  for (const [key, type] of Object.entries(shape)) {
    if (judged.has(key)) continue;
    const given = Object.hasOwn(values, key);
    const result = type.safeParse(given ? values[key] : undefined);
    if (result.success) valid[key] = result.data;
    else if (!given) {
      problems.push({ key: [key], message: `missing: expected ${expectedForm(type)}` });
    } else {
      const found = result.error.issues.flatMap((issue) =>
        valueProblems(issue, { key, type, value: values[key] })
      );
      // Two rules that a value breaks may be told in the same words.
      problems.push(
        ...new Map(found.map((problem) => [JSON.stringify(problem), problem])).values(),
      );
    }
  }
  return { problems, valid };
}

function malformedProblem({ path, value }: MalformedText): Problem {
  const text = value === undefined ? "a key with" : `${shownValue(value)}, which has`;
  return { key: path, message: `expected Unicode text, got ${text} half a surrogate pair` };
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

function unknownKey(key: readonly string[], known: readonly string[]): Problem {
  const name = key.at(-1)!;
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
  // What is wrong inside a list or a mapping, where the value may be one.
  const deeper = issue.code === "invalid_union"
    ? issue.errors.find((issues) =>
      issues.some(({ path, code }) => path.length > 0 || code === "unrecognized_keys")
    )
    : undefined;
  if (deeper !== undefined) {
    return deeper.flatMap((inner) => valueProblems(inner, { key, type, value }));
  }
  const path = [key, ...issue.path.map(String)];
  const inner = innerType(type, issue.path);
  if (issue.code === "unrecognized_keys") {
    const mapping = optionOf(inner, z.ZodObject);
    const known = mapping instanceof z.ZodObject ? Object.keys(mapping.shape) : [];
    return issue.keys.map((name) => unknownKey([...path, name], known));
  }
  let got: unknown = value;
  for (const part of issue.path) got = (got as Record<PropertyKey, unknown> | undefined)?.[part];
  const expected = expectedForm(inner);
  const detail = issue.code === "custom" ? `${printable(issue.message)}; ` : "";
  return [{
    key: path,
    message: `${detail}expected ${expected}, got ${shownValue(got)}${advice(got, inner)}`,
  }];
}

/** What to do about a value that looks right and is not. */
function advice(got: unknown, type: z.ZodType): string {
  const isUnquoted = typeof got === "number" || typeof got === "boolean";
  if (isUnquoted && type instanceof z.ZodString) return "; put it in quotes";
  if (!Number.isInteger(got) || Number.isSafeInteger(got)) return "";
  const [limit, word] = (got as number) > 0
    ? [Number.MAX_SAFE_INTEGER, "largest"]
    : [Number.MIN_SAFE_INTEGER, "smallest"];
  // Where another limit is expected, it was said.
  return isIntegerLimit(type, limit) ? `; the ${word} is ${limit}` : "";
}

/** The type of what stands at `path` inside a value of `type`. */
function innerType(type: z.ZodType, path: readonly PropertyKey[]): z.ZodType {
  let inner: z.ZodType = unwrapped(type);
  for (const part of path) {
    inner = optionOf(inner, typeof part === "number" ? z.ZodArray : z.ZodObject);
    const next = inner instanceof z.ZodObject
      ? (inner.shape as ParamsShape)[String(part)]
      : inner instanceof z.ZodArray
      ? inner.element as z.ZodType
      : undefined;
    if (next === undefined) break;
    inner = unwrapped(next);
  }
  return inner;
}

/** The option of a union that is of this kind; the type itself if there is none. */
function optionOf(type: z.ZodType, kind: typeof z.ZodArray | typeof z.ZodObject): z.ZodType {
  if (!(type instanceof z.ZodUnion)) return type;
  return (type.options as readonly z.ZodType[]).find((option) => option instanceof kind) ?? type;
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
