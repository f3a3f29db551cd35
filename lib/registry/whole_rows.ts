/**
 * Rows with all their columns, read so that nothing that stands in them can
 * stop a command: neither text that is not UTF-8, nor a value of another type,
 * nor one that is too large.
 *
 * @module
 */

import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { AnySQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { originalText } from "./any_text.ts";

/** A row by the names that its columns have in the database; what is odd is undefined. */
export interface WholeRow {
  /** The values. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Columns whose value is of another type, too large, or not UTF-8: that is mended in `values`. */
  readonly odd: readonly string[];
}

/** The most bytes of text in a row; a config with ten thousand data files has a tenth of them. */
const MOST_BYTES = sql.raw(String(16 << 20));

/** The most bytes of each text that is read in a row that has too many. */
const SHORT = sql.raw("4096");

/** Beyond it no number holds an integer, and the driver refuses to. */
const MAX = sql.raw(String(Number.MAX_SAFE_INTEGER));

/** What is asked of a table to get whole rows of it. */
export function wholeRowFields(table: SQLiteTable): Record<string, SQL> {
  const { texts, numbers } = columnsOf(table);
  const bytes = texts.map((column) => sql`ifnull(octet_length(${column}), 0)`);
  // JSON takes no blobs: a number is as odd.
  const fit = (most: SQL) =>
    sql.join(
      texts.map((column) =>
        sql`iif(typeof(${column}) = 'blob' OR octet_length(${column}) > ${most}, 0, ${column})`
      ),
      sql`, `,
    );
  // All text as one piece of JSON in bytes, as each value costs a call of the driver.
  const text = sql`CAST(iif(${sql.join(bytes, sql` + `)} > ${MOST_BYTES},
    json_array(${fit(SHORT)}), json_array(${fit(MOST_BYTES)})) AS BLOB)`;
  return { text, ...Object.fromEntries(numbers.map((column) => [column.name, number(column)])) };
}

/** A number, or null; x'' for what is neither, for integers too large, and what is infinite. */
function number(column: AnySQLiteColumn): SQL {
  return sql`CASE typeof(${column}) WHEN 'null' THEN NULL
    WHEN 'real' THEN iif(abs(${column}) <= 1.7976931348623157e308, ${column}, x'')
    WHEN 'integer' THEN iif(${column} BETWEEN -${MAX} AND ${MAX}, ${column}, x'') ELSE x'' END`;
}

/** The row that an answer to {@linkcode wholeRowFields} is. */
export function wholeRow(table: SQLiteTable, answer: Readonly<Record<string, unknown>>): WholeRow {
  const { texts, numbers } = columnsOf(table);
  const values: Record<string, unknown> = {};
  const odd: string[] = [];
  const { stored, isUtf8 } = storedTexts(answer.text as ArrayBuffer);
  for (const [at, { name, notNull, columnType }] of texts.entries()) {
    const value = stored[at];
    if (typeof value === "string") {
      values[name] = columnType === "SQLiteCustomColumn" ? originalText(value) : value;
    } else if (value === null && !notNull) values[name] = null;
    else odd.push(name);
    // Where something is not UTF-8, that is where it is; or it is a text with that character.
    if (!isUtf8 && typeof value === "string" && value.includes("\ufffd")) odd.push(name);
  }
  for (const { name, notNull } of numbers) {
    const value = answer[name];
    const isOdd = typeof value === "number" ? !Number.isFinite(value) : value !== null || notNull;
    if (isOdd) odd.push(name);
    else values[name] = value;
  }
  return { values, odd };
}

function storedTexts(
  bytes: ArrayBuffer,
): { readonly stored: readonly unknown[]; readonly isUtf8: boolean } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { stored: JSON.parse(text), isUtf8: true };
  } catch {
    return {
      stored: JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)),
      isUtf8: false,
    };
  }
}

interface Columns {
  readonly texts: readonly AnySQLiteColumn[];
  readonly numbers: readonly AnySQLiteColumn[];
}

const known = new Map<SQLiteTable, Columns>();

/** The columns of a table by how they are read. */
function columnsOf(table: SQLiteTable): Columns {
  let columns = known.get(table);
  if (columns === undefined) {
    const { text = [], number = [] } = Object.groupBy(
      Object.values(getTableColumns(table)) as AnySQLiteColumn[],
      (column) => column.getSQLType() === "text" ? "text" : "number",
    );
    known.set(table, columns = { texts: text, numbers: number });
  }
  return columns;
}
