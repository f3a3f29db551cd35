/**
 * The end of a run: its files published whole, the manifest last, then its row
 * committed. Steps 3 and 4 of the run protocol.
 *
 * @module
 */

import { dirname } from "node:path";
import { type Config, configHash, configYaml } from "../config/config.ts";
import { EXIT_FAILED, EXIT_NOT_PROVED, EXIT_OK, UserError } from "../errors.ts";
import type { Host } from "../host.ts";
import { NO_HASHES } from "../record.ts";
import type { StorableRun } from "../registry/store.ts";
import { type EarlierResults, NO_EARLIER } from "./earlier_runs.ts";
import { asUserError } from "../failure.ts";
import { keepData, keptDataFolder } from "../store/kept_data.ts";
import { KeptDataHold } from "../store/kept_data_hold.ts";
import { manifestJson } from "../store/manifest.ts";
import { errorJson, successJson } from "../store/metrics_json.ts";
import { CONFIG_YAML, METRICS_JSON, type RunDirectory } from "../store/run_directory.ts";
import type { Recorder } from "./recorder.ts";
import type { RunLog } from "../store/run_log.ts";
import { signalsFile } from "../store/signals_file.ts";
import type { WorkResult } from "./work.ts";

/** How a run came out. */
export interface RunOutcome extends EarlierResults {
  /** The run, as recorded. */
  readonly run: StorableRun;
  /** The text of its metrics.json. */
  readonly metricsJson: string;
  /** Why it failed. */
  readonly error?: UserError;
  /** Why it is complete and yet not in the registry, which is on a server or locked. */
  readonly unrecorded?: UserError;
  /** The exit status that says so. */
  readonly exitCode: number;
}

/** A run that was reserved: everything that is known of it, and where it is kept. */
export interface Reservation {
  /** The machine. */
  readonly host: Host;
  /** Its registry. */
  readonly recorder: Recorder;
  /** The run directory, under lock. */
  readonly directory: RunDirectory;
  /** Its log. */
  readonly log: RunLog;
  /** When it began, on the monotonic clock. */
  readonly startedMs: number;
  /** The run as far as it is known. */
  readonly run: StorableRun;
}

/** Publishes the files of a run that worked, and records it. */
export async function publishSuccess(
  reservation: Reservation,
  { config, result, earlier }: {
    readonly config: Config;
    readonly result: WorkResult;
    readonly earlier: EarlierResults;
  },
): Promise<RunOutcome> {
  const { directory, log } = reservation;
  const runsDir = dirname(directory.path);
  // Until the manifest refers to what is kept.
  using hold = new KeptDataHold(keptDataFolder(runsDir));
  const metricsJson = successJson(reservation.run);
  const signals = await signalsFile(config.signals, {
    loaded: result.loaded,
    positions: result.signal.positions,
  });
  const published = await Promise.allSettled([
    directory.publish(METRICS_JSON, metricsJson),
    directory.publish(CONFIG_YAML, configYaml(config)),
    ...(signals === undefined ? [] : [directory.publish(signals.name, signals.content)]),
    keepData(result.loaded, {
      keepData: config.keepData,
      runsDir,
      hold,
      log,
    }),
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
  const unrecorded = await commit(reservation, run);
  const exitCode = earlier.reproduction?.identical === false
    ? EXIT_NOT_PROVED
    : unrecorded === undefined
    ? EXIT_OK
    : EXIT_FAILED;
  return { run, metricsJson, ...earlier, exitCode, ...withReason(unrecorded) };
}

/** Publishes the reason why a run failed, and records it. */
export async function publishFailure(
  reservation: Reservation,
  { config, failure, version }: {
    readonly config: Config | undefined;
    readonly failure: UserError;
    readonly version: string | null;
  },
): Promise<RunOutcome> {
  const { directory, log, recorder } = reservation;
  const ended: StorableRun = {
    ...reservation.run,
    status: failure.code === "interrupted" ? "interrupted" : "failed",
    config_version: version,
    duration_ms: elapsedMs(reservation),
    // What was computed before it failed is not published.
    latency_ms: null,
    signal_rate: null,
    metrics: {},
    evaluation: null,
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
    await directory.withdraw();
    await directory.publish(METRICS_JSON, metricsJson);
    if (config !== undefined) await directory.publish(CONFIG_YAML, configYaml(config));
    run = await seal(reservation, ended);
  } catch (error) {
    // Where nothing can be written the row alone tells of it.
    await recorder.commit(ended);
    throw error;
  }
  // A connection that failed would fail again, and be in the way of others.
  if (failure.code === "registry_unavailable") throw unrecordedError(run, failure);
  const unrecorded = await commit(reservation, run);
  return {
    run,
    metricsJson,
    ...NO_EARLIER,
    error: failure,
    exitCode: failure.exitCode,
    ...withReason(unrecorded),
  };
}

/** The end of step 3 of the protocol, once the other files are there. */
async function seal({ directory }: Reservation, ended: StorableRun): Promise<StorableRun> {
  const run = { ...ended, artifacts: await directory.sealLog() };
  await directory.sealManifest(manifestJson(run));
  return run;
}

/**
 * Step 4.
 *
 * @returns why it could not be taken, if the registry is on a server or locked
 */
async function commit(
  { recorder }: Reservation,
  run: StorableRun,
): Promise<UserError | undefined> {
  try {
    const failure = await recorder.commit(run);
    return failure && unsyncedError(run, failure);
  } catch (error) {
    throw unrecordedError(run, asUserError(error));
  }
}

function withReason(unrecorded: UserError | undefined): Pick<RunOutcome, "unrecorded"> {
  return unrecorded === undefined ? {} : { unrecorded };
}

/** A complete run that its registry does not know of. */
function unsyncedError(run: StorableRun, cause: UserError): UserError {
  return new UserError(`Run ${run.id} is complete, but not in the registry: ${cause.message}`, {
    code: cause.code,
    hint: `Nothing is lost: it is in ${run.directory}, and runs:sync records it.` +
      (cause.hint === undefined ? "" : ` ${cause.hint}`),
    cause,
  });
}

/** A complete run without its row. */
function unrecordedError(run: StorableRun, cause: UserError): UserError {
  const { message, code, exitCode } = cause;
  return new UserError(message, {
    code,
    exitCode,
    hint: `The run is complete in ${run.directory}: the next run records it too.`,
    cause,
  });
}

/** Milliseconds since the run began. */
function elapsedMs({ host, startedMs }: Reservation): number {
  return roundedMs(host.monotonicMs() - startedMs);
}

/** The same without what the registry was waited for. */
export function workedMs(reservation: Reservation): number {
  const elapsed = elapsedMs(reservation);
  const { waitedMs } = reservation.recorder;
  // A machine for tests may have a clock of its own.
  return waitedMs < elapsed ? roundedMs(elapsed - waitedMs) : elapsed;
}

function roundedMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function causeText(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
