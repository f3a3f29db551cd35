/**
 * What a `check:` command looks at: the experiment of a config and its bars,
 * or those of a recorded run.
 *
 * @module
 */

import type { LoadedBars } from "../../bars/load.ts";
import { type Config, recordedData } from "../../config/config.ts";
import { EXIT_USAGE, usageError, UserError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import type { ProofSubject } from "../../check/lookahead_search.ts";
import { printable } from "../../quote.ts";
import type { RunRecord } from "../../record.ts";
import { runConfigDocument } from "../../store/run_config.ts";
import { runSuffix } from "../../run_id.ts";
import { signalOf } from "../../run/signal.ts";
import { loadForRun, withFoundData } from "../../run/work.ts";
import {
  type Flag,
  type Flags,
  type Invocation,
  JSON_FLAG,
  REGISTRY_FLAGS,
} from "../commands/command.ts";
import { CONFIG_FLAGS, readConfig } from "./config_flags.ts";
import { dataPathText } from "../text/data_path_text.ts";
import { shortPath } from "../text/format.ts";
import { locations } from "./locations.ts";

/** The flags of every `check:` command. */
export const CHECK_FLAGS: readonly Flag[] = [...CONFIG_FLAGS, ...REGISTRY_FLAGS, JSON_FLAG];

/** The operand of every `check:` command. */
export const CHECK_OPERANDS = { usage: "[REF]", takes: ["run"], min: 0, max: 1 } as const;

/** What is looked at. */
export interface CheckSubject extends ProofSubject {
  /** The config, resolved. */
  readonly config: Config;
  /** Its data. */
  readonly loaded: LoadedBars;
  /** Whether its bars come from a kept copy of the data that it names. */
  readonly isKeptCopy: boolean;
}

/**
 * Resolves the config that the words name and reads its data. The config of a
 * recorded run is the one in its run directory, and its data is looked for by
 * its hash; data that has changed since is told on standard error.
 *
 * @throws {UserError} if there is no such config or run, or the data is not fit
 */
export async function checkSubject(invocation: Invocation): Promise<CheckSubject> {
  const { flags, operands: [reference], host, experiments } = invocation;
  if (reference === undefined) {
    const config = await readConfig(flags, { host, experiments });
    return subjectOf(config, await loadFor(config, host));
  }
  if (flags.text("config") !== undefined) {
    throw usageError("Cannot use both --config and a run: a run has its own config");
  }
  const { run, directory } = await recordedRun(reference, invocation);
  const document = await runConfigDocument(run, directory);
  const config = await readConfig(flags, { host, experiments, document });
  if (namesData(flags) || run.hashes.data === null) {
    return subjectOf(config, await loadFor(config, host));
  }
  const { DataFinder, findRunData } = await import("../../reproduce/find_data.ts");
  const finder = new DataFinder();
  const { runsDir } = locations(flags, host);
  const found = await findRunData(run.hashes.data, { directory, runsDir, config, finder });
  if (found.status === "same") {
    const loaded = await loadFor({ ...config, data: found.paths }, host);
    return { ...subjectOf(config, loaded), isKeptCopy: found.place === "kept" };
  }
  const subject = subjectOf(config, await loadFor(config, host));
  host.stderr.write(
    `warning: ${shownData(config, host)} has changed since run ${runSuffix(run.id)}, ` +
      "and no copy was kept\n",
  );
  return subject;
}

/** The lines of a page that say what was looked at. */
export function subjectLines(
  { config, isKeptCopy, bars }: CheckSubject,
  { host }: Pick<Invocation, "host">,
): readonly (readonly [label: string, text: string])[] {
  const { experiment } = config;
  return [
    ["experiment", `${printable(experiment.name)}  version ${experiment.version}`],
    ["data", `${shownData(config, host)}${isKeptCopy ? ", kept copy" : ""}  ${bars.length} bars`],
  ];
}

/** Whether the words put other data in place of the config's. */
function namesData(flags: Flags): boolean {
  return flags.list("data").length > 0 ||
    flags.list("set").some((text) => text.startsWith("data="));
}

function shownData(config: Config, { cwd }: Host): string {
  return dataPathText(recordedData(config), (path) => printable(shortPath(path, cwd)));
}

function subjectOf(config: Config, loaded: LoadedBars): CheckSubject {
  return {
    config,
    loaded,
    isKeptCopy: false,
    experiment: config.experiment.name,
    bars: loaded.bars,
    compute: (bars) => signalOf(config, { bars, seed: config.seed }),
  };
}

/** Nothing is written, so the text of the file is not kept. */
async function loadFor(config: Config, { stdin }: Host): Promise<LoadedBars> {
  const { config: found } = await withFoundData(config);
  return await loadForRun({ ...found, signals: "none" }, { stdin });
}

/** A run that has a config, and where its directory is. */
async function recordedRun(
  reference: string,
  invocation: Invocation,
): Promise<{ readonly run: RunRecord; readonly directory: string | null }> {
  // A config needs no registry, which takes longer to load than all the rest.
  const [{ withExistingRegistry }, { findRun }, { locateRun }] = await Promise.all([
    import("./open_runs.ts"),
    import("../../registry/reference.ts"),
    import("../../store/place.ts"),
  ]);
  const run = await withExistingRegistry(invocation, (registry) => findRun(registry, reference));
  if (run.config !== null) {
    const places = locations(invocation.flags, invocation.host);
    return { run, directory: await locateRun(run, places) };
  }
  throw new UserError(`Cannot check run ${runSuffix(run.id)}: it has no config`, {
    code: "config_unreadable",
    exitCode: EXIT_USAGE,
    hint: "It ended before its config was understood.",
  });
}
