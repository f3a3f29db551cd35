/**
 * `runs:best`
 *
 * @module
 */

import { EXIT_OK, usageError } from "../../errors.ts";
import { listRuns } from "../../registry/list_runs.ts";
import type { Registry } from "../../registry/open.ts";
import type { ValueTarget } from "../../registry/query/names.ts";
import { type Command, type Flags, REGISTRY_FLAGS } from "./command.ts";
import { FORMAT_FLAGS, listFormat } from "../text/list_format.ts";
import { COLUMN_FLAGS, listColumns, printRuns } from "../text/runs_list_text.ts";
import { WHERE_FLAG, WHERE_NOTES, withWhere } from "../flags/where_flag.ts";

/** Rows without -n. */
const DEFAULT_LIMIT = 10;

/** Finds the runs with the largest or smallest value of a metric. */
const command: Command = {
  summary: "Finds the runs that are best by a metric; runs without it are left out.",
  examples: [
    ["runs:best --max signal_rate", "the ten with the highest signal rate"],
    ["runs:best --min ties --where 'window >= 10' -n 3", "three of those that fit"],
    ["runs:best --max signal_rate -n 1 --json", "the best one, for a script"],
  ],
  flags: [
    { name: "max", value: "METRIC", takes: "metric", help: "largest first" },
    { name: "min", value: "METRIC", takes: "metric", help: "smallest first" },
    { name: "limit", alias: "n", value: "N", help: `runs to show (default ${DEFAULT_LIMIT})` },
    WHERE_FLAG,
    ...COLUMN_FLAGS,
    ...FORMAT_FLAGS,
    ...REGISTRY_FLAGS,
  ],
  notes: WHERE_NOTES,
  async run(invocation) {
    const { flags, host } = invocation;
    const format = listFormat(flags);
    const { text, ascending } = order(flags);
    const limit = flags.count("limit") ?? DEFAULT_LIMIT;
    return await withWhere(invocation, async (registry, where) => {
      const sort = await metricNamed(registry, text);
      const page = await listRuns(registry, { where, sort, ascending, limit, withValue: true });
      const columns = await listColumns(page.runs, {
        flags,
        format,
        registry,
        defaults: { before: ["id"], after: ["started", "name", "experiment", "data_hash"], sort },
      });
      await printRuns(page, { invocation, format, columns });
      if (format !== "table" && format !== "md") return EXIT_OK;
      host.stderr.write(
        page.runs.length > 0 ? `${page.runs.length} of ${page.total} runs\n` : "No runs fit.\n",
      );
      return EXIT_OK;
    });
  },
};

export default command;

function order(flags: Flags): { readonly text: string; readonly ascending: boolean } {
  const [max, min] = [flags.text("max"), flags.text("min")];
  if (max !== undefined && min !== undefined) {
    throw usageError("Cannot use --max and --min at once", "Leave out one of them.");
  }
  const text = max ?? min;
  if (text !== undefined) return { text, ascending: max === undefined };
  throw usageError("Expected --max METRIC or --min METRIC", "As in: runs:best --max signal_rate");
}

/** A metric, even if a parameter or a column is called the same. */
async function metricNamed(registry: Registry, text: string): Promise<ValueTarget> {
  const { resolveName } = await import("../../registry/query/names.ts");
  return await resolveName(registry, text.startsWith("metric.") ? text : `metric.${text}`);
}
