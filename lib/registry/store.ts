/**
 * Writes runs to the registry. Every call is one transaction.
 *
 * @module
 */

import { eq, sql } from "drizzle-orm";
import type { Labels } from "./labels.ts";
import { registryError } from "./open.ts";
import type { Registry } from "./open.ts";
import { NO_HASHES, type RunRecord, type STORED_STATUSES } from "./record.ts";
import { artifacts, metrics, params, runs, tags } from "./schema.ts";
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
export async function reserveRun(registry: Registry, run: StorableRun): Promise<void> {
  try {
    const { database } = registry;
    const tagRows = run.tags.map((tag) => ({ runId: run.id, tag }));
    await database.batch([
      database.insert(runs).values(rowOf(run)),
      ...(tagRows.length === 0 ? [] : [database.insert(tags).values(tagRows)]),
    ]);
  } catch (error) {
    throw registryError(error, registry.location);
  }
}

/**
 * Records all there is to know about a run that ended, in place of what was
 * known when it began. Doing it twice changes nothing.
 *
 * @throws {UserError} if the registry cannot be written
 */
export async function commitRun(registry: Registry, run: StorableRun): Promise<void> {
  try {
    await registry.database.batch(commitStatements(registry.database, run));
  } catch (error) {
    throw registryError(error, registry.location);
  }
}

/** Does what {@linkcode commitRun} does, as part of a transaction. */
export async function commitRunLocked(tables: LockedTables, run: StorableRun): Promise<void> {
  for (const statement of commitStatements(tables, run)) await statement;
}

/** The statements that record a run, in this order. */
function commitStatements(database: LockedTables, run: StorableRun) {
  const ofRun = { runId: run.id };
  const paramRows = Object.entries(run.params).map(([key, value]) => ({
    ...ofRun,
    key,
    // Drizzle makes SQL's NULL of null, even in a column of JSON.
    value: value ?? sql`'null'`,
    number: typeof value === "number" ? value : null,
  }));
  const metricRows = Object.entries(run.metrics).map(([key, value]) => ({ ...ofRun, key, value }));
  const tagRows = run.tags.map((tag) => ({ ...ofRun, tag }));
  const artifactRows = run.artifacts.map((artifact) => ({ ...ofRun, ...artifact }));
  const row = rowOf(run);
  return [
    database.insert(runs).values(row).onConflictDoUpdate({ target: runs.id, set: row }),
    ...[params, metrics, tags, artifacts].map((table) =>
      database.delete(table).where(eq(table.runId, run.id))
    ),
    ...(paramRows.length === 0 ? [] : [database.insert(params).values(paramRows)]),
    ...(metricRows.length === 0 ? [] : [database.insert(metrics).values(metricRows)]),
    ...(tagRows.length === 0 ? [] : [database.insert(tags).values(tagRows)]),
    ...(artifactRows.length === 0 ? [] : [database.insert(artifacts).values(artifactRows)]),
  ] as const;
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
