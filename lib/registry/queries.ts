/**
 * Reads runs from the registry, as plain records.
 *
 * @module
 */

import { and, desc, isNull, type SQL, sql } from "drizzle-orm";
import { registryError } from "./open.ts";
import { inPieces } from "./in_pieces.ts";
import type { Registry } from "./open.ts";
import type { RecordedRun, RunRecord, STORED_STATUSES } from "../record.ts";
import { runsOf } from "./run_rows.ts";
import { isRunId } from "../run_id.ts";
import { textOf, textOrNull } from "./safe_text.ts";
import { HAS_RUN_ID, LABELS_AT, runs } from "./schema.ts";

/** Letters of the suffix of an id. */
const SUFFIX_LENGTH = 6;

/**
 * The runs whose id or suffix begins with `prefix`, at most `limit`.
 *
 * @throws {UserError} if the registry cannot be read
 */
export function runsByPrefix(
  registry: Registry,
  prefix: string,
  limit: number,
): Promise<readonly RecordedRun[]> {
  return reading(registry, async ({ database }) => {
    // A prefix is letters, digits and hyphens: these all come before ~, and LIKE finds nothing else in it.
    const begins = sql`${runs.id} >= ${prefix} AND ${runs.id} < ${`${prefix}~`}`;
    const ends = sql`${runs.id} LIKE ${`________-______-${prefix}%`}`;
    // Ids first and in their own order, that of time: there is an index for these, and rows are wide.
    const found = await database.select({ id: textOf(runs.id) }).from(runs)
      .where(and(HAS_RUN_ID, prefix.length > SUFFIX_LENGTH ? begins : sql`(${begins} OR ${ends})`))
      .orderBy(desc(runs.id)).limit(limit);
    return runsOf(registry, found.map(({ id }) => id).filter(isRunId));
  });
}

/**
 * The run that began `back` runs before the latest, of those that are not
 * deleted; or undefined. A row without the id of a run is none.
 */
export function nthLatestRun(registry: Registry, back: number): Promise<RecordedRun | undefined> {
  return reading(registry, async ({ database }) => {
    let left = back;
    for (let offset = 0;;) {
      const found = await database.select({ id: textOf(runs.id) }).from(runs)
        .where(and(HAS_RUN_ID, isNull(runs.deletedAt)))
        .orderBy(desc(runs.startedAt), desc(runs.id))
        .limit(Math.min(left + 1, IDS_AT_ONCE)).offset(offset);
      const ids = found.map(({ id }) => id).filter(isRunId);
      if (left < ids.length) return (await runsOf(registry, [ids[left]!]))[0];
      left -= ids.length;
      if (found.length === 0) return undefined;
      offset += found.length;
    }
  });
}

/** Ids that are looked at together on the way to one run. */
const IDS_AT_ONCE = 1000;

/** Whether there is any run, deleted ones included. */
export function hasRuns(registry: Registry): Promise<boolean> {
  return reading(registry, async ({ database }) => {
    const [first] = await database.all(sql`SELECT 1 FROM ${runs} LIMIT 1`);
    return first !== undefined;
  });
}

/** The run of an id, or undefined. */
export function runById(registry: Registry, id: string): Promise<RecordedRun | undefined> {
  return reading(registry, async () => (await runsOf(registry, [id]))[0]);
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
    const { id, status } = runs;
    const rows = await inPieces(registry, ids, {
      size: 10_000,
      ask: (ids) =>
        database.select({
          id: textOf(id),
          status: textOf(status) as SQL<RunSummary["status"]>,
          labels_at: textOrNull(LABELS_AT),
        }).from(runs)
          .where(sql`${id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`),
    });
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
