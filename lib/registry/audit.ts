/**
 * Checks of the registry itself, and the marks of runs that an audit found
 * damaged.
 *
 * @module
 */

import { eq, type SQL, sql } from "drizzle-orm";
import type { AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import { inPieces } from "./in_pieces.ts";
import { type Registry, registryError } from "./open.ts";
import { decodedText, textOf } from "./safe_text.ts";
import { artifacts, damage, HOSTNAME, runs } from "./schema.ts";

/**
 * What is wrong with the database; nothing if it is sound.
 *
 * @param bytes the size of its file; null where it is on a server
 */
export function integrityProblems(
  registry: Registry,
  bytes: number | null,
): Promise<readonly string[]> {
  return auditing(registry, async ({ database }) => {
    const rows = await database.all<{ line: ArrayBuffer }>(
      sql`SELECT CAST(integrity_check AS BLOB) AS line FROM pragma_integrity_check`,
    );
    const problems = rows.map(({ line }) => decodedText(line)).filter((line) => line !== "ok");
    if (bytes === null) return problems;
    const [page] = await database.all<{ page_size: number }>(sql`PRAGMA page_size`);
    // SQLite takes what is missing of the last page for zeros.
    return bytes % page!.page_size === 0 ? problems : [...problems, "the last page is cut off"];
  });
}

/** Tables with rows that belong to no run, and how many. */
export function foreignKeyProblems(registry: Registry): Promise<readonly string[]> {
  return auditing(registry, async ({ database }) => {
    const rows = await database.all<{ name: ArrayBuffer }>(
      sql`SELECT CAST("table" AS BLOB) AS name FROM pragma_foreign_key_check`,
    );
    return [...Map.groupBy(rows, ({ name }) => decodedText(name))]
      .map(([table, { length }]) => `${length} of ${table}`);
  });
}

/** Tables and indexes that are not as in another registry. */
export function schemaProblems(
  registry: Registry,
  reference: Registry,
): Promise<readonly string[]> {
  return auditing(registry, async () => {
    const [found, expected] = [await objects(registry), await objects(reference)];
    const changed = [...expected].filter(([name, text]) => found.get(name) !== text);
    // A trigger of another table reaches into none of these.
    const triggers = [...found].filter(([, text]) => /^CREATE\s+TRIGGER/i.test(text));
    return [...changed, ...triggers].map(([name]) => name);
  });
}

async function objects({ database }: Registry): Promise<ReadonlyMap<string, string>> {
  const rows = await database.all<{ name: ArrayBuffer; text: ArrayBuffer }>(
    sql`SELECT CAST(name AS BLOB) AS name, CAST(sql AS BLOB) AS text
      FROM sqlite_schema WHERE sql IS NOT NULL`,
  );
  return new Map(rows.map(({ name, text }) => [decodedText(name), decodedText(text)]));
}

/** What tells how to look at a run. */
export interface RunHead {
  /** Its id. */
  readonly id: string;
  /** Its stored status, whatever it says. */
  readonly status: string;
  /** When it is said to have begun. */
  readonly startedAt: string;
  /** Where its directory is said to be. */
  readonly directory: string;
  /** The name of the machine that it is on; null where none is recorded. */
  readonly hostname: string | null;
  /** Whether anything is recorded of its end. */
  readonly hasEnded: boolean;
  /** Whether it is recorded as one that failed before it could publish a file. */
  readonly isBare: boolean;
}

/** The heads of all runs, or of one. Other columns are not looked at. */
export function runHeads(registry: Registry, id?: string): Promise<readonly RunHead[]> {
  return auditing(registry, async ({ database, location }) => {
    if (id !== undefined || location.kind === "local") {
      return await headsWhere(registry, id === undefined ? undefined : eq(runs.id, id));
    }
    const ids = await database.select({ id: textOf(runs.id) }).from(runs);
    return await inPieces(registry, ids.map(({ id }) => id), {
      size: 5000,
      ask: (ids) =>
        headsWhere(
          registry,
          sql`${runs.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
        ),
    });
  });
}

async function headsWhere(
  { database }: Registry,
  where: SQL | undefined,
): Promise<readonly RunHead[]> {
  const rows = await database.select({
    id: orEmpty(runs.id),
    status: orEmpty(runs.status),
    startedAt: orEmpty(runs.startedAt),
    directory: orEmpty(runs.directory),
    hostname: orEmpty(HOSTNAME),
    hasError: sql<number>`${runs.errorCode} IS NOT NULL`,
    hasDuration: sql<number>`${runs.durationMs} IS NOT NULL`,
    hasFiles: sql<
      number
    >`EXISTS (SELECT 1 FROM ${artifacts} WHERE ${artifacts.runId} = ${runs.id})`,
  }).from(runs).where(where);
  return rows.map(({ hasError, hasDuration, hasFiles, ...row }) => ({
    ...row,
    hostname: row.hostname || null,
    hasEnded: row.status !== "running" || hasDuration === 1 || hasFiles === 1,
    isBare: (row.status === "failed" || row.status === "interrupted") && hasError === 1 &&
      hasFiles === 0,
  }));
}

/** A text that no registry of sigrun's lacks. */
function orEmpty(value: AnySQLiteColumn | SQL): SQL<string> {
  return textOf(sql`ifnull(${value}, '')`);
}

/** The runs that are marked as damaged, and what was found. */
export function damageMarks(registry: Registry): Promise<ReadonlyMap<string, string>> {
  return auditing(registry, async ({ database }) => {
    const rows = await database.select({ id: textOf(damage.runId), found: textOf(damage.found) })
      .from(damage);
    return new Map(rows.map(({ id, found }) => [id, found]));
  });
}

/** Marks a run as damaged, or takes the mark back where nothing is found. */
export function markDamage(
  registry: Registry,
  { id, found }: { readonly id: string; readonly found: string | null },
): Promise<void> {
  return auditing(registry, async ({ database }) => {
    if (found === null) await database.delete(damage).where(eq(damage.runId, id));
    else {
      await database.insert(damage).values({ runId: id, found })
        .onConflictDoUpdate({ target: damage.runId, set: { found } });
    }
  });
}

async function auditing<T>(
  registry: Registry,
  work: (registry: Registry) => Promise<T>,
): Promise<T> {
  try {
    return await work(registry);
  } catch (error) {
    throw registryError(error, registry.location);
  }
}
