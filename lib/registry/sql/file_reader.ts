/**
 * Reads from the file of a registry with a statement of a user, within limits
 * on time and memory. It speaks to libsql's addon itself, whose asynchronous
 * half is the one that can be interrupted.
 *
 * @module
 */

import { loadAddon } from "../../vendor/libsql_addon.ts";
import type { LocalRegistry } from "../location.ts";
import { FUNCTIONS } from "./allowed.ts";
import type { SqlReader } from "./reader.ts";
import { withoutBlobs } from "./tokens.ts";

/** What SQLite may take of memory, in bytes. */
const MAX_HEAP_BYTES = 128 << 20;

/** How long another process is waited for, in milliseconds. */
const BUSY_TIMEOUT_MS = 20_000;

/** Rows that are taken at once. */
const AT_ONCE = 100;

// What is sorted stays in memory, where it counts: a disk is not filled with it either.
/** A limit on all of SQLite's memory in the process, which can never be raised again. */
const LIMIT = `PRAGMA hard_heap_limit = ${MAX_HEAP_BYTES}`;

const PRAGMAS = "PRAGMA temp_store = MEMORY; " +
  "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON";

/** Functions that operators and words of SQL call: they are compiled to these. */
const OPERATORS = new Set([
  ...["like", "glob", "match", "regexp", "->", "->>", "subtype"],
  ...["current_date", "current_time", "current_timestamp"],
]);

type Handle = object;

/** What of libsql's addon is used; each function takes its subject as `this`. */
interface Addon {
  databaseOpen(
    path: string,
    authToken: string,
    encryptionCipher: string,
    encryptionKey: string,
    timeout: number,
    remoteEncryptionKey: string,
  ): Handle;
  databaseExecSync(this: Handle, sql: string): void;
  databasePrepareAsync(this: Handle, sql: string): Promise<Handle>;
  databaseInterrupt(this: Handle): void;
  databaseClose(this: Handle): void;
  statementRaw(this: Handle, isRaw: boolean): void;
  statementSafeIntegers(this: Handle, isSafe: boolean): void;
  statementColumns(this: Handle): readonly { readonly name: string }[];
  statementRowsAsync(this: Handle, values: readonly unknown[]): Promise<Handle>;
  rowsNext(this: Handle, rows: (readonly unknown[] | null)[]): void;
}

/** In what a file is read. */
export interface ReaderOptions {
  /** Whether the process does nothing else, so that its memory may be limited. */
  readonly ownsProcess?: boolean;
}

/**
 * Opens a file to read from.
 *
 * @throws {SqliteFailure} if it cannot be opened
 */
export function openFileReader(
  { path }: LocalRegistry,
  { ownsProcess = false }: ReaderOptions = {},
): SqlReader {
  const addon = loadAddon() as Addon;
  const database = asked(() => addon.databaseOpen(path, "", "aes256cbc", "", BUSY_TIMEOUT_MS, ""));
  try {
    asked(() => addon.databaseExecSync.call(database, PRAGMAS));
    if (ownsProcess) asked(() => addon.databaseExecSync.call(database, LIMIT));
  } catch (error) {
    addon.databaseClose.call(database);
    throw error;
  }
  return new FileReader(addon, database);
}

class FileReader implements SqlReader {
  readonly #addon: Addon;
  readonly #database: Handle;

  constructor(addon: Addon, database: Handle) {
    this.#addon = addon;
    this.#database = database;
  }

  async columns(sql: string): Promise<readonly string[]> {
    await this.#refuseCalls(sql);
    const statement = await this.#prepared(sql);
    return asked(() => this.#addon.statementColumns.call(statement)).map(({ name }) => name);
  }

  async *rows(sql: string, timeLimitMs: number): AsyncGenerator<readonly (readonly unknown[])[]> {
    const statement = await this.#prepared(sql);
    const timer = setTimeout(() => this.#addon.databaseInterrupt.call(this.#database), timeLimitMs);
    try {
      const rows = await waited(() => this.#addon.statementRowsAsync.call(statement, []));
      for (;;) {
        const some: (readonly unknown[] | null)[] = new Array(AT_ONCE).fill(null);
        asked(() => this.#addon.rowsNext.call(rows, some));
        const found = some.filter((row) => row !== null && row !== undefined);
        if (found.length > 0) yield found;
        if (found.length < AT_ONCE) return;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#addon.databaseClose.call(this.#database);
  }

  async #prepared(sql: string): Promise<Handle> {
    const statement = await waited(() =>
      this.#addon.databasePrepareAsync.call(this.#database, sql)
    );
    this.#addon.statementRaw.call(statement, true);
    this.#addon.statementSafeIntegers.call(statement, true);
    return statement;
  }

  /** Looks through the compiled statement for functions that are not allowed. */
  async #refuseCalls(sql: string): Promise<void> {
    for await (const instructions of this.rows(`EXPLAIN ${withoutBlobs(sql)}`, BUSY_TIMEOUT_MS)) {
      for (const [, opcode, , , , operand] of instructions) {
        if (!/^(?:Pure)?Function$|^Agg/.test(String(opcode))) continue;
        const name = /^(.+)\(-?\d+\)$/.exec(String(operand))?.[1]?.toLowerCase();
        if (name === undefined || FUNCTIONS.has(name) || OPERATORS.has(name)) continue;
        throw new SqliteFailure(`not authorized to use function: ${name}`, "SQLITE_AUTH");
      }
    }
  }
}

/** What SQLite said, with its code. */
class SqliteFailure extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** Calls the addon. */
function asked<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw failureOf(error);
  }
}

async function waited<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw failureOf(error);
  }
}

function failureOf(error: unknown): unknown {
  const { libsqlError, code, message } = error as {
    readonly libsqlError?: boolean;
    readonly code?: string;
    readonly message: string;
  };
  return libsqlError ? new SqliteFailure(message, code ?? "SQLITE_ERROR") : error;
}
