/**
 * Prints lists of runs: which columns they have, and in which form.
 *
 * @module
 */

import { usageError } from "../../errors.ts";
import { jsonLine, jsonText } from "../../json_text.ts";
import type { RunsPage } from "../../registry/list_runs.ts";
import type { KnownNames } from "../../registry/known_names.ts";
import type { Registry } from "../../registry/open.ts";
import { columnNamed, COLUMNS } from "../../registry/query/columns.ts";
import type { ValueTarget } from "../../registry/query/names.ts";
import { HASH_NAMES, type RunRecord } from "../../record.ts";
import type { ComputedName } from "./computed_columns.ts";
import type { Flag, Flags, Invocation } from "../commands/command.ts";
import { type ListFormat, writeList } from "./list_format.ts";
import { cellsOf, differs, namesIn, type RunColumn, runColumn } from "./run_columns.ts";

/** The flags that choose columns. */
export const COLUMN_FLAGS: readonly Flag[] = [
  {
    name: "cols",
    value: "A,B,…",
    takes: "names",
    help: "these columns: any column, parameter or metric, tags, note, hashes, deflated_sharpe",
  },
  { name: "all-columns", help: "all columns there are" },
  { name: "only-changed", help: "only columns in which the shown runs differ" },
];

/** What a list is without a flag. */
export interface ListDefaults {
  /** Columns before the parameters that differ, by name. */
  readonly before: readonly string[];
  /** Columns after them. */
  readonly after: readonly string[];
  /** What the list is sorted by, which is shown, too. */
  readonly sort: ValueTarget | undefined;
}

/** Names of all columns of `runs`, as CSV and `--json` have them. */
const ALL = [
  ...["id", "name", "status", "started_at", "duration_ms", "experiment", "experiment_version"],
  ...["config_version", "seed", "rows_processed", "signal_rate", "latency_ms", "data_path"],
  ...["error_code", "error_message", "directory", "host", "commit", "note", "deleted_at"],
  ...["labels_at", "tags"],
];

/**
 * The columns that were asked for.
 *
 * @throws {UserError} on a name that is none, with the nearest
 */
export async function listColumns(
  runs: readonly RunRecord[],
  { flags, format, registry, defaults }: {
    readonly flags: Flags;
    readonly format: ListFormat;
    readonly registry: Registry | undefined;
    readonly defaults: ListDefaults;
  },
): Promise<readonly RunColumn[]> {
  const names = flags.text("cols");
  if (names !== undefined && flags.has("all-columns")) {
    throw usageError("Cannot use --cols and --all-columns at once", "Leave out one of them.");
  }
  const columns = names !== undefined
    ? await namedColumns(names, { registry, runs })
    : flags.has("all-columns") || format === "csv"
    ? allColumns({ params: namesIn(runs, "params"), metrics: namesIn(runs, "metrics") })
    : defaultColumns(runs, defaults);
  if (!flags.has("only-changed")) return columns;
  // The first one tells the runs apart.
  return columns.filter((column, at) => at === 0 || differs(column, runs));
}

async function namedColumns(
  text: string,
  { registry, runs }: {
    readonly registry: Registry | undefined;
    readonly runs: readonly RunRecord[];
  },
): Promise<readonly RunColumn[]> {
  const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  if (names.length === 0) {
    throw usageError(
      "--cols needs names: --cols id,window,sharpe",
      "They are put apart by commas.",
    );
  }
  if (registry === undefined) return [];
  const { resolveName } = await import("../../registry/query/names.ts");
  const columns: RunColumn[] = [];
  for (const name of names) {
    if (isComputed(name)) {
      const { computedColumn } = await import("./computed_columns.ts");
      columns.push(await computedColumn(name, { registry, runs }));
    } else columns.push(runColumn(await resolveName(registry, name), name));
  }
  return columns;
}

function isComputed(name: string): name is ComputedName {
  return name === "deflated_sharpe";
}

function allColumns(
  { params, metrics }: Pick<KnownNames, "params" | "metrics">,
): readonly RunColumn[] {
  return [
    ...ALL.map(named),
    ...params.map((key) => runColumn({ kind: "param", key }, `param.${key}`)),
    ...metrics.map((key) => runColumn({ kind: "metric", key }, `metric.${key}`)),
    ...HASH_NAMES.map((name) => named(`hash.${name}`)),
  ];
}

/**
 * The columns of a list whose rows are not known together; undefined where they
 * have to be, as what differs or is computed depends on all of them.
 *
 * @throws {UserError} on a name that is none, with the nearest
 */
export async function columnsOfEach(
  registry: Registry,
  { flags, format }: { readonly flags: Flags; readonly format: ListFormat },
): Promise<readonly RunColumn[] | undefined> {
  const names = flags.text("cols");
  if (flags.has("only-changed") || names?.split(",").some((name) => isComputed(name.trim()))) {
    return undefined;
  }
  if (names !== undefined || format !== "csv") {
    return await listColumns([], { flags, format, registry, defaults: NO_DEFAULTS });
  }
  const { knownNamesOf } = await import("../../registry/known_names.ts");
  return allColumns(await knownNamesOf(registry));
}

const NO_DEFAULTS: ListDefaults = { before: [], after: [], sort: undefined };

function defaultColumns(
  runs: readonly RunRecord[],
  { before, after, sort }: ListDefaults,
): readonly RunColumn[] {
  const params = namesIn(runs, "params")
    .map((key) => runColumn({ kind: "param", key }, key))
    .filter((column) => differs(column, runs));
  const columns = [...before.map(named), ...params, ...after.map(named)];
  const hasErrors = runs.some(({ error_code }) => error_code !== null);
  const sorted = sort === undefined
    ? []
    : [runColumn(sort, sort.kind === "column" ? sort.column.name : sort.key)];
  return [
    ...columns.slice(0, before.length + params.length),
    // What runs are sorted by is what they are looked at for.
    ...sorted.filter(({ title }) => !columns.some((column) => column.title === title)),
    ...columns.slice(before.length + params.length),
    ...(hasErrors ? [named("error_code")] : []),
  ];
}

function named(name: string): RunColumn {
  return runColumn({ kind: "column", column: columnNamed(name) ?? COLUMNS["id"]! }, name);
}

/** Prints a page of runs; where there is none, the columns of CSV, and nothing of a table. */
export async function printRuns(
  page: RunsPage,
  { invocation: { host, style }, format, columns, isContinued = false }: {
    readonly invocation: Pick<Invocation, "host" | "style">;
    readonly format: ListFormat;
    readonly columns: readonly RunColumn[];
    /** Whether it goes on with a list of which a part was printed before. */
    readonly isContinued?: boolean;
  },
): Promise<void> {
  const { stdout } = host;
  if (format === "json" || format === "jsonl") {
    const computed = columns.filter(({ isComputed }) => isComputed);
    // They are known of no run by itself, so they are there only if they were asked for.
    const runs = page.runs.map((run) => ({
      ...run,
      ...Object.fromEntries(computed.map(({ name, value }) => [name, value(run)])),
    }));
    if (format === "json") stdout.write(jsonText({ schema: 1, ...page, runs }));
    else for (const run of runs) stdout.write(jsonLine(run));
  } else if (page.runs.length > 0 || (format === "csv" && columns.length > 0)) {
    const rows = page.runs.map((run) => cellsOf(run, { columns, context: { style } }));
    await writeList({ columns, rows }, { format, stdout, style, isContinued });
  }
}
