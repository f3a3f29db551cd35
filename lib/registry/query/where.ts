/**
 * Expressions that say which runs are meant, as in
 * `window >= 10 and (sharpe > 1 or tag = baseline) and not status = failed`.
 *
 * @module
 */

import type { SQL } from "drizzle-orm";
import type { Registry } from "../open.ts";
import { compileExpression } from "./compile.ts";
import { expressionError } from "./expression_error.ts";
import { resolveNames, type Target } from "./names.ts";
import { parseExpression } from "./parse.ts";
import { type Condition, conditionsOf } from "./syntax.ts";

/** What the meaning of an expression depends on besides its text and the registry. */
export interface WhereOptions {
  /** The time that dates are relative to. */
  readonly now: Date;
  /** Finds the ids of runs that are stored as running and have no process; called where a status matters. */
  readonly crashed: () => Promise<readonly string[]>;
}

/**
 * The condition on `runs` that an expression is, for `listRuns`.
 *
 * @throws {UserError} if it cannot be understood, with the place and the nearest name
 */
export async function parseWhere(
  registry: Registry,
  text: string,
  { now, crashed }: WhereOptions,
): Promise<SQL> {
  const expression = parseExpression(text);
  const conditions = conditionsOf(expression);
  const resolved = await resolveNames(
    registry,
    conditions.map(({ name, kind }) => ({ ...name, mayBeTag: kind === "tagged" })),
  );
  const targets = new Map<Condition, Target>();
  for (const [at, condition] of conditions.entries()) {
    const target = resolved[at]!;
    if ("message" in target) throw expressionError(text, condition.name, target);
    targets.set(condition, target);
  }
  const asksForStatus = [...targets.values()].some((target) =>
    target.kind === "column" && target.column.kind === "status"
  );
  return compileExpression(expression, {
    text,
    targets,
    now,
    crashed: asksForStatus ? await crashed() : [],
  });
}
