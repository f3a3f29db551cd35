/**
 * JSON as sigrun writes it, to files and to terminals.
 *
 * @module
 */

// What JSON may hold raw and a terminal should not see: the C1 controls and
// DEL, bidi controls, invisible characters, line and paragraph separators.
const UNSAFE =
  /[[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]--[\n\p{Variation_Selector}]]/gv;

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`,
  ).join("");
}

/**
 * A value as indented JSON that ends its last line. Characters that could
 * command a terminal or hide text are written as escapes, which read back as
 * the very same characters.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { jsonText } from "./json_text.ts";
 *
 * assert(jsonText(["a\u202eb"]) === '[\n  "a\\u202eb"\n]\n');
 * ```
 */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2).replace(UNSAFE, escaped)}\n`;
}

/**
 * A value as a line of JSON Lines, with the same escapes.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { jsonLine } from "./json_text.ts";
 *
 * assert(jsonLine({ name: "a\u202eb" }) === '{"name":"a\\u202eb"}\n');
 * ```
 */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value).replace(UNSAFE, escaped)}\n`;
}
