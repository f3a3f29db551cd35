/**
 * Admits a statement that only reads the tables of a registry: one SELECT or
 * VALUES, with or without WITH, in which every function and every table is one
 * that is known to do no harm. What is not understood is refused. Pure.
 *
 * It is one of several fences: what is asked is put into the FROM of another
 * SELECT, where SQL has room for nothing else; the connection to a file refuses
 * to write; and the functions of the compiled statement are looked at again.
 *
 * @module
 */

import { usageError, type UserError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { quote } from "../../quote.ts";
import { expressionError } from "../query/expression_error.ts";
import { BEFORE_PARENTHESIS, FUNCTIONS, TABLE_FUNCTIONS, TABLES } from "./allowed.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** Levels of parentheses: SQLite takes some more. */
const MAX_DEPTH = 100;

/**
 * The statement, without the semicolon that ends it.
 *
 * @throws {UserError} if it is something else, or names what is not known to do no harm
 */
export function admittedSelect(statement: string): string {
  const tokens = tokensOf(statement);
  const end = new Admission(statement, tokens).end();
  return statement.slice(0, end);
}

/** Names of WITH that a query sees. */
type Scope = ReadonlySet<string>;

/** In FROM a comma comes before a table. */
type Clause = "from" | "other";

/** Clauses that come after FROM, and what begins another SELECT: no names, unless quoted. */
const AFTER_FROM = ["where", "group", "having", "order", "limit", "union", "intersect", "except"];

class Admission {
  readonly #statement: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(statement: string, tokens: readonly Token[]) {
    this.#statement = statement;
    this.#tokens = tokens;
  }

  /** Where the statement ends. */
  end(): number {
    if (this.#statement.includes("\0")) throw notSelect("a NUL character");
    const odd = this.#tokens.find(({ kind }) => kind === "unclosed" || kind === "variable");
    if (odd !== undefined) {
      throw this.#refused(
        odd,
        odd.kind === "unclosed" ? "This is not closed" : "There is no value for this",
      );
    }
    this.#query(new Set(), { isStatement: true });
    const last = this.#next();
    if (last === undefined) return this.#statement.length;
    if (last.text !== ";") throw this.#refused(last, "This parenthesis closes nothing");
    if (this.#peek() !== undefined) throw notSelect("more than one statement");
    return last.at;
  }

  /** A SELECT or VALUES, with or without WITH, up to the parenthesis that closes it. */
  #query(outer: Scope, { isStatement = false }: { readonly isStatement?: boolean } = {}): void {
    const names = new Set(outer);
    if (this.#isWord("with")) this.#with(names);
    if (!this.#isWord("select", "values")) {
      const token = this.#peek();
      if (!isStatement && token !== undefined) throw this.#refused(token, "Expected SELECT");
      throw notSelect(token === undefined ? "none" : quote(token.text.toUpperCase(), 20));
    }
    this.#scan(names, "other");
  }

  /** What WITH defines; each name is known to what follows it. */
  #with(names: Set<string>): void {
    this.#next();
    if (this.#isWord("recursive")) this.#next();
    for (;;) {
      const name = this.#name("a name after WITH");
      // Known in its own query, too, as where it is recursive.
      names.add(folded(name.text));
      if (this.#isSign("(")) {
        this.#next();
        while (!this.#isSign(")")) {
          this.#name("the name of a column");
          if (this.#isSign(",")) this.#next();
        }
        this.#next();
      }
      this.#word("as");
      if (this.#isWord("not")) this.#next();
      if (this.#isWord("materialized")) this.#next();
      this.#sign("(");
      this.#inParentheses(() => this.#query(names));
      if (!this.#isSign(",")) return;
      this.#next();
    }
  }

  /** Goes on to the parenthesis or semicolon that ends this level. */
  #scan(names: Scope, clause: Clause): void {
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      if (token.kind === "sign" && (token.text === ")" || token.text === ";")) return;
      const before = this.#tokens[this.#at - 1];
      this.#next();
      if (token.kind === "sign") {
        if (token.text === "(") this.#inParentheses(() => this.#inner(names));
        else if (token.text === "," && clause === "from") this.#table(names);
        continue;
      }
      const word = token.kind === "word" ? folded(token.text) : "";
      if (word === "from" && !isWord(before, "distinct")) {
        this.#table(names);
        clause = "from";
      } else if (word === "join") this.#table(names);
      else if (word === "in" && !this.#isSign("(")) this.#namedTable(names);
      else if (AFTER_FROM.includes(word) || (word === "window" && this.#beginsWindows())) {
        clause = "other";
      } else if (word === "select") clause = "other";
      else if (this.#isSign("(")) this.#refuseCall(token);
    }
  }

  /** A query, or an expression. */
  #inner(names: Scope): void {
    if (this.#isWord("select", "values", "with")) this.#query(names);
    else this.#scan(names, "other");
  }

  /** What stands where a table is expected. */
  #table(names: Scope): void {
    if (!this.#isSign("(")) return this.#namedTable(names);
    this.#next();
    this.#inParentheses(() => {
      if (this.#isWord("select", "values", "with")) return this.#query(names);
      this.#table(names);
      this.#scan(names, "from");
    });
  }

  #namedTable(names: Scope): void {
    const first = this.#name("a table");
    const isQualified = this.#isSign(".");
    if (isQualified) this.#next();
    const table = isQualified ? this.#name("a table") : first;
    const name = folded(table.text);
    if (this.#isSign("(")) {
      if (isQualified || !TABLE_FUNCTIONS.has(name)) throw this.#unknownTable(table);
      this.#next();
      return this.#inParentheses(() => this.#inner(names));
    }
    const isKnown = isQualified
      ? folded(first.text) === "main" && TABLES.has(name)
      : TABLES.has(name) || names.has(name);
    if (!isKnown) throw this.#unknownTable(table);
  }

  /** As SQLite tells the clause from a name: something that is called so, and AS. */
  #beginsWindows(): boolean {
    return this.#peek()?.kind !== "sign" && isWord(this.#tokens[this.#at + 1], "as");
  }

  #refuseCall(token: Token): void {
    const name = folded(token.text);
    const isWord = token.kind === "word";
    if (isWord && (FUNCTIONS.has(name) || BEFORE_PARENTHESIS.has(name))) return;
    const near = isWord ? nearest(name, FUNCTIONS) : undefined;
    throw this.#refused(
      token,
      `Cannot call ${quote(token.text)}: only reading the registry is possible` +
        (near === undefined ? "" : `; did you mean ${near}?`),
      "Functions of SQLite on text, numbers, dates and JSON, aggregates and windows are possible, " +
        "without quotes around their names.",
    );
  }

  #unknownTable(table: Token): UserError {
    const near = nearest(table.text, TABLES);
    return this.#refused(
      table,
      `Cannot read ${quote(table.text)}: only reading the registry is possible` +
        (near === undefined ? "" : `; did you mean ${near}?`),
      `There are the tables ${
        [...TABLES].filter((name) => !name.startsWith("sqlite")).join(", ")
      }, ` +
        "sqlite_schema, the names of WITH, json_each(…) and json_tree(…).",
    );
  }

  #inParentheses(read: () => void): void {
    if (++this.#depth > MAX_DEPTH) {
      throw this.#refused(this.#tokens[this.#at - 1]!, "This is nested too deeply");
    }
    const open = this.#tokens[this.#at - 1]!;
    read();
    if (!this.#isSign(")")) throw this.#refused(open, "This parenthesis is not closed");
    this.#next();
    this.#depth--;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(): Token | undefined {
    return this.#tokens[this.#at++];
  }

  #isWord(...words: readonly string[]): boolean {
    return words.some((word) => isWord(this.#peek(), word));
  }

  #isSign(sign: string): boolean {
    const token = this.#peek();
    return token?.kind === "sign" && token.text === sign;
  }

  #word(word: string): void {
    if (!this.#isWord(word)) throw this.#expected(word.toUpperCase());
    this.#next();
  }

  #sign(sign: string): void {
    if (!this.#isSign(sign)) throw this.#expected(sign);
    this.#next();
  }

  /** A name: SQLite takes text in single quotes for one, too. */
  #name(what: string): Token {
    const token = this.#peek();
    if (token === undefined || !["word", "quoted", "text"].includes(token.kind)) {
      throw this.#expected(what);
    }
    this.#next();
    return token;
  }

  #expected(what: string): UserError {
    const token = this.#peek() ?? { at: this.#statement.length, end: this.#statement.length };
    return this.#refused(token, `Expected ${what}`);
  }

  #refused(
    { at, end }: Pick<Token, "at" | "end">,
    message: string,
    hint = "A single SELECT of the registry's tables is expected; runs:sql -h names them.",
  ): UserError {
    return expressionError(this.#statement, { at, end }, { message, hint });
  }
}

/** In small letters, as SQLite takes names: those of ASCII alone. */
function folded(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && folded(token.text) === word;
}

function notSelect(got: string): UserError {
  return usageError(
    `Expected a single SELECT, got ${got}`,
    "The registry is only read. runs:name, runs:tag, runs:note and runs:delete change what is " +
      "said about runs.",
  );
}
