/**
 * One run, from its reservation to its row in the registry.
 *
 * 1. Reserve: a row that says `running`, and a directory under lock.
 * 2. Work, logging to `run.log`.
 * 3. Publish each file whole, the manifest last.
 * 4. Commit the row.
 *
 * A process that dies on the way leaves a `running` row without a live
 * process; one that dies between 3 and 4 is rolled forward by the next run.
 *
 * @module
 */

import { join } from "node:path";
import { type Config, configHash, configYaml, flatConfig } from "../config/config.ts";
import { type ConfigDocument, readConfigDocument } from "../config/document.ts";
import type { Override } from "../config/overrides.ts";
import { resolveConfig } from "../config/resolve.ts";
import {
  EXIT_BUG,
  EXIT_NOT_PROVED,
  EXIT_OK,
  EXIT_SIGINT,
  EXIT_SIGTERM,
  UserError,
} from "../errors.ts";
import type { ExperimentTable } from "../experiment.ts";
import type { EndSignal, Host } from "../host.ts";
import type { RegistryLocation } from "../registry/location.ts";
import { openRegistry, type Registry } from "../registry/open.ts";
import { firstWithFingerprint } from "../registry/queries.ts";
import { NO_HASHES } from "../registry/record.ts";
import { commitRun, reserveRun, type StorableRun } from "../registry/store.ts";
import { type CodeIdentity, codeIdentity } from "./code_identity.ts";
import { rollForward } from "./liveness.ts";
import { manifestJson } from "./manifest.ts";
import { errorJson, successJson } from "./metrics_json.ts";
import { CONFIG_YAML, METRICS_JSON, RunDirectory, unusableRunsDir } from "./run_directory.ts";
import { newRunId } from "./run_id.ts";
import { openRunLog, type RunLog } from "./run_log.ts";
import { signalsFile } from "./signals_file.ts";
import { loggedConfig, work, type WorkResult } from "./work.ts";

/** What to run, and where to keep it. */
export interface RunRequest {
  /** Absolute path of the config file. */
  readonly configPath: string;
  /** Values laid over the config's. */
  readonly overrides: readonly Override[];
  /** Absolute path of the data file, in place of the config's. */
  readonly dataPath?: string | undefined;
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
  /** Called as the data is read, with bytes done and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How a run came out against an earlier one with the same fingerprint. */
export interface Reproduction {
  /** Id of the earlier run. */
  readonly of: string;
  /** Whether the results are the same. */
  readonly identical: boolean;
}

/** How a run came out. */
export interface RunOutcome {
  /** The run, as recorded. */
  readonly run: StorableRun;
  /** The text of its metrics.json. */
  readonly metricsJson: string;
  /** The comparison with an earlier run of equal inputs, if there is one. */
  readonly reproduction: Reproduction | null;
  /** Why it failed. */
  readonly error?: UserError;
  /** The exit status that says so. */
  readonly exitCode: number;
}

/** Everything of a run that is known before it works. */
interface Reservation {
  readonly request: RunRequest;
  readonly host: Host;
  readonly registry: Registry;
  readonly directory: RunDirectory;
  readonly log: RunLog;
  readonly startedMs: number;
  readonly run: StorableRun;
}

/**
 * Executes a run and records it, whatever becomes of it.
 *
 * @throws {UserError} only if the run could not be reserved or recorded
 */
export async function executeRun(request: RunRequest, host: Host): Promise<RunOutcome> {
  const startedMs = host.monotonicMs();
  const interruption = new AbortController();
  const stopListening = host.onEndSignal((signal) => interruption.abort(signal));
  // Asked for first, as git answers while the registry is opened.
  const identity = codeIdentity(host);
  identity.catch(() => {});
  try {
    await makeRunsDir(request.runsDir);
    const registry = await openRegistry(request.registry);
    try {
      await rollForward(registry);
      return await reservedRun(request, { host, registry, startedMs, identity, interruption });
    } finally {
      registry.close();
    }
  } finally {
    stopListening();
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
  { host, registry, startedMs, identity, interruption }: {
    readonly host: Host;
    readonly registry: Registry;
    readonly startedMs: number;
    readonly identity: Promise<CodeIdentity>;
    readonly interruption: AbortController;
  },
): Promise<RunOutcome> {
  const code = await identity;
  const now = host.now();
  const id = newRunId(now, host.randomBytes(6));
  const run: StorableRun = {
    id,
    name: request.name,
    experiment: null,
    experiment_version: null,
    config_version: null,
    seed: null,
    status: "running",
    started_at: now.toISOString(),
    duration_ms: null,
    latency_ms: null,
    rows_processed: null,
    signal_rate: null,
    data_path: null,
    config: null,
    error_code: null,
    error_message: null,
    directory: join(request.runsDir, id),
    environment: { ...host.system(), git: code.git },
    params: {},
    metrics: {},
    hashes: { ...NO_HASHES, code: code.hash },
    tags: [...new Set(request.tags)].sort(),
    artifacts: [],
  };
  await reserveRun(registry, run);
  const directory = await reserveDirectory(registry, run);
  const log = openRunLog((line) => directory.appendLog(line));
  const reservation: Reservation = { request, host, registry, directory, log, startedMs, run };
  try {
    return await attempt(reservation, { code, abort: interruption.signal });
  } finally {
    log.close();
    directory.close();
  }
}

async function reserveDirectory(registry: Registry, run: StorableRun): Promise<RunDirectory> {
  try {
    return await RunDirectory.reserve(run.directory);
  } catch (error) {
    const { code, message } = asUserError(error);
    await commitRun(registry, {
      ...run,
      status: "failed",
      error_code: code,
      error_message: message,
    });
    throw error;
  }
}

async function attempt(
  reservation: Reservation,
  { code, abort }: { readonly code: CodeIdentity; readonly abort: AbortSignal },
): Promise<RunOutcome> {
  const { request, log, registry } = reservation;
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
    document = await readConfigDocument(request.configPath);
    config = await resolveConfig({
      document,
      overrides: request.overrides,
      data: request.dataPath,
      experiments: request.experiments,
    });
    log.info("config resolved", await loggedConfig(config));
    run = withConfig(run, config);
    const result = await work(config, { log, code, abort, onProgress: request.onProgress });
    run = withResult(run, result, elapsedMs(reservation));
    const reproduction = await compareWithEarlier(registry, run, log);
    abort.throwIfAborted();
    return await publishSuccess({ ...reservation, run }, { config, result, reproduction });
  } catch (error) {
    // Complete is complete: the next run records it.
    if (reservation.directory.isSealed) throw error;
    const version = run.config_version ?? versionOf(document);
    const failure = abort.aborted ? interrupted(abort.reason as EndSignal) : asUserError(error);
    return await publishFailure({ ...reservation, run }, { config, failure, version });
  }
}

function withConfig(run: StorableRun, config: Config): StorableRun {
  const { params } = config;
  return {
    ...run,
    experiment: config.experiment.name,
    experiment_version: config.experiment.version,
    config_version: config.version,
    seed: config.seed,
    data_path: config.data,
    config: flatConfig(config),
    params: Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)),
  };
}

function withResult(run: StorableRun, result: WorkResult, latencyMs: number): StorableRun {
  return {
    ...run,
    latency_ms: latencyMs,
    rows_processed: result.loaded.rowsRead,
    signal_rate: result.metrics.signal_rate!,
    metrics: result.metrics,
    hashes: result.hashes,
  };
}

/** Checks the result against the first finished run with equal inputs. */
async function compareWithEarlier(
  registry: Registry,
  run: StorableRun,
  log: RunLog,
): Promise<Reproduction | null> {
  const earlier = await firstWithFingerprint(registry, run.hashes.fingerprint!);
  if (earlier === undefined) return null;
  const identical = earlier.result === run.hashes.result;
  if (identical) log.info("reproduces an earlier run", { run: earlier.id });
  else {
    log.error("result differs from an earlier run with equal config, data and code", {
      run: earlier.id,
      expected: earlier.result,
      actual: run.hashes.result,
    });
  }
  return { of: earlier.id, identical };
}

async function publishSuccess(
  reservation: Reservation,
  { config, result, reproduction }: {
    readonly config: Config;
    readonly result: WorkResult;
    readonly reproduction: Reproduction | null;
  },
): Promise<RunOutcome> {
  const { directory, log } = reservation;
  const metricsJson = successJson(reservation.run);
  const signals = await signalsFile(config.signals, {
    loaded: result.loaded,
    positions: result.signal.positions,
  });
  const published = await Promise.allSettled([
    directory.publish(METRICS_JSON, metricsJson),
    directory.publish(CONFIG_YAML, configYaml(config)),
    ...(signals === undefined ? [] : [directory.publish(signals.name, signals.content)]),
  ]);
  // Only once all are done, as a failure publishes another metrics.json.
  const unpublished = published.find(({ status }) => status === "rejected");
  if (unpublished?.status === "rejected") throw unpublished.reason;
  const ended = {
    ...reservation.run,
    status: "finished" as const,
    duration_ms: elapsedMs(reservation),
  };
  log.info("finished", { status: "finished", duration_ms: ended.duration_ms });
  const run = await seal(reservation, ended);
  await commit(reservation, run);
  const exitCode = reproduction?.identical === false ? EXIT_NOT_PROVED : EXIT_OK;
  return { run, metricsJson, reproduction, exitCode };
}

async function publishFailure(
  reservation: Reservation,
  { config, failure, version }: {
    readonly config: Config | undefined;
    readonly failure: UserError;
    readonly version: string | null;
  },
): Promise<RunOutcome> {
  const { directory, log, registry } = reservation;
  const ended: StorableRun = {
    ...reservation.run,
    status: failure.code === "interrupted" ? "interrupted" : "failed",
    config_version: version,
    duration_ms: elapsedMs(reservation),
    // What was computed before it failed was not published.
    latency_ms: null,
    signal_rate: null,
    metrics: {},
    hashes: {
      ...NO_HASHES,
      code: reservation.run.hashes.code,
      config: config === undefined ? null : await configHash(config),
    },
    error_code: failure.code,
    error_message: failure.message,
  };
  const metricsJson = errorJson({
    version,
    message: failure.message,
    code: failure.code,
    runId: ended.id,
  });
  log.error(failure.message, {
    code: failure.code,
    hint: failure.hint ?? null,
    cause: failure.cause === undefined ? null : causeText(failure.cause),
  });
  log.info("finished", { status: ended.status, duration_ms: ended.duration_ms });
  let run: StorableRun;
  try {
    await directory.publish(METRICS_JSON, metricsJson);
    if (config !== undefined) await directory.publish(CONFIG_YAML, configYaml(config));
    run = await seal(reservation, ended);
  } catch (error) {
    // Where nothing can be written the row alone tells of it.
    await commitRun(registry, ended);
    throw error;
  }
  // A connection that failed would fail again, and be in the way of others.
  if (failure.code === "registry_unavailable") throw unrecorded(run, failure);
  await commit(reservation, run);
  return { run, metricsJson, reproduction: null, error: failure, exitCode: failure.exitCode };
}

/** The end of step 3 of the protocol, once the other files are there. */
async function seal({ directory }: Reservation, ended: StorableRun): Promise<StorableRun> {
  const run = { ...ended, artifacts: await directory.sealLog() };
  await directory.sealManifest(manifestJson(run));
  return run;
}

/** Step 4. */
async function commit({ registry }: Reservation, run: StorableRun): Promise<void> {
  try {
    await commitRun(registry, run);
  } catch (error) {
    throw unrecorded(run, asUserError(error));
  }
}

/** A complete run without its row. */
function unrecorded(run: StorableRun, cause: UserError): UserError {
  const { message, code, exitCode } = cause;
  return new UserError(message, {
    code,
    exitCode,
    hint: `The run is complete in ${run.directory}: the next run records it too.`,
    cause,
  });
}

function elapsedMs({ host, startedMs }: Reservation): number {
  return Math.round((host.monotonicMs() - startedMs) * 1000) / 1000;
}

/** The label of a config that did not resolve, for the error JSON. */
function versionOf(document: ConfigDocument | undefined): string | null {
  const version = document?.values.version;
  return typeof version === "string" ? version : null;
}

function interrupted(signal: EndSignal): UserError {
  return new UserError(`Interrupted by ${signal}`, {
    code: "interrupted",
    exitCode: signal === "SIGTERM" ? EXIT_SIGTERM : EXIT_SIGINT,
    hint: "Nothing was lost: run the same command again.",
  });
}

/** Any error as one that can be shown: what is not the user's is sigrun's own. */
function asUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new UserError(`A bug in sigrun: ${message}`, {
    code: "internal",
    exitCode: EXIT_BUG,
    hint: "Please report it, with the output of the same command and --debug.",
    cause: error,
  });
}

function causeText(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
