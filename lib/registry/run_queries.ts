/**
 * What a run asks of the registry on its way, by statements that take little
 * to load.
 *
 * @module
 */

import { type SQL, sql } from "drizzle-orm";
import { type Connection, registryError } from "./open.ts";
import type { RunsQuery } from "./list_runs.ts";
import { HOSTNAME, runs } from "./schema.ts";
import { statementOf } from "./statements.ts";

/** Id and result hash of a run. */
export interface StoredResult {
  /** Its id. */
  readonly id: string;
  /** The hash of its result. */
  readonly result: string;
}

const DELETED = {
  "left out": sql`${runs.deletedAt} IS NULL`,
  "included": sql`1`,
  "only": sql`${runs.deletedAt} IS NOT NULL`,
} as const;

/** Finished runs with a result, but for those that were deleted. */
const COMPARABLE = sql`${runs.status} = 'finished' AND ${runs.resultHash} IS NOT NULL
  AND ${DELETED["left out"]}`;

const RESULT = sql`${runs.id}, ${runs.resultHash} AS result`;

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
    sql`SELECT ${RESULT} FROM ${runs} WHERE ${runs.fingerprint} = ${fingerprint} AND ${COMPARABLE}
      ORDER BY ${runs.startedAt}, ${runs.id} LIMIT 1`,
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
    sql`SELECT ${RESULT} FROM ${runs}
      WHERE ${runs.configHash} = ${config} AND ${runs.dataHash} = ${data} AND ${COMPARABLE}
      ORDER BY ${runs.startedAt} DESC, ${runs.id} DESC LIMIT 1`,
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
    sql`SELECT ${runs.id}, ${runs.directory}, ${HOSTNAME} AS hostname
      FROM ${runs} WHERE ${runs.status} = 'running' AND ${DELETED[deleted]}`,
  );
}

/** The version of the SQLite that reads and writes the registry. */
export async function sqliteVersion(connection: Connection): Promise<string> {
  const [row] = await ask<{ readonly version: string }>(
    connection,
    sql`SELECT sqlite_version() AS version`,
  );
  return row!.version;
}

/** The rows of a query, as plain objects; what they hold is up to the query. */
async function ask<T>({ client, location }: Connection, query: SQL): Promise<readonly T[]> {
  try {
    const { columns, rows } = await client.execute(statementOf(query));
    return rows.map((row) =>
      Object.fromEntries(columns.map((column) => [column, row[column]])) as T
    );
  } catch (error) {
    throw registryError(error, location);
  }
}
