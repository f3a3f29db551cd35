/**
 * Several steps on the registry as one, with other writers kept out.
 *
 * @module
 */

import type { LibSQLDatabase } from "drizzle-orm/libsql";
import { type Registry, registryError } from "./open.ts";

/** The tables, while other writers are kept out. */
export type LockedTables = Pick<LibSQLDatabase, "select" | "insert" | "update" | "delete" | "all">;

/**
 * Calls `work` while no other process can write, and commits what it did; if
 * it throws, nothing was done. The registry itself is not to be used meanwhile.
 *
 * @throws {UserError} if the registry is held by others, or cannot be written
 */
export async function whileLocked<T>(
  { database, location }: Registry,
  work: (tables: LockedTables) => Promise<T>,
): Promise<T> {
  try {
    // Begins as a writer at once (BEGIN IMMEDIATE), as one that becomes a
    // writer on the way fails where another one is waiting.
    return await database.transaction(work);
  } catch (error) {
    throw registryError(error, location);
  }
}
