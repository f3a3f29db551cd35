/**
 * Queries in the user's own SQL, which can change nothing and read nothing but
 * the registry.
 *
 * @module
 */

import { usageError, type UserError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { printable } from "../quote.ts";
import { type RegistryLocation, registryName } from "./location.ts";
import { appliedMigrations } from "./migrate.ts";
import { openExisting, registryError, registryExists } from "./open.ts";
import { admittedSelect } from "./sql/admit.ts";
import { openFileReader, type ReaderOptions } from "./sql/file_reader.ts";
import { serverReader, type SqlReader } from "./sql/reader.ts";

/** How long a query may take, in milliseconds. */
const TIME_LIMIT_MS = 8000;

/** A value: blobs are in hexadecimal, large integers text. */
export type QueryValue = string | number | null;

/** What a query finds. */
export interface QueryResult {
  /** The columns, each with a name of its own. */
  readonly columns: readonly string[];
  /** The rows, some at a time. */
  readonly rows: AsyncIterable<readonly (readonly QueryValue[])[]>;
}

/**
 * What reads from a registry; undefined where there is none. An old one is not
 * brought up to date.
 *
 * @throws {UserError} if it cannot be opened or reached, or is no registry
 */
export async function openReadOnly(
  location: RegistryLocation,
  options: ReaderOptions = {},
): Promise<SqlReader | undefined> {
  if (location.kind === "remote") {
    const registry = await openExisting(location);
    return registry && serverReader(registry.client);
  }
  if (!await registryExists(location)) return undefined;
  let reader: SqlReader | undefined;
  try {
    const opened = reader = openFileReader(location, options);
    const execute = async (sql: string) => ({
      rows: (await Array.fromAsync(opened.rows(sql, TIME_LIMIT_MS))).flat(),
    });
    await appliedMigrations({ execute }, location);
    return opened;
  } catch (error) {
    reader?.close();
    throw registryError(error, location);
  }
}

/**
 * What a single SELECT finds.
 *
 * @throws {UserError} if it is something else, names what it may not, or is
 * wrong, with the nearest table or column; and on the way, if it takes too long
 */
export async function select(
  reader: SqlReader,
  { sql, location }: {
    /** The statement. */
    readonly sql: string;
    /** Where the registry is. */
    readonly location: RegistryLocation;
  },
): Promise<QueryResult> {
  // Line breaks, as the statement may end in a comment.
  const from = `FROM (\n${admittedSelect(sql)}\n)`;
  const failed = (error: unknown): Promise<unknown> => failure(error, { reader, location });
  let columns: readonly string[];
  try {
    columns = await reader.columns(`SELECT * ${from}`);
  } catch (error) {
    throw await failed(error);
  }
  // In an order that is known only once all rows are: the first one ends all that takes time.
  const statement = `SELECT ${
    columns.map(encoded).join(", ")
  } ${from} ORDER BY row_number() OVER ()`;
  const rows = async function* (): AsyncGenerator<readonly (readonly QueryValue[])[]> {
    try {
      for await (const some of reader.rows(statement, TIME_LIMIT_MS)) {
        yield some.map((row) => row.map(decoded));
      }
    } catch (error) {
      throw await failed(error);
    }
  };
  return { columns, rows: rows() };
}

const MAX = Number.MAX_SAFE_INTEGER;

/**
 * A column with its text as bytes: the driver ends the process when it reads
 * text that is not UTF-8, and cuts it at a NUL. Integers that no number holds
 * are text.
 */
function encoded(column: string): string {
  const name = `"${column.replaceAll('"', '""')}"`;
  return `CASE typeof(${name}) WHEN 'text' THEN CAST('t' || ${name} AS BLOB)
    WHEN 'blob' THEN CAST('b' || lower(hex(${name})) AS BLOB)
    WHEN 'integer' THEN iif(${name} BETWEEN -${MAX} AND ${MAX}, ${name}, CAST('t' || ${name} AS BLOB))
    ELSE ${name} END`;
}

function decoded(value: unknown): QueryValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(value as ArrayBuffer);
  return text.startsWith("b") ? text.slice(1) : text.slice(1).replaceAll("\uffff", "\0");
}

async function failure(
  error: unknown,
  { reader, location }: { readonly reader: SqlReader; readonly location: RegistryLocation },
): Promise<unknown> {
  const { message, code } = rootCause(error);
  if (/^SQLITE_INTERRUPT/.test(code)) {
    return wrong(
      `it takes longer than ${TIME_LIMIT_MS / 1000} s`,
      "Ask for less: WHERE, fewer tables that are joined, LIMIT.",
    );
  }
  if (/^SQLITE_(?:NOMEM|TOOBIG|FULL)/.test(code) || code === "RESPONSE_TOO_LARGE") {
    return wrong(
      "it needs too much memory",
      "Ask for less: fewer columns, WHERE, LIMIT and OFFSET. runs:list --all --csv lists any " +
        "number of runs.",
    );
  }
  if (/readonly|not authorized|query_only/i.test(message)) {
    return wrong("only reading the registry is possible", "Write a SELECT.");
  }
  const unknown = /no such (?:column|table): (?:\w+\.)?(\S+)/.exec(message)?.[1];
  if (
    unknown === undefined &&
    !/^(?:SQLITE_ERROR|SQL_)|syntax error|no such/.test(`${code} ${message}`)
  ) {
    return registryError(error, location);
  }
  const near = unknown === undefined
    ? undefined
    : nearest(unknown, (await schemaNames(reader)).filter((name) => name !== unknown));
  return wrong(
    message.replace(/^(?:SQLITE_ERROR: )+/, "") +
      (near === undefined ? "" : `: did you mean ${near}?`),
    `${
      registryName(location)
    } has these tables and columns: SELECT name, sql FROM sqlite_schema; ` +
      "deno task help registry says what they hold.",
  );
}

function wrong(reason: string, hint: string): UserError {
  return usageError(`Cannot run the query: ${printable(reason)}`, hint);
}

function rootCause(error: unknown): { readonly message: string; readonly code: string } {
  let cause = error;
  let code = "";
  for (;;) {
    const { code: found } = cause as { readonly code?: unknown };
    if (typeof found === "string") code = found;
    if (!(cause instanceof Error) || !(cause.cause instanceof Error)) break;
    cause = cause.cause;
  }
  return { message: cause instanceof Error ? cause.message : String(cause), code };
}

async function schemaNames(reader: SqlReader): Promise<readonly string[]> {
  const names = new Set<string>();
  const statement = "SELECT CAST(t.name AS BLOB), CAST(c.name AS BLOB) " +
    "FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'";
  for await (const rows of reader.rows(statement, TIME_LIMIT_MS)) {
    for (const name of rows.flat()) names.add(new TextDecoder().decode(name as ArrayBuffer));
  }
  return [...names];
}
