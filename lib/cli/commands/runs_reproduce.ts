/**
 * `runs:reproduce`
 *
 * @module
 */

import { dataPath, STANDARD_INPUT } from "../../bars/source/data_file.ts";
import { EXIT_NOT_PROVED, EXIT_OK, usageError } from "../../errors.ts";
import { jsonText } from "../../json_text.ts";
import { DataFinder } from "../../reproduce/find_data.ts";
import { reproduceRun, type RunReproduction } from "../../reproduce/reproduce.ts";
import type { RunRecord } from "../../record.ts";
import { programHash } from "../../run/code_identity.ts";
import { withLiveness } from "../../store/liveness.ts";
import { locateRun } from "../../store/place.ts";
import { type Command, type Invocation, JSON_FLAG, REGISTRY_FLAGS } from "./command.ts";
import { EXECUTION_FLAGS, trustedHashes } from "../flags/execution_flags.ts";
import { locations } from "../flags/locations.ts";
import { withExistingRegistry } from "../flags/open_runs.ts";
import { reproductionJson, reproductionText } from "../text/reproduction_text.ts";
import { checkSelection, selectedRuns } from "../flags/selected_runs.ts";

/** Executes recorded runs again. */
const command: Command = {
  summary: "Executes a recorded run again, from the config in its run directory and on the data " +
    "of its\nhash, and compares the results. Records nothing. Exits with " +
    `${EXIT_NOT_PROVED} unless all are identical.`,
  examples: [
    ["runs:reproduce latest", "the last run"],
    ["runs:reproduce k3f9x2 --data bars.csv", "if its data is somewhere else now"],
    ["runs:reproduce --all --json", "every run that finished"],
  ],
  operands: { usage: "[REF]", takes: ["run"], min: 0, max: 1 },
  flags: [
    { name: "all", help: "every run that finished" },
    {
      name: "data",
      value: "FILE",
      takes: "file",
      repeatable: true,
      help: "where the data is now, if it is not where it was: a file, or a pattern of several",
    },
    ...EXECUTION_FLAGS,
    ...REGISTRY_FLAGS,
    JSON_FLAG,
  ],
  async run(invocation) {
    const { host, flags, experiments, style } = invocation;
    const wanted = await runsToReproduce(invocation);
    const places = locations(flags, host);
    const context = {
      experiments,
      code: await programHash(host),
      system: host.system(),
      trusted: trustedHashes(flags),
      data: await namedData(invocation),
      finder: new DataFinder(),
      runsDir: places.runsDir,
    };
    const reproductions: RunReproduction[] = [];
    const unfinished: RunRecord[] = [];
    for (const run of wanted) {
      if (run.status !== "finished") unfinished.push(run);
      else reproductions.push(await reproduceRun(run, await locateRun(run, places), context));
    }
    const outcome = { reproductions, unfinished };
    host.stdout.write(
      flags.has("json")
        ? jsonText(reproductionJson(outcome))
        : reproductionText(outcome, { style, cwd: host.cwd }),
    );
    const isProved = reproductions.length > 0 &&
      reproductions.every(({ verdict }) => verdict === "identical");
    return isProved ? EXIT_OK : EXIT_NOT_PROVED;
  },
};

export default command;

/** Absolute paths of the files that `--data` names; undefined without it. */
async function namedData({ flags, host }: Invocation): Promise<readonly string[] | undefined> {
  const named = flags.list("data");
  if (named.length === 0) return undefined;
  if (named.includes(STANDARD_INPUT)) {
    throw usageError("Cannot use --data -: data is looked for by its hash, in files");
  }
  const { findDataFiles } = await import("../../bars/source/find_data_files.ts");
  return (await findDataFiles(named.map((name) => dataPath(name, host.cwd)))).paths;
}

/** The run that is named, or all, newest first. */
async function runsToReproduce(invocation: Invocation): Promise<readonly RunRecord[]> {
  const { flags, host, operands: references } = invocation;
  checkSelection(invocation, {
    references,
    flags: ["all"],
    ifNeither: "Expected a run, or --all",
    ifBoth: "Cannot use both a run and --all: --all is every run",
    hint: "For example: runs:reproduce latest",
  });
  const places = locations(flags, host);
  return await withExistingRegistry(
    invocation,
    (registry) => selectedRuns(registry, { references, keep: (run) => withLiveness(run, places) }),
  );
}
