/**
 * Reads runs from the registry, as plain records.
 *
 * @module
 */

import { desc, isNull, sql } from "drizzle-orm";
import { registryError } from "./open.ts";
import { inPieces } from "./in_pieces.ts";
import type { Registry } from "./open.ts";
import type { RunRecord, STORED_STATUSES } from "../record.ts";
import { runsOf } from "./run_rows.ts";
import { runs } from "./schema.ts";

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
): Promise<readonly RunRecord[]> {
  return reading(registry, async ({ database }) => {
    // A prefix is letters, digits and hyphens: these all come before ~, and LIKE finds nothing else in it.
    const begins = sql`${runs.id} >= ${prefix} AND ${runs.id} < ${`${prefix}~`}`;
    const ends = sql`${runs.id} LIKE ${`________-______-${prefix}%`}`;
    // Ids first and in their own order, that of time: there is an index for these, and rows are wide.
    const found = await database.select({ id: runs.id }).from(runs)
      .where(prefix.length > SUFFIX_LENGTH ? begins : sql`(${begins}) OR ${ends}`)
      .orderBy(desc(runs.id)).limit(limit);
    return runsOf(registry, found.map(({ id }) => id));
  });
}

/** The run that began `back` runs before the latest, of those that are not deleted; or undefined. */
export function nthLatestRun(registry: Registry, back: number): Promise<RunRecord | undefined> {
  return reading(registry, async ({ database }) => {
    const found = await database.select({ id: runs.id }).from(runs).where(isNull(runs.deletedAt))
      .orderBy(desc(runs.startedAt), desc(runs.id)).limit(1).offset(back);
    return (await runsOf(registry, found.map(({ id }) => id)))[0];
  });
}

/** The run of an id, or undefined. */
export function runById(registry: Registry, id: string): Promise<RunRecord | undefined> {
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
    const { id, status, labelsAt } = runs;
    const rows = await inPieces(registry, ids, {
      size: 10_000,
      ask: (ids) =>
        database.select({ id, status, labels_at: labelsAt }).from(runs)
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
