/**
 * An error as the user sees it: what is wrong, then what to do.
 *
 * @module
 */

import { EXIT_BUG, usageError, UserError } from "../../errors.ts";
import { printableLines } from "../../quote.ts";
import type { Style } from "./style.ts";

/** One screen holds no more. */
const MAX_LINES = 30;

/** The text for standard error. */
export function renderError(
  thrown: unknown,
  { style, debug }: { readonly style: Style; readonly debug: boolean },
): string {
  const error = asUsers(thrown);
  const isUsers = error instanceof UserError;
  const message = error instanceof Error ? error.message : String(error);
  const lines = printableLines(isUsers ? message : `A bug in sigrun: ${message}`).split("\n");
  const shown = lines.length > MAX_LINES
    ? [...lines.slice(0, MAX_LINES), `… and ${lines.length - MAX_LINES} more lines`]
    : lines;
  let text = `${style.red("error:")} ${shown.join("\n")}\n`;
  const hint = isUsers
    ? error.hint
    : "Please report it, with the output of the same command and --debug.";
  if (hint !== undefined) text += `${style.dim("hint:")} ${printableLines(hint)}\n`;
  if (debug) text += printableLines(stacks(thrown));
  return text;
}

/** The exit status for an error. */
export function exitCodeOf(thrown: unknown): number {
  const error = asUsers(thrown);
  return error instanceof UserError ? error.exitCode : EXIT_BUG;
}

/** What Deno was not allowed to do is no bug, but a matter of how it was started. */
function asUsers(error: unknown): unknown {
  if (!(error instanceof Deno.errors.NotCapable)) return error;
  const [what] = error.message.split(", run again");
  return usageError(
    `Deno lacks a permission: ${what}`,
    "Start sigrun by its tasks, such as deno task run: they ask for what they need.",
  );
}

function stacks(error: unknown): string {
  // A set, as an error may be its own cause.
  const chain = new Set<Error>();
  for (let at = error; at instanceof Error && !chain.has(at); at = at.cause) chain.add(at);
  return `${[...chain].map((at) => at.stack ?? String(at)).join("\ncaused by: ")}\n`;
}
