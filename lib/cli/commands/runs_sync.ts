/**
 * `runs:sync`
 *
 * @module
 */

import { EXIT_FAILED, EXIT_OK } from "../../errors.ts";
import { jsonText } from "../../json_text.ts";
import { printable } from "../../quote.ts";
import { openExisting, openRegistry } from "../../registry/open.ts";
import { runSuffix } from "../../run_id.ts";
import { SYNC_ACTIONS, type SyncReport, syncRuns, type SyncStep } from "../../store/sync.ts";
import { type Command, type Invocation, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { locations } from "../flags/locations.ts";
import type { Style } from "../text/style.ts";

/** Records what is complete on this machine and not in the registry. */
const command: Command = {
  summary: "Records runs of this machine that are complete and not in the registry, as those " +
    "that\nended while a server was out of reach; and brings labels to where they are older. " +
    `Exits\nwith ${EXIT_FAILED} if a run could not be recorded.`,
  examples: [
    ["runs:sync", "record what is missing"],
    ["runs:sync --dry-run", "show what is missing"],
    ["runs:sync --runs-dir /mnt/cluster/runs", "runs in another folder"],
  ],
  flags: [
    { name: "dry-run", help: "show what would be recorded; write nothing" },
    ...REGISTRY_FLAGS,
    JSON_FLAG,
  ],
  async run(invocation) {
    const { host, flags, style } = invocation;
    const dryRun = flags.has("dry-run");
    const report = await synced(invocation, dryRun);
    host.stdout.write(
      flags.has("json")
        ? jsonText({ schema: 1, dry_run: dryRun, ...reportJson(report) })
        : report.steps.map((step) => stepLine(step, { dryRun, style })).join("") +
          summary(report, dryRun),
    );
    return report.steps.some(({ action }) => action === "failed") ? EXIT_FAILED : EXIT_OK;
  },
};

export default command;

async function synced({ flags, host }: Invocation, dryRun: boolean): Promise<SyncReport> {
  const { runsDir, registry: location, hostname } = locations(flags, host);
  // Looking makes no registry.
  const registry = await (dryRun ? openExisting(location) : openRegistry(location));
  try {
    return await syncRuns(registry, { runsDir, hostname, now: () => host.now(), dryRun });
  } finally {
    registry?.close();
  }
}

function reportJson({ steps, ...counts }: SyncReport): object {
  return {
    ...counts,
    recorded: steps.filter(({ action }) => action !== "failed").length,
    failed: steps.filter(({ action }) => action === "failed").length,
    runs: steps.map(({ run, ...step }) => ({ id: run, ...step })),
  };
}

/** `k3f9x2  run recorded`. */
function stepLine(
  step: SyncStep,
  { dryRun, style }: { readonly dryRun: boolean; readonly style: Style },
): string {
  const id = runSuffix(step.run);
  if (step.action === "failed") {
    return `${id}  ${style.red("not recorded")}: ${printable(step.reason)}\n`;
  }
  return `${id}  ${dryRun ? "would be: " : ""}${step.action}\n`;
}

/** `12 run directories: 2 run recorded, 10 as recorded`. */
function summary(
  { total, steps, unchanged, running, incomplete }: SyncReport,
  dryRun: boolean,
): string {
  const count = (action: SyncStep["action"]): number =>
    steps.filter((step) => step.action === action).length;
  const parts = [
    ...SYNC_ACTIONS.map((action) => [count(action), action] as const),
    [count("failed"), "failed"] as const,
    [unchanged, "as recorded"] as const,
    [running, "still running"] as const,
    [incomplete, "crashed, nothing to record"] as const,
  ].filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  const folders = `${total} run director${total === 1 ? "y" : "ies"}`;
  return `${folders}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}${
    dryRun ? " (nothing written)" : ""
  }\n`;
}
