/**
 * Several steps on the registry as one, with other writers kept out.
 *
 * @module
 */

import type { Client } from "@libsql/client/sqlite3";
import type { LibSQLDatabase } from "drizzle-orm/libsql";
import { drizzle } from "drizzle-orm/libsql/sqlite3";
import { type Registry, registryError } from "./open.ts";
import { systemFailure } from "../system_error.ts";

/** The tables, while other writers are kept out. */
export interface LockedTables
  extends Pick<LibSQLDatabase, "select" | "insert" | "update" | "delete" | "all"> {
  /** What takes statements in SQL. */
  readonly statements: Pick<Client, "batch">;
}

/**
 * Calls `work` while no other process can write, and commits what it did; if
 * it throws, nothing was done. The registry itself is not to be used meanwhile.
 *
 * @throws {UserError} if the registry is held by others, or cannot be written
 */
export async function whileLocked<T>(
  { client, location }: Registry,
  work: (tables: LockedTables) => Promise<T>,
): Promise<T> {
  try {
    // Begins as a writer at once (BEGIN IMMEDIATE), as one that becomes a
    // writer on the way fails where another one is waiting.
    const transaction = await client.transaction("write");
    try {
      // To drizzle's queries a transaction is as good as a client.
      const database = drizzle(transaction as unknown as Client);
      const result = await work(Object.assign(database, { statements: transaction }));
      await transaction.commit();
      return result;
    } finally {
      // What was not committed is undone.
      transaction.close();
    }
  } catch (error) {
    // The files of `work` are its own to speak of.
    const isOfFiles = systemFailure(error) !== undefined;
    throw isOfFiles ? error : registryError(error, location);
  }
}
