/**
 * What differs between runs. Pure.
 *
 * @module
 */

import { leaves } from "./config_difference.ts";
import { isRounding, type MetricChange, metricChange } from "./metric_change.ts";
import type { RunRecord } from "../record.ts";
import { own } from "../own.ts";

/** What kind of thing a row compares. */
export type ComparisonKind =
  | "run"
  | "config"
  | "param"
  | "data"
  | "code"
  | "runtime"
  | "hash"
  | "metric";

/** One thing that runs have, with the value that each has. */
export interface ComparisonRow {
  /** What kind of thing it is. */
  readonly kind: ComparisonKind;
  /** Its name. */
  readonly name: string;
  /** One value per run; null where a run has none. */
  readonly values: readonly unknown[];
  /** Whether they are not all equal; metrics are where they differ in nothing but rounding. */
  readonly differs: boolean;
  /** Of a metric, one change per run, from the first run; null where there is none. */
  readonly changes?: readonly (MetricChange | null)[];
}

/** Runs side by side. */
export interface Comparison {
  /** The difference in one line: `same data, same code, 1 parameter differs: window`. */
  readonly verdict: string;
  /** All rows, equal ones too. */
  readonly rows: readonly ComparisonRow[];
}

/** What runs have besides config, parameters, data, code, hashes and metrics. */
const RUN_FIELDS = [
  "status",
  "error_code",
  "name",
  "tags",
  "note",
  "experiment_version",
  "latency_ms",
  "duration_ms",
] as const satisfies readonly (keyof RunRecord)[];

/** What is said of the bars themselves, of all that their quality tells. */
const BARS_FIELDS = ["bars", "first_time", "last_time"] as const;

/** The hashes that are not those of data or code. */
const OUTCOME_HASHES = [
  "config",
  "signal",
  "result",
  "fingerprint",
] as const satisfies readonly (keyof RunRecord["hashes"])[];

type Values = Readonly<Record<string, unknown>>;

/** Compares two or more runs; the first is the baseline of the metrics. */
export function compareRuns(runs: readonly RunRecord[]): Comparison {
  const rows = [
    ...rowsOf("run", runs.map((run) => pick(run, RUN_FIELDS))),
    ...rowsOf("config", runs.map(configOf)),
    ...rowsOf("param", runs.map(({ config, params }) => config === null ? null : params)),
    ...rowsOf("data", runs.map(dataOf)),
    ...rowsOf("code", runs.map(codeOf)),
    ...rowsOf("runtime", runs.map(runtimeOf)),
    ...rowsOf("hash", runs.map(({ hashes }) => pick(hashes, OUTCOME_HASHES))),
    ...rowsOf("metric", runs.map(({ metrics }) => metrics)).map(withChanges),
  ];
  return { verdict: verdictOf(runs, rows), rows };
}

function withChanges(row: ComparisonRow): ComparisonRow {
  const [baseline] = row.values;
  const changes = row.values.map((value) => metricChange(value, { baseline }));
  const isSame = changes.every((change) => change !== null && isRounding(change));
  return { ...row, differs: row.differs && !isSame, changes };
}

function dataOf({ data_path, rows_processed, quality, hashes }: RunRecord): Values {
  return {
    data_path,
    data_hash: hashes.data,
    rows_hash: hashes.rows,
    rows_processed,
    ...pick(quality ?? {}, BARS_FIELDS),
  };
}

function codeOf({ environment, hashes }: RunRecord): Values {
  const { commit, branch, dirty, diff } = objectOf(environment.git);
  return {
    code_hash: hashes.code,
    commit,
    branch,
    uncommitted_changes: dirty,
    uncommitted_diff: diff,
  };
}

/** What the run ran on: versions and machine. */
function runtimeOf({ environment }: RunRecord): Values | null {
  const names = Object.keys(environment).filter((name) => name !== "git");
  return names.length === 0 ? null : pick(environment, names);
}

function objectOf(value: unknown): Values {
  return typeof value === "object" && value !== null ? value as Values : {};
}

/** The config by dotted keys, without the parameters and where the data lies, which have rows of their own. */
function configOf({ config, params }: RunRecord): Values | null {
  if (config === null) return null;
  const elsewhere = ["data", ...Object.keys(params)];
  const keys = Object.keys(config).filter((key) => !elsewhere.includes(key));
  return Object.fromEntries(leaves(pick(config, keys)));
}

/**
 * A row for each name that any run has. A run without any such values (null),
 * as one that failed before its config was resolved, differs from no other.
 */
function rowsOf(kind: ComparisonKind, runs: readonly (Values | null)[]): readonly ComparisonRow[] {
  const names = new Set(runs.flatMap((values) => Object.keys(values ?? {})));
  return [...names].map((name) => {
    const known = runs.filter((values) => values !== null)
      .map((values) => JSON.stringify(own(values, name) ?? null));
    return {
      kind,
      name,
      values: runs.map((values) => values === null ? null : own(values, name) ?? null),
      differs: new Set(known).size > 1,
    };
  });
}

function pick(values: object, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, own(values as Values, name)]));
}

function verdictOf(runs: readonly RunRecord[], rows: readonly ComparisonRow[]): string {
  const rowNamed = (kind: ComparisonKind, name: string): ComparisonRow | undefined =>
    rows.find((row) => row.kind === kind && row.name === name);
  const hash = (name: "data" | "rows" | "code" | "result"): string => {
    const row = name === "result"
      ? rowNamed("hash", name)
      : rowNamed(name === "code" ? "code" : "data", `${name}_hash`);
    const values = row?.values ?? [null];
    if (values.includes(null)) {
      return `${name} unknown${values.every((value) => value === null) ? "" : " for some"}`;
    }
    return `${new Set(values).size === 1 ? "same" : "different"} ${name}`;
  };
  const sameRows = hash("data") === "different data" && hash("rows") === "same rows";
  const unfinished = runs.filter(({ status }) => status !== "finished").length;
  const params = differing(rows, "param", "parameter");
  return [
    ...(unfinished === 0 ? [] : [`${unfinished} of ${runs.length} did not finish`]),
    sameRows ? "different data files with the same rows" : hash("data"),
    hash("code"),
    ...differing(rows, "config", "config key"),
    ...(params.length > 0 || runs.some(({ config }) => config === null)
      ? params
      : ["same parameters"]),
    hash("result"),
  ].join(", ");
}

/** `2 parameters differ: window, min_periods`, if any do. */
function differing(
  rows: readonly ComparisonRow[],
  kind: ComparisonKind,
  noun: string,
): readonly string[] {
  const names = rows.filter((row) => row.kind === kind && row.differs).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `${names.length} ${noun}${names.length === 1 ? " differs" : "s differ"}: ${names.join(", ")}`,
  ];
}
