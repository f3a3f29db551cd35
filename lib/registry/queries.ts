/**
 * Reads runs from the registry, as plain records.
 *
 * @module
 */

import {
  and,
  asc,
  count,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  like,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import { registryError } from "./open.ts";
import type { Registry } from "./open.ts";
import { type RunRecord, STORED_STATUSES } from "./record.ts";
import { artifacts, metrics, params, runs, tags } from "./schema.ts";

/** Columns of `runs` that a list can be sorted by, by the names that users see. */
const SORT_COLUMNS = {
  id: runs.id,
  started: runs.startedAt,
  status: runs.status,
  name: runs.name,
  experiment: runs.experiment,
  seed: sql`CAST(${runs.seed} AS INTEGER)`,
  duration_ms: runs.durationMs,
  latency_ms: runs.latencyMs,
  rows_processed: runs.rowsProcessed,
  signal_rate: runs.signalRate,
} as const;

/** A name that a list can be sorted by; a parameter's or a metric's goes too. */
export const SORT_NAMES: readonly string[] = Object.keys(SORT_COLUMNS);

/** Which runs, and in which order. */
export interface RunsQuery {
  /** Only runs of this stored status. */
  readonly status?: string | undefined;
  /** Only runs of this experiment. */
  readonly experiment?: string | undefined;
  /** Only runs that have all of these tags. */
  readonly tags?: readonly string[];
  /** Only runs that fit this condition, as `parseWhere` makes it of an expression. */
  readonly where?: SQL | undefined;
  /** Whether deleted runs are left out (the default), there too, or there alone. */
  readonly deleted?: "left out" | "included" | "only" | undefined;
  /** A column, parameter or metric; default `started`. */
  readonly sort?: string | undefined;
  /** Smallest first; default largest first. */
  readonly ascending?: boolean;
  /** How many at most; default all. */
  readonly limit?: number | undefined;
}

/** A page of runs. */
export interface RunsPage {
  /** How many runs the query has without its limit. */
  readonly total: number;
  /** The runs. */
  readonly runs: readonly RunRecord[];
}

/**
 * Runs that fit a query, newest first unless it says otherwise. Deleted ones
 * are left out unless it asks for them.
 *
 * @throws {UserError} if the registry cannot be read
 */
export function listRuns(registry: Registry, query: RunsQuery = {}): Promise<RunsPage> {
  return reading(registry, async ({ database }) => {
    const where = condition(registry, query);
    const page = database.select().from(runs).where(where).orderBy(...order(query));
    const limited = query.limit === undefined ? page : page.limit(query.limit);
    const [rows, [totals]] = await database.batch([
      limited,
      database.select({ total: count() }).from(runs).where(where),
    ]);
    return { total: totals?.total ?? 0, runs: await withDetails(registry, rows) };
  });
}

/** Names of all parameters and metrics in the registry, sorted. */
export function knownNames(registry: Registry): Promise<readonly string[]> {
  return reading(registry, async ({ database }) => {
    const [paramKeys, metricKeys] = await database.batch([
      database.selectDistinct({ key: params.key }).from(params),
      database.selectDistinct({ key: metrics.key }).from(metrics),
    ]);
    return [...new Set([...paramKeys, ...metricKeys].map(({ key }) => key))].sort();
  });
}

/**
 * The runs whose id or suffix begins with `prefix`, at most `limit`.
 *
 * @throws {UserError} if the registry cannot be read
 */
export function runsByPrefix(
  registry: Registry,
  prefix: string,
  limit: number,
): Promise<readonly RunRecord[]> {
  return reading(registry, async ({ database }) => {
    // A prefix is letters, digits and hyphens, so LIKE finds nothing else in it.
    const rows = await database.select().from(runs)
      .where(or(like(runs.id, `${prefix}%`), like(runs.id, `________-______-${prefix}%`)))
      .orderBy(desc(runs.startedAt), desc(runs.id)).limit(limit);
    return withDetails(registry, rows);
  });
}

/** The run that began `back` runs before the latest, of those that are not deleted; or undefined. */
export function nthLatestRun(registry: Registry, back: number): Promise<RunRecord | undefined> {
  return reading(registry, async ({ database }) => {
    const rows = await database.select().from(runs).where(isNull(runs.deletedAt))
      .orderBy(desc(runs.startedAt), desc(runs.id)).limit(1).offset(back);
    return (await withDetails(registry, rows))[0];
  });
}

/** The run of an id, or undefined. */
export function runById(registry: Registry, id: string): Promise<RunRecord | undefined> {
  return reading(registry, async ({ database }) => {
    const rows = await database.select().from(runs).where(eq(runs.id, id));
    return (await withDetails(registry, rows))[0];
  });
}

/** What tells whether a run is recorded, and how well. */
export type RunSummary = Pick<RunRecord, "id" | "labels_at"> & {
  /** Its stored status. */
  readonly status: typeof STORED_STATUSES[number];
};

/** Which of these runs there are, by their id. */
export function runSummaries(
  registry: Registry,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RunSummary>> {
  return reading(registry, async ({ database }) => {
    const rows = await database
      .select({ id: runs.id, status: runs.status, labels_at: runs.labelsAt }).from(runs)
      .where(sql`${runs.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
    return new Map(rows.map((row) => [row.id, row]));
  });
}

async function reading<T>(
  registry: Registry,
  read: (registry: Registry) => Promise<T>,
): Promise<T> {
  try {
    return await read(registry);
  } catch (error) {
    throw registryError(error, registry.location);
  }
}

function condition({ database }: Registry, query: RunsQuery): SQL | undefined {
  const status = STORED_STATUSES.find((known) => known === query.status);
  return and(
    deletedCondition(query.deleted),
    query.status === undefined
      ? undefined
      : status === undefined
      ? sql`0`
      : eq(runs.status, status),
    query.experiment === undefined ? undefined : eq(runs.experiment, query.experiment),
    ...(query.tags ?? []).map((tag) =>
      inArray(runs.id, database.select({ id: tags.runId }).from(tags).where(eq(tags.tag, tag)))
    ),
    query.where,
  );
}

function deletedCondition(deleted: RunsQuery["deleted"] = "left out"): SQL | undefined {
  if (deleted === "included") return undefined;
  return deleted === "only" ? isNotNull(runs.deletedAt) : isNull(runs.deletedAt);
}

function order({ sort = "started", ascending = false }: RunsQuery): SQL[] {
  const direction = ascending ? asc : desc;
  const column = Object.hasOwn(SORT_COLUMNS, sort)
    ? sql`${SORT_COLUMNS[sort as keyof typeof SORT_COLUMNS]}`
    : sql`coalesce(
        (SELECT ${metrics.value} FROM ${metrics}
          WHERE ${metrics.runId} = ${runs.id} AND ${metrics.key} = ${sort}),
        (SELECT coalesce(${params.number}, ${params.value}) FROM ${params}
          WHERE ${params.runId} = ${runs.id} AND ${params.key} = ${sort}))`;
  // Runs without a value come last either way.
  return [sql`${column} IS NULL`, direction(column), desc(runs.startedAt), desc(runs.id)];
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
