/**
 * What a run asks of the registry on its way.
 *
 * @module
 */

import { and, asc, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { RunsQuery } from "./list_runs.ts";
import { type Registry, registryError } from "./open.ts";
import { textOf, textOrNull } from "./safe_text.ts";
import { HOSTNAME, runs } from "./schema.ts";

/** Id and result hash of a run. */
export interface StoredResult {
  /** Its id. */
  readonly id: string;
  /** The hash of its result. */
  readonly result: string;
}

const RESULT = { id: textOf(runs.id), result: textOf(runs.resultHash) };

/** Finished runs with a result, but for those that were deleted. */
const COMPARABLE = and(
  eq(runs.status, "finished"),
  isNotNull(runs.resultHash),
  // By the sign SQLite knows not to go through all that are not deleted, in their order.
  sql`+${runs.deletedAt} IS NULL`,
);

/**
 * The first run with this fingerprint that a result can be compared with; or undefined.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function firstWithFingerprint(
  registry: Registry,
  fingerprint: string,
): Promise<StoredResult | undefined> {
  const [first] = await asked(
    registry,
    registry.database.select(RESULT).from(runs)
      .where(and(eq(runs.fingerprint, fingerprint), COMPARABLE))
      .orderBy(asc(runs.startedAt), asc(runs.id)).limit(1),
  );
  return first;
}

/**
 * The latest run with this config and this data that a result can be compared with; or undefined.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function latestWithInputs(
  registry: Registry,
  { config, data }: { readonly config: string; readonly data: string },
): Promise<StoredResult | undefined> {
  const [latest] = await asked(
    registry,
    registry.database.select(RESULT).from(runs)
      .where(and(eq(runs.configHash, config), eq(runs.dataHash, data), COMPARABLE))
      .orderBy(desc(runs.startedAt), desc(runs.id)).limit(1),
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

/** Runs by whether they were deleted. */
const DELETED = {
  "left out": isNull(runs.deletedAt),
  "included": undefined,
  "only": isNotNull(runs.deletedAt),
} as const;

/**
 * The runs that are stored as running; deleted ones are left out unless asked for.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function runningRuns(
  registry: Registry,
  { deleted = "left out" }: Pick<RunsQuery, "deleted"> = {},
): Promise<readonly RunningRun[]> {
  return await asked(
    registry,
    registry.database
      .select({
        id: textOf(runs.id),
        directory: textOf(runs.directory),
        hostname: textOrNull(HOSTNAME),
      })
      .from(runs).where(and(eq(runs.status, "running"), DELETED[deleted])),
  );
}

/** The version of the SQLite that reads and writes the registry. */
export async function sqliteVersion(registry: Registry): Promise<string> {
  const [row] = await asked(
    registry,
    registry.database.all<{ readonly version: string }>(sql`SELECT sqlite_version() AS version`),
  );
  return String(row?.version ?? "unknown");
}

async function asked<T>({ location }: Registry, query: PromiseLike<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw registryError(error, location);
  }
}
