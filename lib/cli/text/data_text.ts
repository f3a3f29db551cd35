/**
 * What was understood of the data, in two lines, and what to look at.
 *
 * @module
 */

import type { QualityFields } from "../../bars/quality/quality_fields.ts";
import { qualityWarnings } from "../../bars/quality/warnings.ts";
import { printable, quote } from "../../quote.ts";
import { formatTime } from "./format.ts";
import { formatInterval, type QualityLine, qualityLines } from "./quality_text.ts";

/** The bars, and how they were read. */
export function dataLines(fields: QualityFields, path: string): readonly QualityLine[] {
  const { bars, interval_ms, order } = fields;
  const every = typeof interval_ms === "number" ? [`every ${formatInterval(interval_ms)}`] : [];
  return [
    [
      "data",
      [`${path}: ${number(bars)} bar${bars === 1 ? "" : "s"}`, ...period(fields), ...every]
        .join(", "),
    ],
    [
      "read",
      [
        [...(ORDERS[String(order)] ?? []), ...gapsText(fields)].join(", "),
        ...columnsText(fields),
      ].filter((part) => part !== "").join("; "),
    ],
  ];
}

/** All that is known of the bars, how they were read, and what to look at. */
export function dataReport(fields: QualityFields): readonly QualityLine[] {
  return [
    ...qualityLines(fields),
    ...columnsText(fields).map((text): QualityLine => ["read", text]),
    ...dataWarnings(fields),
  ];
}

/** One line for each warning on the data. */
export function dataWarnings(fields: QualityFields): readonly QualityLine[] {
  return qualityWarnings(fields).map(({ message }) => ["warning", printable(message)]);
}

function period({ first_time, last_time }: QualityFields): string[] {
  if (typeof first_time !== "string" || typeof last_time !== "string") return [];
  const times = [first_time, last_time].map(formatTime);
  const [first, last] = times.every((time) => time.endsWith(":00"))
    ? times.map((time) => time.slice(0, -3))
    : times;
  return [`${first} to ${last}`];
}

const ORDERS: Readonly<Record<string, readonly string[]>> = {
  ascending: ["oldest first"],
  descending: ["newest first, reversed"],
  unsorted: ["sorted by time"],
  unknown: ["as they stand in the file"],
};

function gapsText({ gaps, holes, missing_in_holes, market_closes }: QualityFields): string[] {
  if (typeof gaps !== "number") return [];
  const closes = market_closes === 1 ? ["nights and weekends closed"] : [];
  // Records from before holes were told apart have the gaps alone.
  const count = typeof holes === "number" ? holes : gaps;
  if (count === 0) return [...closes, "no gaps"];
  const missing = typeof holes === "number" ? ` (${number(missing_in_holes)} bars missing)` : "";
  return [...closes, `${number(count)} gap${count === 1 ? "" : "s"}${missing}`];
}

/** Which columns were read as what, and what told it. */
function columnsText(fields: QualityFields): string[] {
  const { close_column, close_told_by, time_column, time_told_by, symbol } = fields;
  const others = fields.rows_of_other_symbols;
  const told = [
    ["close", close_column, close_told_by] as const,
    ["time", time_column, time_told_by] as const,
  ].filter(([, title]) => title != null);
  const areTitled = told.length === 2 && told.every(([, , by]) => by === "title");
  const columns = areTitled
    ? [`${told.map(([name, title]) => `${name} ${shown(title)}`).join(" and ")} by their titles`]
    : told.map(([name, title, by]) => `${name} ${shown(title)} ${toldText(String(by ?? ""))}`);
  return [
    ...columns,
    ...(symbol == null ? [] : [`symbol ${shown(symbol)}`]),
    ...(Number(others) > 0 ? [`${number(others)} rows of other symbols passed over`] : []),
  ].map((part) => printable(part));
}

function shown(title: number | string | null | undefined): string {
  return quote(String(title), 40);
}

function toldText(toldBy: string): string {
  const [by = "", ...rest] = toldBy.split(": ");
  const why = rest.length === 0 ? "" : ` (${rest.join(": ")})`;
  const texts: Record<string, string> = {
    title: "by its title",
    config: "as configured",
    rows: "by all rows",
  };
  return `${texts[by] ?? by}${why}`;
}

function number(value: number | string | null | undefined): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : String(value ?? "unknown");
}
