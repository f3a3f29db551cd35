/**
 * `--set key=value`: values laid over those of the config file.
 *
 * @module
 */

import { usageError } from "../errors.ts";
import { quote } from "../quote.ts";
import { pathKey, type WrittenTexts, yamlValues } from "./yaml_values.ts";

/** One key with its new value. */
export interface Override {
  /** The key, one element for each level: `["columns", "close"]`. */
  readonly key: readonly string[];
  /** The value, typed as YAML types it. */
  readonly value: unknown;
  /** The text of a number or truth value, where it is not the usual one. */
  readonly text?: string;
  /** Where it was said, for messages: `--set window=5`. */
  readonly origin: string;
}

/**
 * Parses `key=value`; the key is dotted where nested, the value a YAML scalar.
 *
 * @throws {UserError} on anything else
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { parseOverride } from "./overrides.ts";
 *
 * assert(parseOverride("window=20").value === 20);
 * assert(parseOverride("columns.close=Close").key.length === 2);
 * ```
 */
export function parseOverride(text: string): Override {
  const at = text.indexOf("=");
  const key = text.slice(0, at).trim().split(".");
  if (at <= 0 || key.some((part) => part === "")) {
    throw usageError(
      `Cannot use --set ${quote(text)}: expected key=value`,
      "For example: --set window=20",
    );
  }
  return scalarOverride(key, text.slice(at + 1), `--set ${text}`);
}

/**
 * An override whose value is still text.
 *
 * @throws {UserError} if the text is no YAML scalar
 */
export function scalarOverride(key: readonly string[], text: string, origin: string): Override {
  let value: unknown;
  let written: string | undefined;
  try {
    const parsed = yamlValues(text);
    value = parsed.value;
    written = parsed.written.get(pathKey([]));
  } catch {
    value = undefined;
  }
  if (value === undefined || (typeof value === "object" && value !== null)) {
    if (text.trim() === "") value = null;
    else {
      throw usageError(
        `Cannot use ${quote(origin)}: the value is not a single number, word or text`,
        `Put text that looks like more in quotes: --set '${key.join(".")}="…"'`,
      );
    }
  }
  return { key, value, ...(written === undefined ? {} : { text: written }), origin };
}

/** How the values of a config are written, once the overrides are laid over them. */
export function writtenTexts(
  written: WrittenTexts,
  overrides: readonly Override[],
): WrittenTexts {
  if (overrides.length === 0) return written;
  const merged = new Map(written);
  for (const { key, text } of overrides) {
    if (text === undefined) merged.delete(pathKey(key));
    else merged.set(pathKey(key), text);
  }
  return merged;
}

/** The values of a config with the overrides laid over them, later ones winning. */
export function applyOverrides(
  values: Readonly<Record<string, unknown>>,
  overrides: readonly Override[],
): Record<string, unknown> {
  // Without a prototype, so that a key named __proto__ is a key like any other.
  const merged: Record<string, unknown> = Object.assign(Object.create(null), values);
  for (const { key, value, origin } of overrides) {
    const [first, second, ...deeper] = key as [string, ...string[]];
    if (deeper.length > 0) {
      throw usageError(
        `Cannot use ${quote(origin)}: no key is nested that deep`,
        "One dot is the most: --set columns.close=Last",
      );
    }
    if (second === undefined) merged[first] = value;
    else {
      const parent = merged[first];
      const base = typeof parent === "object" && parent !== null && !Array.isArray(parent)
        ? parent
        : {};
      merged[first] = { ...base, [second]: value };
    }
  }
  return merged;
}
