/**
 * The values of a comparison as people read them. Pure.
 *
 * @module
 */

import { HASH_NAMES } from "../../record.ts";
import type { MetricChange } from "../../compare/metric_change.ts";
import type { ComparisonRow } from "../../compare/compare.ts";
import { dataPathText } from "./data_path_text.ts";
import { formatValue, shortHash, shortPath } from "./format.ts";

/** The text of a row's value; a dash where a run has none. */
export function comparedValue(
  { kind, name }: ComparisonRow,
  { value, cwd }: { readonly value: unknown; readonly cwd: string },
): string {
  if (value === null || value === undefined) return "-";
  if (name === "data_path" && kind === "data") {
    return dataPathText(String(value), (path) => shortPath(path, cwd));
  }
  if (kind === "code" && name === "commit") return String(value).slice(0, 12);
  if (name === "tags" && kind === "run") return [value].flat().join(", ") || "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return isHash({ kind, name }) ? shortHash(String(value)) : formatValue(value);
}

function isHash({ kind, name }: Pick<ComparisonRow, "kind" | "name">): boolean {
  switch (kind) {
    case "hash":
      return (HASH_NAMES as readonly string[]).includes(name);
    case "data":
      return name.endsWith("_hash");
    case "code":
      return name === "code_hash" || name === "uncommitted_diff";
    default:
      return false;
  }
}

/** An absolute change: `+12`, `-0.001962`; nothing where there is none to tell. */
export function absoluteText(change: MetricChange | null | undefined): string {
  if (!change) return "";
  const { absolute } = change;
  return signed(String(Number.isInteger(absolute) ? absolute : Number(absolute.toPrecision(4))));
}

/** A relative change: `+12.3%`; nothing where there is none to tell. */
export function relativeText(change: MetricChange | null | undefined): string {
  if (!change || change.relative === null) return "";
  const percent = change.relative * 100;
  return `${signed(String(Number(percent.toPrecision(3))))}%`;
}

function signed(number: string): string {
  return number.startsWith("-") || number === "0" ? number : `+${number}`;
}
