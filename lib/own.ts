/**
 * Values by names that others chose: `constructor` and `__proto__` are names
 * like any other.
 *
 * @module
 */

/**
 * The value that an object itself has of this name; undefined if it has none.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { own } from "./own.ts";
 *
 * assert(own({}, "constructor") === undefined);
 * ```
 */
export function own<T>(object: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
