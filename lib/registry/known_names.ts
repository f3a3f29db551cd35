/**
 * The names that runs have for parameters and metrics, and their tags.
 *
 * @module
 */

import { type SQL, sql } from "drizzle-orm";
import type { AnySQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { type Registry, registryError } from "./open.ts";
import { decodedText } from "./safe_text.ts";
import { metrics, params, tags } from "./schema.ts";

/** Names of each kind, sorted. */
export interface KnownNames {
  /** Of parameters. */
  readonly params: readonly string[];
  /** Of metrics. */
  readonly metrics: readonly string[];
  /** The tags. */
  readonly tags: readonly string[];
}

/** What one name is the name of. */
export interface NameKinds {
  /** Whether a run has a parameter of that name. */
  readonly param: boolean;
  /** Whether a run has a metric of that name. */
  readonly metric: boolean;
  /** Whether a run has that tag. */
  readonly tag: boolean;
}

/** The name of nothing. */
const NOTHING: NameKinds = { param: false, metric: false, tag: false };

/** The most names of one kind that are listed. */
const MOST = 10_000;

/**
 * All names there are.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function knownNamesOf({ database, location }: Registry): Promise<KnownNames> {
  try {
    const [paramRows, metricRows, tagRows] = await Promise.all([
      database.all<{ readonly name: ArrayBuffer }>(distinct(params, params.key)),
      database.all<{ readonly name: ArrayBuffer }>(distinct(metrics, metrics.key)),
      database.all<{ readonly name: ArrayBuffer }>(distinct(tags, tags.tag)),
    ]);
    const names = (rows: readonly { readonly name: ArrayBuffer }[]): readonly string[] =>
      rows.map(({ name }) => decodedText(name));
    return {
      params: names(paramRows),
      metrics: names(metricRows),
      tags: names(tagRows),
    };
  } catch (error) {
    throw registryError(error, location);
  }
}

/** The values of an indexed column, from each to the next: a million rows have few. */
function distinct(table: SQLiteTable, column: AnySQLiteColumn): SQL {
  return sql`WITH RECURSIVE names (name) AS (
      SELECT min(${column}) FROM ${table}
      UNION ALL
      SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > names.name)
      FROM names WHERE names.name IS NOT NULL LIMIT ${MOST}
    ) SELECT CAST(name AS BLOB) AS name FROM names WHERE name IS NOT NULL`;
}

/**
 * What each of these names is the name of.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function nameKinds(
  { database, location }: Registry,
  names: readonly string[],
): Promise<ReadonlyMap<string, NameKinds>> {
  if (names.length === 0) return new Map();
  try {
    const rows = await database.all<Record<"at" | "param" | "metric" | "tag", number>>(
      sql`SELECT named.key AS at,
          EXISTS (SELECT 1 FROM ${params} WHERE ${params.key} = named.value) AS param,
          EXISTS (SELECT 1 FROM ${metrics} WHERE ${metrics.key} = named.value) AS metric,
          EXISTS (SELECT 1 FROM ${tags} WHERE ${tags.tag} = named.value) AS tag
        FROM json_each(${JSON.stringify(names)}) AS named`,
    );
    const kinds = new Map(rows.map(({ at, param, metric, tag }) => [
      names[at],
      { param: param === 1, metric: metric === 1, tag: tag === 1 },
    ]));
    return new Map(names.map((name) => [name, kinds.get(name) ?? NOTHING]));
  } catch (error) {
    throw registryError(error, location);
  }
}
