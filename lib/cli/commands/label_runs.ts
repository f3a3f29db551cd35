/**
 * Changes labels of recorded runs, for the commands that do so.
 *
 * @module
 */

import { EXIT_OK } from "../../errors.ts";
import { jsonText } from "../../json_text.ts";
import { shortened } from "../../quote.ts";
import { type Labels, sameLabels } from "../../registry/labels.ts";
import type { Registry } from "../../registry/open.ts";
import type { RunRecord } from "../../record.ts";
import { changeLabelsOfEach, type LabelsChange } from "../../store/change_labels.ts";
import { rollForward } from "../../store/liveness.ts";
import { refuseRunning, runningSubject, type Vantage } from "../../store/refuse_running.ts";
import { runSuffix } from "../../run_id.ts";
import type { Invocation } from "./command.ts";
import { locations } from "../flags/locations.ts";
import { withExistingRegistry } from "../flags/open_runs.ts";
import { checkSelection, selectedRuns } from "../flags/selected_runs.ts";
import { WHERE_FLAG, whereFlag } from "../flags/where_flag.ts";

/** Which runs, and what becomes of their labels. */
export interface LabelsCommand {
  /** The runs, as the user named them; with `--where` none. */
  readonly references: readonly string[];
  /** Whether `--where` is about deleted runs; default it is about the others. */
  readonly deleted?: "only";
  /** What the labels of each become. */
  readonly change: (labels: Labels) => Labels;
  /** What a line says of a run whose labels are now these. */
  readonly say: (labels: Labels) => string;
  /** Looks at the registry before anything is done; throws if that should not be. */
  readonly check?: (registry: Registry) => Promise<void>;
}

/**
 * Changes the labels of the runs that are named, all or, where one cannot be
 * changed, none; and prints what they are now.
 *
 * @throws {UserError} if one is not found or still running, or nothing can be written
 */
export async function labelRuns(
  invocation: Invocation,
  { references, deleted, change, say, check }: LabelsCommand,
): Promise<number> {
  const changes = await withRecordedRuns(invocation, async (registry) => {
    await check?.(registry);
    const runs = await runsToLabel(registry, { invocation, references, deleted });
    await refuseAnyRunning(runs, invocation);
    return await changeEach(invocation, { registry, ids: runs.map(({ id }) => id), change });
  });
  printChanges(invocation, { changes, say });
  return EXIT_OK;
}

/**
 * Calls `use` with the registry, in which all that is complete is recorded.
 *
 * @throws {UserError} if there is none
 */
export async function withRecordedRuns<T>(
  invocation: Invocation,
  use: (registry: Registry) => Promise<T>,
): Promise<T> {
  return await withExistingRegistry(invocation, async (registry) => {
    await rollForward(registry, locations(invocation.flags, invocation.host));
    return await use(registry);
  });
}

/** What has to be known of a run whose labels are to change: there may be very many. */
export type LabelledRun =
  & Pick<
    RunRecord,
    "id" | "name" | "experiment" | "status" | "started_at" | "directory" | "environment"
  >
  & { readonly deleted_at: string | null };

/**
 * The runs that references name, or those that fit `--where`, oldest first.
 *
 * @throws {UserError} if there are neither, or both
 */
export async function runsToLabel(
  registry: Registry,
  { invocation, references, deleted }: {
    readonly invocation: Pick<Invocation, "flags" | "host">;
    readonly references: readonly string[];
    readonly deleted?: "only" | undefined;
  },
): Promise<readonly LabelledRun[]> {
  const where = await whereFlag(invocation, registry);
  checkSelection(invocation, {
    references,
    flags: [WHERE_FLAG.name],
    ifNeither: "Expected a run, got nothing",
    hint: "Runs are named one by one, or all that fit: --where 'signal_rate < 0.1'.",
  });
  return await selectedRuns(registry, {
    references,
    query: { where, deleted, ascending: true },
    keep: ({ id, name, experiment, status, started_at, ...run }) => {
      const { directory, environment, deleted_at } = run;
      return { id, name, experiment, status, started_at, directory, environment, deleted_at };
    },
  });
}

/**
 * Refuses runs of which one is still going, before anything is done to another.
 *
 * @throws {UserError} if one is
 */
export async function refuseAnyRunning(
  runs: readonly LabelledRun[],
  { flags, host }: Pick<Invocation, "flags" | "host">,
): Promise<void> {
  const vantage = vantageOf({ flags, host });
  for (const run of runs) await refuseRunning(runningSubject(run), vantage);
}

/** Here and now. */
export function vantageOf({ flags, host }: Pick<Invocation, "flags" | "host">): Vantage {
  return { ...locations(flags, host), now: host.now() };
}

/** Changes the labels of one run after the other. */
export async function changeEach(
  { flags, host }: Pick<Invocation, "flags" | "host">,
  { registry, ids, change }: {
    readonly registry: Registry;
    readonly ids: readonly string[];
    readonly change: (labels: Labels) => Labels;
  },
): Promise<readonly LabelsChange[]> {
  const { runsDir } = locations(flags, host);
  const { hostname } = host.system();
  const now = (): Date => host.now();
  return await changeLabelsOfEach(registry, { ids, runsDir, now, hostname, change });
}

/** Characters of a line that says what the labels of a run are; --json has all. */
const SAID = 200;

/** Prints what the labels of runs are now: a line for each, or JSON. */
export function printChanges(
  { flags, host }: Pick<Invocation, "flags" | "host">,
  { changes, say }: {
    readonly changes: readonly LabelsChange[];
    readonly say: (labels: Labels) => string;
  },
): void {
  const text = flags.has("json")
    ? jsonText({
      schema: 1,
      total: changes.length,
      runs: changes.map(({ id, before, after }) => ({
        id,
        changed: !sameLabels(before, after),
        ...after,
      })),
    })
    : changes.map(({ id, before, after }) =>
      `${runSuffix(id)}  ${shortened(say(after), SAID)}` +
      `${sameLabels(before, after) ? "  (as before)" : ""}\n`
    ).join("");
  host.stdout.write(text);
}
