/**
 * The columns of `runs` by the names that users know them by, for expressions,
 * lists and sorting.
 *
 * @module
 */

import { type SQL, sql } from "drizzle-orm";
import { COMMIT, HOSTNAME, runs } from "../schema.ts";

/** What a column holds: `status` and `tags` are texts with rules of their own. */
export type ColumnKind = "text" | "number" | "time" | "hash" | "id" | "status" | "tags";

/** A column. */
export interface Column {
  /** Its name. */
  readonly name: string;
  /** What it holds. */
  readonly kind: ColumnKind;
  /** Its value in SQL; of tags there is no single one. */
  readonly value: SQL;
}

/** A number that is stored as text. */
const SEED = sql`CAST(${runs.seed} AS INTEGER)`;

/** The columns by name. */
export const COLUMNS: Readonly<Record<string, Column>> = Object.fromEntries(
  ([
    ["id", "id", runs.id],
    ["name", "text", runs.name],
    ["status", "status", runs.status],
    ["started", "time", runs.startedAt],
    ["experiment", "text", runs.experiment],
    ["experiment_version", "number", runs.experimentVersion],
    ["version", "text", runs.configVersion],
    ["seed", "number", SEED],
    ["duration_ms", "number", runs.durationMs],
    ["latency_ms", "number", runs.latencyMs],
    ["rows_processed", "number", runs.rowsProcessed],
    ["signal_rate", "number", runs.signalRate],
    ["data", "text", runs.dataPath],
    ["error_code", "text", runs.errorCode],
    ["error_message", "text", runs.errorMessage],
    ["directory", "text", runs.directory],
    ["note", "text", runs.note],
    ["tags", "tags", sql`NULL`],
    ["host", "text", HOSTNAME],
    ["commit", "text", COMMIT],
    ["deleted", "time", runs.deletedAt],
    ["labelled", "time", runs.labelsAt],
    ["config_hash", "hash", runs.configHash],
    ["data_hash", "hash", runs.dataHash],
    ["rows_hash", "hash", runs.rowsHash],
    ["code_hash", "hash", runs.codeHash],
    ["signal_hash", "hash", runs.signalHash],
    ["result_hash", "hash", runs.resultHash],
    ["fingerprint", "hash", runs.fingerprint],
  ] as const).map(([name, kind, value]) => [name, { name, kind, value: sql`${value}` }]),
);

/** Other spellings: those of the registry's columns, of `--json` and `--csv`. */
export const COLUMN_ALIASES: Readonly<Record<string, string>> = {
  started_at: "started",
  duration: "duration_ms",
  latency: "latency_ms",
  config_version: "version",
  data_path: "data",
  tag: "tags",
  hostname: "host",
  deleted_at: "deleted",
  labels_at: "labelled",
  "hash.config": "config_hash",
  "hash.data": "data_hash",
  "hash.rows": "rows_hash",
  "hash.code": "code_hash",
  "hash.signal": "signal_hash",
  "hash.result": "result_hash",
  "hash.fingerprint": "fingerprint",
};

/** The column of a name or of another spelling; undefined if there is none. */
export function columnNamed(name: string): Column | undefined {
  const canonical = Object.hasOwn(COLUMN_ALIASES, name) ? COLUMN_ALIASES[name]! : name;
  return Object.hasOwn(COLUMNS, canonical) ? COLUMNS[canonical] : undefined;
}
