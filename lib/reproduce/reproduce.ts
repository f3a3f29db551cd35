/**
 * Executes a recorded run again, from the config in its run directory and on
 * the data of its hash, and holds the result against the recorded one. Nothing
 * is recorded.
 *
 * @module
 */

import { type Config, configHash } from "../config/config.ts";
import { resolveConfig } from "../config/resolve.ts";
import type { UserError } from "../errors.ts";
import type { ExperimentTable } from "../experiment.ts";
import type { System } from "../host.ts";
import type { RunRecord } from "../record.ts";
import { codeHashOf } from "../run/code_identity.ts";
import { asUserError } from "../failure.ts";
import { runConfigDocument } from "../store/run_config.ts";
import type { RunLog } from "../store/run_log.ts";
import { storedPositions } from "../store/stored_positions.ts";
import { work, type WorkResult } from "../run/work.ts";
import { type DataFinder, type DataFinding, findRunData, NO_INPUT } from "./find_data.ts";
import {
  type MetricDifference,
  metricDifferences,
  type PositionDifferences,
  positionDifferences,
} from "./result_differences.ts";

/** How the execution of a run came out against its record. */
export const VERDICTS = [
  "identical",
  "differs",
  "data-changed",
  "data-missing",
  "config-changed",
  "code-changed",
  "failed",
] as const;

/** One of {@linkcode VERDICTS}. */
export type Verdict = typeof VERDICTS[number];

/** A hash against the recorded one. */
export interface HashComparison {
  /** The recorded one. */
  readonly expected: string | null;
  /** The one of now. */
  readonly actual: string;
}

/** A version or platform that is not what it was. */
export interface RuntimeDifference {
  /** What it is. */
  readonly name: RuntimeName;
  /** What was recorded. */
  readonly expected: string;
  /** What it is now. */
  readonly actual: string;
}

/** A result against the recorded one. */
export interface ResultComparison extends HashComparison {
  /** The metrics that differ. */
  readonly metrics: readonly MetricDifference[];
  /** The positions that differ; null where the recorded ones are not known. */
  readonly positions: PositionDifferences | null;
}

/** What was found about a run. */
export interface RunReproduction {
  /** The run. */
  readonly run: RunRecord;
  /** The verdict. */
  readonly verdict: Verdict;
  /** Its data; null if it was not looked for. */
  readonly data: DataFinding | null;
  /** Its config; null if it cannot be read. */
  readonly config: HashComparison | null;
  /** Its code; null if its config cannot be read. */
  readonly code: HashComparison | null;
  /** What it runs on, as far as that is not what it was. */
  readonly runtime: readonly RuntimeDifference[];
  /** Its result; null if there is none. */
  readonly result: ResultComparison | null;
  /** Why there is no result, though there is data. */
  readonly failure: UserError | null;
}

/** What runs are executed with. */
export interface ReproduceContext {
  /** The bundled experiments. */
  readonly experiments: ExperimentTable;
  /** Hash of the program's code. */
  readonly code: string;
  /** What it runs on. */
  readonly system: System;
  /** Hashes of experiments that are executed though the run was imported. */
  readonly trusted?: readonly string[];
  /** Absolute paths of the data files to look at first: one, or those of a series. */
  readonly data?: readonly string[] | undefined;
  /** Finds data. */
  readonly finder: DataFinder;
  /** Absolute path of a folder of runs with copies of data, besides that of the run. */
  readonly runsDir?: string;
}

/** What a result may depend on besides the program. */
const RUNTIME: readonly RuntimeName[] = ["deno", "v8", "os", "arch"];

/** One of the names of {@linkcode System} that a result may depend on. */
export type RuntimeName = keyof Pick<System, "deno" | "v8" | "os" | "arch">;

/**
 * Executes a finished run again. What goes wrong on the way is part of the
 * report.
 *
 * @param directory absolute path of the run directory; null if it is not here
 */
export async function reproduceRun(
  run: RunRecord,
  directory: string | null,
  context: ReproduceContext,
): Promise<RunReproduction> {
  let report = {
    run,
    data: null as DataFinding | null,
    config: null as HashComparison | null,
    code: null as HashComparison | null,
    runtime: runtimeDifferences(run, context.system),
    result: null,
    failure: null,
  };
  try {
    const config = await configOf(run, { directory, context });
    const inputs = {
      config: { expected: run.hashes.config, actual: await configHash(config) },
      code: { expected: run.hashes.code, actual: await codeHashOf(context.code, config) },
    };
    const { data: given, finder, runsDir } = context;
    const data = await findRunData(run.hashes.data!, {
      directory,
      runsDir,
      config,
      given,
      finder,
    });
    report = { ...report, ...inputs, data };
    if (data.status !== "same") return { ...report, verdict: `data-${data.status}` };
    const worked = await work({ ...config, data: data.paths }, {
      log: NO_LOG,
      code: { hash: context.code, git: null },
      abort: new AbortController().signal,
      stdin: NO_INPUT,
    });
    const actual = worked.hashes.data;
    if (actual !== run.hashes.data) {
      // It was replaced after it was found.
      return { ...report, data: { ...data, status: "changed", actual }, verdict: "data-changed" };
    }
    const result = await compareResults(run, { directory, worked });
    return { ...report, result, verdict: verdictOf({ ...inputs, result }) };
  } catch (error) {
    return { ...report, failure: asUserError(error), verdict: "failed" };
  }
}

/** Whether a hash is the recorded one. */
export function isSame({ expected, actual }: HashComparison): boolean {
  return expected === actual;
}

async function configOf(
  run: RunRecord,
  { directory, context }: { readonly directory: string | null; readonly context: ReproduceContext },
): Promise<Config> {
  const document = await runConfigDocument(run, directory);
  const { experiments, trusted } = context;
  return await resolveConfig({ document, overrides: [], experiments, trusted });
}

/** What is in a run's log is in its directory. */
const NO_LOG: RunLog = { info() {}, warn() {}, error() {}, of: () => NO_LOG };

async function compareResults(
  run: RunRecord,
  { directory, worked }: { readonly directory: string | null; readonly worked: WorkResult },
): Promise<ResultComparison> {
  const { metrics, hashes, signal, loaded } = worked;
  const isSameSignal = hashes.signal === run.hashes.signal;
  const stored = isSameSignal ? signal.positions : await storedPositions(run, directory);
  return {
    expected: run.hashes.result,
    actual: hashes.result,
    metrics: metricDifferences(run.metrics, metrics),
    positions: stored === undefined
      ? null
      : positionDifferences(stored, signal.positions, loaded.bars.times),
  };
}

function verdictOf(
  { config, code, result }: {
    readonly config: HashComparison;
    readonly code: HashComparison;
    readonly result: HashComparison;
  },
): Verdict {
  if (!isSame(code)) return "code-changed";
  if (!isSame(config)) return "config-changed";
  return isSame(result) ? "identical" : "differs";
}

function runtimeDifferences(
  { environment }: RunRecord,
  system: System,
): readonly RuntimeDifference[] {
  return RUNTIME.flatMap((name) => {
    const [expected, actual] = [environment[name], system[name]];
    return typeof expected !== "string" || expected === actual ? [] : [{ name, expected, actual }];
  });
}
