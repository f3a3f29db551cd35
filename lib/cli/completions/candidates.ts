/**
 * What a shell is offered for the word at the cursor.
 *
 * @module
 */

import { printable } from "../../quote.ts";

/** One word, and what it means. */
export interface Candidate {
  /** The word. */
  readonly value: string;
  /** What it means, for shells that show it. */
  readonly description?: string | undefined;
}

/** The words to offer, or what the shell itself knows best. */
export interface Candidates {
  /** The words. */
  readonly words: readonly Candidate[];
  /** Whether the shell should offer paths. */
  readonly paths?: "files" | "folders" | undefined;
  /** Whether the word goes on, so that no space follows. */
  readonly goesOn?: boolean | undefined;
}

/** Nothing to offer. */
export const NOTHING: Candidates = { words: [] };

/** Characters of a description, as a terminal is soon full. */
const MAX_DESCRIPTION = 60;

/**
 * Words that no shell takes for anything but a word. What has other
 * characters is not offered: a name that was given to a run must not be able
 * to become a command.
 */
const SHELL_WORD = /^[\p{L}\p{N}_.\/-][\p{L}\p{M}\p{N}_.@%+:,\/~=-]*$/u;

/**
 * The lines that the scripts read: words with their descriptions after a tab,
 * and directives, which begin with a colon.
 *
 * @param prefix what the words have to begin with
 */
export function candidateLines(
  { words, paths, goesOn }: Candidates,
  { prefix }: { readonly prefix: string },
): string {
  const fitting = words.filter(({ value }) => value.startsWith(prefix) && SHELL_WORD.test(value));
  const lines = new Map(fitting.map((word) => [word.value, lineOf(word)]));
  return [
    ...(paths === undefined ? [] : [`:${paths}`]),
    ...(goesOn ? [":goes-on"] : []),
    ...lines.values(),
  ].map((line) => `${line}\n`).join("");
}

function lineOf({ value, description }: Candidate): string {
  if (description === undefined || description === "") return value;
  const characters = Array.from(printable(description));
  const cut = characters.length > MAX_DESCRIPTION;
  const text = cut ? `${characters.slice(0, MAX_DESCRIPTION - 1).join("")}…` : characters.join("");
  return `${value}\t${text}`;
}
