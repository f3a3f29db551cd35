/**
 * What an expression means, without SQL: conditions as data, the text that
 * says them, and a plain filter of records.
 *
 * @module
 */

import type { RunRecord } from "../../../lib/record.ts";

/** A value of a condition. */
export type Value =
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "text"; readonly text: string }
  /** The beginning of an ISO time. */
  | { readonly kind: "date"; readonly prefix: string }
  | { readonly kind: "ago"; readonly count: number; readonly unit: "h" | "days" };

/** What a condition is about. */
export interface Subject {
  /** What it is of. */
  readonly prefix: "run" | "param" | "metric";
  /** Its name. */
  readonly key: string;
}

/** A condition, or several. */
export type Meaning =
  | { readonly kind: "and" | "or"; readonly parts: readonly Meaning[] }
  | { readonly kind: "not"; readonly part: Meaning }
  | {
    readonly kind: "compare";
    readonly subject: Subject;
    readonly operator: string;
    readonly value: Value;
  }
  | {
    readonly kind: "in";
    readonly subject: Subject;
    readonly values: readonly Value[];
    readonly isNegated: boolean;
  }
  | { readonly kind: "missing"; readonly subject: Subject; readonly isNegated: boolean }
  | { readonly kind: "tagged"; readonly tag: string };

/** The moment that dates are relative to. */
export const NOW = new Date("2026-11-23T08:55:01.500Z");

/** Whether a run fits; `crashed` says which running ones have no process. */
export function fits(run: RunRecord, meaning: Meaning, crashed: ReadonlySet<string>): boolean {
  switch (meaning.kind) {
    case "and":
      return meaning.parts.every((part) => fits(run, part, crashed));
    case "or":
      return meaning.parts.some((part) => fits(run, part, crashed));
    case "not":
      return !fits(run, meaning.part, crashed);
    case "tagged":
      return run.tags.includes(meaning.tag);
    case "missing":
      return (storedValues(run, { subject: meaning.subject, crashed }).length === 0) !==
        meaning.isNegated;
    case "in": {
      const stored = storedValues(run, { subject: meaning.subject, crashed });
      const isIn = meaning.values.some((value) =>
        stored.some((one) => holds(one, { operator: "=", value, subject: meaning.subject }))
      );
      return isIn !== meaning.isNegated;
    }
    case "compare": {
      const { subject, operator, value } = meaning;
      const stored = storedValues(run, { subject, crashed });
      if (operator === "!=") {
        return !stored.some((one) => holds(one, { operator: "=", value, subject }));
      }
      return stored.some((one) => holds(one, { operator, value, subject }));
    }
  }
}

/** None where it is missing, several of tags. */
function storedValues(
  run: RunRecord,
  { subject: { prefix, key }, crashed }: {
    readonly subject: Subject;
    readonly crashed: ReadonlySet<string>;
  },
): readonly unknown[] {
  const one = (value: unknown): readonly unknown[] =>
    value === null || value === undefined ? [] : [value];
  if (prefix === "param") return one(run.params[key]);
  if (prefix === "metric") return one(run.metrics[key]);
  switch (key) {
    case "tag":
      return run.tags;
    case "status":
      return [run.status === "running" && crashed.has(run.id) ? "crashed" : run.status];
    case "started":
      return one(run.started_at);
    case "deleted":
      return one(run.deleted_at);
    case "host":
      return one(run.environment["hostname"]);
    case "config_hash":
      return one(run.hashes.config);
    default:
      return one(run[key as keyof RunRecord]);
  }
}

function holds(
  stored: unknown,
  { operator, value, subject: { prefix, key } }: {
    readonly operator: string;
    readonly value: Value;
    readonly subject: Subject;
  },
): boolean {
  const text = typeof stored === "string" ? stored : JSON.stringify(stored);
  if (operator === "~") return asciiLower(text).includes(asciiLower(textOf(value)));
  if (value.kind === "date") {
    return signHolds(compareText(text.slice(0, value.prefix.length), value.prefix), operator);
  }
  if (value.kind === "ago") {
    const hours = value.count * (value.unit === "h" ? 1 : 24);
    return signHolds(Date.parse(text) - (NOW.getTime() - hours * 3_600_000), operator);
  }
  if (key === "config_hash") return text.startsWith(`sha256:${textOf(value)}`);
  if (key === "id" && operator === "=" && text.endsWith(`-${textOf(value)}`)) return true;
  // Columns of text know no numbers, parameters know both.
  if (value.kind === "number" && (prefix !== "run" || typeof stored === "number")) {
    return typeof stored === "number" && signHolds(stored - value.number, operator);
  }
  return typeof stored !== "number" && signHolds(compareText(text, textOf(value)), operator);
}

function signHolds(sign: number, operator: string): boolean {
  switch (operator) {
    case "=":
      return sign === 0;
    case "<":
      return sign < 0;
    case "<=":
      return sign <= 0;
    case ">":
      return sign > 0;
    default:
      return sign >= 0;
  }
}

/** By code points, not by UTF-16 units. */
function compareText(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = left[at]!.codePointAt(0)! - right[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function textOf(value: Value): string {
  switch (value.kind) {
    case "number":
      return String(value.number);
    case "text":
      return value.text;
    case "date":
      return value.prefix;
    case "ago":
      return `${value.count} ${value.unit} ago`;
  }
}

/** How an expression is written: each choice is drawn from here. */
export type Choose = (choices: number) => number;

/** An expression that says this. */
export function written(meaning: Meaning, choose: Choose): string {
  const keyword = (word: string): string => choose(3) === 0 ? word.toUpperCase() : word;
  const space = (): string => [" ", "  ", "\n\t"][choose(3)]!;
  const maybe = (): string => choose(2) === 0 ? "" : " ";
  const inner = (part: Meaning): string => `(${maybe()}${written(part, choose)}${maybe()})`;
  switch (meaning.kind) {
    case "and":
      return meaning.parts.map((part) => part.kind === "or" ? inner(part) : written(part, choose))
        .join(`${space()}${keyword("and")}${space()}`);
    case "or":
      return meaning.parts.map((part) => choose(3) === 0 ? inner(part) : written(part, choose))
        .join(`${space()}${keyword("or")}${space()}`);
    case "not": {
      const isOne = !["and", "or"].includes(meaning.part.kind);
      const part = isOne && choose(2) === 0 ? written(meaning.part, choose) : inner(meaning.part);
      return `${keyword("not")} ${part}`;
    }
    case "tagged":
      return `tag.${quoted(meaning.tag, choose)}`;
    case "missing":
      return `${name(meaning.subject, choose)} ${keyword("is")} ${
        meaning.isNegated ? `${keyword("not")} ` : ""
      }${keyword("missing")}`;
    case "in":
      return `${name(meaning.subject, choose)} ${meaning.isNegated ? `${keyword("not")} ` : ""}${
        keyword("in")
      }${maybe()}(${meaning.values.map((value) => literal(value, choose)).join(`${maybe()},`)})`;
    case "compare":
      return `${name(meaning.subject, choose)}${maybe()}${meaning.operator}${maybe()}${
        literal(meaning.value, choose)
      }`;
  }
}

function name({ prefix, key }: Subject, choose: Choose): string {
  const isPlain = /^[a-z_]+$/.test(key) && !["and", "or", "not", "in", "is"].includes(key);
  if (isPlain && choose(2) === 0) return key === "status" ? `${prefix}.status` : key;
  return `${prefix}.${isPlain ? key : quoted(key, choose)}`;
}

function literal(value: Value, choose: Choose): string {
  const text = textOf(value);
  if (value.kind === "number") return text;
  if (value.kind === "ago" && choose(2) === 0) return text;
  const isWord = value.kind === "date"
    ? !text.includes(" ")
    : /^[a-z][a-z0-9:/._-]*$/i.test(text) && !/^(and|or|not|in|is)$/i.test(text);
  return isWord && choose(2) === 0 ? text : quoted(text, choose);
}

function quoted(text: string, choose: Choose): string {
  const mark = choose(2) === 0 ? '"' : "'";
  const escaped = Array.from(text, (character) => {
    if (character === mark) return choose(2) === 0 ? mark + mark : `\\${mark}`;
    if (character === "\\") return "\\\\";
    if (character === "\n") return choose(2) === 0 ? "\\n" : "\n";
    return choose(20) === 0 ? `\\u{${character.codePointAt(0)!.toString(16)}}` : character;
  });
  return mark + escaped.join("") + mark;
}
