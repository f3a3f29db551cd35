/**
 * `runs:delete`
 *
 * @module
 */

import { EXIT_FAILED, EXIT_OK, usageError } from "../../errors.ts";
import { shortened } from "../../quote.ts";
import type { Registry } from "../../registry/open.ts";
import { runById } from "../../registry/queries.ts";
import { runningRuns } from "../../registry/run_queries.ts";
import { mayBeRunning, runningSubject } from "../../store/refuse_running.ts";
import { runSuffix } from "../../run_id.ts";
import { type Command, type Invocation, JSON_FLAG, REGISTRY_FLAGS, typedHere } from "./command.ts";
import { confirmed, YES_FLAG } from "../flags/confirm.ts";
import { formatTime } from "../text/format.ts";
import {
  changeEach,
  type LabelledRun,
  printChanges,
  refuseAnyRunning,
  runsToLabel,
  vantageOf,
  withRecordedRuns,
} from "./label_runs.ts";
import { WHERE_FLAG, WHERE_POINTER } from "../flags/where_flag.ts";

/** Deletes runs. */
const command: Command = {
  summary: "Deletes runs: they are left out of lists and comparisons, and runs:gc removes them " +
    "for good.\nUntil then runs:restore brings them back.",
  examples: [
    ["runs:delete k3f9x2", "one run, after a question"],
    ["runs:delete k3f9x2 7m2c0d --yes", "two, without one"],
    ["runs:delete --where 'signal_rate < 0.1 and not tag = keep'", "all that fit"],
    ["runs:delete --crashed", "all whose process died"],
  ],
  operands: { usage: "[REF …]", takes: ["run"], min: 0, max: 1000 },
  flags: [
    WHERE_FLAG,
    { name: "crashed", help: "all runs that crashed" },
    YES_FLAG,
    ...REGISTRY_FLAGS,
    JSON_FLAG,
  ],
  notes: WHERE_POINTER,
  async run(invocation) {
    const { host, flags } = invocation;
    return await withRecordedRuns(invocation, async (registry) => {
      const runs = await runsToDelete(registry, invocation);
      await refuseAnyRunning(runs, invocation);
      const left = runs.filter(({ deleted_at }) => deleted_at === null);
      const question = `Delete ${left.length} run${left.length === 1 ? "" : "s"}`;
      const plan = planOf(left);
      if (left.length > 0 && !await confirmed(invocation, { plan, question })) return EXIT_FAILED;
      const deletedAt = host.now().toISOString();
      const changes = await changeEach(invocation, {
        registry,
        ids: runs.map(({ id }) => id),
        change: (labels) => ({ ...labels, deleted_at: labels.deleted_at ?? deletedAt }),
      });
      printChanges(invocation, { changes, say: () => "deleted" });
      if (!flags.has("json") && changes.length > 0) {
        host.stderr.write(
          `To bring back: ${typedHere(invocation, "runs:restore")} REF. ` +
            `To remove for good: ${typedHere(invocation, "runs:gc")}\n`,
        );
      } else if (changes.length === 0) host.stderr.write("There is nothing to delete.\n");
      return EXIT_OK;
    });
  },
};

export default command;

async function runsToDelete(
  registry: Registry,
  invocation: Invocation,
): Promise<readonly LabelledRun[]> {
  const { flags, operands: references } = invocation;
  const named = references.length > 0 || flags.list("where").length > 0;
  if (!flags.has("crashed")) return await runsToLabel(registry, { invocation, references });
  if (named) throw usageError("Cannot use both --crashed and other runs", "One after the other.");
  const runs: LabelledRun[] = [];
  const vantage = vantageOf(invocation);
  for (const { id } of await runningRuns(registry)) {
    const run = await runById(registry, id);
    if (run?.status !== "running" || await mayBeRunning(runningSubject(run), vantage)) continue;
    runs.push(run);
  }
  return runs;
}

/** Runs that are shown before the question. */
const SHOWN = 20;

function planOf(runs: readonly LabelledRun[]): string {
  const lines = runs.slice(0, SHOWN).map((run) =>
    [
      runSuffix(run.id),
      formatTime(run.started_at),
      run.experiment ?? "",
      run.name === null ? "" : shortened(run.name),
    ].join("  ").trimEnd() + "\n"
  );
  const more = runs.length - lines.length;
  return lines.join("") + (more > 0 ? `… and ${more} more\n` : "");
}
