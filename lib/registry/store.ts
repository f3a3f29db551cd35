/**
 * Writes runs to the registry. Every call is one transaction.
 *
 * @module
 */

import type { InArgs, InStatement } from "@libsql/client/sqlite3";
import { and, eq, getTableColumns, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Labels } from "./labels.ts";
import { type Registry, registryError } from "./open.ts";
import { NO_HASHES, type RunRecord, type STORED_STATUSES } from "../record.ts";
import { textOf } from "./safe_text.ts";
import { artifacts, metrics, params, runs, tags } from "./schema.ts";
import { type LockedTables, whileLocked } from "./transaction.ts";

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
export async function reserveRun(registry: Registry, run: StorableRun): Promise<void> {
  const { database } = registry;
  await transact(registry, [
    database.insert(runs).values(rowOf(run)),
    ...insertion(database, tags, tagRows(run)),
  ]);
}

/**
 * Records all there is to know about a run that ended, in place of what was
 * known when it began. Doing it twice changes nothing.
 *
 * @throws {UserError} if the registry cannot be written
 */
export async function commitRun(registry: Registry, run: StorableRun): Promise<void> {
  await transact(registry, commitQueries(registry.database, run));
}

/**
 * Does what {@linkcode commitRun} does if the run is still stored as running:
 * another process may have been faster, and a user then have labelled the run.
 *
 * @throws {UserError} if the registry cannot be written
 */
export async function commitIfRunning(registry: Registry, run: StorableRun): Promise<void> {
  await whileLocked(registry, async (tables) => {
    const [stored] = await tables.select({ id: textOf(runs.id) }).from(runs)
      .where(and(eq(runs.id, run.id), eq(runs.status, "running")));
    if (stored !== undefined) await commitRunsLocked(tables, [run]);
  });
}

/** Does what {@linkcode commitRun} does for each of these runs, as part of a transaction. */
export async function commitRunsLocked(
  tables: LockedTables,
  runs: readonly StorableRun[],
): Promise<void> {
  const queries = runs.flatMap((run) => commitQueries(tables, run));
  await tables.statements.batch(queries.map(statementOf));
}

/** What makes queries: a registry, also while it is locked. */
type Tables = Pick<LockedTables, "insert" | "delete">;

/** What drizzle makes a statement of. */
interface Query {
  toSQL(): { readonly sql: string; readonly params: readonly unknown[] };
}

/** Every column as it was to be inserted. */
const WHOLE_ROW = Object.fromEntries(
  Object.entries(getTableColumns(runs))
    .map(([key, { name }]) => [key, sql`excluded.${sql.identifier(name)}`]),
);

/** What records a run that ended, in this order. */
function commitQueries(tables: Tables, run: StorableRun): readonly Query[] {
  const runId = run.id;
  const paramRows = Object.entries(run.params).map(([key, value]) => ({
    runId,
    key,
    // Drizzle makes SQL's NULL of null, even in a column of JSON.
    value: value ?? sql`'null'`,
    number: typeof value === "number" ? value : null,
  }));
  const metricRows = Object.entries(run.metrics).map(([key, value]) => ({ runId, key, value }));
  const artifactRows = run.artifacts.map((artifact) => ({ runId, ...artifact }));
  return [
    tables.insert(runs).values(rowOf(run))
      .onConflictDoUpdate({ target: runs.id, set: WHOLE_ROW }),
    ...[params, metrics, tags, artifacts].map((table) =>
      tables.delete(table).where(eq(table.runId, runId))
    ),
    ...insertion(tables, params, paramRows),
    ...insertion(tables, metrics, metricRows),
    ...insertion(tables, tags, tagRows(run)),
    ...insertion(tables, artifacts, artifactRows),
  ];
}

/** The query that adds rows, if there are any. */
function insertion<T extends SQLiteTable>(
  tables: Tables,
  table: T,
  rows: readonly T["$inferInsert"][],
): readonly Query[] {
  return rows.length === 0 ? [] : [tables.insert(table).values([...rows])];
}

async function transact(
  { client, location }: Registry,
  queries: readonly Query[],
): Promise<void> {
  try {
    await client.batch(queries.map(statementOf), "write");
  } catch (error) {
    throw registryError(error, location);
  }
}

function statementOf(query: Query): InStatement {
  const { sql, params } = query.toSQL();
  // Each value was made one that the client takes, by its column.
  return { sql, args: params as InArgs };
}

function tagRows(run: StorableRun): readonly (typeof tags.$inferInsert)[] {
  return run.tags.map((tag) => ({ runId: run.id, tag }));
}

function rowOf(run: StorableRun): typeof runs.$inferInsert {
  return {
    id: run.id,
    name: run.name,
    experiment: run.experiment,
    experimentVersion: run.experiment_version,
    configVersion: run.config_version,
    seed: run.seed === null ? null : String(run.seed),
    status: run.status,
    startedAt: run.started_at,
    durationMs: run.duration_ms,
    latencyMs: run.latency_ms,
    rowsProcessed: run.rows_processed,
    signalRate: run.signal_rate,
    dataPath: run.data_path,
    config: run.config,
    quality: run.quality,
    evaluation: run.evaluation,
    configHash: run.hashes.config,
    dataHash: run.hashes.data,
    rowsHash: run.hashes.rows,
    codeHash: run.hashes.code,
    signalHash: run.hashes.signal,
    resultHash: run.hashes.result,
    fingerprint: run.hashes.fingerprint,
    errorCode: run.error_code,
    errorMessage: run.error_message,
    directory: run.directory,
    environment: run.environment,
    note: run.note,
    deletedAt: run.deleted_at,
    labelsAt: run.labels_at,
  };
}
