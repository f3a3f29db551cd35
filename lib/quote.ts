/**
 * Foreign text made fit for a message or a terminal.
 *
 * @module
 */

// Controls, lone surrogates, line and paragraph separators, and what reorders
// or hides text: bidi controls, zero-width and other invisible characters, tags,
// interlinear annotations. Variation selectors stay, as many an emoji has one.
const UNPRINTABLE =
  /[[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]--\p{Variation_Selector}]/gv;

function escapeCharacter(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/**
 * Text with every control, bidi and invisible character written as an escape,
 * so that a file, a config or a name cannot command a terminal.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { printable } from "./quote.ts";
 *
 * assert(printable("a\u001b[2Jb") === "a\\u{1b}[2Jb");
 * ```
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escapeCharacter);
}

/**
 * Like {@linkcode printable}, but line breaks stay: for text of several lines
 * whose foreign parts were quoted when it was put together.
 */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** Text made printable and cut to `limit` characters, for foreign words within a message. */
export function shortened(text: string, limit = 60): string {
  const characters = Array.from(text.slice(0, limit * 2 + 2));
  const cut = characters.length > limit || text.length > limit * 2 + 2;
  return `${printable(characters.slice(0, limit).join(""))}${cut ? "…" : ""}`;
}

/**
 * Text in single quotes, {@linkcode shortened}: the form in which error messages
 * show what they got.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { quote } from "./quote.ts";
 *
 * assert(quote("n/a") === "'n/a'");
 * ```
 */
export function quote(text: string, limit = 60): string {
  return `'${shortened(text, limit)}'`;
}
