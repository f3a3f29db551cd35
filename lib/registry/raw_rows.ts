/**
 * What the registry holds about a run, value by value as SQLite stores it,
 * whichever tables and columns there are.
 *
 * @module
 */

import { type SQL, sql } from "drizzle-orm";
import type { LibSQLDatabase } from "drizzle-orm/libsql";
import type { RegistryLocation } from "./location.ts";
import { type Registry, registryError } from "./open.ts";
import { decodedText } from "./safe_text.ts";

/** A stored value: its type, and the value so that two are equal just if these are. */
export interface RawValue {
  /** `null`, `integer`, `real`, `text` or `blob`. */
  readonly type: string;
  /** Numbers in full, text as it is, blobs and text that is not UTF-8 in hexadecimal. */
  readonly text: string;
}

/** A stored row by column, without the id of its run. */
export type RawRow = Readonly<Record<string, RawValue>>;

/** The rows of a run, by table and then by their key within the run, as text. */
export type RawRows = Readonly<Record<string, Readonly<Record<string, RawRow>>>>;

/** A table that holds runs, or details of them. */
export interface RunTable {
  /** Its name. */
  readonly name: string;
  /** The column with the id of the run. */
  readonly runId: string;
  /** The other columns. */
  readonly columns: readonly string[];
  /** Those that tell the rows of a run apart; none where there is one row. */
  readonly key: readonly string[];
}

/** The table of marks, which no manifest vouches for. */
const MARKS = "damage";

/** The tables that hold what is known about runs, marks aside. */
export async function runTables({ database }: Registry): Promise<readonly RunTable[]> {
  const stored = await database.all<{ table: ArrayBuffer; column: ArrayBuffer; pk: number }>(
    sql`SELECT CAST(t.name AS BLOB) AS "table", CAST(c.name AS BLOB) AS "column", c.pk AS pk
      FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
      WHERE t.type = 'table' ORDER BY t.rowid, c.cid`,
  );
  const columns = stored.map(({ table, column, pk }) => ({
    table: decodedText(table),
    column: decodedText(column),
    pk,
  }));
  return [...Map.groupBy(columns, ({ table }) => table)].flatMap(([name, all]) => {
    const runId = name === "runs" ? "id" : "run_id";
    if (name === MARKS || !all.some(({ column }) => column === runId)) return [];
    const others = all.filter(({ column }) => column !== runId);
    return [{
      name,
      runId,
      columns: others.map(({ column }) => column),
      key: others.filter(({ pk }) => pk > 0).map(({ column }) => column),
    }];
  });
}

/**
 * All that these tables hold about a run.
 *
 * @throws {UserError} if the registry cannot be read
 */
export async function rawRows(
  { database, location }: {
    /** The tables, within a transaction or not. */
    readonly database: Pick<LibSQLDatabase, "all">;
    /** Where they are. */
    readonly location: RegistryLocation;
  },
  { id, tables }: { readonly id: string; readonly tables: readonly RunTable[] },
): Promise<RawRows> {
  const rows: Record<string, Record<string, RawRow>> = {};
  try {
    for (const { name, runId, columns, key } of tables) {
      const found = await database.all<Record<string, string>>(
        sql`SELECT ${sql.join(columns.map(encoded), sql`, `)} FROM ${sql.identifier(name)}
          WHERE ${sql.identifier(runId)} = ${id}`,
      );
      rows[name] = Object.fromEntries(found.map((row) => {
        const decoded = Object.fromEntries(columns.map((column) => [column, decode(row[column]!)]));
        return [key.map((column) => decoded[column]!.text).join(" "), decoded];
      }));
    }
  } catch (error) {
    throw registryError(error, location);
  }
  return rows;
}

/** Of what is larger no more is told than its size. */
const MOST_BYTES = sql.raw(String(16 << 20));

/** A column as ASCII text, as the driver cuts text at a NUL and rounds large integers. */
function encoded(column: string): SQL {
  const value = sql.identifier(column);
  return sql`typeof(${value}) || ':' || CASE WHEN octet_length(${value}) > ${MOST_BYTES}
    THEN 'bytes:' || octet_length(${value}) WHEN typeof(${value}) IN ('text', 'blob') THEN hex(${value}) ELSE quote(${value}) END
    AS ${value}`;
}

function decode(encoded: string): RawValue {
  const colon = encoded.indexOf(":");
  const type = encoded.slice(0, colon);
  const text = encoded.slice(colon + 1);
  if (text.startsWith("bytes:")) return { type: `large ${type}`, text };
  if (type !== "text") return { type, text: type === "null" ? "null" : text };
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { type, text: decoder.decode(Uint8Array.fromHex(text)) };
  } catch {
    return { type: "text that is not UTF-8", text };
  }
}
