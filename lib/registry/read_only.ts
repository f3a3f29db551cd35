/**
 * Queries in the user's own SQL, which can change nothing.
 *
 * @module
 */

import { type Client, createClient } from "@libsql/client/sqlite3";
import { usageError, type UserError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { printable } from "../quote.ts";
import type { RegistryLocation } from "./location.ts";
import { appliedMigrations } from "./migrate.ts";
import { openExisting, registryError, registryExists } from "./open.ts";
import { singleSelect } from "./single_select.ts";

/** What a query found. */
export interface QueryResult {
  /** The columns, each with a name of its own. */
  readonly columns: readonly string[];
  /** The values of each row: text, numbers, null; blobs are in hexadecimal, large integers text. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/**
 * A connection that can only read; undefined where there is no registry. An
 * old one is not brought up to date.
 *
 * @throws {UserError} if it cannot be opened or reached, or is no registry
 */
export async function openReadOnly(location: RegistryLocation): Promise<Client | undefined> {
  // A server has no such connections: there it is the form of a statement that keeps it from writing.
  if (location.kind === "remote") return (await openExisting(location))?.client;
  if (!await registryExists(location)) return undefined;
  const client = createClient({
    url: location.url,
    timeout: 20_000,
    concurrency: 1,
    intMode: "bigint",
  });
  try {
    await appliedMigrations(client, location);
    await client.executeMultiple("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON");
  } catch (error) {
    client.close();
    throw registryError(error, location);
  }
  return client;
}

/**
 * What a single SELECT finds.
 *
 * @throws {UserError} if it is something else, or wrong, with the nearest table or column
 */
export async function select(
  client: Client,
  { sql, location }: {
    /** The statement. */
    readonly sql: string;
    /** Where the registry is. */
    readonly location: RegistryLocation;
  },
): Promise<QueryResult> {
  // A line break, as the statement may end in a comment.
  const from = `FROM (\n${singleSelect(sql)}\n)`;
  try {
    const { columns } = await client.execute(`SELECT * ${from} LIMIT 0`);
    const { rows } = await client.execute(`SELECT ${columns.map(encoded).join(", ")} ${from}`);
    return { columns, rows: rows.map((row) => columns.map((_, at) => decoded(row[at]))) };
  } catch (error) {
    throw await wrongStatement(error, { client, location });
  }
}

/**
 * A column with its text in hexadecimal: the driver ends the process when it
 * reads one that is not UTF-8, and cuts text at a NUL.
 */
function encoded(column: string): string {
  const name = `"${column.replaceAll('"', '""')}"`;
  return `CASE typeof(${name}) WHEN 'text' THEN 't' || hex(${name})
    WHEN 'blob' THEN 'b' || lower(hex(${name})) ELSE ${name} END`;
}

function decoded(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value !== "string") return value as number;
  if (value.startsWith("b")) return value.slice(1);
  return new TextDecoder().decode(Uint8Array.fromHex(value.slice(1))).replaceAll("\uffff", "\0");
}

async function wrongStatement(
  error: unknown,
  { client, location }: { readonly client: Client; readonly location: RegistryLocation },
): Promise<unknown> {
  const message = rootMessage(error);
  if (/readonly|not authorized|query_only/i.test(message)) {
    return wrong("the registry is only read", "Write a SELECT.");
  }
  const unknown = /no such (?:column|table): (?:\w+\.)?(\S+)/.exec(message)?.[1];
  if (unknown === undefined && !/SQLITE_ERROR|SQL_|syntax error|no such/.test(`${message}`)) {
    return registryError(error, location);
  }
  const near = unknown === undefined ? undefined : nearest(unknown, await schemaNames(client));
  return wrong(
    message.replace(/^(?:SQLITE_ERROR: )+/, "") +
      (near === undefined ? "" : `: did you mean ${near}?`),
    "Tables and columns: SELECT name, sql FROM sqlite_schema; lib/registry/README.md says what they hold.",
  );
}

function wrong(reason: string, hint: string): UserError {
  return usageError(`Cannot run the query: ${printable(reason)}`, hint);
}

function rootMessage(error: unknown): string {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  const { code } = cause as { readonly code?: unknown };
  const message = cause instanceof Error ? cause.message : String(cause);
  return code === "SQLITE_ERROR" ? `SQLITE_ERROR: ${message}` : message;
}

async function schemaNames(client: Client): Promise<readonly string[]> {
  const { rows } = await client.execute(
    "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'",
  );
  return [...new Set(rows.flatMap((row) => [String(row[0]), String(row[1])]))];
}
