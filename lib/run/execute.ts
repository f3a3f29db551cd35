/**
 * One run, from its request to its row in the registry.
 *
 * 0. Resolve the config: a mistake in it ends here, and leaves no run.
 * 1. Reserve: a row that says `running`, and a directory under lock.
 * 2. Work, logging to `run.log`, and judge what came of it.
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
import type { UserError } from "../errors.ts";
import type { Bars, Signal } from "../experiment.ts";
import { asUserError } from "../failure.ts";
import { NO_HASHES } from "../record.ts";
import { begunRun, type StorableRun } from "../registry/store.ts";
import { newRunId } from "../run_id.ts";
import { RunDirectory } from "../store/run_directory.ts";
import { openRunLog, type RunLog } from "../store/run_log.ts";
import type { CodeIdentity } from "./code_identity.ts";
import {
  publishFailure,
  publishSuccess,
  type Reservation,
  type RunOutcome,
  workedMs,
} from "./publish.ts";
import { type ConfigRequest, type Resolution, resolveRun } from "./resolve.ts";
import type { Session } from "./session.ts";
import { signalOf } from "./signal.ts";
import { loggedConfig, withFoundData, work, type WorkResult } from "./work.ts";

/** What to run. */
export interface RunRequest extends ConfigRequest {
  /** The user's name for the run. */
  readonly name: string | null;
  /** The user's tags. */
  readonly tags: readonly string[];
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
 * @throws {UserError} with exit status 2 if the config has a mistake; else only
 * if the run could not be reserved or recorded
 */
export async function executeRun(session: Session, request: RunRequest): Promise<RunOutcome> {
  const startedMs = session.host.monotonicMs();
  const abort = session.beginRun();
  const resolution = await resolveRun(request, session.experiments);
  const reservation = await reserve(session, { request, startedMs });
  try {
    return await attempt(request, {
      reservation,
      resolution,
      code: await session.code(),
      abort,
    });
  } finally {
    reservation.directory.close();
  }
}

async function reserve(
  session: Session,
  { request, startedMs }: { readonly request: RunRequest; readonly startedMs: number },
): Promise<Reservation> {
  const { host, runsDir } = session;
  const recorder = await session.recorder();
  const code = await session.code();
  const now = host.now();
  const id = newRunId(now, host.randomBytes(6));
  const { sigrun, deno, v8, ...machine } = host.system();
  const sqlite = await recorder.sqliteVersion();
  const run: StorableRun = {
    ...begunRun({ id, started_at: now.toISOString(), directory: join(runsDir, id) }),
    name: request.name,
    environment: { sigrun, deno, v8, sqlite, ...machine, git: code.git },
    hashes: { ...NO_HASHES, code: code.hash },
    tags: [...new Set(request.tags)].sort(),
  };
  await recorder.reserve(run);
  const directory = await outcomeOf(() => RunDirectory.reserve(run.directory));
  if (directory.failure !== undefined) {
    const { code: error_code, message: error_message } = directory.failure;
    await recorder.commit({ ...run, status: "failed", error_code, error_message });
    throw directory.failure;
  }
  const log = openRunLog({
    write: (line) => directory.value.appendLog(line),
    now: () => host.now(),
  });
  return { host, recorder, directory: directory.value, log, startedMs, run };
}

/** What an attempt is given. */
interface AttemptContext {
  readonly reservation: Reservation;
  readonly resolution: Resolution;
  readonly code: CodeIdentity;
  readonly abort: AbortSignal;
}

async function attempt(request: RunRequest, context: AttemptContext): Promise<RunOutcome> {
  const { reservation, resolution, code, abort } = context;
  const { host, log, recorder, run: begun } = reservation;
  const failed = (failure: UserError, { run, config }: {
    readonly run: StorableRun;
    readonly config?: Config;
  }) => {
    const reason = abort.aborted ? asUserError(abort.reason) : failure;
    const version = config?.version ?? resolution.version;
    return publishFailure({ ...reservation, run }, { config, failure: reason, version });
  };
  const logged = await outcomeOf(() => {
    log.info("job started", {
      run: begun.id,
      name: begun.name,
      tags: begun.tags,
      config: request.configPath,
      ...begun.environment,
    });
    recorder.logFailure(log);
  });
  const failure = logged.failure ?? resolution.failure;
  if (resolution.config === undefined || failure !== undefined) {
    return await failed(failure!, { run: begun });
  }
  const found = await outcomeOf(() => foundConfig(resolution.config, log));
  const config = found.value ?? resolution.config;
  // As data, the record has what the user named: the pattern, not the files that it led to.
  const resolved = { ...withConfig(begun, resolution.config), config: flatConfig(config) };
  if (found.failure !== undefined) return await failed(found.failure, { run: resolved, config });
  const worked = await outcomeOf(() =>
    work(config, { log, code, abort, stdin: host.stdin, onProgress: request.onProgress })
  );
  if (worked.failure !== undefined) return await failed(worked.failure, { run: resolved, config });
  const result = worked.value;
  const run = withResult(resolved, result, workedMs(reservation));
  const judged = await outcomeOf(async () => {
    await judge(request, { config, result, log, abort });
    const earlier = await recorder.compare(run, log);
    await settle(abort);
    return earlier;
  });
  if (judged.failure !== undefined) return await failed(judged.failure, { run, config });
  const published = await outcomeOf(() =>
    publishSuccess({ ...reservation, run }, { config, result, earlier: judged.value })
  );
  if (published.failure === undefined) return published.value;
  // Complete is complete: the next run records it.
  if (reservation.directory.isSealed) throw published.failure;
  return await failed(published.failure, { run, config });
}

/** A step that was taken, or the reason why it failed. */
type Outcome<T> =
  | { readonly value: T; readonly failure?: undefined }
  | { readonly value?: undefined; readonly failure: UserError };

async function outcomeOf<T>(step: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await step() };
  } catch (error) {
    return { failure: asUserError(error) };
  }
}

/** The config with the files that its data names, each once. */
async function foundConfig(resolved: Config, log: RunLog): Promise<Config> {
  log.info("config resolved", await loggedConfig(resolved));
  const { config, repeated } = await withFoundData(resolved);
  if (repeated.length > 0) {
    log.warn("data files named more than once are counted once", {
      files: repeated.length,
      first: repeated.slice(0, 5),
    });
  }
  return config;
}

async function judge(
  { checkSignal }: RunRequest,
  { config, result, log, abort }: {
    readonly config: Config;
    readonly result: WorkResult;
    readonly log: RunLog;
    readonly abort: AbortSignal;
  },
): Promise<void> {
  const { experiment, seed } = config;
  await checkSignal?.({
    experiment: experiment.name,
    bars: result.loaded.bars,
    compute: (bars) => signalOf(config, { bars, seed }),
    seed,
    log,
  }, { pause: () => settle(abort) });
}

/** Lets signals and stray errors arrive, and ends the run if one did. */
async function settle(abort: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  abort.throwIfAborted();
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
