/**
 * From the text of an expression to what it says. Pure.
 *
 * ```
 * expression = all { "or" all }
 * all        = part { "and" part }
 * part       = "not" part | "(" expression ")" | condition
 * condition  = name ( operator value | ["not"] "in" "(" value { "," value } ")"
 *            | "is" ["not"] "missing" ) | name
 * name       = [ "run." | "param." | "metric." | "tag." ] ( word | text )
 * value      = word | text | number unit "ago"
 * ```
 *
 * @module
 */

import { usageError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { quote } from "../../quote.ts";
import { expressionError } from "./expression_error.ts";
import {
  type Expression,
  type Literal,
  type Name,
  OPERATORS,
  type Span,
  splitPrefix,
} from "./syntax.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** How deep parentheses and `not` may be nested. */
export const MAX_DEPTH = 100;

/** How many conditions an expression may have. */
export const MAX_CONDITIONS = 1000;

/** How many values an expression may have: more take SQLite long, and too many it refuses. */
export const MAX_VALUES = 1000;

const HINT = "Conditions are written like: window >= 10 and (sharpe > 1 or tag = baseline)";

/** Words of the language, which as names and values go in quotes. */
const KEYWORDS: readonly string[] = ["and", "or", "not", "in", "is"];

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * What an expression says.
 *
 * @throws {UserError} if it says nothing, with the place where it goes wrong
 */
export function parseExpression(text: string): Expression {
  return new Parser(text).expression();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #conditions = 0;
  #values = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  expression(): Expression {
    if (this.#peek().kind === "end") {
      throw usageError(
        "The expression is empty",
        "Write conditions such as: window >= 10 and status = finished",
      );
    }
    const all = this.#or();
    const rest = this.#peek();
    if (rest.kind !== "end") throw this.#surplus(rest);
    return all;
  }

  #or(): Expression {
    return this.#joined("or", () => this.#joined("and", () => this.#part()));
  }

  #joined(kind: "and" | "or", part: () => Expression): Expression {
    const parts = [part()];
    while (this.#takeWord(kind)) parts.push(part());
    return parts.length === 1 ? parts[0]! : { kind, parts };
  }

  #part(): Expression {
    const first = this.#peek();
    const isNot = isWord(first, "not");
    if (!isNot && first.kind !== "(") return this.#condition();
    if (++this.#depth > MAX_DEPTH) {
      throw this.#error(first, {
        message: "The expression is nested too deeply",
        hint: `Up to ${MAX_DEPTH} levels of parentheses and not are read.`,
      });
    }
    this.#next++;
    let part: Expression;
    if (isNot) part = { kind: "not", part: this.#part() };
    else {
      part = this.#or();
      const close = this.#peek();
      if (close.kind === "end") {
        throw this.#error(first, { message: "The parenthesis is not closed: expected )" });
      }
      if (close.kind !== ")") throw this.#surplus(close);
      this.#next++;
    }
    this.#depth--;
    return part;
  }

  #condition(): Expression {
    const name = this.#name();
    if (++this.#conditions > MAX_CONDITIONS) {
      throw this.#error(name, {
        message: "The expression has too many conditions",
        hint: `Up to ${MAX_CONDITIONS} are read. One of many values is written: name in (…, …)`,
      });
    }
    const token = this.#peek();
    if (token.kind === "operator") {
      this.#next++;
      return { kind: "compare", name, operator: token.operator, value: this.#value(token) };
    }
    if (this.#takeWord("in")) return this.#list(name, token);
    if (isWord(token, "not") && isWord(this.#tokens[this.#next + 1], "in")) {
      this.#next += 2;
      return { kind: "not", part: this.#list(name, token) };
    }
    if (this.#takeWord("is")) return this.#missing(name);
    return { kind: "tagged", name };
  }

  #missing(name: Name): Expression {
    const isNegated = this.#takeWord("not");
    const token = this.#peek();
    if (!this.#takeWord("missing")) {
      throw this.#error(token, {
        message: `Expected missing after is, got ${said(this.#text, token)}`,
        hint: "Values are compared with =; what is not there is missing: name is missing",
      });
    }
    const missing: Expression = { kind: "missing", name };
    return isNegated ? { kind: "not", part: missing } : missing;
  }

  #list(name: Name, keyword: Token): Expression {
    const open = this.#peek();
    if (open.kind !== "(") {
      throw this.#error(open, {
        message: `Expected ( after in, got ${said(this.#text, open)}`,
        hint: "A list is written in parentheses: name in (a, b)",
      });
    }
    this.#next++;
    const values = [this.#value(keyword)];
    while (this.#peek().kind === ",") {
      this.#next++;
      values.push(this.#value(keyword));
    }
    const close = this.#peek();
    if (close.kind !== ")") {
      throw this.#error(close.kind === "end" ? open : close, {
        message: close.kind === "end"
          ? "The list is not closed: expected )"
          : `Expected , or ) in the list, got ${said(this.#text, close)}`,
      });
    }
    this.#next++;
    return { kind: "in", name, values };
  }

  #name(): Name {
    const token = this.#peek();
    if (token.kind === "text") {
      this.#next++;
      return { prefix: null, key: token.text, at: token.at, end: token.end };
    }
    if (token.kind !== "word" || KEYWORDS.includes(token.text.toLowerCase())) {
      throw this.#error(token, {
        message: `Expected a name, got ${said(this.#text, token)}`,
        hint: token.kind === "word" ? "As a name it goes in quotes." : HINT,
      });
    }
    if (NUMBER.test(token.text)) {
      throw this.#error(token, {
        message: `Expected a name, got the number ${token.text}`,
        hint: "The name comes first: window > 10. A name that is a number goes in quotes.",
      });
    }
    this.#next++;
    return this.#prefixed(token);
  }

  /** `param.window`, and `param."a name"` of two tokens without a space between them. */
  #prefixed({ text, at, end }: Token & { readonly text: string }): Name {
    const { prefix, key } = splitPrefix(text);
    if (prefix === null || key !== "") return { prefix, key, at, end };
    const token = this.#peek();
    if (token.kind !== "text" || token.at !== end) {
      throw this.#error({ at, end }, { message: `Expected a name after ${prefix}.` });
    }
    this.#next++;
    return { prefix, key: token.text, at, end: token.end };
  }

  #value(after: Token): Literal {
    const token = this.#peek();
    const isKeyword = token.kind === "word" && KEYWORDS.includes(token.text.toLowerCase());
    if (isKeyword || (token.kind !== "word" && token.kind !== "text")) {
      throw this.#error(token, {
        message: `Expected a value after ${said(this.#text, after)}, got ${
          said(this.#text, token)
        }`,
        hint: isKeyword ? "As a value it goes in quotes." : HINT,
      });
    }
    const { at, end } = token;
    if (++this.#values > MAX_VALUES) {
      throw this.#error(token, {
        message: "The expression has too many values",
        hint: `Up to ${MAX_VALUES} are read.`,
      });
    }
    if (token.kind === "text") {
      this.#next++;
      return { text: token.text, number: null, at, end };
    }
    const ago = this.#ago(token);
    if (ago !== undefined) return ago;
    this.#next++;
    return { text: token.text, number: numberOf(token.text), at, end };
  }

  /** `2 days ago` and `2d ago`, without quotes. */
  #ago({ text, at }: Token & { readonly text: string }): Literal | undefined {
    if (!/^\d/.test(text)) return undefined;
    // The number and its unit are one word or two.
    for (const words of [2, 3]) {
      const ago = this.#tokens[this.#next + words - 1];
      if (!isWord(ago, "ago") || this.#tokens[this.#next + words - 2]?.kind !== "word") continue;
      this.#next += words;
      const { end } = ago!;
      return { text: this.#text.slice(at, end), number: null, at, end };
    }
    return undefined;
  }

  #surplus(token: Token): Error {
    const got = said(this.#text, token);
    if (token.kind === ")") {
      return this.#error(token, { message: "Unexpected ): no parenthesis is open" });
    }
    const near = token.kind === "word" ? nearest(token.text, ["and", "or"]) : undefined;
    const previous = this.#tokens[this.#next - 1];
    return this.#error(token, {
      message: `Expected 'and' or 'or', got ${got}` +
        (near === undefined ? "" : `: did you mean ${near}?`),
      hint: previous?.kind === "word" && token.kind === "word"
        ? "Text of several words goes in quotes. " +
          `A name is followed by one of ${OPERATORS.join(" ")}, in (…), is missing.`
        : HINT,
    });
  }

  #peek(): Token {
    // The last token is the end, and nothing goes beyond it.
    return this.#tokens[this.#next]!;
  }

  #takeWord(word: string): boolean {
    const isThere = isWord(this.#peek(), word);
    if (isThere) this.#next++;
    return isThere;
  }

  #error(
    span: Span,
    said: { readonly message: string; readonly hint?: string },
  ): Error {
    return expressionError(this.#text, span, { hint: HINT, ...said });
  }
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && token.text.toLowerCase() === word;
}

function numberOf(text: string): number | null {
  const number = Number(text);
  return NUMBER.test(text) && Number.isFinite(number) ? number : null;
}

function said(text: string, { kind, at, end }: Token): string {
  return kind === "end" ? "the end" : quote(text.slice(at, end));
}
