/**
 * One run, from its reservation to its row in the registry.
 *
 * 1. Reserve: a row that says `running`, and a directory under lock.
 * 2. Work, logging to `run.log`.
 * 3. Publish each file whole, the manifest last.
 * 4. Commit the row.
 *
 * A registry on a server may be out of reach: then 1 and 4 are left out, and
 * the outcome says so.
 *
 * A process that dies on the way leaves a `running` row without a live
 * process; one that dies between 3 and 4 is rolled forward by the next run.
 *
 * @module
 */

import { join } from "node:path";
import { qualityFields } from "../bars/quality/quality_fields.ts";
import { type Config, flatConfig, recordedData } from "../config/config.ts";
import { type ConfigDocument, readConfigDocument } from "../config/document.ts";
import { reservedValues } from "../config/reserved_values.ts";
import type { Override } from "../config/overrides.ts";
import { resolveConfig } from "../config/resolve.ts";
import type { Bars, ExperimentTable, Signal } from "../experiment.ts";
import type { Host } from "../host.ts";
import type { RegistryLocation } from "../registry/location.ts";
import { NO_HASHES } from "../record.ts";
import { begunRun, type StorableRun } from "../registry/store.ts";
import { type CodeIdentity, codeIdentity } from "./code_identity.ts";
import { asUserError, interrupted } from "../failure.ts";
import {
  elapsedMs,
  publishFailure,
  publishSuccess,
  type Reservation,
  type RunOutcome,
} from "./publish.ts";
import { Recorder } from "./recorder.ts";
import { RunDirectory, unusableRunsDir } from "../store/run_directory.ts";
import { newRunId } from "../run_id.ts";
import { openRunLog, type RunLog } from "../store/run_log.ts";
import { experimentFailed, signalOf } from "./signal.ts";
import { loggedConfig, withFoundData, work, type WorkResult } from "./work.ts";

/** What to run, and where to keep it. */
export interface RunRequest {
  /** Absolute path of the config file. */
  readonly configPath: string;
  /** Values laid over the config's. */
  readonly overrides: readonly Override[];
  /** Absolute paths and patterns of the data files, in place of the config's. */
  readonly data?: readonly string[] | undefined;
  /** Hashes of experiments that are executed though somebody else's config names them. */
  readonly trusted?: readonly string[];
  /** The user's name for the run. */
  readonly name: string | null;
  /** The user's tags. */
  readonly tags: readonly string[];
  /** Absolute path of the folder of run directories. */
  readonly runsDir: string;
  /** Where the registry is. */
  readonly registry: RegistryLocation;
  /** The bundled experiments. */
  readonly experiments: ExperimentTable;
  /** Judges the signal before anything is published. */
  readonly checkSignal?: SignalCheck | undefined;
  /** Called as the data is read, with bytes done and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Fails a run by throwing a {@linkcode UserError}. */
export type SignalCheck = (
  subject: {
    /** Name of the experiment. */
    readonly experiment: string;
    /** The bars. */
    readonly bars: Bars;
    /** Computes the run's signal, of any bars. */
    readonly compute: (bars: Bars) => Signal;
    /** The run's seed. */
    readonly seed: number;
    /** The run's log. */
    readonly log: RunLog;
  },
  options: {
    /** Lets the process hear signals; throws if one has ended the run. */
    readonly pause: () => Promise<void>;
  },
) => Promise<void>;

/**
 * Executes a run and records it, whatever becomes of it.
 *
 * @throws {UserError} only if the run could not be reserved or recorded
 */
export async function executeRun(request: RunRequest, host: Host): Promise<RunOutcome> {
  const startedMs = host.monotonicMs();
  const interruption = new AbortController();
  const stops = [
    host.onEndSignal((signal) => interruption.abort(interrupted(signal))),
    // What the program does is waited for, so that it comes from the experiment.
    host.onStrayError((error) => interruption.abort(experimentFailed(error))),
  ];
  // Asked for first, as git answers while the registry is opened.
  const identity = codeIdentity(host);
  identity.catch(() => {});
  try {
    await makeRunsDir(request.runsDir);
    const recorder = await Recorder.open(request.registry, {
      runsDir: request.runsDir,
      hostname: host.system().hostname,
    });
    try {
      return await reservedRun(request, { host, recorder, startedMs, identity, interruption });
    } finally {
      recorder.close();
    }
  } finally {
    for (const stop of stops) stop();
  }
}

async function makeRunsDir(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    throw unusableRunsDir(path, cause);
  }
}

async function reservedRun(
  request: RunRequest,
  { host, recorder, startedMs, identity, interruption }: {
    readonly host: Host;
    readonly recorder: Recorder;
    readonly startedMs: number;
    readonly identity: Promise<CodeIdentity>;
    readonly interruption: AbortController;
  },
): Promise<RunOutcome> {
  const code = await identity;
  const now = host.now();
  const id = newRunId(now, host.randomBytes(6));
  const run: StorableRun = {
    ...begunRun({ id, started_at: now.toISOString(), directory: join(request.runsDir, id) }),
    name: request.name,
    environment: await environmentOf(host, { recorder, code }),
    hashes: { ...NO_HASHES, code: code.hash },
    tags: [...new Set(request.tags)].sort(),
  };
  await recorder.reserve(run);
  const directory = await reserveDirectory(recorder, run);
  const log = openRunLog({ write: (line) => directory.appendLog(line), now: () => host.now() });
  const reservation: Reservation = { host, recorder, directory, log, startedMs, run };
  try {
    return await attempt(request, { reservation, code, abort: interruption.signal });
  } finally {
    directory.close();
  }
}

/** Under which versions, on which machine and from which commit the program runs. */
async function environmentOf(
  host: Host,
  { recorder, code }: { readonly recorder: Recorder; readonly code: CodeIdentity },
): Promise<Record<string, unknown>> {
  const { sigrun, deno, v8, ...machine } = host.system();
  return { sigrun, deno, v8, sqlite: await recorder.sqliteVersion(), ...machine, git: code.git };
}

async function reserveDirectory(recorder: Recorder, run: StorableRun): Promise<RunDirectory> {
  try {
    return await RunDirectory.reserve(run.directory);
  } catch (error) {
    const { code, message } = asUserError(error);
    await recorder.commit({
      ...run,
      status: "failed",
      error_code: code,
      error_message: message,
    });
    throw error;
  }
}

async function attempt(
  request: RunRequest,
  { reservation, code, abort }: {
    readonly reservation: Reservation;
    readonly code: CodeIdentity;
    readonly abort: AbortSignal;
  },
): Promise<RunOutcome> {
  const { log, recorder } = reservation;
  let { run } = reservation;
  let document: ConfigDocument | undefined;
  let config: Config | undefined;
  try {
    log.info("job started", {
      run: run.id,
      name: run.name,
      tags: run.tags,
      config: request.configPath,
      ...run.environment,
    });
    recorder.logFailure(log);
    document = await readConfigDocument(request.configPath);
    config = await resolveConfig({
      document,
      overrides: request.overrides,
      data: request.data,
      experiments: request.experiments,
      trusted: request.trusted,
    });
    log.info("config resolved", await loggedConfig(config));
    run = withConfig(run, config);
    const found = await withFoundData(config);
    config = found.config;
    run = { ...run, config: flatConfig(config) };
    if (found.repeated.length > 0) {
      log.warn("data files named more than once are counted once", {
        files: found.repeated.length,
        first: found.repeated.slice(0, 5),
      });
    }
    const result = await work(config, {
      log,
      code,
      abort,
      stdin: reservation.host.stdin,
      onProgress: request.onProgress,
    });
    run = withResult(run, result, elapsedMs(reservation));
    await request.checkSignal?.(checkSubject(config, { result, log }), {
      pause: async () => {
        await new Promise((resolve) => setTimeout(resolve));
        abort.throwIfAborted();
      },
    });
    const earlier = await recorder.compare(run, log);
    // What the experiment left to fail later on, and is due, fails before there is a result.
    await new Promise((resolve) => setTimeout(resolve));
    abort.throwIfAborted();
    return await publishSuccess({ ...reservation, run }, { config, result, earlier });
  } catch (error) {
    // Complete is complete: the next run records it.
    if (reservation.directory.isSealed) throw error;
    const version = run.config_version ?? versionOf(document);
    const failure = asUserError(abort.aborted ? abort.reason : error);
    return await publishFailure({ ...reservation, run }, { config, failure, version });
  }
}

function checkSubject(
  config: Config,
  { result, log }: { readonly result: WorkResult; readonly log: RunLog },
): Parameters<SignalCheck>[0] {
  const { experiment, seed } = config;
  return {
    experiment: experiment.name,
    bars: result.loaded.bars,
    compute: (bars) => signalOf(config, { bars, seed }),
    seed,
    log,
  };
}

function withConfig(run: StorableRun, config: Config): StorableRun {
  const { params } = config;
  return {
    ...run,
    experiment: config.experiment.name,
    experiment_version: config.experiment.version,
    config_version: config.version,
    seed: config.seed,
    data_path: recordedData(config),
    config: flatConfig(config),
    params: Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)),
  };
}

function withResult(run: StorableRun, result: WorkResult, latencyMs: number): StorableRun {
  return {
    ...run,
    latency_ms: latencyMs,
    rows_processed: result.loaded.rowsRead,
    quality: qualityFields(result.loaded.quality),
    signal_rate: result.metrics.signal_rate!,
    metrics: result.metrics,
    evaluation: result.evaluation,
    hashes: result.hashes,
  };
}

/** The label of a config that did not resolve, for the error JSON. */
function versionOf(document: ConfigDocument | undefined): string | null {
  const version = document && reservedValues(document).version;
  return typeof version === "string" && version.isWellFormed() ? version : null;
}
