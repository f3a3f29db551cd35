/**
 * YAML as typed values, with the text of those that could be typed otherwise. Pure.
 *
 * @module
 */

import { parse } from "@std/yaml/parse";

/**
 * How numbers and truth values were written, by {@linkcode pathKey}, where that
 * is not how they are usually written: `010` and `1.10`, but not `10`.
 */
export type WrittenTexts = ReadonlyMap<string, string>;

/** Values, and how they were written. */
export interface YamlValues {
  /** The values, typed by YAML's core schema. */
  readonly value: unknown;
  /** The texts of numbers and truth values. */
  readonly written: WrittenTexts;
}

/** A key that is no text, such as `010:`, so that it is unclear which key it is. */
export class UnclearKey extends Error {
  /** The class, for messages. */
  override readonly name: string = "UnclearKey";
}

/** The place of a value, as a key of {@linkcode WrittenTexts}. */
export function pathKey(path: readonly string[]): string {
  return JSON.stringify(path);
}

/**
 * Parses YAML of which every value is a text, a number, a truth value or nothing.
 *
 * @param check is given the values before they are walked through, to refuse endless ones
 * @throws {SyntaxError} or what the parser throws if it is no such YAML
 * @throws {UnclearKey} if a key is a number or a truth value that has another text
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { pathKey, yamlValues } from "./yaml_values.ts";
 *
 * const { value, written } = yamlValues("version: 1.10");
 * assert((value as { version: number }).version === 1.1);
 * assert(written.get(pathKey(["version"])) === "1.10");
 * ```
 */
export function yamlValues(text: string, check?: (value: unknown) => void): YamlValues {
  // The core schema has no dates: version: 2024-01-01 is the text it looks like.
  const value = parse(text, { schema: "core" });
  check?.(value);
  const written = new Map<string, string>();
  collect({ value, text: parse(text, { schema: "failsafe" }) }, { path: [], written });
  return { value, written };
}

function collect(
  { value, text }: { readonly value: unknown; readonly text: unknown },
  { path, written }: { readonly path: readonly string[]; readonly written: Map<string, string> },
): void {
  if (typeof value === "object" && value !== null) {
    const texts = text as Readonly<Record<string, unknown>>;
    for (const [key, inner] of Object.entries(value)) {
      if (!Object.hasOwn(texts, key)) throw new UnclearKey(key);
      collect({ value: inner, text: texts[key] }, { path: [...path, key], written });
    }
  } else if ((typeof value === "number" || typeof value === "boolean") && text !== String(value)) {
    written.set(pathKey(path), String(text));
  }
}
