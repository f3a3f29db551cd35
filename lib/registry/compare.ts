/**
 * What differs between runs. Pure.
 *
 * @module
 */

import { HASH_NAMES, type RunRecord } from "./record.ts";

/** One thing that runs have, with the value that each has. */
export interface ComparisonRow {
  /** What kind of thing it is. */
  readonly kind: "run" | "param" | "hash" | "metric";
  /** Its name. */
  readonly name: string;
  /** One value per run; null where a run has none. */
  readonly values: readonly unknown[];
  /** Whether they are not all equal. */
  readonly differs: boolean;
}

/** Runs side by side. */
export interface Comparison {
  /** The difference in one line: `same data, same code, 1 parameter differs: window`. */
  readonly verdict: string;
  /** All rows, equal ones too. */
  readonly rows: readonly ComparisonRow[];
}

/** What runs have besides parameters, hashes and metrics. */
const RUN_FIELDS = [
  "status",
  "name",
  "experiment",
  "experiment_version",
  "config_version",
  "seed",
  "rows_processed",
  "data_path",
  "latency_ms",
  "duration_ms",
] as const satisfies readonly (keyof RunRecord)[];

/** Compares two or more runs. */
export function compareRuns(runs: readonly RunRecord[]): Comparison {
  // A run that failed early has no parameters to differ in.
  const resolved = runs.filter(({ experiment }) => experiment !== null);
  const names = (of: (run: RunRecord) => object): readonly string[] => [
    ...new Set(runs.flatMap((run) => Object.keys(of(run)))),
  ];
  const rows = [
    ...RUN_FIELDS.map((name) => row({ kind: "run", name }, runs.map((run) => run[name]))),
    ...names(({ params }) => params).map((name) => ({
      ...row({ kind: "param", name }, runs.map(({ params }) => params[name])),
      differs: row({ kind: "param", name }, resolved.map(({ params }) => params[name])).differs,
    })),
    ...HASH_NAMES.map((name) =>
      row({ kind: "hash", name }, runs.map(({ hashes }) => hashes[name]))
    ),
    ...names(({ metrics }) => metrics).map((name) =>
      row({ kind: "metric", name }, runs.map(({ metrics }) => metrics[name]))
    ),
  ];
  return { verdict: verdictOf(rows), rows };
}

function row(
  { kind, name }: Pick<ComparisonRow, "kind" | "name">,
  values: readonly unknown[],
): ComparisonRow {
  const filled = values.map((value) => value ?? null);
  const differs = new Set(filled.map((value) => JSON.stringify(value))).size > 1;
  return { kind, name, values: filled, differs };
}

function verdictOf(rows: readonly ComparisonRow[]): string {
  const hash = (name: string): string => {
    const found = rows.find((row) => row.kind === "hash" && row.name === name)!;
    if (found.values.every((value) => value === null)) return `unknown ${name}`;
    if (found.values.includes(null)) return `${name} unknown for some`;
    return found.differs ? `different ${name}` : `same ${name}`;
  };
  const data = hash("data") === "different data" && hash("rows") === "same rows"
    ? "different data files with the same rows"
    : hash("data");
  const params = rows.filter(({ kind, differs }) => kind === "param" && differs);
  const others = rows.filter(({ kind, name, differs, values }) =>
    kind === "run" && differs && !values.includes(null) && ["experiment", "seed"].includes(name)
  );
  const differences = params.length === 0
    ? hash("config") === "different config"
      ? "no parameter differs, but the config does"
      : "same parameters"
    : `${params.length} parameter${params.length === 1 ? " differs" : "s differ"}: ${
      params.map(({ name }) => name).join(", ")
    }`;
  return [
    data,
    hash("code"),
    differences,
    ...others.map(({ name }) => `different ${name}`),
    hash("result"),
  ].join(", ");
}
