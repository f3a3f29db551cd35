/** The registry's tables, and the SQL on them. */
export {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  isNotNull,
  isNull,
  lte,
  SQL,
  sql,
} from "drizzle-orm";
export type { LibSQLDatabase } from "drizzle-orm/libsql";
export { drizzle } from "drizzle-orm/libsql/sqlite3";
export {
  type AnySQLiteColumn,
  customType,
  getTableConfig,
  index,
  integer,
  primaryKey,
  real,
  type SQLiteColumn,
  SQLiteSyncDialect,
  type SQLiteTable,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";
