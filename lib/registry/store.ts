/**
 * Writes runs to the registry. Every call is one transaction. In plain SQL: to
 * load drizzle would take a small run longer than all of its statements.
 *
 * @module
 */

import type { InStatement, InValue } from "@libsql/client/sqlite3";
import { storedText } from "./any_text.ts";
import type { Labels } from "./labels.ts";
import { type Connection, registryError } from "./open.ts";
import { NO_HASHES, type RunRecord, type STORED_STATUSES } from "./record.ts";
import type { LockedTables } from "./transaction.ts";

/** A run that ended, or has begun. */
export type StorableRun = RunRecord & { readonly status: typeof STORED_STATUSES[number] };

/** A run with other labels. */
export function withLabels(run: StorableRun, labels: Labels): StorableRun {
  const { name, tags, note, deleted_at, labels_at } = labels;
  return { ...run, name, tags, note, deleted_at, labels_at };
}

/** A run of which no more is known than that it has begun. */
export function begunRun(
  { id, started_at, directory }: Pick<StorableRun, "id" | "started_at" | "directory">,
): StorableRun {
  return {
    id,
    name: null,
    experiment: null,
    experiment_version: null,
    config_version: null,
    seed: null,
    status: "running",
    started_at,
    duration_ms: null,
    latency_ms: null,
    rows_processed: null,
    signal_rate: null,
    data_path: null,
    config: null,
    quality: null,
    evaluation: null,
    error_code: null,
    error_message: null,
    directory,
    environment: {},
    params: {},
    metrics: {},
    hashes: NO_HASHES,
    tags: [],
    note: null,
    deleted_at: null,
    labels_at: null,
    artifacts: [],
  };
}

/**
 * Records a run that begins. Its id is new, so that of two processes with one
 * id one fails.
 *
 * @throws {UserError} if the registry cannot be written
 */
export async function reserveRun(connection: Connection, run: StorableRun): Promise<void> {
  await transact(connection, [
    ...insertions("runs", [rowOf(run)]),
    ...insertions("tags", tagRows(run)),
  ]);
}

/**
 * Records all there is to know about a run that ended, in place of what was
 * known when it began. Doing it twice changes nothing.
 *
 * @throws {UserError} if the registry cannot be written
 */
export async function commitRun(connection: Connection, run: StorableRun): Promise<void> {
  await transact(connection, commitStatements(run));
}

/**
 * Does what {@linkcode commitRun} does if the run is still stored as running:
 * another process may have been faster, and a user then have labelled the run.
 *
 * @throws {UserError} if the registry cannot be written
 */
export async function commitIfRunning(
  { client, location }: Connection,
  run: StorableRun,
): Promise<void> {
  try {
    const transaction = await client.transaction("write");
    try {
      const { rows } = await transaction.execute({
        sql: "SELECT 1 FROM runs WHERE id = ? AND status = 'running'",
        args: [run.id],
      });
      if (rows.length > 0) await transaction.batch([...commitStatements(run)]);
      await transaction.commit();
    } finally {
      transaction.close();
    }
  } catch (error) {
    throw registryError(error, location);
  }
}

/** Does what {@linkcode commitRun} does, as part of a transaction. */
export async function commitRunLocked(
  { statements }: Pick<LockedTables, "statements">,
  run: StorableRun,
): Promise<void> {
  await statements.batch([...commitStatements(run)]);
}

/** What records a run that ended, in this order. */
function commitStatements(run: StorableRun): readonly InStatement[] {
  const details = {
    params: Object.entries(run.params).map(([key, value]) => ({
      run_id: run.id,
      key,
      value: JSON.stringify(value ?? null),
      number: typeof value === "number" ? value : null,
    })),
    metrics: Object.entries(run.metrics).map(([key, value]) => ({ run_id: run.id, key, value })),
    tags: tagRows(run),
    artifacts: run.artifacts.map(({ path, sha256, bytes }) => (
      { run_id: run.id, path: storedText(path), sha256, bytes }
    )),
  };
  return [
    replacement("runs", rowOf(run)),
    ...Object.entries(details).flatMap(([table, rows]) => [
      { sql: `DELETE FROM ${table} WHERE run_id = ?`, args: [run.id] },
      ...insertions(table, rows),
    ]),
  ];
}

async function transact(
  { client, location }: Connection,
  statements: readonly InStatement[],
): Promise<void> {
  try {
    await client.batch([...statements], "write");
  } catch (error) {
    throw registryError(error, location);
  }
}

/** Values by column. */
type Row = Readonly<Record<string, InValue>>;

/** A row that takes the place of the one with its id. */
function replacement(table: string, row: Row): InStatement {
  const { sql, args } = insertion(table, [row]);
  const set = Object.keys(row).map((column) => `${column} = excluded.${column}`);
  return { sql: `${sql} ON CONFLICT (id) DO UPDATE SET ${set.join(", ")}`, args };
}

/** The statement that adds rows, if there are any. */
function insertions(table: string, rows: readonly Row[]): readonly InStatement[] {
  return rows.length === 0 ? [] : [insertion(table, rows)];
}

/** Tables and columns are named by this file alone; values are bound. */
function insertion(
  table: string,
  rows: readonly Row[],
): { readonly sql: string; readonly args: InValue[] } {
  const columns = Object.keys(rows[0]!);
  const places = `(${columns.map(() => "?").join(", ")})`;
  return {
    sql: `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${rows.map(() => places).join(", ")}`,
    args: rows.flatMap((row) => Object.values(row)),
  };
}

function tagRows({ id, tags }: StorableRun): readonly Row[] {
  return tags.map((tag) => ({ run_id: id, tag: storedText(tag) }));
}

function rowOf(run: StorableRun): Row {
  const { hashes } = run;
  return {
    id: run.id,
    name: text(run.name),
    experiment: run.experiment,
    experiment_version: run.experiment_version,
    config_version: text(run.config_version),
    // Text, as SQLite's driver refuses integers past 2^53 when it reads.
    seed: run.seed === null ? null : String(run.seed),
    status: run.status,
    started_at: run.started_at,
    duration_ms: run.duration_ms,
    latency_ms: run.latency_ms,
    rows_processed: run.rows_processed,
    signal_rate: run.signal_rate,
    data_path: text(run.data_path),
    config: json(run.config),
    quality: json(run.quality),
    evaluation: json(run.evaluation),
    config_hash: hashes.config,
    data_hash: hashes.data,
    rows_hash: hashes.rows,
    code_hash: hashes.code,
    signal_hash: hashes.signal,
    result_hash: hashes.result,
    fingerprint: hashes.fingerprint,
    error_code: run.error_code,
    error_message: text(run.error_message),
    directory: run.directory,
    environment: json(run.environment),
    note: text(run.note),
    deleted_at: run.deleted_at,
    labels_at: run.labels_at,
  };
}

function text(value: string | null): string | null {
  return value === null ? null : storedText(value);
}

function json(value: Readonly<Record<string, unknown>> | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
