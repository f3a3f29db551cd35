/**
 * The words, texts and signs that an expression consists of.
 *
 * @module
 */

import { quote } from "../../quote.ts";
import { expressionError } from "./expression_error.ts";
import { type Operator, OPERATORS, type Span } from "./syntax.ts";

/** A token, and where it stands. */
export type Token =
  & Span
  & (
    /** Without quotes: a name, a value or a word of the language. */
    | { readonly kind: "word"; readonly text: string }
    /** In quotes, which are taken off. */
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "operator"; readonly operator: Operator }
    | { readonly kind: "(" | ")" | "," | "end" }
  );

/** The most that an expression may have, in UTF-16 units. */
export const MAX_LENGTH = 1_000_000;

const SPACE = /\s+/y;
const WORD = /[^\s"'(),=!<>~&|\0]+/y;
const SIGNS = /[=!<>~]+/y;

/** How operators are written elsewhere. */
const SPELLINGS: Readonly<Record<string, Operator>> = { "==": "=", "<>": "!=" };
const MISSPELT: Readonly<Record<string, string>> = {
  "=<": "<=",
  "=>": ">=",
  "=~": "~",
  "!": "not",
  "!~": "not … ~",
};

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

/**
 * The tokens of an expression, the last one its end.
 *
 * @throws {UserError} at what is no token
 */
export function tokensOf(text: string): readonly Token[] {
  if (text.length > MAX_LENGTH) {
    throw expressionError(text, { at: MAX_LENGTH, end: MAX_LENGTH + 1 }, {
      message: `The expression is too long: ${text.length} characters`,
      hint: `At most ${MAX_LENGTH} are read.`,
    });
  }
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const space = matchAt(SPACE, text, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  return [...tokens, { kind: "end", at: text.length, end: text.length }];
}

function tokenAt(text: string, at: number): Token {
  const character = text.charAt(at);
  if (character === "(" || character === ")" || character === ",") {
    return { kind: character, at, end: at + 1 };
  }
  if (character === '"' || character === "'") return quoted(text, at);
  const word = matchAt(WORD, text, at);
  if (word !== undefined) return { kind: "word", text: word, at, end: at + word.length };
  const signs = matchAt(SIGNS, text, at);
  if (signs !== undefined) return operatorAt(text, { at, end: at + signs.length });
  if (character === "\0") {
    throw expressionError(text, { at, end: at + 1 }, {
      message: "The expression has a NUL character in it",
      hint: "Leave it out: no text of a command line has one.",
    });
  }
  const wanted = character === "&" ? "and" : "or";
  const end = text.charAt(at + 1) === character ? at + 2 : at + 1;
  throw expressionError(text, { at, end }, {
    message: `Unexpected ${quote(text.slice(at, end))} in the expression: did you mean ${wanted}?`,
    hint: "Text that has it goes in quotes.",
  });
}

function operatorAt(text: string, { at, end }: Span): Token {
  const signs = text.slice(at, end);
  const operator = OPERATORS.find((known) => known === signs) ??
    (Object.hasOwn(SPELLINGS, signs) ? SPELLINGS[signs] : undefined);
  if (operator !== undefined) return { kind: "operator", operator, at, end };
  const meant = Object.hasOwn(MISSPELT, signs) ? `: did you mean ${MISSPELT[signs]}?` : "";
  throw expressionError(text, { at, end }, {
    message: `Unknown operator ${quote(signs)} in the expression${meant}`,
    hint: `There are: ${OPERATORS.join(" ")}, in (…), is missing.`,
  });
}

/** Text in quotes of one kind; a backslash or a second quote keeps a quote within it. */
function quoted(text: string, at: number): Token {
  const mark = text.charAt(at);
  const parts: string[] = [];
  let from = at + 1;
  for (let next = from; next < text.length; next++) {
    const character = text.charAt(next);
    if (character === mark && text.charAt(next + 1) === mark) {
      parts.push(text.slice(from, next));
      from = ++next;
    } else if (character === mark) {
      parts.push(text.slice(from, next));
      const value = parts.join("");
      refuseNul(value, { text, at, end: next + 1 });
      return { kind: "text", text: value, at, end: next + 1 };
    } else if (character === "\\") {
      const { value, end } = escapeAt(text, next);
      parts.push(text.slice(from, next), value);
      from = end;
      next = end - 1;
    }
  }
  throw expressionError(text, { at, end: at + 1 }, {
    message: `The text in quotes does not end: expected another ${mark}`,
    hint: `A quote within the text is written \\${mark}.`,
  });
}

function escapeAt(text: string, at: number): { readonly value: string; readonly end: number } {
  const simple = text.charAt(at + 1);
  if (Object.hasOwn(ESCAPES, simple)) return { value: ESCAPES[simple]!, end: at + 2 };
  const hex = matchAt(/\\u(?:\{[0-9a-f]{1,6}\}|[0-9a-f]{4})/iy, text, at);
  const code = hex === undefined ? NaN : Number.parseInt(hex.replace(/^\\u\{?/, ""), 16);
  // Half of a pair is no character, and SQLite would make another one of it.
  if (code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) {
    return { value: String.fromCodePoint(code), end: at + hex!.length };
  }
  throw expressionError(text, { at, end: Math.min(text.length, at + 2) }, {
    message: `Unknown escape ${quote(text.slice(at, at + 2))} in the expression`,
    hint: "A backslash is written \\\\; there are \\n, \\r, \\t, \\u{…} and quotes.",
  });
}

function refuseNul(value: string, { text, at, end }: Span & { readonly text: string }): void {
  if (!value.includes("\0")) return;
  throw expressionError(text, { at, end }, {
    message: "The text in quotes has a NUL character in it",
    hint: "Look for the text around it, with ~.",
  });
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
