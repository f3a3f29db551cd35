/**
 * The audit of the registry itself.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { foreignKeyProblems, integrityProblems, schemaProblems } from "../registry/audit.ts";
import {
  type LocalRegistry,
  type RegistryLocation,
  registryName,
  type RemoteRegistry,
} from "../registry/location.ts";
import type { Mirror } from "../registry/mirror.ts";
import {
  isDamaged,
  openExisting,
  openRegistry,
  type Registry,
  registryExists,
} from "../registry/open.ts";
import { type Check, equalityCheck } from "./check.ts";
import { reasonOf } from "../system_error.ts";

/** What was found of the registry. */
export interface RegistryReport {
  /** Whether it can be used. */
  readonly state: "sound" | "lost" | "damaged";
  /** The registry, open, if it can be used. */
  readonly registry: Registry | undefined;
  /** What was looked at. */
  readonly checks: readonly Check[];
}

/** A page has 512 bytes at least. */
const SMALLEST_DATABASE = 512;

/** More than these say no more. */
const MAX_PROBLEMS = 20;

/**
 * Looks at the registry. One of a newer sigrun, and another program's
 * database, are refused: they are not for this sigrun to judge.
 *
 * @throws {UserError} if it is refused, held by another process, or cannot be read
 */
export async function registryReport(
  location: RegistryLocation,
  mirror: Mirror,
): Promise<RegistryReport> {
  return await (location.kind === "local"
    ? fileReport(location, mirror)
    : serverReport(location, mirror));
}

async function fileReport(location: LocalRegistry, mirror: Mirror): Promise<RegistryReport> {
  const { path } = location;
  const bytes = await registryExists(location) ? (await Deno.stat(path)).size : undefined;
  if (bytes === undefined || bytes === 0) {
    return lost(bytes === undefined ? "none" : "an empty file");
  }
  // SQLite would make a database of some of them.
  if (bytes < SMALLEST_DATABASE) return malformed(`${bytes} bytes`);
  return await databaseReport(location, {
    mirror,
    bytes,
    open: () => openRegistry(location, { anySchema: true }),
  });
}

async function serverReport(location: RemoteRegistry, mirror: Mirror): Promise<RegistryReport> {
  const found = await openExisting(location, { anySchema: true });
  if (found === undefined) return lost("an empty database");
  return await databaseReport(location, {
    mirror,
    bytes: null,
    open: () => Promise.resolve(found),
  });
}

async function databaseReport(
  location: RegistryLocation,
  { mirror, bytes, open }: {
    readonly mirror: Mirror;
    readonly bytes: number | null;
    readonly open: () => Promise<Registry>;
  },
): Promise<RegistryReport> {
  let registry: Registry | undefined;
  try {
    registry = await open();
    const damage = await damageChecks(registry, { mirror, bytes });
    if (damage.length > 0) {
      registry.close();
      return { state: "damaged", registry: undefined, checks: damage };
    }
    return { state: "sound", registry, checks: await soundChecks(registry) };
  } catch (error) {
    registry?.close();
    if (!isDamage(error)) throw error;
    const actual = reasonOf(error).replace(
      `Cannot use the registry ${registryName(location)}: `,
      "",
    );
    return malformed(actual);
  }
}

function lost(actual: string): RegistryReport {
  const check: Check = { check: "registry", expected: "a database", actual, status: "missing" };
  return { state: "lost", registry: undefined, checks: [check] };
}

function malformed(actual: string): RegistryReport {
  const check: Check = { check: "registry", expected: "a database", actual, status: "malformed" };
  return { state: "damaged", registry: undefined, checks: [check] };
}

/** What makes a registry useless, if anything does. */
async function damageChecks(
  registry: Registry,
  { mirror, bytes }: { readonly mirror: Mirror; readonly bytes: number | null },
): Promise<readonly Check[]> {
  const integrity = await integrityProblems(registry, bytes);
  const schema = await schemaProblems(registry, mirror.registry);
  return [
    ...integrity.map((actual) => equalityCheck("registry integrity", { expected: "ok", actual })),
    ...schema.map((name) =>
      equalityCheck("registry schema", { expected: name, actual: "another, or none" })
    ),
  ].slice(0, MAX_PROBLEMS);
}

/** The checks of a registry that can be used. */
export async function soundChecks(registry: Registry): Promise<readonly Check[]> {
  const loose = await foreignKeyProblems(registry);
  const expected = "no row without its run";
  return [
    equalityCheck("registry integrity", { expected: "ok", actual: "ok" }),
    equalityCheck("registry schema", { expected: "as made", actual: "as made" }),
    equalityCheck("registry foreign keys", {
      expected,
      actual: loose.length === 0 ? expected : loose.join(", "),
    }),
  ];
}

/** Tables that are there although no migration was: its version was changed. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof UserError) || error.code !== "registry_unavailable") return false;
  return isDamaged(error) || /table \w+ already exists$/.test(error.message);
}
