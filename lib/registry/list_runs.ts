/**
 * Lists runs: filtered, in any order, page by page.
 *
 * A page is found by ids first, in indexes, and only the rows that are on it
 * are read: a row is wide, and a registry may have a hundred thousand.
 *
 * @module
 */

import { and, asc, count, desc, eq, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import { type Registry, registryError } from "./open.ts";
import { COLUMNS } from "./query/columns.ts";
import type { ValueTarget } from "./query/names.ts";
import { type RecordedRun, STORED_STATUSES } from "../record.ts";
import { runsOf } from "./run_rows.ts";
import { decodedText, textOf } from "./safe_text.ts";
import { metrics, params, runs, tags } from "./schema.ts";

/** Which runs, and in which order. */
export interface RunsQuery {
  /** Only runs of this status. */
  readonly status?: string | undefined;
  /** Ids of the runs that are stored as running and have no process; default none. */
  readonly crashed?: readonly string[] | undefined;
  /** Only runs of this experiment. */
  readonly experiment?: string | undefined;
  /** Only runs that have all of these tags. */
  readonly tags?: readonly string[];
  /** Only runs that fit this condition, as `parseWhere` makes it of an expression. */
  readonly where?: SQL | undefined;
  /** Whether deleted runs are left out (the default), there too, or there alone. */
  readonly deleted?: "left out" | "included" | "only" | undefined;
  /** A column, parameter or metric; default the time at which runs began. */
  readonly sort?: ValueTarget | undefined;
  /** Whether runs without a value of what is sorted by are left out; default they come last. */
  readonly withValue?: boolean;
  /** Smallest first; default largest first. */
  readonly ascending?: boolean;
  /** How many at most; default all. */
  readonly limit?: number | undefined;
  /** How many are passed over; default none. */
  readonly offset?: number;
}

/** A page of runs. */
export interface RunsPage {
  /** How many runs the query has without its limit. */
  readonly total: number;
  /** The runs. */
  readonly runs: readonly RecordedRun[];
}

const BY_START: ValueTarget = { kind: "column", column: COLUMNS["started"]! };

/** From so many runs on, a page of few of them is looked for in the index of what they are sorted by. */
const MANY = 2000;

/**
 * Runs that fit a query, newest first unless it says otherwise; those without
 * a value come last either way. Deleted ones are left out unless it asks for
 * them.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function listRuns(registry: Registry, query: RunsQuery = {}): Promise<RunsPage> {
  const { total, ids } = await listRunIds(registry, query);
  try {
    return { total, runs: await runsOf(registry, ids) };
  } catch (error) {
    throw registryError(error, registry.location);
  }
}

/**
 * The ids of the runs that {@linkcode listRuns} finds.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function listRunIds(
  registry: Registry,
  query: RunsQuery,
): Promise<{ readonly total: number; readonly ids: readonly string[] }> {
  const { database, location } = registry;
  const where = condition(query);
  try {
    const [counted] = await database.select({ total: count() }).from(runs).where(where);
    const { total } = counted!;
    const indexed = total > MANY ? await idsByIndex(registry, { query, where }) : undefined;
    return { total, ids: indexed ?? await idsInOrder(registry, { query, where }) };
  } catch (error) {
    throw registryError(error, location);
  }
}

/** Runs that are read at once where all of them are too many. */
const AT_ONCE = 500;

/**
 * The runs that {@linkcode listRuns} finds, some at a time: a hundred thousand
 * would take gigabytes.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function* runsInChunks(
  registry: Registry,
  query: RunsQuery,
): AsyncGenerator<readonly RecordedRun[]> {
  const { ids } = await listRunIds(registry, query);
  try {
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      yield await runsOf(registry, ids.slice(at, at + AT_ONCE));
    }
  } catch (error) {
    throw registryError(error, registry.location);
  }
}

function condition(query: RunsQuery): SQL | undefined {
  const { status, crashed = [], experiment } = query;
  return and(
    deletedCondition(query.deleted),
    status === undefined ? undefined : statusCondition(status, crashed),
    experiment === undefined ? undefined : eq(runs.experiment, experiment),
    ...(query.tags ?? []).map((tag) =>
      sql`EXISTS (SELECT 1 FROM ${tags} WHERE ${tags.runId} = ${runs.id} AND ${eq(tags.tag, tag)})`
    ),
    query.withValue === true ? hasValue(query.sort ?? BY_START) : undefined,
    query.where,
  );
}

function hasValue(sort: ValueTarget): SQL {
  if (sort.kind === "column") return isNotNull(sort.column.value);
  const value = sort.kind === "metric" ? sql`${metrics.value}` : PARAM_VALUE;
  return sql`${of(sort, value)} IS NOT NULL`;
}

/** The condition that leaves deleted runs out, or finds them alone. */
function deletedCondition(deleted: RunsQuery["deleted"] = "left out"): SQL | undefined {
  if (deleted === "included") return undefined;
  return deleted === "only" ? isNotNull(runs.deletedAt) : isNull(runs.deletedAt);
}

function statusCondition(status: string, crashed: readonly string[]): SQL {
  const isCrashed = sql`${runs.id} IN (SELECT value FROM json_each(${JSON.stringify(crashed)}))`;
  if (status === "crashed") return sql`${runs.status} = 'running' AND ${isCrashed}`;
  if (status === "running") return sql`${runs.status} = 'running' AND NOT ${isCrashed}`;
  const stored = STORED_STATUSES.find((known) => known === status);
  return stored === undefined ? sql`0` : eq(runs.status, stored);
}

/** What a page is found by. */
interface PageRequest {
  readonly query: RunsQuery;
  readonly where: SQL | undefined;
}

/** Ids of a page, by sorting all that fit; by time they are in order in an index. */
async function idsInOrder(
  { database }: Registry,
  { query, where }: PageRequest,
): Promise<readonly string[]> {
  const { sort = BY_START, ascending = false, limit = -1, offset = 0 } = query;
  const rows = await database.select({ id: textOf(runs.id) }).from(runs).where(where)
    .orderBy(...order(sort, ascending)).limit(limit).offset(offset);
  return rows.map(({ id }) => id);
}

function order(sort: ValueTarget, ascending: boolean): readonly SQL[] {
  const direction = ascending ? asc : desc;
  if (sort.kind === "column") {
    const { name, value } = sort.column;
    if (name === "id") return [direction(value)];
    if (name === "started") return [direction(value), direction(runs.id)];
    return [sql`${value} IS NULL`, direction(value), desc(runs.startedAt), desc(runs.id)];
  }
  const values = sort.kind === "metric"
    ? [of(sort, sql`${metrics.value}`)]
    : [of(sort, sql`${params.number}`), of(sort, PARAM_TEXT)];
  return [
    // Numbers before text, either way.
    ...values.flatMap((value) => [sql`${value} IS NULL`, direction(value)]),
    desc(runs.id),
  ];
}

/** What a run has of a parameter or metric. */
function of({ kind, key }: Exclude<ValueTarget, { kind: "column" }>, value: SQL): SQL {
  const table = kind === "metric" ? metrics : params;
  return sql`(SELECT ${value} FROM ${table} WHERE ${table.runId} = ${runs.id} AND ${table.key} = ${key})`;
}

/** The value of a parameter in JSON; null is none. */
const PARAM_VALUE = sql`nullif(${params.value}, 'null')`;

/** The text that a parameter is sorted by, where it is no number; null is no value. */
const PARAM_TEXT = sql`CASE WHEN ${params.number} IS NULL THEN ${PARAM_VALUE} END`;

/**
 * Ids of a page, by going through the index of a parameter or a metric until
 * it is full; undefined where that is of no use.
 */
async function idsByIndex(
  { database }: Registry,
  { query, where }: PageRequest,
): Promise<readonly string[] | undefined> {
  const { sort = BY_START, ascending = false, limit = -1, offset = 0 } = query;
  if (sort.kind === "column" || limit < 0 || limit + offset > MANY) return undefined;
  const [table, value] = sort.kind === "metric"
    ? [metrics, metrics.value]
    : [params, params.number];
  // CROSS JOIN, as SQLite would else begin with the runs and sort them all.
  const rows = await database.all<{ readonly id: ArrayBuffer }>(
    sql`SELECT ${
      textOf(runs.id)
    } AS id FROM ${table} CROSS JOIN ${runs} ON ${runs.id} = ${table.runId}
      WHERE ${table.key} = ${sort.key} AND ${value} IS NOT NULL AND ${where ?? sql`1`}
      ORDER BY ${ascending ? asc(value) : desc(value)}, ${desc(table.runId)}
      LIMIT ${limit} OFFSET ${offset}`,
  );
  // A page that is not full goes on with those that have another value, or none.
  return rows.length === limit ? rows.map(({ id }) => decodedText(id)) : undefined;
}
