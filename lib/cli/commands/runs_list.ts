/**
 * `runs:list`
 *
 * @module
 */

import type { SQL } from "drizzle-orm";
import { EXIT_OK, usageError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { quote } from "../../quote.ts";
import { listRuns, runsInChunks, type RunsPage, type RunsQuery } from "../../registry/list_runs.ts";
import type { Registry } from "../../registry/open.ts";
import { columnNamed, COLUMNS } from "../../registry/query/columns.ts";
import type { ValueTarget } from "../../registry/query/names.ts";
import { type RecordedRun, RUN_STATUSES, type RunStatus } from "../../record.ts";
import { crashedRuns, withLiveness } from "../../store/liveness.ts";
import { type Command, type Flags, type Invocation, REGISTRY_FLAGS } from "./command.ts";
import { FORMAT_FLAGS, type ListFormat, listFormat } from "../text/list_format.ts";
import { locations } from "../flags/locations.ts";
import { noRegistryYet, withRegistry } from "../flags/open_runs.ts";
import { renderError } from "../text/render_error.ts";
import { COLUMN_FLAGS, columnsOfEach, listColumns, printRuns } from "../text/runs_list_text.ts";
import { PLAIN } from "../text/style.ts";
import { WHERE_FLAG, WHERE_NOTES, whereFlag } from "../flags/where_flag.ts";

/** Rows without -n or --all. */
const DEFAULT_LIMIT = 20;

/** Lists recorded runs. */
const command: Command = {
  summary: "Lists recorded runs, newest first, with the parameters in which they differ.",
  examples: [
    ["runs:list", "the last twenty"],
    ["runs:list --status finished --sort signal_rate", "highest signal rate first"],
    ["runs:list --tag baseline --all", "all that carry a tag"],
    ["runs:list --where 'window >= 10 and ties < 9'", "those that fit an expression"],
    ["runs:list --sort ties --cols id,window,ties,note", "chosen columns"],
    ["runs:list --csv > runs.csv", "for a spreadsheet"],
  ],
  flags: [
    { name: "limit", alias: "n", value: "N", help: `rows to show (default ${DEFAULT_LIMIT})` },
    { name: "page", value: "K", help: "the Kth so many rows" },
    { name: "all", help: "show all rows" },
    WHERE_FLAG,
    { name: "status", value: "STATUS", takes: "status", help: `only ${RUN_STATUSES.join(", ")}` },
    {
      name: "experiment",
      value: "NAME",
      takes: "experiment",
      help: "only runs of this experiment",
    },
    { name: "tag", value: "TAG", takes: "tag", repeatable: true, help: "only runs with this tag" },
    { name: "deleted", help: "only runs that were deleted" },
    {
      name: "sort",
      value: "COL",
      takes: "name",
      help: "by a column, a parameter or a metric, as metric.sharpe; largest first",
    },
    { name: "asc", help: "smallest or oldest first" },
    ...COLUMN_FLAGS,
    ...FORMAT_FLAGS,
    ...REGISTRY_FLAGS,
  ],
  notes: WHERE_NOTES,
  async run(invocation) {
    const { flags, host } = invocation;
    const format = listFormat(flags);
    const rows = { status: statusFlag(flags), ...pageFlags(flags) };
    const found = await withRegistry(invocation, async (registry) => {
      const where = await whereFlag(invocation, registry);
      const sort = await sortFlag(flags, registry);
      const query = registry && await queryOf(registry, { invocation, ...rows, where, sort });
      if (registry && await printEach(registry, { invocation, format, query: query! })) {
        return undefined;
      }
      const listed = registry && await listRuns(registry, query);
      const page = listed === undefined
        ? { total: 0, runs: [] }
        : { ...listed, runs: await asTheyStand(listed.runs, invocation) };
      const columns = await listColumns(page.runs, {
        flags,
        format,
        registry,
        defaults: {
          before: ["id", "status", "started", "duration_ms", "name", "experiment"],
          after: ["signal_rate", "latency_ms", "config_hash", "data_hash"],
          sort,
        },
      });
      return { page, columns, isThere: registry !== undefined };
    });
    if (found === undefined) return EXIT_OK;
    const { page, columns, isThere } = found;
    await printRuns(page, { invocation, format, columns });
    if (format !== "table" && format !== "md") return EXIT_OK;
    if (!isThere) {
      const message = renderError(noRegistryYet(invocation), { style: PLAIN, debug: false });
      host.stderr.write(message.replace("error: ", ""));
    } else {
      host.stderr.write(footnote(page, { flags, ...rows }));
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

/** How many rows to show, undefined for all, and how many to pass over. */
function pageFlags(
  flags: Flags,
): { readonly limit: number | undefined; readonly offset: number } {
  const limit = flags.count("limit") ?? DEFAULT_LIMIT;
  const page = flags.count("page");
  if (!flags.has("all")) return { limit, offset: limit * ((page ?? 1) - 1) };
  if (page === undefined) return { limit: undefined, offset: 0 };
  throw usageError("Cannot use --all and --page at once", "Leave out one of them.");
}

/** What to sort by; columns are known without a look at the registry, unless something else is called so. */
async function sortFlag(
  flags: Flags,
  registry: Registry | undefined,
): Promise<ValueTarget | undefined> {
  const text = flags.text("sort");
  if (text === undefined || registry === undefined) return undefined;
  const { resolveName } = await import("../../registry/query/names.ts");
  const target = await resolveName(registry, text);
  if (target.kind !== "column" || target.column.kind !== "tags") return target;
  throw usageError(
    `Cannot sort by ${quote(text)}: a run has any number of them`,
    `There are: ${
      Object.keys(COLUMNS).filter((name) => columnNamed(name)!.kind !== "tags").join(", ")
    }, parameters and metrics.`,
  );
}

/** The query that the flags make. */
async function queryOf(
  registry: Registry,
  { invocation: { flags, host }, status, ...query }: {
    readonly invocation: Invocation;
    readonly status: RunStatus | undefined;
    readonly limit: number | undefined;
    readonly offset: number;
    readonly sort: ValueTarget | undefined;
    readonly where: SQL | undefined;
  },
): Promise<RunsQuery> {
  // Which of the running ones crashed only their locks tell.
  const asksForLocks = status === "running" || status === "crashed";
  return {
    ...query,
    status,
    crashed: asksForLocks ? await crashedRuns(registry, locations(flags, host)) : [],
    experiment: flags.text("experiment"),
    tags: flags.list("tag"),
    deleted: flags.has("deleted") ? "only" : "left out",
    ascending: flags.has("asc"),
  };
}

async function asTheyStand(
  runs: readonly RecordedRun[],
  { flags, host }: Invocation,
): Promise<readonly RecordedRun[]> {
  const from = locations(flags, host);
  return await Promise.all(runs.map((run) => withLiveness(run, from)));
}

/** Prints all runs as they are read, where they need not be known together; whether it did. */
async function printEach(
  registry: Registry,
  { invocation, format, query }: {
    readonly invocation: Invocation;
    readonly format: ListFormat;
    readonly query: RunsQuery;
  },
): Promise<boolean> {
  const { flags } = invocation;
  if (query.limit !== undefined || (format !== "csv" && format !== "jsonl")) return false;
  const columns = await columnsOfEach(registry, { flags, format });
  if (columns === undefined) return false;
  const print = async (found: readonly RecordedRun[], isContinued: boolean): Promise<void> => {
    const runs = await asTheyStand(found, invocation);
    await printRuns({ total: 0, runs }, { invocation, format, columns, isContinued });
  };
  // The titles, even if there are no runs.
  await print([], false);
  for await (const runs of runsInChunks(registry, query)) await print(runs, true);
  return true;
}

function footnote(
  { total, runs }: RunsPage,
  { flags, limit, offset }: {
    readonly flags: Flags;
    readonly limit: number | undefined;
    readonly offset: number;
  },
): string {
  if (total === 0) return "No runs fit.\n";
  const count = `${total} run${total === 1 ? "" : "s"}`;
  if (runs.length === 0 && limit !== undefined) {
    const pages = Math.ceil(total / limit);
    return `There is no page ${offset / limit + 1}: ` +
      `${count} fit on ${pages} page${pages === 1 ? "" : "s"}.\n`;
  }
  if (runs.length === total) return `${count}\n`;
  const next = limit !== undefined && offset + limit < total
    ? `--page ${offset / limit + 2} shows the next, --all all`
    : "";
  const shown = flags.text("page") === undefined
    ? `${runs.length}`
    : `${offset + 1} to ${offset + runs.length}`;
  return `${shown} of ${count}${next === "" ? "" : `; ${next}`}\n`;
}
