/**
 * `runs:list`
 *
 * @module
 */

import type { SQL } from "drizzle-orm";
import { jsonText } from "../../json_text.ts";
import { EXIT_OK, usageError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { quote, shortened } from "../../quote.ts";
import { damageMarks } from "../../registry/audit.ts";
import type { Registry } from "../../registry/open.ts";
import {
  knownNames,
  listRuns,
  type RunsPage,
  type RunsQuery,
  SORT_NAMES,
} from "../../registry/queries.ts";
import { HASH_NAMES, RUN_STATUSES, type RunRecord, type RunStatus } from "../../registry/record.ts";
import { type Viewpoint, withLiveness } from "../../run/liveness.ts";
import { runSuffix } from "../../run/run_id.ts";
import {
  type Command,
  type Flags,
  type Invocation,
  JSON_FLAG,
  REGISTRY_FLAGS,
} from "../command.ts";
import { formatDuration, formatRate, formatTime, formatValue, shortHash } from "../format.ts";
import { locations } from "../locations.ts";
import { noRegistryYet, withRegistry } from "../open_runs.ts";
import { renderError } from "../render_error.ts";
import { PLAIN, statusPaint, type Style } from "../style.ts";
import { type Cell, table, type TableColumn } from "../table.ts";
import { WHERE_FLAG, whereFlag } from "../where_flag.ts";

/** Rows without -n or --all. */
const DEFAULT_LIMIT = 20;

/** Lists recorded runs. */
const command: Command = {
  summary: "Lists recorded runs, newest first, with the parameters in which they differ.",
  examples: [
    ["runs:list", "the last twenty"],
    ["runs:list --status finished --sort signal_rate", "highest signal rate first"],
    ["runs:list --tag baseline --all", "all that carry a tag"],
    [
      `runs:list --where 'window >= 10 and not status = failed and started > "2 days ago"'`,
      "those that fit an expression",
    ],
    ["runs:list --csv > runs.csv", "for a spreadsheet"],
  ],
  flags: [
    { name: "limit", alias: "n", value: "N", help: `rows to show (default ${DEFAULT_LIMIT})` },
    { name: "all", help: "show all rows" },
    { name: "status", value: "STATUS", help: `only ${RUN_STATUSES.join(", ")}` },
    { name: "experiment", value: "NAME", help: "only runs of this experiment" },
    { name: "tag", value: "TAG", repeatable: true, help: "only runs with this tag" },
    WHERE_FLAG,
    { name: "deleted", help: "only runs that were deleted" },
    {
      name: "sort",
      value: "COL",
      help: `by ${SORT_NAMES.join(", ")}, a parameter or a metric; largest first`,
    },
    { name: "asc", help: "smallest or oldest first" },
    ...REGISTRY_FLAGS,
    JSON_FLAG,
    { name: "csv", help: "print CSV, all columns" },
  ],
  async run(invocation) {
    const { host, flags, style } = invocation;
    if (flags.has("json") && flags.has("csv")) {
      throw usageError("Cannot print both JSON and CSV", "Leave out --json or --csv.");
    }
    const request = {
      flags,
      from: locations(flags, host),
      status: statusFlag(flags),
      limit: limitFlag(flags),
    };
    const found = await withRegistry(invocation, async (registry) => {
      const where = await whereFlag(invocation, registry);
      if (registry === undefined) return undefined;
      const page = await read(registry, { ...request, where });
      return { page, marks: await damageMarks(registry) };
    });
    const page = found?.page ?? { total: 0, runs: [] };
    if (flags.has("json")) {
      host.stdout.write(jsonText({ schema: 1, ...page }));
    } else if (flags.has("csv")) {
      host.stdout.write(await csvText(page.runs));
    } else if (found === undefined) {
      const message = renderError(noRegistryYet(invocation), { style: PLAIN, debug: false });
      host.stderr.write(message.replace("error: ", ""));
    } else if (page.runs.length > 0) {
      host.stdout.write(listTable(page.runs, { marks: found.marks, style }));
      host.stderr.write(footnote(page, invocation));
    } else {
      host.stderr.write("No runs fit.\n");
    }
    return EXIT_OK;
  },
};

export default command;

function statusFlag(flags: Flags): RunStatus | undefined {
  const text = flags.text("status");
  if (text === undefined) return undefined;
  const status = RUN_STATUSES.find((known) => known === text);
  if (status !== undefined) return status;
  const near = nearest(text, RUN_STATUSES);
  throw usageError(
    `Unknown status ${quote(text)}` + (near === undefined ? "" : `: did you mean ${near}?`),
    `There are: ${RUN_STATUSES.join(", ")}.`,
  );
}

/** How many rows to show; undefined for all. */
function limitFlag(flags: Flags): number | undefined {
  const limit = flags.count("limit") ?? DEFAULT_LIMIT;
  return flags.has("all") ? undefined : limit;
}

async function read(
  registry: Registry,
  { flags, from, status, limit, where }: {
    readonly flags: Flags;
    readonly from: Viewpoint;
    readonly status: RunStatus | undefined;
    readonly limit: number | undefined;
    readonly where: SQL | undefined;
  },
): Promise<RunsPage> {
  const sort = flags.text("sort");
  if (sort !== undefined) await checkSort(registry, sort);
  // Which of the running ones crashed only their locks tell.
  const alive = status === "running" || status === "crashed";
  const query: RunsQuery = {
    status: alive ? "running" : status,
    experiment: flags.text("experiment"),
    tags: flags.list("tag"),
    where,
    deleted: flags.has("deleted") ? "only" : "left out",
    sort,
    ascending: flags.has("asc"),
    limit: alive ? undefined : limit,
  };
  const page = await listRuns(registry, query);
  const runs = await Promise.all(page.runs.map((run) => withLiveness(run, from)));
  if (!alive) return { total: page.total, runs };
  const fitting = runs.filter((run) => run.status === status);
  return { total: fitting.length, runs: fitting.slice(0, limit) };
}

async function checkSort(registry: Registry, sort: string): Promise<void> {
  if (SORT_NAMES.includes(sort)) return;
  const names = await knownNames(registry);
  if (names.includes(sort)) return;
  const near = nearest(sort, [...SORT_NAMES, ...names]);
  throw usageError(
    `Cannot sort by ${quote(sort)}` +
      (near === undefined ? "" : `: did you mean ${shortened(near)}?`),
    `There are: ${
      [...new Set([...SORT_NAMES, ...names])].map((name) => shortened(name)).join(", ")
    }.`,
  );
}

/** Names of the parameters that are not the same in all of these runs, in order of appearance. */
export function differingParams(runs: readonly RunRecord[]): readonly string[] {
  const names = new Set(runs.flatMap(({ params }) => Object.keys(params)));
  return [...names].filter((name) => {
    // A run that failed before its parameters were known says nothing about them.
    const values = runs.filter(({ config }) => config !== null)
      .map(({ params }) => JSON.stringify(params[name]));
    return new Set(values).size > 1;
  });
}

function listTable(
  runs: readonly RunRecord[],
  { marks, style }: { readonly marks: ReadonlyMap<string, string>; readonly style: Style },
): string {
  const params = differingParams(runs);
  const hasErrors = runs.some(({ error_code }) => error_code !== null);
  const columns: TableColumn[] = [
    { title: "RUN" },
    { title: "STATUS" },
    { title: "STARTED (UTC)" },
    { title: "DURATION", align: "right" },
    { title: "NAME" },
    { title: "EXPERIMENT" },
    ...params.map((title): TableColumn => ({ title, align: "right" })),
    { title: "SIGNAL_RATE", align: "right" },
    { title: "LATENCY_MS", align: "right" },
    { title: "CONFIG" },
    { title: "DATA" },
    ...(hasErrors ? [{ title: "ERROR" }] : []),
  ];
  const rows = runs.map((run): (Cell | string)[] => [
    runSuffix(run.id),
    marks.has(run.id)
      ? { text: `${run.status}, damaged`, paint: style.red }
      : { text: run.status, paint: statusPaint(run.status, style) },
    formatTime(run.started_at),
    run.duration_ms === null ? "" : formatDuration(run.duration_ms),
    run.name ?? "",
    run.experiment ?? "",
    ...params.map((name) => formatValue(run.params[name])),
    run.signal_rate === null ? "" : formatRate(run.signal_rate),
    run.latency_ms === null ? "" : run.latency_ms.toFixed(1),
    { text: shortHash(run.hashes.config), paint: style.dim },
    { text: shortHash(run.hashes.data), paint: style.dim },
    ...(hasErrors ? [run.error_code ?? ""] : []),
  ]);
  return table(columns, rows, { paintTitle: style.bold });
}

function footnote({ total, runs }: RunsPage, { flags }: Invocation): string {
  const count = `${total} run${total === 1 ? "" : "s"}`;
  if (runs.length === total) return `${count}\n`;
  return `${runs.length} of ${count}; ${flags.has("all") ? "" : "--all shows the others"}\n`;
}

async function csvText(runs: readonly RunRecord[]): Promise<string> {
  const { stringify } = await import("@std/csv/stringify");
  const plain = [
    "id",
    "name",
    "status",
    "started_at",
    "duration_ms",
    "experiment",
    "experiment_version",
    "config_version",
    "seed",
    "rows_processed",
    "signal_rate",
    "latency_ms",
    "data_path",
    "error_code",
    "error_message",
    "directory",
  ] as const satisfies readonly (keyof RunRecord)[];
  const names = (of: (run: RunRecord) => object): string[] => [
    ...new Set(runs.flatMap((run) => Object.keys(of(run)))),
  ];
  const params = names(({ params }) => params);
  const metrics = names(({ metrics }) => metrics);
  const header = [
    ...plain,
    "tags",
    ...params.map((name) => `param.${name}`),
    ...metrics.map((name) => `metric.${name}`),
    ...HASH_NAMES.map((name) => `hash.${name}`),
  ];
  const rows = runs.map((run) => [
    ...plain.map((name) => run[name] ?? ""),
    run.tags.join(" "),
    ...params.map((name) => csvValue(run.params[name])),
    ...metrics.map((name) => run.metrics[name] ?? ""),
    ...HASH_NAMES.map((name) => run.hashes[name] ?? ""),
  ]);
  return stringify([header, ...rows], { headers: false, crlf: false });
}

function csvValue(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value ?? "";
}
