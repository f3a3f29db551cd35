/**
 * Tells a statement that reads from everything else that SQL can do. Pure.
 *
 * Before a file it is the first of two fences, as the connection itself refuses
 * to write, too; before a server it is the only one.
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
 * Refuses what is not one SELECT, or VALUES, with or without WITH.
 *
 * @throws {UserError} if it is none
 */
export function checkSingleSelect(text: string): void {
  if (text.includes("\0")) throw refused("a NUL character");
  let depth = 0;
  let verb: string | undefined;
  let isWith = false;
  let hasEnded = false;
  for (const [token] of text.matchAll(TOKEN)) {
    if (/^(?:\s|--|\/\*)/.test(token)) continue;
    if (hasEnded) throw refused("more than one statement");
    if (token === ";") hasEnded = true;
    else if (token === "(") depth++;
    else if (token === ")") depth--;
    else if (depth === 0 && verb === undefined) {
      const word = token.toUpperCase();
      if (!isWith && word === "WITH") isWith = true;
      else if (!isWith) verb = word;
      else if (VERBS.includes(word)) verb = word;
    }
  }
  if (verb === "SELECT" || verb === "VALUES") return;
  throw refused(verb === undefined ? "none" : quote(verb, 20));
}

function refused(got: string): UserError {
  return usageError(
    `Expected a single SELECT, got ${got}`,
    "The registry is only read. runs:name, runs:tag, runs:note and runs:delete change what is " +
      "said about runs.",
  );
}
