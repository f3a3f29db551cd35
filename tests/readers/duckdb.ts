/**
 * DuckDB in a process of its own: statements of SQL come in as JSON, what the
 * last one answers goes out.
 *
 * @module
 */

import { text } from "node:stream/consumers";
import process from "node:process";

/** Loaded by a computed name, so that only what uses it downloads it. */
const DUCKDB = "npm:@duckdb/node-api@1.5.6-r.1";

const statements: readonly string[] = JSON.parse(await text(process.stdin));
const { DuckDBInstance } = await import(DUCKDB);
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
let answer: unknown = null;
for (const statement of statements) {
  const result = await connection.runAndReadAll(statement);
  const types = result.columnTypes();
  answer = {
    columns: result.columnNames().map((name: string, at: number) => [name, String(types[at])]),
    rows: result.getRowsJson(),
  };
}
connection.closeSync();
instance.closeSync();
console.log(JSON.stringify(answer));
