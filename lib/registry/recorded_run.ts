/**
 * From the rows of a run to its record. An odd row is one odd row: what can be
 * read of it is, something stands for the rest, and it says what is unreadable.
 *
 * @module
 */

import { parseJson } from "../json_depth.ts";
import { HASH_NAMES, type RunRecord } from "../record.ts";
import { oddFields } from "../record_schema.ts";
import { startOfRunId } from "../run_id.ts";
import { begunRun } from "./store.ts";
import type { WholeRow } from "./whole_rows.ts";

/** What the tables hold about a run. */
export type Details = Readonly<Record<DetailTable, readonly WholeRow[]>>;

/** A run, as far as it can be read. */
export interface ReadRun {
  /** The run, with something in the place of what is odd. */
  readonly run: RunRecord;
  /** Columns that are odd, those of other tables with the name of the table. */
  readonly odd: readonly string[];
}

/** A table that holds details of runs. */
export type DetailTable = "params" | "metrics" | "tags" | "artifacts";

/** The run that these rows make. */
export function readRun(row: WholeRow, details: Details): ReadRun {
  const { values } = row;
  const odd = new Set(row.odd);
  const json = (name: string): unknown => {
    const text = values[name];
    if (typeof text !== "string") return null;
    try {
      return parseJson(text);
    } catch {
      odd.add(name);
      return null;
    }
  };
  const rowsIn = (table: DetailTable): readonly WholeRow[] =>
    details[table].filter((row) => {
      for (const name of row.odd) odd.add(`${table}.${name}`);
      return row.odd.length === 0;
    });
  const read = {
    ...Object.fromEntries(FIELDS.map((name) => [name, values[name] ?? null])),
    seed: seedOf(values.seed),
    config: json("config"),
    quality: json("quality"),
    evaluation: json("evaluation"),
    environment: json("environment"),
    params: Object.fromEntries(
      rowsIn("params").map(({ values }) => [values.key, jsonValue(values.value, odd)]),
    ),
    metrics: Object.fromEntries(rowsIn("metrics").map(({ values }) => [values.key, values.value])),
    hashes: Object.fromEntries(
      HASH_NAMES.map((name) => [
        name,
        values[name === "fingerprint" ? name : `${name}_hash`] ?? null,
      ]),
    ),
    tags: rowsIn("tags").map(({ values }) => values.tag),
    artifacts: rowsIn("artifacts").map(({ values: { path, sha256, bytes } }) => (
      { path, sha256, bytes }
    )),
  };
  return judged(read, odd);
}

/** The fields of a run that stand in a column as they are. */
const FIELDS = [
  ...["id", "name", "experiment", "experiment_version", "config_version", "status"],
  ...["started_at", "duration_ms", "latency_ms", "rows_processed", "signal_rate", "data_path"],
  ...["error_code", "error_message", "directory", "note", "deleted_at", "labels_at"],
];

/** A seed is stored as text; another text is none. */
function seedOf(stored: unknown): unknown {
  return typeof stored === "string" && /^-?\d+$/.test(stored) ? Number(stored) : stored ?? null;
}

/** A parameter; null for what is no JSON. */
function jsonValue(text: unknown, odd: Set<string>): unknown {
  try {
    return parseJson(String(text));
  } catch {
    odd.add("params.value");
    return null;
  }
}

/** What stands for a field that is odd. */
function standIn(id: string): Omit<RunRecord, "id"> {
  return {
    ...begunRun({ id, started_at: startOfRunId(id)?.toISOString() ?? NO_TIME, directory: "" }),
    status: "failed",
  };
}

/** The beginning of time, for rows that tell no other. */
const NO_TIME = "1970-01-01T00:00:00.000Z";

/** The run that was read, with stand-ins for what is not as it has to be. */
function judged(read: Readonly<Record<string, unknown>>, odd: Set<string>): ReadRun {
  const fields = oddFields(read);
  for (const name of fields) odd.add(name);
  const standIns: Readonly<Record<string, unknown>> = fields.length === 0
    ? {}
    : standIn(String(read.id));
  // Each field was judged.
  return { run: { ...read, ...pick(standIns, fields) } as unknown as RunRecord, odd: [...odd] };
}

function pick(
  values: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
