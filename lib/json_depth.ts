/**
 * JSON that others wrote, which may be nested deeper than any program can go.
 *
 * @module
 */

/** SQLite reads JSON as deep as this. */
const MOST_LEVELS = 1000;

/**
 * The value of a JSON text.
 *
 * @throws {SyntaxError} if it is malformed, or nested too deeply
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { parseJson } from "./json_depth.ts";
 *
 * assertThrows(() => parseJson("[".repeat(5000) + "]".repeat(5000)), SyntaxError, "nested");
 * ```
 */
export function parseJson(text: string): unknown {
  if (isDeep(text)) throw new SyntaxError(`nested in more than ${MOST_LEVELS} levels`);
  return JSON.parse(text);
}

function isDeep(text: string): boolean {
  // Nearly all texts have fewer brackets, which is soon told.
  let brackets = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OBJECT || code === LIST) brackets++;
  }
  if (brackets <= MOST_LEVELS) return false;
  let level = 0;
  // Strings as a whole, as brackets in them open nothing.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (token === "[" || token === "{") {
      if (++level > MOST_LEVELS) return true;
    } else if (token === "]" || token === "}") level--;
  }
  return false;
}

const OBJECT = "{".charCodeAt(0);
const LIST = "[".charCodeAt(0);
