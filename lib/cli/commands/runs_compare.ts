/**
 * `runs:compare`
 *
 * @module
 */

import { jsonText } from "../../json_text.ts";
import { EXIT_OK } from "../../errors.ts";
import { printable } from "../../quote.ts";
import { HASH_NAMES, type RunRecord } from "../../registry/record.ts";
import { findRun } from "../../registry/reference.ts";
import { compareRuns, type Comparison, type ComparisonRow } from "../../registry/compare.ts";
import { withLiveness } from "../../run/liveness.ts";
import { runSuffix } from "../../run/run_id.ts";
import { type Command, JSON_FLAG, REGISTRY_FLAGS } from "../command.ts";
import { dataPathText } from "../data_path_text.ts";
import { formatValue, shortHash, shortPath } from "../format.ts";
import { noRegistryYet, withRegistry } from "../open_runs.ts";
import type { Style } from "../style.ts";
import { type Cell, table } from "../table.ts";

/** Compares runs side by side. */
const command: Command = {
  summary: "Shows what differs between runs: parameters, hashes and metrics, side by side.",
  examples: [
    ["runs:compare latest~1 latest", "the last two"],
    ["runs:compare k3f9x2 7m2c0d latest --all", "three, with what is equal too"],
  ],
  operands: { usage: "REF REF [REF …]", min: 2, max: 100 },
  flags: [
    { name: "all", help: "show what is equal, too" },
    ...REGISTRY_FLAGS,
    JSON_FLAG,
  ],
  async run(invocation) {
    const { host, operands, flags, style } = invocation;
    const runs = await withRegistry(invocation, async (registry) => {
      if (registry === undefined) throw noRegistryYet(invocation);
      const found: RunRecord[] = [];
      for (const reference of operands) {
        found.push(await withLiveness(await findRun(registry, reference)));
      }
      return found;
    });
    const comparison = compareRuns(runs);
    if (flags.has("json")) {
      const { verdict, rows } = comparison;
      const result = { schema: 1, verdict, total: runs.length, runs, comparison: rows };
      host.stdout.write(jsonText(result));
    } else {
      const options = { all: flags.has("all"), style, cwd: host.cwd };
      host.stdout.write(sideBySide(runs, comparison, options));
    }
    return EXIT_OK;
  },
};

export default command;

function sideBySide(
  runs: readonly RunRecord[],
  { verdict, rows }: Comparison,
  { all, style, cwd }: { readonly all: boolean; readonly style: Style; readonly cwd: string },
): string {
  const shown = rows.filter(({ differs }) => all || differs);
  const columns = [
    { title: "" },
    { title: "" },
    ...runs.map(({ id }) => ({ title: runSuffix(id), align: "right" as const })),
  ];
  const cells = shown.map((row, at): (Cell | string)[] => [
    { text: shown[at - 1]?.kind === row.kind ? "" : row.kind, paint: style.dim },
    row.name,
    ...row.values.map((value) => ({
      text: cellText(row, { value, cwd }),
      ...(all && row.differs ? { paint: style.yellow } : {}),
    })),
  ]);
  const body = shown.length === 0 ? "" : `\n${table(columns, cells, { paintTitle: style.bold })}`;
  return `${style.bold(printable(verdict))}\n${body}`;
}

function cellText(
  { kind, name }: ComparisonRow,
  { value, cwd }: { readonly value: unknown; readonly cwd: string },
): string {
  if (value === null || value === undefined) return "-";
  if (kind === "run" && name === "data_path") {
    return dataPathText(String(value), (path) => shortPath(path, cwd));
  }
  const isHash = kind === "hash" && (HASH_NAMES as readonly string[]).includes(name);
  return isHash ? shortHash(String(value)) : formatValue(value);
}
