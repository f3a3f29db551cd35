/**
 * Statements made by drizzle from the schema, for a client to execute as they
 * are. A run needs a handful of them: with the tables and the `sql` template
 * alone a third of drizzle is loaded, without its query builders, its driver
 * and the columns of other databases.
 *
 * @module
 */

import type { InArgs, InStatement } from "@libsql/client/sqlite3";
import { CasingCache } from "drizzle-orm/casing";
import { getTableColumns, SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";

const casing = new CasingCache();

/** SQL with its values bound. */
export function statementOf(query: SQL): Exclude<InStatement, string> {
  const { sql, params } = query.toQuery({
    casing,
    escapeName: (name) => `"${name.replaceAll('"', '""')}"`,
    escapeParam: () => "?",
    escapeString: (text) => `'${text.replaceAll("'", "''")}'`,
  });
  // Each value was made one that the client takes, by its column.
  return { sql, args: params as InArgs };
}

/** The statement that adds rows, if there are any. */
export function insertion<T extends SQLiteTable>(
  table: T,
  rows: readonly T["$inferInsert"][],
): readonly SQL[] {
  if (rows.length === 0) return [];
  const columns = columnsOf(table);
  const names = columns.map(({ column }) => sql.identifier(column.name));
  const places = rows.map((row: Readonly<Record<string, unknown>>) => {
    const values = columns.map(({ key, column }) => {
      const value = row[key] ?? null;
      return value instanceof SQL ? value : sql.param(value, column);
    });
    return sql`(${listed(values)})`;
  });
  return [sql`INSERT INTO ${table} (${listed(names)}) VALUES ${listed(places)}`];
}

/** The statement that adds a row, in place of the one with its key if there is one. */
export function replacement<T extends SQLiteTable>(table: T, row: T["$inferInsert"]): SQL {
  const columns = columnsOf(table).map(({ column }) => column);
  const key = columns.filter(({ primary }) => primary).map(({ name }) => sql.identifier(name));
  const changes = columns.map(({ name }) => {
    const column = sql.identifier(name);
    return sql`${column} = excluded.${column}`;
  });
  return sql`${insertion(table, [row])[0]!}
    ON CONFLICT (${listed(key)}) DO UPDATE SET ${listed(changes)}`;
}

function columnsOf(
  table: SQLiteTable,
): readonly { readonly key: string; readonly column: SQLiteColumn }[] {
  return Object.entries(getTableColumns(table)).map(([key, column]) => ({ key, column }));
}

function listed(parts: Parameters<typeof sql.join>[0]): SQL {
  return sql.join(parts, sql`, `);
}
