/**
 * `--where EXPR`: which runs are meant.
 *
 * @module
 */

import { and, type SQL } from "drizzle-orm";
import type { Registry } from "../../registry/open.ts";
import { crashedRuns } from "../../store/liveness.ts";
import type { Command, Flag, Invocation } from "../commands/command.ts";
import { locations } from "./locations.ts";
import { noRegistryYet, withRegistry } from "./open_runs.ts";

/** The flag. */
export const WHERE_FLAG: Flag = {
  name: "where",
  value: "EXPR",
  takes: "name",
  repeatable: true,
  help: "only runs that fit: 'window >= 10 and (sharpe > 1 or tag = baseline)'",
};

/** What the help says about expressions. */
export const WHERE_NOTES: NonNullable<Command["notes"]> = {
  title: "Expressions",
  lines: [
    "window >= 10 and (sharpe > 1 or tag = baseline) and not status = failed",
    "",
    "=  !=  <  <=  >  >=     numbers against numbers, text against text",
    "name ~ base             contains, A to Z as a to z",
    "window in (5, 10)       one of some; also: not in",
    "sharpe is missing       there is none; also: is not missing",
    "baseline                has the tag; also: tag = baseline, tag ~ base",
    "started > 2 days ago    2026-11-23, 2026-11, today, yesterday, 1 h ago; in UTC",
    "",
    "Names are columns (id, name, status, started, experiment, seed, signal_rate, host, note, …),",
    "parameters and metrics; run. param. metric. tag. tell them apart: metric.lag > 3.",
    "Text with spaces goes in quotes. What is missing fits no comparison; != and not are the",
    "opposite of what they deny.",
  ],
};

/** What the help of a command says that is not about lists. */
export const WHERE_POINTER: NonNullable<Command["notes"]> = {
  title: "Expressions",
  lines: ["runs:list -h says what --where takes."],
};

/**
 * The condition that the flag sets, for `listRuns`; undefined without it.
 * Without a registry there is none either, but its form is checked.
 *
 * @throws {UserError} if an expression cannot be understood
 */
export async function whereFlag(
  { flags, host }: Pick<Invocation, "flags" | "host">,
  registry: Registry | undefined,
): Promise<SQL | undefined> {
  const texts = flags.list(WHERE_FLAG.name);
  if (texts.length === 0) return undefined;
  if (registry === undefined) {
    const { parseExpression } = await import("../../registry/query/parse.ts");
    texts.forEach(parseExpression);
    return undefined;
  }
  const { parseWhere } = await import("../../registry/query/where.ts");
  const conditions: SQL[] = [];
  for (const text of texts) {
    const options = {
      now: host.now(),
      crashed: () => crashedRuns(registry, locations(flags, host)),
    };
    conditions.push(await parseWhere(registry, text, options));
  }
  return and(...conditions);
}

/**
 * Calls `use` with the registry and the condition that the flag sets, if it
 * was given.
 *
 * @throws {UserError} if an expression cannot be understood, or there is no registry
 */
export async function withWhere<T>(
  invocation: Pick<Invocation, "flags" | "host">,
  use: (registry: Registry, where: SQL | undefined) => Promise<T>,
): Promise<T> {
  return await withRegistry(invocation, async (registry) => {
    const where = await whereFlag(invocation, registry);
    if (registry === undefined) throw noRegistryYet(invocation);
    return await use(registry, where);
  });
}
