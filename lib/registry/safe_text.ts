/**
 * Text of the registry as bytes: the driver ends the process when it reads
 * text that is not UTF-8, and cuts it off at a NUL. No query gets text from
 * the driver in any other way.
 *
 * @module
 */

import { type SQL, sql } from "drizzle-orm";
import type { AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import { originalText } from "./any_text.ts";

/** The value of a column, or of an expression, as text; what is not UTF-8 in it becomes U+FFFD. */
export function textOf(value: AnySQLiteColumn | SQL): SQL<string> {
  return sql<string>`CAST(${value} AS BLOB)`.mapWith(decodedText);
}

/** Like {@linkcode textOf}, of a value that may be missing. */
export function textOrNull(value: AnySQLiteColumn | SQL): SQL<string | null> {
  return textOf(value) as SQL<string | null>;
}

/** What {@linkcode textOf} reads, where a query has no mapping; null stays null. */
export function decodedText(stored: unknown): string {
  return originalText(new TextDecoder("utf-8", { ignoreBOM: true }).decode(stored as ArrayBuffer));
}
