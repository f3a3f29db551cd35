/**
 * Brings a registry to the schema of this version. Migrations are append-only:
 * one that was released is never edited.
 *
 * @module
 */

import type { Client } from "@libsql/client/sqlite3";
import { UserError } from "../errors.ts";
import init from "./migrations/0001_init.sql" with { type: "text" };
import labels from "./migrations/0002_labels.sql" with { type: "text" };

/** The migrations in order; `user_version` counts those applied. */
const MIGRATIONS: readonly string[] = [init, labels];

/** The `user_version` of an up-to-date registry. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;

/** "sigr" in ASCII: marks a SQLite file as a registry of sigrun's. */
export const APPLICATION_ID = 0x73696772;

/**
 * Applies the migrations that a registry lacks. Several processes may do so at
 * once: the first one in migrates, the others find it done.
 *
 * @throws {UserError} if it is another program's database, or of a newer sigrun
 */
export async function migrate(client: Client, path: string): Promise<void> {
  const transaction = await client.transaction("write");
  try {
    // Under the lock: another process may have been faster.
    const applied = await appliedMigrations(transaction, path);
    for (const sql of MIGRATIONS.slice(applied)) await transaction.executeMultiple(sql);
    await transaction.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
    await transaction.execute(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    await transaction.commit();
  } finally {
    transaction.close();
  }
}

/** Makes the tables in an empty database that no other process sees. */
export async function createTables(client: Pick<Client, "executeMultiple">): Promise<void> {
  for (const sql of MIGRATIONS) await client.executeMultiple(sql);
}

/**
 * How many migrations a database has had, none if it is empty; it is only looked at.
 *
 * @throws {UserError} if it is another program's database, or of a newer sigrun
 */
export async function appliedMigrations(
  database: Pick<Client, "execute">,
  path: string,
): Promise<number> {
  const { rows } = await database.execute(
    "SELECT (SELECT user_version FROM pragma_user_version) AS version, " +
      "(SELECT application_id FROM pragma_application_id) AS application, " +
      "(SELECT count(*) FROM sqlite_schema) AS objects",
  );
  const version = Number(rows[0]!.version);
  const application = Number(rows[0]!.application);
  const empty = version === 0 && application === 0 && Number(rows[0]!.objects) === 0;
  if (!empty && application !== APPLICATION_ID) {
    throw new UserError(`Cannot use ${path} as a registry: it is another program's database`, {
      code: "registry_incompatible",
      hint: "Name another file: --registry file:PATH.",
    });
  }
  if (version > SCHEMA_VERSION) {
    throw new UserError(
      `Cannot use the registry ${path}: its schema is version ${version}, ` +
        `and this sigrun knows versions up to ${SCHEMA_VERSION}`,
      {
        code: "registry_incompatible",
        hint: "Update sigrun, or name another registry: --registry.",
      },
    );
  }
  return version;
}
