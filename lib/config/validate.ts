/**
 * Values held against the types of their keys, and what is wrong in words.
 *
 * @module
 */

import { z } from "zod";
import type { ParamsShape } from "../experiment.ts";
import { nearest } from "../nearest.ts";
import { printable } from "../quote.ts";
import { expectedForm, isIntegerLimit, shownValue } from "./expected.ts";
import { type MalformedText, malformedText } from "./malformed_text.ts";
import { unclearNumber, whyUnclear } from "./number_text.ts";
import { type Problem, typedValues } from "./typed_values.ts";
import { pathKey, type WrittenTexts } from "./yaml_values.ts";

/** Checks every key on its own, so that one problem does not hide another. */
export function validate(
  given: Readonly<Record<string, unknown>>,
  { shape, written }: { readonly shape: ParamsShape; readonly written: WrittenTexts },
): { readonly problems: readonly Problem[]; readonly valid: Record<string, unknown> } {
  const { values, unclear } = typedValues(given, { shape, written });
  const malformed = malformedText(values);
  const problems: Problem[] = [...malformed.map(malformedProblem), ...unclear];
  const judged = new Set(malformed.map(({ path }) => path[0]));
  const isUnclear = new Set(unclear.map(({ key }) => pathKey(key)));
  const valid: Record<string, unknown> = {};
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(shape, key) && key.isWellFormed()) {
      problems.push(unknownKey([key], Object.keys(shape)));
    }
  }
  for (const [key, type] of Object.entries(shape)) {
    if (judged.has(key)) continue;
    const isGiven = Object.hasOwn(values, key);
    const result = type.safeParse(isGiven ? values[key] : undefined);
    if (result.success) valid[key] = result.data;
    else if (!isGiven) {
      problems.push({ key: [key], message: `missing: expected ${expectedForm(type)}` });
    } else {
      const found = result.error.issues.flatMap((issue) =>
        valueProblems(issue, { key, type, value: values[key] })
      ).filter((problem) => !isUnclear.has(pathKey(problem.key)));
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
  if (typeof got === "string" && type instanceof z.ZodNumber) {
    const readings = unclearNumber(got);
    if (readings.length > 0) return `; ${whyUnclear("that", readings)}`;
    return type.safeParse(Number(got)).success && got.trim() !== ""
      ? "; write it without quotes"
      : "";
  }
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
