/**
 * An error as the user sees it: what is wrong, then what to do.
 *
 * @module
 */

import { asUserError } from "../../failure.ts";
import { printableLines } from "../../quote.ts";
import type { Style } from "./style.ts";

/** One screen holds no more. */
const MAX_LINES = 30;

/** The text for standard error. */
export function renderError(
  thrown: unknown,
  { style, debug }: { readonly style: Style; readonly debug: boolean },
): string {
  const { message, hint } = asUserError(thrown);
  const lines = printableLines(message).split("\n");
  const shown = lines.length > MAX_LINES
    ? [...lines.slice(0, MAX_LINES), `… and ${lines.length - MAX_LINES} more lines`]
    : lines;
  let text = `${style.red("error:")} ${shown.join("\n")}\n`;
  if (hint !== undefined) text += `${style.dim("hint:")} ${printableLines(hint)}\n`;
  if (debug) text += printableLines(stacks(thrown));
  return text;
}

/** The exit status for an error. */
export function exitCodeOf(thrown: unknown): number {
  return asUserError(thrown).exitCode;
}

function stacks(error: unknown): string {
  // A set, as an error may be its own cause.
  const chain = new Set<Error>();
  for (let at = error; at instanceof Error && !chain.has(at); at = at.cause) chain.add(at);
  return `${[...chain].map((at) => at.stack ?? String(at)).join("\ncaused by: ")}\n`;
}
