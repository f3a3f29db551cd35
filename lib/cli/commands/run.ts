/**
 * `run`
 *
 * @module
 */

import { EXIT_FAILED, EXIT_OK, usageError, UserError } from "../../errors.ts";
import { asUserError } from "../../failure.ts";
import { printable } from "../../quote.ts";
import { executeRun } from "../../run/execute.ts";
import type { RunOutcome } from "../../run/publish.ts";
import { Session } from "../../run/session.ts";
import { errorJson } from "../../store/metrics_json.ts";
import { runSuffix } from "../../run_id.ts";
import {
  type Command,
  type Invocation,
  JSON_FLAG,
  REGISTRY_FLAGS,
  typed,
  typedHere,
} from "./command.ts";
import {
  CONFIG_FLAGS,
  type ConfigSource,
  configSource,
  inputPaths,
  versionLabel,
} from "../flags/config_flags.ts";
import {
  type CopyTargets,
  copyTargets,
  NO_COPIES,
  refuseCopies,
  writeCopies,
} from "../flags/copies.ts";
import { dataLines, dataWarnings } from "../text/data_text.ts";
import { dataPathText } from "../text/data_path_text.ts";
import { formatDuration, formatRate, shortPath } from "../text/format.ts";
import { type Locations, locations } from "../flags/locations.ts";
import { progressBar } from "../text/progress.ts";
import { exitCodeOf, renderError } from "../text/render_error.ts";
import { type Style, styleFor } from "../text/style.ts";
import { labelled } from "../text/labelled.ts";

/** Runs the experiment of a config and records it. */
const command: Command = {
  summary: "Runs the experiment of a config on its data, keeps the result in a run directory " +
    "and records it.",
  examples: [
    ["run --config config.yaml", "what the config says"],
    ["run --config config.yaml --data bars.csv --set window=20", "other data, another window"],
    ["run --config config.yaml --data 'BTC-2024-*.csv'", "several files as one series"],
    ["run --config config.yaml --data - < bars.csv", "data from standard input"],
    ["run --config config.yaml --name wide --tag baseline", "named and tagged, to be found again"],
    ["run --config config.yaml --json", "the metrics.json on standard output, nothing else"],
    ["run --config config.yaml --check-lookahead", "fail if the signal knows the future"],
    ["run --config config.yaml --if-new", "only if it was not run before, with data and code"],
    ["run --config config.yaml --dry-run", "check config and data, run nothing"],
  ],
  flags: [
    ...CONFIG_FLAGS,
    { name: "name", value: "NAME", help: "a name for the run" },
    { name: "tag", value: "TAG", takes: "tag", repeatable: true, help: "a tag for the run" },
    {
      name: "output",
      value: "FILE",
      takes: "file",
      help: "a further copy of metrics.json; - is standard output",
    },
    {
      name: "log-file",
      value: "FILE",
      takes: "file",
      help: "a further copy of run.log; - is standard output",
    },
    ...REGISTRY_FLAGS,
    { ...JSON_FLAG, help: "print metrics.json instead of the summary" },
    { name: "check-lookahead", help: "fail the run if its signal depends on later bars" },
    { name: "if-new", help: "run nothing if a run has the same inputs; print that one" },
    { name: "quiet", alias: "q", help: "print no summary and no progress" },
    { name: "dry-run", help: "resolve, validate and show; run and record nothing" },
  ],
  async run(invocation) {
    const { host, flags } = invocation;
    const source = configSource(flags, host);
    if (flags.has("dry-run")) {
      refuseCopies(flags);
      const { dryRun } = await import("./dry_run.ts");
      try {
        return await dryRun(invocation);
      } catch (error) {
        const version = await versionLabel(source);
        return await unrecorded(error, { ...invocation, copies: NO_COPIES, version });
      }
    }
    const places = locations(flags, host);
    const copies = await copyTargets(flags, {
      cwd: host.cwd,
      runsDir: places.runsDir,
      needed: async () => [
        ...await inputPaths(source),
        ...(places.registry.kind === "local" ? [places.registry.path] : []),
      ],
    });
    await tellOfUnknownRuns(places, invocation);
    if (flags.has("if-new")) {
      const earlier = await earlierRun({ ...source, ...places }, invocation);
      if (earlier !== undefined) return await report(earlier, { ...invocation, copies });
    }
    const progress = progressBar(host, flags.has("quiet"));
    let outcome: RunOutcome;
    try {
      await using session = new Session({ ...places, experiments: invocation.experiments }, host);
      outcome = await executeRun(session, {
        ...source,
        name: flags.text("name") ?? null,
        tags: flags.list("tag"),
        checkSignal: flags.has("check-lookahead")
          ? (await import("../../check/lookahead_verdict.ts")).refuseLookahead
          : undefined,
        onProgress: progress.update,
      });
    } catch (error) {
      const version = await versionLabel(source);
      return await unrecorded(error, { ...invocation, copies, version });
    } finally {
      progress.stop();
    }
    return await report(outcome, { ...invocation, copies });
  },
};

export default command;

/** Says so where the registry was lost or emptied: the run makes a new one. */
async function tellOfUnknownRuns(
  { runsDir, registry: location }: Locations,
  invocation: Invocation,
): Promise<void> {
  if (location.kind === "remote" || (await sizeOf(location.path)) > 0) return;
  const { emptied, unknownRuns } = await import("../../store/unknown_runs.ts");
  // What cannot be looked at is told by what needs it.
  const runs = await unknownRuns(undefined, { runsDir, location }).catch(() => 0);
  if (runs === 0) return;
  const { message, hint } = emptied(location, { runs, mend: typedHere(invocation, "runs:sync") });
  const style = styleFor(invocation.host.stderr, invocation.host, invocation.flags.has("no-color"));
  invocation.host.stderr.write(
    `${style.yellow("warning:")} ${printable(message)}\n${style.dim("hint:")} ${
      printable(hint!)
    }\n`,
  );
}

/** The size of a file; 0 where there is none, or it cannot be looked at. */
async function sizeOf(path: string): Promise<number> {
  return await Deno.stat(path).then(({ size }) => size, () => 0);
}

/** The run that makes this one unnecessary, if there is one. */
async function earlierRun(
  places: ConfigSource & Locations,
  { host, flags, experiments }: Invocation,
): Promise<RunOutcome | undefined> {
  if (flags.has("check-lookahead")) {
    throw usageError(
      "Cannot use both --if-new and --check-lookahead: an earlier run may not have been checked",
      `Check it by itself: ${typed(host, "check:lookahead --config config.yaml")}`,
    );
  }
  const { earlierOutcome } = await import("../../run/if_new.ts");
  const earlier = await earlierOutcome({ ...places, experiments }, host);
  if (earlier !== undefined && !flags.has("quiet")) {
    host.stderr.write(
      `Nothing was run: ${runSuffix(earlier.run.id)} has the same config, data and code.\n`,
    );
  }
  return earlier;
}

type RunInvocation = Invocation & { readonly copies: CopyTargets };

/** Tells how a recorded run came out. */
async function report(outcome: RunOutcome, invocation: RunInvocation): Promise<number> {
  const { host, flags, copies } = invocation;
  const { run, metricsJson, reproduction, error, unrecorded } = outcome;
  // A copy that goes to standard output has it for itself.
  const stream = [copies.output, copies.logFile].some((copy) => copy?.kind === "stdout")
    ? host.stderr
    : host.stdout;
  let text = "";
  if (flags.has("json")) text = metricsJson;
  else if (error === undefined && !flags.has("quiet")) {
    const style = styleFor(stream, host, flags.has("no-color"));
    text = await summary(outcome, { ...invocation, style });
  }
  // The copies are written even where standard output cannot be.
  const isPrinted = await isDone(() => stream.write(text), invocation);
  if (error !== undefined) {
    tell(error, invocation);
    host.stderr.write(
      labelled([["  run:", `${printable(shortPath(run.directory, host.cwd))} (${run.status})`]]),
    );
  }
  if (unrecorded !== undefined) tell(unrecorded, invocation);
  if (reproduction?.identical === false) tell(notReproduced(outcome, invocation), invocation);
  const isCopied = await isDone(
    () => writeCopies(copies, { metricsJson, directory: run.directory, host }),
    invocation,
  );
  return isPrinted && isCopied || outcome.exitCode !== EXIT_OK ? outcome.exitCode : EXIT_FAILED;
}

/** A run that was not to be, or could not be, reserved or recorded still answers in JSON. */
async function unrecorded(
  error: unknown,
  invocation: RunInvocation & { readonly version: string | null },
): Promise<number> {
  const { host, flags, copies, version } = invocation;
  const { message, code } = asUserError(error);
  const metricsJson = errorJson({ version, message, code, runId: null });
  if (flags.has("json")) await isDone(() => host.stdout.write(metricsJson), invocation);
  tell(error, invocation);
  await isDone(() => writeCopies(copies, { metricsJson, directory: undefined, host }), invocation);
  return exitCodeOf(error);
}

/** Whether something could be written; if not, it is told why. */
async function isDone(write: () => void | Promise<void>, invocation: Invocation): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    tell(error, invocation);
    return false;
  }
}

function tell(error: unknown, { host, flags }: Invocation): void {
  const style = styleFor(host.stderr, host, flags.has("no-color"));
  host.stderr.write(renderError(error, { style, debug: flags.has("debug") }));
}

function notReproduced({ run, reproduction }: RunOutcome, invocation: Invocation): UserError {
  const earlier = reproduction!.of;
  return new UserError(
    `The result differs from that of run ${
      runSuffix(earlier)
    }, which had the same config, data and code`,
    {
      code: "not_reproduced",
      hint: "The experiment depends on something besides its bars, parameters and seed: a clock, " +
        `Math.random, a file. Compare: ${
          typedHere(invocation, `runs:compare ${runSuffix(earlier)} ${runSuffix(run.id)}`)
        }`,
    },
  );
}

async function summary(
  { run, reproduction, otherCode, unrecorded }: RunOutcome,
  invocation: Invocation,
): Promise<string> {
  const { host, flags, style } = invocation;
  const suffix = runSuffix(run.id);
  const lines: [string, string][] = [
    [
      "run",
      `${style.bold(run.id)}  ${style.green(run.status)}` +
      (unrecorded === undefined ? "" : style.yellow(", not recorded")) +
      (run.name === null ? "" : `  ${printable(run.name)}`),
    ],
    ["experiment", printable(experimentText(run))],
    ...run.quality === null ? [] : dataLines(
      run.quality,
      printable(dataPathText(run.data_path!, (path) => shortPath(path, host.cwd))),
    )
      .map(([label, text]): [string, string] => [label, text]),
    [
      "signal rate",
      `${style.bold(formatRate(run.signal_rate!))}  (${countedOnes(run)})`,
    ],
    ["rows", `${run.rows_processed}`],
    ["latency", formatDuration(run.latency_ms!)],
    ...await evaluated(run, style),
    ...dataWarnings(run.quality ?? {}).map(([label, text]): [string, string] => [
      label,
      style.yellow(text),
    ]),
    ["files", printable(shortPath(run.directory, host.cwd))],
  ];
  if (flags.has("check-lookahead")) lines.push(["look-ahead", "none found"]);
  if (reproduction?.identical) {
    lines.push([
      "reproduces",
      `${runSuffix(reproduction.of)}: same config, data and code, same result`,
    ]);
  }
  if (otherCode !== null) {
    const result = otherCode.identical ? "same result" : style.yellow("another result");
    lines.push(["other code", `${runSuffix(otherCode.of)}: same config and data, ${result}`]);
  }
  const earlier = reproduction ?? otherCode;
  const next = unrecorded !== undefined
    ? "runs:sync"
    : earlier === null
    ? `runs:show ${suffix}`
    : `runs:compare ${runSuffix(earlier.of)} ${suffix}`;
  lines.push(["next", printable(typedHere(invocation, next))]);
  return labelled(lines, style.dim);
}

/** The lines on the evaluation, if there was one. */
async function evaluated(run: RunOutcome["run"], style: Style): Promise<[string, string][]> {
  if (run.evaluation === null) return [];
  const { evaluationSummary, evaluationWarning } = await import("../text/evaluation_text.ts");
  const warning = evaluationWarning(run);
  return [
    ...evaluationSummary(run).map(([label, text]): [string, string] => [label, text]),
    ...(warning === null ? [] : [["warning", style.yellow(warning)] as [string, string]]),
  ];
}

/** `rolling-mean, window 5`. */
function experimentText({ experiment, params }: RunOutcome["run"]): string {
  const given = Object.entries(params).map(([name, value]) => `${name} ${String(value)}`);
  return [experiment, ...given].join(", ");
}

/** The counts behind the rate: `5051 of 9996 valid bars`. */
function countedOnes({ config, metrics }: RunOutcome["run"]): string {
  const { ones, valid_bars: valid = 0, warmup_bars: warmup = 0 } = metrics;
  return config?.warmup === "zero"
    ? `${ones} of ${valid + warmup} bars, ${warmup} of them warm-up`
    : `${ones} of ${valid} valid bars`;
}
