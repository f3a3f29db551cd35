/**
 * Tells a statement that reads from everything else that SQL can do. Pure.
 *
 * It is the first of several fences: what is asked is put into the FROM of
 * another SELECT, where SQL has room for nothing else, and the connection to a
 * file refuses to write.
 *
 * @module
 */

import { usageError, type UserError } from "../errors.ts";
import { quote } from "../quote.ts";

/** Words that a statement can be, after what WITH defines. */
const VERBS = ["SELECT", "VALUES", "INSERT", "UPDATE", "DELETE", "REPLACE"];

// Comments, text and names in quotes, words, and single signs.
const TOKEN =
  /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|\[[^\]]*\]?|[\p{L}_][\p{L}\p{N}_$]*|[\s\S]/gu;

/**
 * The statement, without the semicolon that ends it: one SELECT, or VALUES,
 * with or without WITH.
 *
 * @throws {UserError} if it is something else
 */
export function singleSelect(text: string): string {
  if (text.includes("\0")) throw refused("a NUL character");
  let depth = 0;
  let verb: string | undefined;
  let isWith = false;
  let end: number | undefined;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (/^(?:\s|--|\/\*)/.test(token)) continue;
    if (end !== undefined) throw refused("more than one statement");
    if (token === ";") end = index;
    else if (token === "(") depth++;
    else if (token === ")") depth--;
    else if (depth === 0 && verb === undefined) {
      const word = token.toUpperCase();
      if (!isWith && word === "WITH") isWith = true;
      else if (!isWith) verb = word;
      else if (VERBS.includes(word)) verb = word;
    }
  }
  if (verb === "SELECT" || verb === "VALUES") return text.slice(0, end);
  throw refused(verb === undefined ? "none" : quote(verb, 20));
}

function refused(got: string): UserError {
  return usageError(
    `Expected a single SELECT, got ${got}`,
    "The registry is only read. runs:name, runs:tag, runs:note and runs:delete change what is " +
      "said about runs.",
  );
}
