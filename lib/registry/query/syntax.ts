/**
 * What an expression about runs says, once it is read.
 *
 * @module
 */

/** A part of an expression's text: from `at` up to `end`, in UTF-16 units. */
export interface Span {
  /** Where it begins. */
  readonly at: number;
  /** Where it ends. */
  readonly end: number;
}

/** The prefixes that say what a name is of. */
export const PREFIXES = ["run", "param", "metric", "tag"] as const;

/** One of {@linkcode PREFIXES}. */
export type Prefix = typeof PREFIXES[number];

/** A name as it was written. */
export interface Name extends Span {
  /** What it is of, where that was said. */
  readonly prefix: Prefix | null;
  /** The name without its prefix. */
  readonly key: string;
}

/** A name as it is typed, taken apart: `metric.sharpe` is `sharpe`, of a metric. */
export function splitPrefix(text: string): Pick<Name, "prefix" | "key"> {
  const dot = text.indexOf(".");
  const prefix = PREFIXES.find((known) => known === text.slice(0, Math.max(0, dot))) ?? null;
  return { prefix, key: prefix === null ? text : text.slice(dot + 1) };
}

/** A value as it was written. */
export interface Literal extends Span {
  /** Its text, without quotes. */
  readonly text: string;
  /** Its number; null for text in quotes, and where it is none. */
  readonly number: number | null;
}

/** How a name can be held against a value. */
export const OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "~"] as const;

/** One of {@linkcode OPERATORS}. */
export type Operator = typeof OPERATORS[number];

/** A condition on one name. */
export type Condition =
  | {
    readonly kind: "compare";
    readonly name: Name;
    readonly operator: Operator;
    readonly value: Literal;
  }
  | { readonly kind: "in"; readonly name: Name; readonly values: readonly Literal[] }
  | { readonly kind: "missing"; readonly name: Name }
  /** A name alone: a tag that is there. */
  | { readonly kind: "tagged"; readonly name: Name };

/** An expression. */
export type Expression =
  | Condition
  | { readonly kind: "and" | "or"; readonly parts: readonly Expression[] }
  | { readonly kind: "not"; readonly part: Expression };

/** All conditions of an expression, in the order in which they were written. */
export function conditionsOf(expression: Expression): readonly Condition[] {
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.parts.flatMap(conditionsOf);
    case "not":
      return conditionsOf(expression.part);
    default:
      return [expression];
  }
}
