/**
 * In what two resolved configs differ, key by key. Pure.
 *
 * @module
 */

/** What became of a key. */
export type KeyStatus = "equal" | "changed" | "removed" | "added";

/** A key of two configs. */
export interface KeyComparison {
  /** The key, dotted where nested, as in `--set columns.close=Last`. */
  readonly key: string;
  /** What became of it. */
  readonly status: KeyStatus;
  /** Its value in the first config; null if it has none. */
  readonly before: unknown;
  /** Its value in the second config; null if it has none. */
  readonly after: unknown;
}

/** A config as it is recorded. */
export type FlatConfig = Readonly<Record<string, unknown>>;

/**
 * Every key of two configs, in the order of the first, then of the second.
 * Lists are compared whole.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compareConfigs } from "./config_difference.ts";
 *
 * assertEquals(compareConfigs({ columns: { close: "C" } }, { columns: {} }), [
 *   { key: "columns.close", status: "removed", before: "C", after: null },
 *   { key: "columns", status: "added", before: null, after: {} },
 * ]);
 * ```
 */
export function compareConfigs(before: FlatConfig, after: FlatConfig): readonly KeyComparison[] {
  const [first, second] = [new Map(leaves(before)), new Map(leaves(after))];
  return [...new Set([...first.keys(), ...second.keys()])].map((key) => ({
    key,
    status: !second.has(key)
      ? "removed"
      : !first.has(key)
      ? "added"
      : JSON.stringify(first.get(key)) === JSON.stringify(second.get(key))
      ? "equal"
      : "changed",
    before: first.get(key) ?? null,
    after: second.get(key) ?? null,
  }));
}

/** The values of a config by dotted keys, as in `columns.close`; an object without keys is a value. */
export function leaves(
  values: FlatConfig,
  prefix = "",
): readonly (readonly [key: string, value: unknown])[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isObject(value) && Object.keys(value).length > 0
      ? leaves(value, `${prefix}${key}.`)
      : [[`${prefix}${key}`, value] as const]
  );
}

function isObject(value: unknown): value is FlatConfig {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
