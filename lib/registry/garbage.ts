/**
 * What the registry knows about garbage: runs that are deleted, and data that
 * runs refer to.
 *
 * @module
 */

import { and, isNotNull, lte, type SQL, sql } from "drizzle-orm";
import { type Registry, registryError } from "./open.ts";
import type { RunRecord } from "../record.ts";
import { textOf, textOrNull } from "./safe_text.ts";
import { HOSTNAME, runs } from "./schema.ts";

/** A run that is deleted. */
export interface DeletedRun
  extends Pick<RunRecord, "id" | "name" | "status" | "started_at" | "directory"> {
  /** When it was, ISO 8601 in UTC. */
  readonly deleted_at: string;
  /** The machine that it is on, if that is known. */
  readonly hostname: string | null;
}

/** The runs that were deleted by a moment (ISO 8601 in UTC), or ever; oldest first. */
export async function deletedRuns(
  { database, location }: Registry,
  until: string | undefined,
): Promise<readonly DeletedRun[]> {
  try {
    return await database.select({
      id: textOf(runs.id),
      name: textOrNull(runs.name),
      status: textOf(runs.status) as SQL<DeletedRun["status"]>,
      started_at: textOf(runs.startedAt),
      directory: textOf(runs.directory),
      deleted_at: textOf(runs.deletedAt),
      hostname: textOrNull(HOSTNAME),
    }).from(runs).where(and(
      isNotNull(runs.deletedAt),
      until === undefined ? undefined : lte(runs.deletedAt, until),
    )).orderBy(runs.startedAt, runs.id);
  } catch (error) {
    throw registryError(error, location);
  }
}

/** The data hashes of all runs but those of some ids. */
export async function dataHashes(
  { database, location }: Registry,
  except: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const ids = JSON.stringify([...except]);
  try {
    const rows = await database.selectDistinct({ hash: textOf(runs.dataHash) }).from(runs).where(
      and(isNotNull(runs.dataHash), sql`${runs.id} NOT IN (SELECT value FROM json_each(${ids}))`),
    );
    return new Set(rows.map(({ hash }) => hash));
  } catch (error) {
    throw registryError(error, location);
  }
}
