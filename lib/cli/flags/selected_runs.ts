/**
 * Which runs the words of a command mean: those that they name, or all that a
 * flag such as `--where` stands for.
 *
 * @module
 */

import { usageError } from "../../errors.ts";
import { runsInChunks, type RunsQuery } from "../../registry/list_runs.ts";
import type { Registry } from "../../registry/open.ts";
import type { RunRecord } from "../../record.ts";
import { findRun } from "../../registry/reference.ts";
import type { Invocation } from "../commands/command.ts";

/** How a command may be told which runs are meant. */
export interface SelectionRule {
  /** The runs, as the user named them. */
  readonly references: readonly string[];
  /** Names of the flags that stand for runs in place of references. */
  readonly flags: readonly string[];
  /** What is said if there are neither; without it, that is no error. */
  readonly ifNeither?: string;
  /** What is said if there are both; default that they are. */
  readonly ifBoth?: string;
  /** What to do instead. */
  readonly hint: string;
}

/**
 * Refuses words that do not tell which runs are meant, or tell it twice.
 *
 * @throws {UserError} if they are so
 */
export function checkSelection(
  { flags: given }: Pick<Invocation, "flags">,
  { references, flags, ifNeither, ifBoth, hint }: SelectionRule,
): void {
  const flag = flags.find((name) => given.has(name) || given.list(name).length > 0);
  const isNamed = references.length > 0;
  if (isNamed && flag !== undefined) {
    throw usageError(ifBoth ?? `Cannot use both --${flag} and a run`, hint);
  }
  if (!isNamed && flag === undefined && ifNeither !== undefined) throw usageError(ifNeither, hint);
}

/** Runs that are selected, and what is to be known of them. */
export interface Selection<T> {
  /** The runs, as the user named them. */
  readonly references: readonly string[];
  /** Which runs are meant if none is named, and their order; default all, newest first. */
  readonly query?: Pick<RunsQuery, "where" | "deleted" | "ascending">;
  /** What to keep of a run: all of it, of a hundred thousand, takes gigabytes. */
  readonly keep: (run: RunRecord) => T | Promise<T>;
}

/**
 * The runs that are named, each once, or else those of the query.
 *
 * @throws {UserError} if one is not found, or the registry cannot be read
 */
export async function selectedRuns<T>(
  registry: Registry,
  { references, query = {}, keep }: Selection<T>,
): Promise<readonly T[]> {
  const selected: T[] = [];
  const chunks = references.length > 0
    ? [eachOnce(await namedRuns(registry, references))]
    : runsInChunks(registry, query);
  for await (const runs of chunks) selected.push(...await Promise.all(runs.map(keep)));
  return selected;
}

/**
 * The runs that references name, in their order. One that is named twice is
 * there twice.
 *
 * @throws {UserError} if one is not found
 */
export async function namedRuns(
  registry: Registry,
  references: readonly string[],
): Promise<readonly RunRecord[]> {
  const runs: RunRecord[] = [];
  for (const reference of references) runs.push(await findRun(registry, reference));
  return runs;
}

function eachOnce(runs: readonly RunRecord[]): readonly RunRecord[] {
  return [...new Map(runs.map((run) => [run.id, run])).values()];
}
