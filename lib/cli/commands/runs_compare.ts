/**
 * `runs:compare`
 *
 * @module
 */

import type { SQL } from "drizzle-orm";
import { jsonText } from "../../json_text.ts";
import { EXIT_OK, EXIT_USAGE, usageError, UserError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { quote, shortened } from "../../quote.ts";
import { compareRuns, type Comparison, type ComparisonRow } from "../../compare/compare.ts";
import type { Registry } from "../../registry/open.ts";
import { listRuns } from "../../registry/list_runs.ts";
import type { RunRecord } from "../../record.ts";
import { codeDifference } from "../../compare/code_difference.ts";
import { withLiveness } from "../../store/liveness.ts";
import { type Command, type Flags, type Invocation, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { type ComparedRuns, comparisonText } from "../text/comparison_text.ts";
import { listFormat, writeList } from "../text/list_format.ts";
import { locations } from "../flags/locations.ts";
import { checkSelection, namedRuns } from "../flags/selected_runs.ts";
import { WHERE_FLAG, WHERE_POINTER, withWhere } from "../flags/where_flag.ts";

/** More runs than these are nothing to look at. */
const MAX_RUNS = 100;

/** Compares runs side by side. */
const command: Command = {
  summary: "Shows what differs between runs: parameters, data, code and metrics, side by side.",
  examples: [
    ["runs:compare latest~1 latest", "the last two"],
    ["runs:compare k3f9x2 7m2c0d latest --all", "three, with what is equal too"],
    ["runs:compare --where 'tag = sweep and window <= 20' --baseline k3f9x2", "all that fit"],
    ["runs:compare --where 'tag = sweep' --cols window,sharpe,net_return", "some metrics of many"],
    ["runs:compare latest --baseline k3f9x2 --md", "for a pull request"],
  ],
  operands: { usage: "REF REF [REF …]", takes: ["run"], min: 0, max: MAX_RUNS },
  flags: [
    WHERE_FLAG,
    {
      name: "baseline",
      value: "REF",
      takes: "run",
      help: "the run that metrics are compared with (default the first); it is shown first",
    },
    {
      name: "cols",
      value: "NAME,…",
      takes: "names",
      help:
        "only these, equal or not: parameters, metrics, data_hash, commit; param.x or metric.x " +
        "where there are both",
    },
    { name: "all", help: "show what is equal, too" },
    ...REGISTRY_FLAGS,
    JSON_FLAG,
    { name: "csv", help: "print CSV, a line for each run" },
    { name: "md", help: "print GitHub Markdown, for a pull request" },
  ],
  notes: WHERE_POINTER,
  async run(invocation) {
    const { host, flags, style } = invocation;
    const format = listFormat(flags);
    const runs = await comparedRuns(invocation);
    const comparison = compareRuns(runs);
    const shown = shownRows(comparison, flags);
    const code = runs.flatMap((run) => codeDifference(run, runs[0]!) ?? []);
    const compared: ComparedRuns = { runs, comparison, shown, code };
    if (format === "json") host.stdout.write(jsonText(comparisonJson(compared)));
    else if (format === "csv") {
      const { comparisonList } = await import("../text/comparison_list.ts");
      await writeList(comparisonList(compared), { format, stdout: host.stdout, style });
    } else if (format === "md") {
      const { comparisonMarkdown } = await import("../text/comparison_markdown.ts");
      host.stdout.write(comparisonMarkdown(compared, host));
    } else {
      const columns = host.stdout.isTerminal ? host.stdout.columns : null;
      const repository = host.standalone ? null : host.programRoot;
      host.stdout.write(comparisonText(compared, { style, cwd: host.cwd, repository, columns }));
    }
    return EXIT_OK;
  },
};

export default command;

/** The rows that were asked for, in that order; otherwise those that differ, or all. */
function shownRows({ rows }: Comparison, flags: Flags): readonly ComparisonRow[] {
  const wanted = flags.list("cols").flatMap((text) => text.split(","))
    .map((name) => name.trim()).filter((name) => name !== "");
  if (wanted.length === 0) return rows.filter(({ differs }) => flags.has("all") || differs);
  return wanted.flatMap((wanted) => {
    const found = rows.filter(({ kind, name }) => name === wanted || `${kind}.${name}` === wanted);
    if (found.length > 0) return found;
    const near = nearest(wanted, rows.map(({ name }) => name));
    throw usageError(
      `Cannot show ${quote(wanted)}: no run has it` +
        (near === undefined ? "" : `; did you mean ${shortened(near)}?`),
      "--all without --cols shows all that there is.",
    );
  });
}

/** The runs that the words mean, the baseline first. */
async function comparedRuns(invocation: Invocation): Promise<readonly RunRecord[]> {
  const { operands, flags, host } = invocation;
  const baseline = flags.text("baseline");
  const isQuery = flags.list(WHERE_FLAG.name).length > 0;
  checkSelection(invocation, {
    references: operands,
    flags: [WHERE_FLAG.name],
    hint: "Leave out one of the two.",
  });
  if (!isQuery && operands.length + (baseline === undefined ? 0 : 1) < 2) {
    throw usageError(
      `Expected ${command.operands!.usage}, got ${
        operands.map((word) => quote(word)).join(" ") || "nothing"
      }`,
      "-h shows the usage.",
    );
  }
  const from = locations(flags, host);
  return await withWhere(invocation, async (registry, where) => {
    const first = await namedRuns(registry, baseline === undefined ? [] : [baseline]);
    // Not each once: a run may be compared with itself.
    const found = where === undefined
      ? await namedRuns(registry, operands)
      : await fittingRuns(registry, where);
    const compared = [...first, ...found.filter(({ id }) => id !== first[0]?.id)];
    if (compared.length >= 2 || !isQuery) {
      return await Promise.all(compared.map((run) => withLiveness(run, from)));
    }
    throw new UserError(
      `There is nothing to compare: ${found.length === 0 ? "no run fits" : "only one run fits"}`,
      { code: "run_not_found", exitCode: EXIT_USAGE, hint: "runs:list --where … shows what fits." },
    );
  });
}

/** The runs that fit, the oldest first, as a comparison is read in the order of events. */
async function fittingRuns(registry: Registry, where: SQL): Promise<readonly RunRecord[]> {
  const { total, runs } = await listRuns(registry, { where, ascending: true, limit: MAX_RUNS });
  if (total <= MAX_RUNS) return runs;
  throw usageError(
    `Cannot compare ${total} runs: more than ${MAX_RUNS} are nothing to look at`,
    "Narrow the expression down, or name runs. runs:list shows any number of them.",
  );
}

function comparisonJson({ runs, comparison, code }: ComparedRuns): object {
  return {
    schema: 2,
    verdict: comparison.verdict,
    total: runs.length,
    baseline: runs[0]!.id,
    runs,
    comparison: comparison.rows.map(rowJson),
    code,
  };
}

function rowJson({ changes, ...row }: ComparisonRow): object {
  if (changes === undefined) return row;
  return {
    ...row,
    absolute: changes.map((change) => change?.absolute ?? null),
    relative: changes.map((change) => change?.relative ?? null),
  };
}
