/**
 * Whether the tables of a registry are those that sigrun makes. A view in
 * their place, or a trigger on them, would have others decide what is read and
 * written.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { sha256 } from "../sha256.ts";
import { type RegistryLocation, registryName } from "./location.ts";

/** Names of the tables and of their indexes. */
const NAMES: readonly string[] = [
  ...["runs", "params", "metrics", "tags", "artifacts", "damage"],
  ...["runs_started_at", "runs_status", "runs_fingerprint", "runs_inputs", "runs_data"],
  ...["runs_deleted_at", "params_key_number", "metrics_key_value", "tags_tag"],
];

const LIST = NAMES.map((name) => `'${name}'`).join(", ");

/** An expression in SQL: all that decides how these tables are read and written, in bytes. */
export const SCHEMA_SQL: string = `(SELECT CAST(group_concat(line, char(10)) AS BLOB) FROM (
  SELECT type || ' ' || name || ' ' || tbl_name || ' ' || sql AS line FROM sqlite_schema
  WHERE sql IS NOT NULL AND (name COLLATE NOCASE IN (${LIST})
    OR type = 'trigger' AND tbl_name COLLATE NOCASE IN (${LIST}))
  ORDER BY name, type))`;

/** The hash of what that is in a registry of this version; a test computes it. */
export const SCHEMA_HASH =
  "sha256:1abf6cb52da02b1ca409127a4beca31128806ae1c1544546dc3560d60e5ccc41";

/**
 * Refuses tables that are others than those that sigrun makes.
 *
 * @throws {UserError} if they are
 * @param schema what {@linkcode SCHEMA_SQL} gives
 */
export async function requireKnownSchema(
  schema: unknown,
  location: RegistryLocation,
): Promise<void> {
  const bytes = schema instanceof ArrayBuffer || ArrayBuffer.isView(schema)
    ? new Uint8Array(schema as ArrayBuffer)
    : new Uint8Array();
  if (await sha256(bytes) === SCHEMA_HASH) return;
  throw new UserError(`Cannot use the registry ${registryName(location)}: ${STRANGE_SCHEMA}`, {
    code: "registry_unavailable",
    hint: "Tables, indexes or triggers were changed, so that nothing in it can be relied on. " +
      (location.kind === "local"
        ? "The run directories hold all that was in it: runs:verify --repair keeps it aside and " +
          "makes a new one."
        : "Have an empty database put in its place, or a backup: then runs:sync records the runs."),
  });
}

/** What such a registry is called. */
export const STRANGE_SCHEMA = "its tables are not as sigrun makes them";
