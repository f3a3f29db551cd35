/**
 * What a run computes: config, bars, signal, metrics, hashes. It records
 * nothing but lines in the log.
 *
 * @module
 */

import { isoTime } from "../bars/time/iso_time.ts";
import { loadBars, type LoadedBars } from "../bars/load.ts";
import { mayBePattern, shownPath } from "../bars/source/data_file.ts";
import { qualityWarnings } from "../bars/quality/warnings.ts";
import { qualityFields } from "../bars/quality/quality_fields.ts";
import { type Config, configHash, flatConfig } from "../config/config.ts";
import { UserError } from "../errors.ts";
import type { Input } from "../host.ts";
import { signalRate } from "../evaluate/signal_rate.ts";
import { COLUMN_NAMES, type Signal } from "../experiment.ts";
import { randomStreams } from "../random.ts";
import { codeHashOf, type CodeIdentity } from "./code_identity.ts";
import { lend } from "./lent_bars.ts";
import type { RunHashes } from "../record.ts";
import type { RunLog } from "../store/run_log.ts";
import { fingerprint, resultHash, signalHash } from "../hashes.ts";
import { barsChanged, computeSignal } from "./signal.ts";

/** What the work needs besides the config. */
export interface WorkContext {
  /** The run's log. */
  readonly log: RunLog;
  /** The program. */
  readonly code: CodeIdentity;
  /** Ends the work early. */
  readonly abort: AbortSignal;
  /** Standard input, for a config that reads its data from there. */
  readonly stdin: Input;
  /** Called as the data is read, with bytes done and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The result of the work. */
export interface WorkResult {
  /** The bars. */
  readonly loaded: LoadedBars;
  /** The signal. */
  readonly signal: Signal;
  /** The deterministic metrics, `signal_rate` first. */
  readonly metrics: Readonly<Record<string, number>>;
  /** How the signal was evaluated; null if it was not. */
  readonly evaluation: Readonly<Record<string, unknown>> | null;
  /** All hashes. */
  readonly hashes: { readonly [K in keyof RunHashes]: string };
}

/**
 * Computes a run.
 *
 * @throws {UserError} if the data or the experiment is not fit for it, or if
 * no bar has a defined signal
 */
export async function work(config: Config, context: WorkContext): Promise<WorkResult> {
  const { log, abort } = context;
  const evaluating = config.evaluate === null ? null : import("./evaluation.ts");
  // Loaded while the data is read; a failure is heard of by who awaits it.
  evaluating?.catch(() => {});
  const loaded = await load(config, context);
  abort.throwIfAborted();
  const lent = lend(loaded.bars);
  const signal = computeSignal(config.experiment, {
    bars: lent.bars,
    params: config.params,
    random: randomStreams(config.seed),
    log: log.of(config.experiment.name),
  });
  if (!lent.areIntact()) throw barsChanged(config.experiment);
  const signalSha = await signalHash(signal.positions);
  log.info("signal generated", {
    experiment: config.experiment.name,
    experiment_version: config.experiment.version,
    bars: signal.positions.length,
    warmup_bars: signal.warmup,
    hash: signalSha,
  });
  const own = metricsOf(config, signal);
  const evaluation = (await evaluating)?.evaluateRun(config, { signal, loaded, log }) ?? null;
  const metrics = { ...own, ...evaluation?.metrics };
  const configSha = await configHash(config);
  const code = await codeHashOf(context.code.hash, config);
  const hashes = {
    config: configSha,
    data: loaded.dataHash,
    rows: loaded.rowsHash,
    code,
    signal: signalSha,
    result: await resultHash(metrics, signalSha),
    fingerprint: await fingerprint({ config: configSha, data: loaded.dataHash, code }),
  };
  log.info("metrics", { rows_processed: loaded.rowsRead, ...own, result: hashes.result });
  return { loaded, signal, metrics, evaluation: evaluation?.record ?? null, hashes };
}

/**
 * Reads the data of a config: the close, and what else its experiment reads.
 *
 * @throws {UserError} if the data is not fit for it
 */
export async function loadForRun(
  config: Config,
  { stdin, abort, onProgress }:
    & Pick<WorkContext, "stdin">
    & Partial<Pick<WorkContext, "abort" | "onProgress">>,
): Promise<LoadedBars> {
  const request = {
    stdin,
    // A position is decided at the close, so there is always one.
    columns: COLUMN_NAMES.filter((name) =>
      name === "close" || config.experiment.columns.includes(name)
    ),
    checks: ["open", "high", "low"] as const,
    overrides: config.columns,
    symbol: config.symbol,
    timeFormat: config.timeFormat,
    timeZone: config.timeZone,
    decimalMark: config.decimalMark,
    duplicates: config.duplicates,
    maxMissing: config.maxMissing,
    keepLines: config.signals === "csv",
    ...(abort === undefined ? {} : { abort }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  const [path, ...others] = config.data;
  if (others.length === 0) return await loadBars({ ...request, path: path! });
  const { loadSeries } = await import("../bars/series.ts");
  return await loadSeries({ ...request, paths: config.data });
}

/**
 * The config with the files in place of the patterns of its data, each file
 * once, so that its run can be repeated when there are more files that match.
 *
 * @returns the config, and paths that led to a file once more
 * @throws {UserError} if a pattern matches no file
 */
export async function withFoundData(
  config: Config,
): Promise<{ readonly config: Config; readonly repeated: readonly string[] }> {
  if (config.data.length === 1 && !mayBePattern(config.data[0]!)) return { config, repeated: [] };
  const { findDataFiles } = await import("../bars/source/find_data_files.ts");
  const { paths, repeated } = await findDataFiles(config.data);
  return { config: { ...config, data: paths }, repeated };
}

async function load(config: Config, context: WorkContext): Promise<LoadedBars> {
  const { log } = context;
  const loaded = await loadForRun(config, context);
  const { bars, missing, quality, files } = loaded;
  if (files.length > 1) {
    for (const { dataHash, ...file } of files) log.info("data file", { ...file, hash: dataHash });
  }
  log.info("data loaded", {
    ...(files.length === 1 ? { path: files[0]!.path } : { files: files.length }),
    bytes: loaded.bytes,
    rows: loaded.rowsRead,
    bars: bars.length,
    first: timeText(quality.firstTime),
    last: timeText(quality.lastTime),
    form: loaded.form,
    hash: loaded.dataHash,
    rows_hash: loaded.rowsHash,
  });
  log.info("data quality", qualityFields(quality));
  for (const { code, message } of qualityWarnings(qualityFields(quality))) {
    log.warn(message, {
      code,
      ...(code === "missing_values" ? { first_lines: missing.lines } : {}),
    });
  }
  return loaded;
}

/** Every value of the config, as the log shows them. */
export async function loggedConfig(config: Config): Promise<Record<string, unknown>> {
  return { ...flatConfig(config), hash: await configHash(config) };
}

/**
 * The metrics that count a signal, `signal_rate` first, and the experiment's own.
 *
 * @throws {UserError} if all of its bars are warm-up
 */
export function metricsOf(config: Config, signal: Signal): Record<string, number> {
  const rate = signalRate(signal, config.warmup);
  if (rate.signalRate === null) {
    const bars = signal.positions.length;
    throw new UserError(
      `Cannot compute a signal rate: all ${bars} bars of ${shownData(config)} are warm-up`,
      {
        code: "no_valid_bars",
        hint: `Use more bars, or parameters that need fewer (${
          Object.entries(config.params)
            .filter(([, value]) => value !== undefined)
            .map(([key, value]) => `${key}=${value}`).join(", ")
        }).`,
      },
    );
  }
  return {
    signal_rate: rate.signalRate,
    ones: rate.ones,
    valid_bars: rate.validBars,
    warmup_bars: rate.warmupBars,
    ...signal.metrics,
  };
}

function shownData({ data }: Config): string {
  return data.length === 1 ? shownPath(data[0]!) : `the ${data.length} data files`;
}

function timeText(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
