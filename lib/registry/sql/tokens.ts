/**
 * The tokens of a statement, as SQLite's own tokenizer has them. Pure.
 *
 * @module
 */

import type { Span } from "../query/syntax.ts";

/** What a token is; `sign` is whatever is nothing else, one character each. */
export type TokenKind = "word" | "quoted" | "text" | "literal" | "variable" | "sign" | "unclosed";

/** A token, and where it stands. */
export interface Token extends Span {
  /** What it is. */
  readonly kind: TokenKind;
  /** As it stands there; of a quoted name, and of text, what is in the quotes. */
  readonly text: string;
}

// To SQLite every character beyond ASCII is a letter, and these five are all its blanks.
const LETTER = String.raw`[A-Za-z_\u0080-\uffff]`;
const NAME = String.raw`[A-Za-z0-9_$\u0080-\uffff]`;

/** One alternative for each kind, in this order; blanks and comments are in none. */
const TOKEN = new RegExp(
  [
    String.raw`[ \t\n\f\r]+|--[^\n]*|/\*[^]*?(?:\*/|$)`,
    String
      .raw`[xX]'(?:[0-9a-fA-F]{2})*'|(?:0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?!${NAME})`,
    `(${LETTER}${NAME}*)`,
    String.raw`("(?:[^"]|"")*"|\`(?:[^\`]|\`\`)*\`|\[[^\]]*\])`,
    "('(?:[^']|'')*')",
    String.raw`([?:@#$]${NAME}*)`,
    "([^])",
  ].join("|"),
  "g",
);

/** The tokens of a statement, without blanks and comments. */
export function tokensOf(statement: string): readonly Token[] {
  return [...statement.matchAll(TOKEN)].flatMap((match): readonly Token[] => {
    const [whole, word, quoted, text, variable, sign] = match;
    const at = match.index;
    const span = { at, end: at + whole.length };
    if (word !== undefined) return [{ kind: "word", text: word, ...span }];
    if (quoted !== undefined) return [{ kind: "quoted", text: unquoted(quoted), ...span }];
    if (text !== undefined) return [{ kind: "text", text: unquoted(text), ...span }];
    if (variable !== undefined) return [{ kind: "variable", text: variable, ...span }];
    if (sign !== undefined) {
      const kind = `'"\`[`.includes(sign) ? "unclosed" : "sign";
      return [{ kind, text: sign, ...span }];
    }
    if (whole.startsWith("/*") && (!whole.endsWith("*/") || whole.length < 4)) {
      return [{ kind: "unclosed", text: "/*", ...span }];
    }
    return /^(?:[ \t\n\f\r]|--|\/\*)/.test(whole)
      ? []
      : [{ kind: "literal", text: whole, ...span }];
  });
}

/** A statement whose blobs are empty: EXPLAIN gives their bytes as text, whatever they are. */
export function withoutBlobs(statement: string): string {
  let [result, done] = ["", 0];
  for (const { kind, text, at, end } of tokensOf(statement)) {
    if (kind !== "literal" || !/^x'/i.test(text)) continue;
    result += `${statement.slice(done, at)}x''`;
    done = end;
  }
  return result + statement.slice(done);
}

function unquoted(quoted: string): string {
  const quote = quoted[0]!;
  const inner = quoted.slice(1, -1);
  return quote === "[" ? inner : inner.replaceAll(quote + quote, quote);
}
