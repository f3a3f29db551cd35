/**
 * Writes runs to the registry. Every call is one transaction.
 *
 * @module
 */

import { type SQL, sql } from "drizzle-orm";
import type { Labels } from "./labels.ts";
import { type Connection, registryError } from "./open.ts";
import { NO_HASHES, type RunRecord, type STORED_STATUSES } from "./record.ts";
import { artifacts, metrics, params, runs, tags } from "./schema.ts";
import { insertion, replacement, statementOf } from "./statements.ts";
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
    ...insertion(runs, [rowOf(run)]),
    ...insertion(tags, tagRows(run)),
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
      const { rows } = await transaction.execute(statementOf(
        sql`SELECT 1 FROM ${runs} WHERE ${runs.id} = ${run.id} AND ${runs.status} = 'running'`,
      ));
      if (rows.length > 0) await transaction.batch(commitStatements(run).map(statementOf));
      await transaction.commit();
    } finally {
      transaction.close();
    }
  } catch (error) {
    throw registryError(error, location);
  }
}

/** Does what {@linkcode commitRun} does for each of these runs, as part of a transaction. */
export async function commitRunsLocked(
  { statements }: Pick<LockedTables, "statements">,
  runs: readonly StorableRun[],
): Promise<void> {
  await statements.batch(runs.flatMap(commitStatements).map(statementOf));
}

/** What records a run that ended, in this order. */
function commitStatements(run: StorableRun): readonly SQL[] {
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
    replacement(runs, rowOf(run)),
    ...[params, metrics, tags, artifacts].map((table) =>
      sql`DELETE FROM ${table} WHERE ${table.runId} = ${runId}`
    ),
    ...insertion(params, paramRows),
    ...insertion(metrics, metricRows),
    ...insertion(tags, tagRows(run)),
    ...insertion(artifacts, artifactRows),
  ];
}

async function transact(
  { client, location }: Connection,
  statements: readonly SQL[],
): Promise<void> {
  try {
    await client.batch(statements.map(statementOf), "write");
  } catch (error) {
    throw registryError(error, location);
  }
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
