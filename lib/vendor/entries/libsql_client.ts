/** SQLite. Its native addon is found by `../libsql_addon.ts`. */
export { type Client, createClient, type InArgs, type InStatement } from "@libsql/client/sqlite3";
