/**
 * Where two JSON values differ. Pure.
 *
 * @module
 */

import { own } from "../own.ts";
import type { Check } from "./check.ts";

/** A place where two values differ. */
export interface Difference {
  /** The keys on the way, for example `hashes.config`. */
  readonly path: string;
  /** The first value there; undefined if it has none. */
  readonly expected: unknown;
  /** The second value there; undefined if it has none. */
  readonly actual: unknown;
}

/** Where two JSON values differ, whatever the order of their keys. */
export function differences(
  expected: unknown,
  actual: unknown,
  path: readonly string[] = [],
): readonly Difference[] {
  if (isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) =>
      differences(own(expected, key), own(actual, key), [...path, key])
    );
  }
  if (comparable(expected) === comparable(actual)) return [];
  return [{ path: path.join("."), expected, actual }];
}

/** The differences as checks, each named after its place in `what`. */
export function differenceChecks(
  what: string,
  found: readonly Difference[],
): readonly Check[] {
  return found.map(({ path, expected, actual }) => ({
    check: `${what} ${path}`.trim(),
    expected: valueText(expected),
    actual: valueText(actual),
    status: expected === undefined ? "unexpected" : actual === undefined ? "missing" : "differs",
  }));
}

/** A JSON value as text: strings as they are. */
export function valueText(value: unknown): string {
  if (value === undefined) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Strings as the registry gives them back, which keeps neither halves of a pair nor U+FFFF. */
function comparable(value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed().replaceAll("\uffff", "\0") : value;
}
