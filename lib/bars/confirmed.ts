/**
 * What the first rows told of a file, held against all of them. Pure.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Column, ColumnName } from "../experiment.ts";
import { quote } from "../quote.ts";
import type { ColumnPlan } from "./plan_columns.ts";
import type { ParsedRows } from "./rows.ts";
import { arePrices, findPrices, type PriceFields } from "./survey/layout_rule.ts";
import type { Times } from "./time/times.ts";

/** What is confirmed, and of which file. */
export interface Confirmation {
  /** Which column is what. */
  readonly plan: ColumnPlan;
  /** The file's path, for messages. */
  readonly path: string;
}

/**
 * The rows without the columns that were read only to confirm the others.
 *
 * @throws {UserError} if some rows contradict what the first ones told
 */
export function confirmed(rows: ParsedRows, { plan, path }: Confirmation): ParsedRows {
  const { understood: { time }, prices } = plan;
  if (time?.by === "rows" && rows.times !== null && isMixed(rows.times)) {
    throw contradicted(path, `the times under ${quote(time.title)} go back and forth`, "time");
  }
  if (prices === null) return rows;
  confirmPrices(rows, { prices, path });
  const asked = new Set([...plan.fields, ...plan.checks].map(({ name }) => name));
  return { ...rows, columns: new Map([...rows.columns].filter(([name]) => asked.has(name))) };
}

/** The error that a file has no rows. */
export function noRows(path: string): UserError {
  return new UserError(`Cannot read ${path}: it has no rows`, {
    code: "data_empty",
    hint: "Was it cut off? It needs a row for each bar.",
  });
}

function confirmPrices(
  { columns, times }: ParsedRows,
  { prices, path }: { readonly prices: PriceFields; readonly path: string },
): void {
  const names = ["open", "high", "low", "close"] as const;
  const values = Object.fromEntries(
    names.map((name) => [name, valuesOf(columns.get(name)!)]),
  ) as Record<typeof names[number], Float64Array>;
  if (!arePrices(values)) {
    throw contradicted(path, "the columns taken for high and low are not so in all rows", "close");
  }
  const inOrder = names.map((name) => ({ field: prices[name], values: values[name] }))
    .toSorted((a, b) => a.field - b.field);
  const isForward = times === null || times.length === 0 ||
    times.at(times.length - 1) >= times.at(0);
  const finding = findPrices(inOrder, { isForward });
  const told = finding.kind === "none"
    ? undefined
    : finding.kind === "one"
    ? finding.found
    : finding.candidates[0]!;
  if (told?.close !== prices.close) {
    throw contradicted(path, "its rows do not agree on which columns are open and close", "close");
  }
}

function valuesOf({ units, decimals }: Pick<Column, "units" | "decimals">): Float64Array {
  const scale = 10 ** decimals;
  return Float64Array.from(units as ArrayLike<number | bigint>, (unit) => Number(unit) / scale);
}

function isMixed(times: Times): boolean {
  let [up, down] = [false, false];
  times.eachStep((step) => {
    up ||= step > 0;
    down ||= step < 0;
  });
  return up && down;
}

function contradicted(path: string, what: string, column: ColumnName | "time"): UserError {
  return new UserError(`Cannot tell which column of ${path} is the ${column}: ${what}`, {
    code: "data_invalid",
    hint: `Name the column, by its title or its number: --set columns.${column}=NUMBER`,
  });
}
