/**
 * `--where EXPR`: which runs are meant.
 *
 * @module
 */

import { and, type SQL } from "drizzle-orm";
import type { Registry } from "../registry/open.ts";
import { crashedRuns } from "../run/liveness.ts";
import type { Flag, Invocation } from "./command.ts";

/** The flag. */
export const WHERE_FLAG: Flag = {
  name: "where",
  value: "EXPR",
  repeatable: true,
  help: "only runs that fit: 'window >= 10 and (sharpe > 1 or tag = baseline)'",
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
    const { parseExpression } = await import("../registry/query/parse.ts");
    texts.forEach(parseExpression);
    return undefined;
  }
  const { parseWhere } = await import("../registry/query/where.ts");
  const conditions: SQL[] = [];
  for (const text of texts) {
    const options = { now: host.now(), crashed: () => crashedRuns(registry, host.system()) };
    conditions.push(await parseWhere(registry, text, options));
  }
  return and(...conditions);
}
