/**
 * Opens a registry.
 *
 * @module
 */

import { type Client, createClient } from "@libsql/client/sqlite3";
import type { LibSQLDatabase } from "drizzle-orm/libsql";
import { drizzle } from "drizzle-orm/libsql/sqlite3";
import { dirname } from "node:path";
import { UserError } from "../errors.ts";
import type { LocalRegistry, RegistryLocation, RemoteRegistry } from "./location.ts";
import { registryName } from "./location.ts";
import {
  appliedMigrations,
  createTables,
  migrate,
  SCHEMA_VERSION,
  type SchemaOptions,
} from "./migrate.ts";
import { type Failure, serverFailure } from "./server_failure.ts";
import { systemCode, systemFailure } from "../system_error.ts";

/** How long a writer waits for another one, in milliseconds. */
const BUSY_TIMEOUT_MS = 20_000;

// One connection, so that these hold for every statement. Journal mode DELETE:
// the SQLite inside libsql (3.45.1) predates the fix of a bug in WAL mode.
// Pages are larger than usual in a new file: a condition on all of 100,000 runs
// reads most pages of two tables, one by one, and takes a quarter less time.
const PRAGMAS = "PRAGMA page_size = 16384; PRAGMA journal_mode = DELETE; " +
  "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF";

/** An open registry; `lib/registry` alone looks inside. */
export interface Registry {
  /** Where it is. */
  readonly location: RegistryLocation;
  /** Its tables, for drizzle's queries. */
  readonly database: LibSQLDatabase;
  /** What takes statements in SQL. */
  readonly client: Client;
  /** Lets go of the file. */
  close(): void;
}

/**
 * Opens a registry, creating it and its folder if need be. A process opens
 * one registry, once: libsql leaks a descriptor per client.
 *
 * @throws {UserError} if it cannot be opened or reached, is no registry, or has strange tables
 */
export async function openRegistry(
  location: RegistryLocation,
  options: SchemaOptions = {},
): Promise<Registry> {
  const opened = { ...options, create: true };
  return (await (location.kind === "local"
    ? openFile(location, opened)
    : openServer(location, opened)))!;
}

/**
 * Opens a registry if there is one: looking makes none.
 *
 * @throws {UserError} if it cannot be opened or reached, is no registry, or has strange tables
 */
export async function openExisting(
  location: RegistryLocation,
  options: SchemaOptions = {},
): Promise<Registry | undefined> {
  const opened = { ...options, create: false };
  if (location.kind === "remote") return await openServer(location, opened);
  return await registryExists(location) ? await openFile(location, opened) : undefined;
}

/** How a registry is opened. */
interface OpenOptions extends SchemaOptions {
  /** Whether it is made if there is none. */
  readonly create: boolean;
}

async function openServer(
  location: RemoteRegistry,
  options: OpenOptions,
): Promise<Registry | undefined> {
  // Only here, as a file needs none of it.
  const { clientOf } = await import("./server.ts");
  try {
    const client = await clientOf(location, options);
    return client && registryOf(client, location);
  } catch (error) {
    throw registryError(error, location);
  }
}

async function openFile(
  location: LocalRegistry,
  { create, anySchema = false }: OpenOptions,
): Promise<Registry | undefined> {
  let client: Client | undefined;
  try {
    await Deno.mkdir(dirname(location.path), { recursive: true });
    requireOpenFiles(dirname(location.path));
    client = createClient({
      url: location.url,
      timeout: location.timeoutMs ?? BUSY_TIMEOUT_MS,
      concurrency: 1,
    });
    // Before the pragmas, as they would change another program's database.
    const applied = await appliedMigrations(client, location, { anySchema });
    if (applied === 0 && !create) {
      client.close();
      return undefined;
    }
    await client.executeMultiple(PRAGMAS);
    if (applied < SCHEMA_VERSION) await migrate(client, location);
    return registryOf(client, location);
  } catch (error) {
    client?.close();
    throw registryError(isUnopened(error) ? await whyUnopened(location, error) : error, location);
  }
}

/** Files that libsql opens, and a few more. */
const OPEN_FILES = 12;

/**
 * Throws where there is no room for as many open files as libsql needs: it ends
 * the process where it gets none.
 */
function requireOpenFiles(folder: string): void {
  const opened: Deno.FsFile[] = [];
  try {
    while (opened.length < OPEN_FILES) opened.push(Deno.openSync(folder));
  } catch (error) {
    // Windows opens no folders.
    if (systemCode(error) === "EMFILE") throw error;
  } finally {
    for (const file of opened) file.close();
  }
}

/** What the system says of a file of which SQLite says only that it cannot be opened. */
async function whyUnopened({ path }: LocalRegistry, error: unknown): Promise<unknown> {
  try {
    (await Deno.open(path, { read: true, write: true, create: true })).close();
    return error;
  } catch (cause) {
    return cause;
  }
}

function registryOf(client: Client, location: RegistryLocation): Registry {
  return { location, client, database: drizzle(client), close: () => client.close() };
}

/** Opens a registry without runs that is kept in memory, for this process alone. */
export async function openMemoryRegistry(): Promise<Registry> {
  const url = ":memory:";
  const client = createClient({ url, concurrency: 1 });
  await client.executeMultiple("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF");
  await createTables(client);
  const location = { kind: "local", path: url, url } as const;
  return registryOf(client, location);
}

/**
 * Whether there is a file of a registry to open.
 *
 * @throws {UserError} if what is there is no file, or cannot be looked at
 */
export async function registryExists(location: LocalRegistry): Promise<boolean> {
  let found: Deno.FileInfo;
  try {
    found = await Deno.stat(location.path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw registryError(error, location);
  }
  if (found.isFile) return true;
  const what = found.isDirectory ? "it is a directory" : "it is no file";
  throw new UserError(`Cannot use the registry ${registryName(location)}: ${what}`, {
    code: "registry_unavailable",
    hint: "Name a file: --registry file:PATH. A folder of runs is named with --runs-dir DIR.",
  });
}

/** What a failure of the database means to the user; other errors stay as they are. */
export function registryError(error: unknown, location: RegistryLocation): unknown {
  if (error instanceof UserError) return error;
  // A server may answer anything, and what comes of that be any error.
  const found = location.kind === "local" ? fileFailure(error) : serverFailure(error) ?? STRANGE;
  if (found === undefined) return error;
  return new UserError(`Cannot use the registry ${registryName(location)}: ${found.reason}`, {
    code: "registry_unavailable",
    hint: found.hint,
    cause: error,
  });
}

const STRANGE: Failure = {
  reason: "its answers are not understood",
  hint: "Is it a libsql server? The same command with --debug says more.",
};

function fileFailure(error: unknown): Failure | undefined {
  const cause = rootCause(error);
  const message = cause instanceof Error ? cause.message : String(cause);
  const unopened = isUnopened(error);
  const refused = systemFailure(cause);
  if (refused !== undefined) return refused;
  const isDatabase = unopened || hasCode(error, /^(?:UNKNOWN_)?SQLITE_|^CLIENT_|^URL_/);
  if (!isDatabase) return undefined;
  const hint = isBusy(error)
    ? "Another process holds it. Wait for that one to finish, then try again."
    : isDamaged(error)
    ? "The file is damaged, but the run directories hold all that was in it: " +
      "runs:verify --repair keeps it aside and makes a new one."
    : hasCode(error, /^SQLITE_READONLY/)
    ? "SQLite writes to the file and to others beside it: check the permissions of the file and " +
      "of its folder, or name another file: --registry file:PATH."
    : hasCode(error, /^SQLITE_(?:FULL|IOERR)/)
    ? "Is its disk full? Make room, or name another file: --registry file:PATH."
    : "Check the path and its permissions, or name another file: --registry file:PATH.";
  return { reason: unopened ? "it cannot be opened" : message, hint };
}

/** Whether libsql could not open the file: to this one failure it gives no code. */
function isUnopened(error: unknown): boolean {
  const { message } = rootCause(error) as { readonly message?: unknown };
  return /^ConnectionFailed|unable to open database file/.test(`${message}`);
}

/** Whether the database was held by another process for too long. */
export function isBusy(error: unknown): boolean {
  return hasCode(error, /^SQLITE_(?:BUSY|LOCKED)/);
}

/** Whether the file is no database, or one that is damaged. */
export function isDamaged(error: unknown): boolean {
  const { message } = rootCause(error) as { readonly message?: unknown };
  return hasCode(error, /^SQLITE_(?:NOTADB|CORRUPT)/) ||
    /not a database|malformed/.test(`${message}`);
}

/** Whether an error or one of its causes has such a code: the innermost may be `UNKNOWN_SQLITE_…`. */
function hasCode(error: unknown, wanted: RegExp): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { readonly code?: unknown };
    if (typeof code === "string" && wanted.test(code)) return true;
  }
  return false;
}

/** Drizzle and libsql wrap what SQLite said. */
function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause;
}
