/**
 * The words of `runs:tag` and `runs:untag`: runs, and tags.
 *
 * @module
 */

import { usageError } from "../../errors.ts";
import { quote } from "../../quote.ts";
import type { Labels } from "../../registry/labels.ts";
import type { Registry } from "../../registry/open.ts";
import { runsByPrefix } from "../../registry/queries.ts";
import { startOfRunId } from "../../run_id.ts";
import type { Flag, Invocation } from "../commands/command.ts";

/** The flag that names a tag where the words are all runs. */
export const TAG_FLAG: Flag = {
  name: "tag",
  value: "TAG",
  takes: "tag",
  repeatable: true,
  help: "a tag; with it, all words are runs",
};

/** Runs and tags. */
export interface TagWords {
  /** The runs, as the user named them. */
  readonly references: readonly string[];
  /** The tags. */
  readonly tags: readonly string[];
}

/**
 * Which words are runs and which are tags: without `--tag`, the first is a run
 * and the others are its tags.
 *
 * @throws {UserError} if there is no tag, or one is empty
 */
export function tagWords({ operands, flags }: Pick<Invocation, "operands" | "flags">): TagWords {
  const given = flags.list("tag");
  if (given.length > 0) return { references: operands, tags: told(given) };
  const [reference, ...tags] = operands;
  if (flags.list("where").length > 0) {
    throw usageError(
      "Expected a tag, got nothing",
      "With --where: runs:tag --where EXPR --tag TAG.",
    );
  }
  if (reference === undefined) throw usageError("Expected a run and a tag, got nothing");
  if (tags.length === 0) {
    throw usageError(
      `Expected a tag after ${quote(reference)}, got nothing`,
      "One run and its tags: runs:tag REF TAG …. Several runs: runs:tag REF … --tag TAG.",
    );
  }
  return { references: [reference], tags: told(tags) };
}

/** Tags that say something. */
function told(tags: readonly string[]): readonly string[] {
  const empty = tags.find((tag) => tag.trim() === "");
  if (empty !== undefined) throw usageError(`Cannot use the tag ${quote(empty)}: it is empty`);
  return tags;
}

/**
 * Refuses words that were meant as runs and would be tags.
 *
 * @throws {UserError} if one is the name of a run
 */
export async function refuseRunsAsTags(
  registry: Registry,
  { operands, flags }: Pick<Invocation, "operands" | "flags">,
): Promise<void> {
  if (flags.list("tag").length > 0) return;
  for (const word of operands.slice(1)) {
    if (!await isRun(registry, word)) continue;
    throw usageError(
      `Cannot tell whether ${quote(word)} is a tag: it names a run`,
      `Several runs: runs:tag REF … --tag TAG. If it is a tag: --tag ${quote(word)}.`,
    );
  }
}

async function isRun(registry: Registry, word: string): Promise<boolean> {
  if (/^latest(~\d+)?$/i.test(word)) return true;
  const wanted = word.toLowerCase();
  if (startOfRunId(wanted) === undefined && !/^[0-9a-hjkmnp-tv-z]{6}$/.test(wanted)) return false;
  return (await runsByPrefix(registry, wanted, 1)).length > 0;
}

/** What a line says of the tags of a run. */
export function tagsText({ tags }: Labels): string {
  return tags.length === 0 ? "no tags" : `tags ${tags.join(", ")}`;
}
