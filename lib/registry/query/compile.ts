/**
 * From an expression to SQL over `runs`, every value bound.
 *
 * A condition is true or false, never unknown: one on a value that is missing
 * is false, and `!=` and `not` are the opposite of what they deny.
 *
 * @module
 */

import { type SQL, sql } from "drizzle-orm";
import { quote } from "../../quote.ts";
import { type ComparisonContext, comparisonOf, tagged } from "./comparisons.ts";
import { expressionError } from "./expression_error.ts";
import { joined, MAX_SQL_DEPTH, type Nested } from "./joined.ts";
import type { Target } from "./names.ts";
import type { Condition, Expression } from "./syntax.ts";

/** What an expression is compiled with. */
export interface CompileContext extends ComparisonContext {
  /** What the name of each condition is the name of. */
  readonly targets: ReadonlyMap<Condition, Target>;
}

/**
 * The SQL of an expression.
 *
 * @throws {UserError} where a value does not fit its name, with the place
 */
export function compileExpression(expression: Expression, context: CompileContext): SQL {
  const { condition, depth } = compiled(expression, { context, isDenied: false });
  if (depth <= MAX_SQL_DEPTH) return condition;
  throw expressionError(context.text, { at: 0, end: context.text.length }, {
    message: "The expression is nested too deeply",
    hint: "Take fewer levels of parentheses, and name in (…, …) for one of many values.",
  });
}

/** Denials are moved down to the conditions, where they can tell NULL from false. */
function compiled(
  expression: Expression,
  { context, isDenied }: { readonly context: CompileContext; readonly isDenied: boolean },
): Nested {
  switch (expression.kind) {
    case "not":
      return compiled(expression.part, { context, isDenied: !isDenied });
    case "and":
    case "or": {
      const parts = expression.parts.map((part) => compiled(part, { context, isDenied }));
      return joined(parts, (expression.kind === "and") === isDenied ? "OR" : "AND");
    }
    default: {
      const isUnequal = expression.kind === "compare" && expression.operator === "!=";
      const nested = conditionSql(expression, context);
      return isUnequal === isDenied
        ? nested
        : { ...nested, condition: sql`(${nested.condition}) IS NOT TRUE` };
    }
  }
}

/** A condition; of `!=` the one that it denies. */
function conditionSql(condition: Condition, context: CompileContext): Nested {
  const target = context.targets.get(condition)!;
  const comparison = comparisonOf(target, context);
  switch (condition.kind) {
    case "compare": {
      const { name, operator, value } = condition;
      const span = { at: name.at, end: value.end };
      return simple(comparison.compare(operator === "!=" ? "=" : operator, { value, span }));
    }
    case "in":
      return comparison.in(condition.values);
    case "missing":
      return simple(comparison.missing());
    case "tagged":
      if (target.kind === "tag") return simple(tagged(target.key));
      throw expressionError(context.text, condition.name, {
        message: `Expected a comparison of ${quote(condition.name.key)}`,
        hint: "Only a tag stands alone. A value is compared: window = 10, window in (5, 10), " +
          "window is not missing",
      });
  }
}

function simple(condition: SQL): Nested {
  return { condition, depth: 0 };
}
