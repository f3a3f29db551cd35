/**
 * A look at a registry file that changes nothing: no table is made, no
 * migration applied, no journal rolled back.
 *
 * @module
 */

import { type Client, createClient } from "@libsql/client/sqlite3";
import { fileURLToPath } from "node:url";
import { localRegistry } from "./location.ts";
import { APPLICATION_ID, appliedMigrations, SCHEMA_VERSION } from "./migrate.ts";
import type { STORED_STATUSES } from "../record.ts";

/** What the first bytes of a file say, which SQLite is not asked for. */
export interface RegistryHeader {
  /** Whether it is a SQLite database at all. */
  readonly isDatabase: boolean;
  /** Whether it carries the mark of sigrun's registries. */
  readonly isRegistry: boolean;
  /** How many migrations it had. */
  readonly schemaVersion: number;
  /** Whether it is in WAL mode, in which even a reader writes files. */
  readonly isWal: boolean;
}

/** What a registry says of itself. */
export interface RegistryHealth {
  /** The version of the SQLite that reads it. */
  readonly sqlite: string;
  /** What SQLite's quick check found; nothing if all is well. */
  readonly problems: readonly string[];
  /** Runs by stored status. */
  readonly counts: Readonly<Partial<Record<typeof STORED_STATUSES[number], number>>>;
  /** Runs that were deleted, and are still there. */
  readonly deleted: number;
  /** Runs that are marked as damaged. */
  readonly damaged: number;
  /** Ids of all runs. */
  readonly ids: ReadonlySet<string>;
  /** Runs that are stored as running. */
  readonly running: readonly {
    readonly id: string;
    /** Where its directory is said to be. */
    readonly directory: string;
    /** The name of the machine that it is on; null where none is recorded. */
    readonly hostname: string | null;
    /** Whether it was deleted, and is still there. */
    readonly isDeleted: boolean;
  }[];
}

const MAGIC = "SQLite format 3\0";

/**
 * Reads the header of a registry file.
 *
 * @throws if the file cannot be read
 */
export async function registryHeader(path: string): Promise<RegistryHeader> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(100);
  let length = 0;
  while (length < bytes.length) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  const view = new DataView(bytes.buffer);
  const isDatabase = new TextDecoder().decode(bytes.subarray(0, 16)) === MAGIC;
  return {
    isDatabase,
    isRegistry: isDatabase && view.getUint32(68) === APPLICATION_ID,
    schemaVersion: view.getUint32(60),
    isWal: bytes[18] === 2 || bytes[19] === 2,
  };
}

/** Whether this sigrun can read a registry of that schema, migrated or not. */
export function isKnownSchema(version: number): boolean {
  return version >= 1 && version <= SCHEMA_VERSION;
}

/**
 * Asks a registry how it is. The file has to be a registry, in no need of
 * recovery.
 *
 * @throws if it cannot be read
 */
export async function registryHealth(
  { url }: { readonly url: string },
  { schemaVersion }: RegistryHeader,
): Promise<RegistryHealth> {
  const client = createClient({ url, timeout: 2_000, concurrency: 1 });
  try {
    await client.execute("PRAGMA query_only = ON");
    await appliedMigrations(client, localRegistry(fileURLToPath(url)));
    const rows = async (sql: string) => (await client.execute(sql)).rows;
    const count = async (sql: string) => Number((await rows(sql))[0]!.n);
    const isDeleted = schemaVersion < 2 ? "0" : "deleted_at IS NOT NULL";
    return {
      sqlite: await sqliteOf(client),
      problems: (await rows("PRAGMA quick_check(20)")).map((row) => String(row[0]))
        .filter((line) => line !== "ok"),
      counts: Object.fromEntries(
        (await rows("SELECT hex(status) AS status, count(*) AS n FROM runs GROUP BY status"))
          .map(({ status, n }) => [textOf(status), Number(n)]),
      ),
      deleted: await count(`SELECT count(*) AS n FROM runs WHERE ${isDeleted}`),
      damaged: await count("SELECT count(*) AS n FROM damage"),
      // In hexadecimal, as the driver ends the process when it reads text that is not UTF-8.
      ids: new Set((await rows("SELECT hex(id) AS id FROM runs")).map(({ id }) => textOf(id))),
      running: (await rows(
        `SELECT hex(id) AS id, hex(directory) AS directory, ${isDeleted} AS deleted,
            hex(CASE WHEN json_valid(environment)
              THEN json_extract(environment, '$.hostname') END) AS hostname
          FROM runs WHERE status = 'running'`,
      )).map(({ id, directory, deleted, hostname }) => ({
        id: textOf(id),
        directory: textOf(directory),
        hostname: textOf(hostname) || null,
        isDeleted: Number(deleted) === 1,
      })),
    };
  } finally {
    client.close();
  }
}

function textOf(hex: unknown): string {
  return new TextDecoder().decode(Uint8Array.fromHex(String(hex)));
}

async function sqliteOf(client: Pick<Client, "execute">): Promise<string> {
  const { rows } = await client.execute("SELECT sqlite_version() AS version");
  return String(rows[0]!.version);
}
