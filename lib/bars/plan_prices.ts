/**
 * Which columns are the prices and the volume of a file without titles. Pure.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { ColumnName } from "../experiment.ts";
import { isoTime } from "./time/iso_time.ts";
import { knownLayout } from "./survey/known_layouts.ts";
import { findPrices, type PriceFields } from "./survey/layout_rule.ts";
import type { ColumnFacts, Survey } from "./survey/survey.ts";

/** The prices, and what is known of the layout. */
export interface PricePlan {
  /** The fields of the prices. */
  readonly prices: PriceFields;
  /** The field of the volume, where the layout is a known one. */
  readonly volume: number | null;
  /** How it was told. */
  readonly why: string;
}

/**
 * Finds the prices of a file without titles by its rows.
 *
 * @returns null if no four columns can be the prices of bars
 * @throws {UserError} if the rows fit two layouts as well as each other
 */
export function planPrices(
  { columns }: Survey,
  { time, path }: { readonly time: number | null; readonly path: string },
): PricePlan | null {
  const numbers = columns.filter((column): column is ColumnFacts & { numbers: Float64Array } =>
    column.numbers !== null && column.filled > 0 && column.field !== time
  ).map(({ field, numbers }) => ({ field, values: numbers }));
  // A count or a flag that never changes is no price, unless nothing else is there.
  const changing = numbers.filter(({ values }) => values.some((value) => value !== values[0]));
  const ms = time === null ? undefined : columns[time]!.times?.ms;
  const isForward = ms === undefined || ms.length === 0 || ms.at(-1)! >= ms[0]!;
  const finding = findPrices(changing.length < 4 ? numbers : changing, { isForward });
  if (finding.kind === "none") return null;
  const layoutOf = (prices: PriceFields) =>
    time === null ? undefined : knownLayout({ columns: columns.length, time, prices });
  if (finding.kind === "several") {
    // Few rows do not tell by themselves; they confirm the only known layout of so many columns.
    const [nearest, ...others] = finding.candidates;
    const isOnly = layoutOf(nearest!) !== undefined &&
      others.every((other) => layoutOf(other) === undefined);
    if (!isOnly) throw severalLayouts(finding.candidates, { ms, path });
  }
  const prices = finding.kind === "one" ? finding.found : finding.candidates[0]!;
  const known = layoutOf(prices);
  const told = "high and low by all rows, open and close by where bars open";
  return {
    prices,
    volume: known?.volume ?? null,
    why: known === undefined ? told : `${told}: ${known.name}`,
  };
}

/** The options that name the columns of a layout, in the form that a shell takes. */
function options(prices: PriceFields): string {
  const names: readonly (ColumnName & keyof PriceFields)[] = ["open", "high", "low", "close"];
  return names.map((name) => `--set columns.${name}=${prices[name] + 1}`).join(" ");
}

/** How many layouts are listed. */
const SHOWN = 6;

function severalLayouts(
  candidates: readonly PriceFields[],
  { ms, path }: { readonly ms: Float64Array | undefined; readonly path: string },
): UserError {
  const rows = ms === undefined || ms.length === 0 ? "" : ` (from ${isoTime(ms[0]!)})`;
  const shown = candidates.slice(0, SHOWN);
  return new UserError(
    `Cannot tell which columns of ${path}${rows} are open and close: it has no titles, and its ` +
      `rows fit ${candidates.length} layouts`,
    { code: "data_invalid", hint: `Say which it is: ${shown.map(options).join(", or ")}` },
  );
}
