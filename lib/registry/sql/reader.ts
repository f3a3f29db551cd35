/**
 * What reads from a registry with a statement of a user.
 *
 * @module
 */

import type { Client } from "@libsql/client/sqlite3";

/** A file, or a server. */
export interface SqlReader {
  /** The names of the columns of a statement, which is compiled and not executed. */
  columns(sql: string): Promise<readonly string[]>;
  /** The rows of a statement, some at a time. */
  rows(sql: string, timeLimitMs: number): AsyncIterable<readonly (readonly unknown[])[]>;
  /** Lets go of it. */
  close(): void;
}

/** Reads from a server: time and memory are its own to limit, and how long an answer is waited for. */
export function serverReader(client: Client): SqlReader {
  return {
    async columns(sql) {
      return (await client.execute(`${sql}\nLIMIT 0`)).columns;
    },
    async *rows(sql) {
      const { columns, rows } = await client.execute(sql);
      yield rows.map((row) => columns.map((_, at) => row[at]));
    },
    close: () => client.close(),
  };
}
