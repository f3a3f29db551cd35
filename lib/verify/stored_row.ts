/**
 * The row of a run, with all its details, against what its manifest says.
 *
 * @module
 */

import type { RawRow, RawRows } from "../registry/raw_rows.ts";
import type { Check } from "./check.ts";

/** Compares all that is stored; without a difference it is one check that is well. */
export function rowChecks(expected: RawRows, actual: RawRows): readonly Check[] {
  const found = Object.keys(expected).flatMap((table) =>
    tableChecks(table, { expected: expected[table]!, actual: actual[table] ?? {} })
  );
  if (found.length > 0) return found;
  return [{ check: "row", expected: "as the manifest", actual: "as the manifest", status: "ok" }];
}

type Rows = Readonly<Record<string, RawRow>>;

function tableChecks(
  table: string,
  { expected, actual }: { readonly expected: Rows; readonly actual: Rows },
): readonly Check[] {
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...keys].flatMap((key): readonly Check[] => {
    const check = ["row", ...(table === "runs" ? [] : [table]), key].filter((word) => word !== "")
      .join(" ");
    const wanted = Object.hasOwn(expected, key) ? expected[key] : undefined;
    const stored = Object.hasOwn(actual, key) ? actual[key] : undefined;
    if (wanted === undefined) {
      return [{ check, expected: "none", actual: rowText(stored!), status: "unexpected" }];
    }
    if (stored === undefined) {
      return [{ check, expected: rowText(wanted), actual: "none", status: "missing" }];
    }
    return columnChecks(check, { expected: wanted, actual: stored });
  });
}

function columnChecks(
  check: string,
  { expected, actual }: { readonly expected: RawRow; readonly actual: RawRow },
): readonly Check[] {
  return Object.keys(expected).flatMap((column): readonly Check[] => {
    const wanted = expected[column]!;
    const stored = actual[column]!;
    if (wanted.type === stored.type && wanted.text === stored.text) return [];
    return [{
      check: `${check} ${column}`,
      expected: wanted.text,
      actual: stored.text === wanted.text ? `${stored.text} as ${stored.type}` : stored.text,
      status: "differs",
    }];
  });
}

function rowText(row: RawRow): string {
  return Object.entries(row).map(([column, { text }]) => `${column} ${text}`).join(", ");
}
