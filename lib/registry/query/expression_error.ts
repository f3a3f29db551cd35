/**
 * Errors in an expression, with the place that they are about.
 *
 * @module
 */

import stringWidth from "string-width";
import { usageError, type UserError } from "../../errors.ts";
import { printable } from "../../quote.ts";
import type { Span } from "./syntax.ts";

/** Characters of an expression that are shown before and after the place. */
const CONTEXT = 48;

/**
 * An error with the expression below it, or the part of a long one, and
 * carets under the place.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { expressionError } from "./expression_error.ts";
 *
 * const { message } = expressionError("windw > 3", { at: 0, end: 5 }, { message: "Unknown name" });
 * assert(message === "Unknown name\n  windw > 3\n  ^^^^^");
 * ```
 */
export function expressionError(
  text: string,
  { at, end }: Span,
  { message, hint }: { readonly message: string; readonly hint?: string | undefined },
): UserError {
  const begin = characterStart(text, Math.max(0, at - CONTEXT));
  const stop = characterStart(text, Math.min(text.length, Math.max(at, end) + CONTEXT));
  const shownEnd = Math.min(end, at + CONTEXT);
  const before = (begin > 0 ? "…" : "") + printable(text.slice(begin, at));
  const place = printable(text.slice(at, shownEnd));
  const after = shownEnd < end ? "…" : printable(text.slice(end, stop)) +
    (stop < text.length ? "…" : "");
  const carets = "^".repeat(Math.max(1, stringWidth(place)));
  return usageError(
    `${message}\n  ${before}${place}${after}\n  ${" ".repeat(stringWidth(before))}${carets}`,
    hint,
  );
}

/** An index at or before `at` that splits no surrogate pair. */
function characterStart(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at;
}
