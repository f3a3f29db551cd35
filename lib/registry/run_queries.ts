/**
 * What a run asks of the registry on its way. In plain SQL: to load drizzle
 * would take a small run longer than all of its statements.
 *
 * @module
 */

import type { InValue, Row } from "@libsql/client/sqlite3";
import { type Connection, registryError } from "./open.ts";
import type { RunsQuery } from "./queries.ts";

/** Id and result hash of a run. */
export interface StoredResult {
  /** Its id. */
  readonly id: string;
  /** The hash of its result. */
  readonly result: string;
}

const DELETED = {
  "left out": "deleted_at IS NULL",
  "included": "1",
  "only": "deleted_at IS NOT NULL",
} as const;

/** Finished runs with a result, but for those that were deleted. */
const COMPARABLE = `status = 'finished' AND result_hash IS NOT NULL AND ${DELETED["left out"]}`;

/**
 * The first run with this fingerprint that a result can be compared with; or undefined.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function firstWithFingerprint(
  connection: Connection,
  fingerprint: string,
): Promise<StoredResult | undefined> {
  const [first] = await ask<StoredResult>(
    connection,
    `SELECT id, result_hash AS result FROM runs WHERE fingerprint = ? AND ${COMPARABLE}
      ORDER BY started_at, id LIMIT 1`,
    fingerprint,
  );
  return first;
}

/**
 * The latest run with this config and this data that a result can be compared with; or undefined.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function latestWithInputs(
  connection: Connection,
  { config, data }: { readonly config: string; readonly data: string },
): Promise<StoredResult | undefined> {
  const [latest] = await ask<StoredResult>(
    connection,
    `SELECT id, result_hash AS result FROM runs
      WHERE config_hash = ? AND data_hash = ? AND ${COMPARABLE}
      ORDER BY started_at DESC, id DESC LIMIT 1`,
    config,
    data,
  );
  return latest;
}

/** A run that is stored as running. */
export interface RunningRun {
  /** Its id. */
  readonly id: string;
  /** Its directory. */
  readonly directory: string;
  /** The name of the machine that it is on; null where none is recorded. */
  readonly hostname: string | null;
}

/**
 * The runs that are stored as running; deleted ones are left out unless asked for.
 *
 * @throws {UserError} if the registry cannot be read
 */
export function runningRuns(
  connection: Connection,
  { deleted = "left out" }: Pick<RunsQuery, "deleted"> = {},
): Promise<readonly RunningRun[]> {
  return ask(
    connection,
    `SELECT id, directory,
        CASE WHEN json_valid(environment) THEN json_extract(environment, '$.hostname') END AS hostname
      FROM runs WHERE status = 'running' AND ${DELETED[deleted]}`,
  );
}

/** The version of the SQLite that reads and writes the registry. */
export async function sqliteVersion(connection: Connection): Promise<string> {
  const [row] = await ask<{ readonly version: string }>(
    connection,
    "SELECT sqlite_version() AS version",
  );
  return row!.version;
}

/** The rows of a query, as plain objects; what they hold is up to the query. */
async function ask<T>(
  { client, location }: Connection,
  sql: string,
  ...args: readonly InValue[]
): Promise<readonly T[]> {
  try {
    const { columns, rows } = await client.execute({ sql, args: [...args] });
    return rows.map((row) => record(columns, row) as T);
  } catch (error) {
    throw registryError(error, location);
  }
}

function record(columns: readonly string[], row: Row): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}
