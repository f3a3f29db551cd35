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
import { checkSingleSelect } from "./single_select.ts";

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
  // A server has no such connections: there it is the form of the statement alone that keeps it from writing.
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
  checkSingleSelect(sql);
  try {
    const { columns, rows } = await client.execute(sql);
    return {
      columns: distinct(columns),
      rows: rows.map((row) => columns.map((_, at) => plain(row[at]))),
    };
  } catch (error) {
    throw await wrongStatement(error, { client, location });
  }
}

function plain(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof ArrayBuffer) return new Uint8Array(value).toHex();
  return typeof value === "string" ? value.replaceAll("\uffff", "\0") : value as number;
}

/** Names of which the second of a kind is `name:1`. */
function distinct(columns: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return columns.map((column) => {
    let name = column;
    for (let count = 1; seen.has(name); count++) name = `${column}:${count}`;
    seen.add(name);
    return name;
  });
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
