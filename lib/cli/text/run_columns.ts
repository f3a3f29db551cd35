/**
 * The columns that a list of runs can have: those of the registry, parameters,
 * metrics, and what is computed of all the runs on a page.
 *
 * @module
 */

import type { ValueTarget } from "../../registry/query/names.ts";
import { HASH_NAMES, type RecordedRun, type RunHashes, type RunRecord } from "../../record.ts";
import { runSuffix } from "../../run_id.ts";
import { formatDuration, formatRate, formatTime, formatValue, shortHash } from "./format.ts";
import type { ListCell, ListTitle } from "./list_format.ts";
import { statusPaint, type Style } from "./style.ts";
import { own } from "../../own.ts";

/** What cells depend on besides their run. */
export interface CellContext {
  /** Colours. */
  readonly style: Style;
}

/** A column of a list of runs. */
export interface RunColumn extends ListTitle {
  /** Whether a run that failed before its config was known has nothing to say about it. */
  readonly ofConfig?: boolean;
  /** Whether it is no field of a run, but computed of more than one. */
  readonly isComputed?: boolean;
  /** The value of a run. */
  value(run: RecordedRun): unknown;
  /** How people read it; default the value. */
  cell?(run: RecordedRun, context: CellContext): Omit<ListCell, "value">;
}

const time = (iso: string | null): Omit<ListCell, "value"> => ({
  text: iso === null ? "" : formatTime(iso),
});

const number = { align: "right" as const };

const hash = (name: keyof RunHashes): Omit<RunColumn, "name" | "title"> => ({
  value: ({ hashes }) => hashes[name],
  cell: ({ hashes }, { style }) => ({ text: shortHash(hashes[name]), paint: style.dim }),
});

/** What is not the field of its name, or not shown as it is. */
const COLUMNS: Readonly<Record<string, Omit<RunColumn, "name" | "title"> & { title?: string }>> = {
  id: {
    title: "RUN",
    value: ({ id }) => id,
    cell: ({ id }) => ({ text: runSuffix(id) }),
  },
  status: {
    value: ({ status }) => status,
    cell: ({ status, damage }, { style }) =>
      damage !== undefined
        ? { text: `${status}, damaged`, paint: style.red }
        : { text: status, paint: statusPaint(status, style) },
  },
  started: {
    title: "STARTED (UTC)",
    value: ({ started_at }) => started_at,
    cell: ({ started_at }) => time(started_at),
  },
  version: { value: ({ config_version }) => config_version },
  duration_ms: {
    ...number,
    title: "DURATION",
    value: ({ duration_ms }) => duration_ms,
    cell: ({ duration_ms }) => ({
      text: duration_ms === null ? "" : formatDuration(duration_ms),
    }),
  },
  latency_ms: {
    ...number,
    value: ({ latency_ms }) => latency_ms,
    cell: ({ latency_ms }) => ({ text: latency_ms === null ? "" : latency_ms.toFixed(1) }),
  },
  signal_rate: {
    ...number,
    value: ({ signal_rate }) => signal_rate,
    cell: ({ signal_rate }) => ({ text: signal_rate === null ? "" : formatRate(signal_rate) }),
  },
  rows_processed: { ...number, value: ({ rows_processed }) => rows_processed },
  experiment_version: { ...number, value: ({ experiment_version }) => experiment_version },
  seed: { ...number, value: ({ seed }) => seed },
  data: { value: ({ data_path }) => data_path },
  error_code: { title: "ERROR", value: ({ error_code }) => error_code },
  tags: { value: ({ tags }) => tags.join(" ") },
  host: { value: ({ environment }) => environment["hostname"] ?? null },
  commit: { value: ({ environment: { git } }) => (git as { commit?: string } | null)?.commit },
  deleted: {
    title: "DELETED (UTC)",
    value: ({ deleted_at }) => deleted_at,
    cell: ({ deleted_at }) => time(deleted_at),
  },
  labelled: {
    title: "LABELLED (UTC)",
    value: ({ labels_at }) => labels_at,
    cell: ({ labels_at }) => time(labels_at),
  },
  ...Object.fromEntries(
    HASH_NAMES.map((name) => [
      name === "fingerprint" ? name : `${name}_hash`,
      { title: name.toUpperCase(), ...hash(name) },
    ]),
  ),
};

/** The column of a name that was found out; `name` is what it is called in CSV. */
export function runColumn(target: ValueTarget, name: string): RunColumn {
  if (target.kind === "column") {
    const field = target.column.name;
    const known = Object.hasOwn(COLUMNS, field) ? COLUMNS[field]! : {
      value: (run: RunRecord) => run[field as keyof RunRecord],
    };
    return { title: field.toUpperCase(), ...known, name };
  }
  const { kind, key } = target;
  return {
    name,
    title: key,
    align: "right",
    ofConfig: kind === "param",
    value: ({ params, metrics }) => own<unknown>(kind === "param" ? params : metrics, key),
    cell: ({ params, metrics }) => ({
      text: formatValue(own<unknown>(kind === "param" ? params : metrics, key)),
    }),
  };
}

/** Whether these runs are not all alike in a column. */
export function differs({ value, ofConfig }: RunColumn, runs: readonly RunRecord[]): boolean {
  // A run that failed before its parameters were known says nothing about them.
  const saying = ofConfig === true ? runs.filter(({ config }) => config !== null) : runs;
  return new Set(saying.map((run) => JSON.stringify(value(run) ?? null))).size > 1;
}

/** Names of what any of the runs has, in order of appearance. */
export function namesIn(
  runs: readonly RunRecord[],
  kind: "params" | "metrics",
): readonly string[] {
  return [...new Set(runs.flatMap((run) => Object.keys(run[kind])))];
}

/** The cells of a run. */
export function cellsOf(
  run: RecordedRun,
  { columns, context }: {
    readonly columns: readonly RunColumn[];
    readonly context: CellContext;
  },
): readonly ListCell[] {
  return columns.map((column) => ({
    value: column.value(run) ?? null,
    ...column.cell?.(run, context),
  }));
}
