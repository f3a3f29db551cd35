/**
 * Ids and names in a registry, for the completion of words: fast, and without
 * making, migrating or waiting for anything. What cannot be read has none.
 *
 * @module
 */

import type { RegistryLocation } from "./location.ts";

/** A run to choose. */
export interface RecentRun {
  /** Its id. */
  readonly id: string;
  /** When it began, how it ended, what it is called. */
  readonly description: string;
}

/** The names that runs have used. */
export interface RecordedNames {
  /** Of parameters. */
  readonly params: readonly string[];
  /** Of metrics. */
  readonly metrics: readonly string[];
  /** The tags. */
  readonly tags: readonly string[];
}

/** More than these are nothing to choose from. */
const MOST = 100;

/** How long another process is waited for, and a server, in milliseconds. */
const PATIENCE_MS = { file: 200, server: 1500 } as const;

/** The latest runs, newest first, whose id or suffix begins with `prefix`. */
export async function recentRuns(
  location: RegistryLocation,
  { prefix, deleted }: { readonly prefix: string; readonly deleted: boolean },
): Promise<readonly RecentRun[]> {
  if (!/^[0-9a-z-]*$/.test(prefix)) return [];
  // Letters, digits and hyphens, so that it can stand in the text of a statement.
  const begins = prefix === ""
    ? ""
    : `AND (id LIKE '${prefix}%' OR id LIKE '________-______-${prefix}%')`;
  const rows = await ask(
    location,
    `SELECT hex(id), hex(started_at), hex(status), hex(coalesce(name, '')),
        hex(coalesce(experiment, ''))
      FROM runs WHERE deleted_at IS ${deleted ? "NOT " : ""}NULL ${begins}
      ORDER BY started_at DESC, id DESC LIMIT ${MOST}`,
  );
  return rows.map(([id, startedAt, status, name, experiment]) => ({
    id: id!,
    description: [startedAt!.slice(0, 16).replace("T", " "), status, experiment, name]
      .filter((part) => part !== "").join(" "),
  }));
}

/** All names, up to a hundred of each kind. */
export async function recordedNames(location: RegistryLocation): Promise<RecordedNames> {
  const rows = await ask(
    location,
    Object.entries(SOURCES).map(([kind, [table, column]]) =>
      // From each value of an index to the next, as there are many rows and few values.
      `SELECT hex('${kind}'), hex(name) FROM (WITH RECURSIVE names (name) AS (
          SELECT min(${column}) FROM ${table}
          UNION ALL
          SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > names.name)
          FROM names WHERE names.name IS NOT NULL LIMIT ${MOST}
        ) SELECT name FROM names WHERE name IS NOT NULL)`
    ).join(" UNION ALL "),
  );
  const of = (wanted: keyof typeof SOURCES): readonly string[] =>
    rows.filter(([kind]) => kind === wanted).map(([, name]) => name!);
  return { params: of("params"), metrics: of("metrics"), tags: of("tags") };
}

const SOURCES = {
  params: ["params", "key"],
  metrics: ["metrics", "key"],
  tags: ["tags", "tag"],
} as const;

/** The rows of a statement whose columns are all in hexadecimal; none if it cannot be asked. */
async function ask(
  location: RegistryLocation,
  sql: string,
): Promise<readonly (readonly string[])[]> {
  try {
    const rows = location.kind === "local"
      ? await askFile(location, sql)
      : await askServer({ ...location, timeoutMs: PATIENCE_MS.server }, sql);
    // The driver ends the process when it reads text that is not UTF-8.
    return rows.map((row) =>
      row.map((hex) => new TextDecoder().decode(Uint8Array.fromHex(String(hex))))
    );
  } catch {
    return [];
  }
}

async function askFile(
  { path, url }: { readonly path: string; readonly url: string },
  sql: string,
): Promise<readonly (readonly unknown[])[]> {
  if (!(await Deno.stat(path)).isFile) return [];
  const { createClient } = await import("@libsql/client/sqlite3");
  const client = createClient({ url, timeout: PATIENCE_MS.file, concurrency: 1 });
  try {
    await client.execute("PRAGMA query_only = ON");
    const { rows, columns } = await client.execute(sql);
    return rows.map((row) => columns.map((_, at) => row[at]));
  } finally {
    client.close();
  }
}

async function askServer(
  location: Exclude<RegistryLocation, { readonly kind: "local" }>,
  text: string,
): Promise<readonly (readonly unknown[])[]> {
  const { openExisting } = await import("./open.ts");
  const registry = await openExisting(location);
  if (registry === undefined) return [];
  try {
    return await registry.database.values(text);
  } finally {
    registry.close();
  }
}
