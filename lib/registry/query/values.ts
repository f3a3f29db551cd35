/**
 * The values of an expression in the form that each kind of name wants, and
 * what is said where they do not fit.
 *
 * @module
 */

import type { UserError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { quote } from "../../quote.ts";
import { RUN_STATUSES } from "../../record.ts";
import { DATE_FORMS, type TimeRange, timeRange } from "./dates.ts";
import { expressionError } from "./expression_error.ts";
import type { Literal, Span } from "./syntax.ts";

/** Where a value stands. */
export interface ValueContext {
  /** The expression's text. */
  readonly text: string;
  /** What the value is held against, as it was written. */
  readonly name: string;
}

/**
 * A value as a number.
 *
 * @throws {UserError} if it is none
 */
export function numberValue(value: Literal, { text, name }: ValueContext): number {
  if (value.number !== null) return value.number;
  throw expressionError(text, value, {
    message: `Expected a number for ${quote(name)}, got ${quote(value.text)}`,
    hint: "A number is written without quotes: 10, -0.5, 1e-3.",
  });
}

/**
 * A value as the time that it means.
 *
 * @throws {UserError} if it means none
 */
export function timeValue(value: Literal, { text, now }: {
  readonly text: string;
  readonly now: Date;
}): TimeRange {
  const range = timeRange(value.text, now);
  if (range !== undefined) return range;
  throw expressionError(text, value, {
    message: `Expected a date, got ${quote(value.text)}`,
    hint: DATE_FORMS,
  });
}

/**
 * A value as the beginning of a stored hash.
 *
 * @throws {UserError} if no hash begins like that
 */
export function hashValue(value: Literal, { text, name }: ValueContext): string {
  const digits = /^(?:sha256:)?([0-9a-f]{1,64})$/i.exec(value.text)?.[1];
  if (digits !== undefined) return `sha256:${digits.toLowerCase()}`;
  throw expressionError(text, value, {
    message: `Expected a hash for ${quote(name)}, got ${quote(value.text)}`,
    hint: "A hash is sha256:… in hexadecimal, or its first digits as a list shows them.",
  });
}

/**
 * A value as a status.
 *
 * @throws {UserError} if there is no such status, with the nearest one
 */
export function statusValue(value: Literal, { text }: Pick<ValueContext, "text">): string {
  if ((RUN_STATUSES as readonly string[]).includes(value.text)) return value.text;
  const near = nearest(value.text, RUN_STATUSES);
  throw expressionError(text, value, {
    message: `Unknown status ${quote(value.text)}` +
      (near === undefined ? "" : `: did you mean ${near}?`),
    hint: `There are: ${RUN_STATUSES.join(", ")}.`,
  });
}

/** What is said of a comparison that says nothing about a name. */
export function wrongOperator(
  span: Span,
  { text, name, operators }: ValueContext & {
    /** The operators that do. */
    readonly operators: string;
  },
): UserError {
  return expressionError(text, span, {
    message: `Cannot compare ${quote(name)} like that: expected ${operators}`,
    hint: "There are also: in (…), is missing, is not missing.",
  });
}
