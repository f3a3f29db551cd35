/**
 * From rows of `runs` to records, with what other tables hold about them.
 *
 * @module
 */

import { sql } from "drizzle-orm";
import type { AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import { inPieces } from "./in_pieces.ts";
import type { Registry } from "./open.ts";
import type { RunRecord } from "../record.ts";
import { artifacts, metrics, params, runs, tags } from "./schema.ts";

/** The runs of these ids, in their order; an id without a run is passed over. */
export async function runsOf(
  registry: Registry,
  ids: readonly string[],
): Promise<readonly RunRecord[]> {
  const found = await inPieces(registry, ids, {
    size: 500,
    ask: async (ids) => {
      const rows = await registry.database.select().from(runs)
        .where(sql`${runs.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
      return await withDetails(registry, rows);
    },
  });
  const byId = new Map(found.map((run) => [run.id, run]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Adds parameters, metrics, tags and files, one query for each kind. */
async function withDetails(
  { database }: Registry,
  rows: readonly (typeof runs.$inferSelect)[],
): Promise<readonly RunRecord[]> {
  if (rows.length === 0) return [];
  // As one JSON list, as the number of bound values of a statement is limited.
  const ids = JSON.stringify(rows.map(({ id }) => id));
  const ofRows = (column: AnySQLiteColumn) =>
    sql`${column} IN (SELECT value FROM json_each(${ids}))`;
  const [paramRows, metricRows, tagRows, artifactRows] = await database.batch([
    database.select().from(params).where(ofRows(params.runId)),
    database.select().from(metrics).where(ofRows(metrics.runId)),
    database.select().from(tags).where(ofRows(tags.runId)),
    database.select().from(artifacts).where(ofRows(artifacts.runId)),
  ]);
  const paramsOf = Map.groupBy(paramRows, ({ runId }) => runId);
  const metricsOf = Map.groupBy(metricRows, ({ runId }) => runId);
  const tagsOf = Map.groupBy(tagRows, ({ runId }) => runId);
  const artifactsOf = Map.groupBy(artifactRows, ({ runId }) => runId);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    experiment: row.experiment,
    experiment_version: row.experimentVersion,
    config_version: row.configVersion,
    seed: row.seed === null ? null : Number(row.seed),
    status: row.status,
    started_at: row.startedAt,
    duration_ms: row.durationMs,
    latency_ms: row.latencyMs,
    rows_processed: row.rowsProcessed,
    signal_rate: row.signalRate,
    data_path: row.dataPath,
    config: row.config,
    quality: row.quality,
    evaluation: row.evaluation,
    error_code: row.errorCode,
    error_message: row.errorMessage,
    directory: row.directory,
    environment: row.environment,
    params: Object.fromEntries((paramsOf.get(row.id) ?? []).map(({ key, value }) => [key, value])),
    metrics: Object.fromEntries(
      (metricsOf.get(row.id) ?? []).map(({ key, value }) => [key, value]),
    ),
    hashes: {
      config: row.configHash,
      data: row.dataHash,
      rows: row.rowsHash,
      code: row.codeHash,
      signal: row.signalHash,
      result: row.resultHash,
      fingerprint: row.fingerprint,
    },
    tags: (tagsOf.get(row.id) ?? []).map(({ tag }) => tag),
    note: row.note,
    deleted_at: row.deletedAt,
    labels_at: row.labelsAt,
    artifacts: (artifactsOf.get(row.id) ?? [])
      .map(({ path, sha256, bytes }) => ({ path, sha256, bytes })),
  }));
}
