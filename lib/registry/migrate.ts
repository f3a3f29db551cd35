/**
 * Brings a registry to the schema of this version. Migrations are append-only:
 * one that was released is never edited.
 *
 * @module
 */

import type { Client } from "@libsql/client/sqlite3";
import { UserError } from "../errors.ts";
import { type RegistryLocation, registryName } from "./location.ts";
import { requireKnownSchema, SCHEMA_SQL } from "./known_schema.ts";
import init from "./migrations/0001_init.sql" with { type: "text" };
import labels from "./migrations/0002_labels.sql" with { type: "text" };

/** The migrations in order; `user_version` counts those applied. */
const MIGRATIONS: readonly string[] = [init, labels];

/** The `user_version` of an up-to-date registry. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;

/** "sigr" in ASCII: marks a SQLite file as a registry of sigrun's. */
export const APPLICATION_ID = 0x73696772;

/** Marks a database on a server as a registry of sigrun's: no `application_id` can be set there. */
const MARK = "sigrun_registry";

/**
 * Applies the migrations that a registry lacks. Several processes may do so at
 * once: the first one in migrates, the others find it done.
 *
 * @throws {UserError} if it is another program's database, or of a newer sigrun
 */
export async function migrate(client: Client, location: RegistryLocation): Promise<void> {
  const transaction = await client.transaction("write");
  try {
    // Under the lock: another process may have been faster.
    const applied = await appliedMigrations(transaction, location);
    for (const sql of MIGRATIONS.slice(applied)) await transaction.executeMultiple(sql);
    await transaction.execute(
      location.kind === "local"
        ? `PRAGMA application_id = ${APPLICATION_ID}`
        : `CREATE TABLE IF NOT EXISTS ${MARK} (application_id INTEGER) STRICT`,
    );
    await transaction.execute(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    // What an old registry had besides is there still.
    await appliedMigrations(transaction, location);
    await transaction.commit();
  } finally {
    transaction.close();
  }
}

/** Makes the tables in an empty database that no other process sees. */
export async function createTables(client: Pick<Client, "executeMultiple">): Promise<void> {
  for (const sql of MIGRATIONS) await client.executeMultiple(sql);
}

/** What answers a statement. */
export interface Asked {
  /** The rows that it finds. */
  execute(sql: string): Promise<{ readonly rows: readonly ArrayLike<unknown>[] }>;
}

/** How much is asked of the tables of a registry. */
export interface SchemaOptions {
  /** Whether they may be others than those that sigrun makes, as for an audit. */
  readonly anySchema?: boolean;
}

/**
 * How many migrations a database has had, none if it is empty; it is only looked at.
 *
 * @throws {UserError} if it is another program's database, or of a newer
 * sigrun, or its tables are not as they were made
 */
export async function appliedMigrations(
  database: Asked,
  location: RegistryLocation,
  { anySchema = false }: SchemaOptions = {},
): Promise<number> {
  const { rows } = await database.execute(
    "SELECT (SELECT user_version FROM pragma_user_version) AS version, " +
      "(SELECT application_id FROM pragma_application_id) AS application, " +
      "(SELECT count(*) FROM sqlite_schema) AS objects, " +
      `(SELECT count(*) FROM sqlite_schema WHERE name = '${MARK}') AS marks, ` +
      `${SCHEMA_SQL} AS tables`,
  );
  const version = Number(rows[0]![0]);
  const application = Number(rows[0]![1]);
  const empty = version === 0 && application === 0 && Number(rows[0]![2]) === 0;
  const ours = location.kind === "local"
    ? application === APPLICATION_ID
    : Number(rows[0]![3]) === 1;
  const name = registryName(location);
  if (!empty && !ours) {
    throw new UserError(`Cannot use ${name} as a registry: it is another program's database`, {
      code: "registry_incompatible",
      hint: location.kind === "local"
        ? "Name another file: --registry file:PATH."
        : "Name another server, or another database of this one.",
    });
  }
  if (version > SCHEMA_VERSION) {
    throw new UserError(
      `Cannot use the registry ${name}: its schema is version ${version}, ` +
        `and this sigrun knows versions up to ${SCHEMA_VERSION}`,
      {
        code: "registry_incompatible",
        hint: "Update sigrun, or name another registry: --registry.",
      },
    );
  }
  if (version === SCHEMA_VERSION && !anySchema) await requireKnownSchema(rows[0]![4], location);
  return version;
}
