/**
 * The tables of the registry, for drizzle. The SQL that makes them is in
 * `migrations/`; a test holds the two together.
 *
 * @module
 */

import { type SQL, sql } from "drizzle-orm";
import {
  customType,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";
import { originalText, storedText } from "./any_text.ts";
import { STORED_STATUSES } from "../record.ts";

/** Text from outside. */
const anyText = customType<{ data: string; driverData: string }>({
  dataType: () => "text",
  toDriver: storedText,
  fromDriver: originalText,
});

/** One row for each run. */
export const runs = sqliteTable("runs", {
  id: text("id").primaryKey(),
  name: anyText("name"),
  experiment: text("experiment"),
  experimentVersion: integer("experiment_version"),
  configVersion: anyText("config_version"),
  /** Text, as SQLite's driver refuses integers past 2^53 when it reads. */
  seed: text("seed"),
  status: text("status", { enum: STORED_STATUSES }).notNull(),
  startedAt: text("started_at").notNull(),
  durationMs: real("duration_ms"),
  latencyMs: real("latency_ms"),
  rowsProcessed: integer("rows_processed"),
  signalRate: real("signal_rate"),
  dataPath: anyText("data_path"),
  config: text("config", { mode: "json" }).$type<Readonly<Record<string, unknown>>>(),
  quality: text("quality", { mode: "json" }).$type<
    Readonly<Record<string, number | string | null>>
  >(),
  configHash: text("config_hash"),
  dataHash: text("data_hash"),
  rowsHash: text("rows_hash"),
  codeHash: text("code_hash"),
  signalHash: text("signal_hash"),
  resultHash: text("result_hash"),
  fingerprint: text("fingerprint"),
  errorCode: text("error_code"),
  errorMessage: anyText("error_message"),
  directory: text("directory").notNull(),
  environment: text("environment", { mode: "json" }).$type<Readonly<Record<string, unknown>>>()
    .notNull(),
  evaluation: text("evaluation", { mode: "json" }).$type<Readonly<Record<string, unknown>>>(),
  note: anyText("note"),
  deletedAt: text("deleted_at"),
  labelsAt: text("labels_at"),
}, (table) => [
  index("runs_started_at").on(table.startedAt),
  index("runs_status").on(table.status),
  index("runs_fingerprint").on(table.fingerprint),
  index("runs_inputs").on(table.configHash, table.dataHash),
  index("runs_data").on(table.dataHash, table.configHash),
  index("runs_deleted_at").on(table.deletedAt, table.startedAt, table.id),
]);

/**
 * Whether a row has an id of the form of a run id. What has another one is
 * nobody's run, and no text that can be read safely: see `isRunId`.
 */
export const HAS_RUN_ID: SQL = sql`(${runs.id} GLOB ${
  [8, 6].map((digits) => "[0-9]".repeat(digits)).join("-") + "-" +
  "[0-9a-hjkmnp-tv-z]".repeat(6)
} AND length(CAST(${runs.id} AS BLOB)) = 22)`;

/** The name of the machine that a run is on; null where none is recorded. */
export const HOSTNAME: SQL<string | null> = sql`
  CASE WHEN json_valid(${runs.environment}) THEN json_extract(${runs.environment}, '$.hostname') END
`;

/** When labels last changed; null also for what is no time, as the later ones hold. */
export const LABELS_AT: SQL<string | null> = sql`
  CASE WHEN ${runs.labelsAt} GLOB ${
  ["[0-9]".repeat(4), "[0-9][0-9]", "[0-9][0-9]T*Z"].join("-")
} THEN ${runs.labelsAt} END
`;

/** The commit of the program; null where none is recorded. */
export const COMMIT: SQL<string | null> = sql`
  CASE WHEN json_valid(${runs.environment}) THEN json_extract(${runs.environment}, '$.git.commit') END
`;

const runId = () => text("run_id").notNull().references(() => runs.id, { onDelete: "cascade" });

/** The parameters of each run: the value as JSON, and as a number where it is one. */
export const params = sqliteTable("params", {
  runId: runId(),
  key: text("key").notNull(),
  value: text("value", { mode: "json" }).$type<unknown>().notNull(),
  number: real("number"),
}, (table) => [
  primaryKey({ columns: [table.runId, table.key] }),
  index("params_key_number").on(table.key, table.number),
]);

/** The metrics of each run. */
export const metrics = sqliteTable("metrics", {
  runId: runId(),
  key: text("key").notNull(),
  value: real("value").notNull(),
}, (table) => [
  primaryKey({ columns: [table.runId, table.key] }),
  index("metrics_key_value").on(table.key, table.value),
]);

/** The tags of each run. */
export const tags = sqliteTable("tags", {
  runId: runId(),
  tag: anyText("tag").notNull(),
}, (table) => [
  primaryKey({ columns: [table.runId, table.tag] }),
  index("tags_tag").on(table.tag),
]);

/** The files of each run, as its manifest lists them. */
export const artifacts = sqliteTable("artifacts", {
  runId: runId(),
  path: anyText("path").notNull(),
  sha256: text("sha256").notNull(),
  bytes: integer("bytes").notNull(),
}, (table) => [primaryKey({ columns: [table.runId, table.path] })]);

/** The mark of each run that an audit found damaged, and what it found. */
export const damage = sqliteTable("damage", {
  runId: text("run_id").primaryKey().references(() => runs.id, { onDelete: "cascade" }),
  found: anyText("found").notNull(),
});
