/**
 * What the files of a run directory say, against the run; and all hashes that
 * can be computed again.
 *
 * @module
 */

import { join } from "node:path";
import { flatConfigHash } from "../config/config.ts";
import { readConfigDocument } from "../config/document.ts";
import type { ErrorCode } from "../errors.ts";
import type { RunHashes, RunRecord } from "../record.ts";
import type { StorableRun } from "../registry/store.ts";
import { errorJson, successJson } from "../store/metrics_json.ts";
import { CONFIG_YAML, METRICS_JSON, SIGNALS_FILES } from "../store/run_directory.ts";
import { fingerprint, resultHash } from "../hashes.ts";
import { storedSignalHash } from "../store/stored_positions.ts";
import { type Check, equalityCheck } from "./check.ts";
import { differenceChecks, differences, valueText } from "./differences.ts";
import { textOf } from "./stored_file.ts";
import type { FilesReport } from "./stored_files.ts";
import { reasonOf } from "../system_error.ts";
import { own } from "../own.ts";

/** metrics.json is a few pages. */
const MAX_METRICS_BYTES = 16 << 20;

/** Compares what is in the files that can be read. */
export async function contentChecks(
  directory: string,
  { run, files }: { readonly run: RunRecord; readonly files: FilesReport },
): Promise<readonly Check[]> {
  const checks: Check[] = [];
  if (files.readable.has(METRICS_JSON)) {
    checks.push(...await metricsChecks(join(directory, METRICS_JSON), run));
  }
  if (files.readable.has(CONFIG_YAML)) {
    checks.push(...await configChecks(join(directory, CONFIG_YAML), run));
  }
  checks.push(...await signalChecks(directory, { run, files }), ...await hashChecks(run));
  return checks;
}

/** Every field of metrics.json; one that came up after it was written may be missing. */
async function metricsChecks(path: string, run: RunRecord): Promise<readonly Check[]> {
  const expected: object = JSON.parse(expectedMetrics(run));
  try {
    const found: unknown = JSON.parse(await textOf(path, MAX_METRICS_BYTES));
    const wrong = differences(expected, found)
      .filter(({ actual, path }) => actual !== undefined || path === "");
    return wrong.length > 0
      ? differenceChecks(METRICS_JSON, wrong)
      : [{ check: METRICS_JSON, expected: "as the row", actual: "as the row", status: "ok" }];
  } catch (error) {
    return [unfit(METRICS_JSON, error)];
  }
}

function expectedMetrics(run: RunRecord): string {
  if (run.status === "finished") return successJson(run as StorableRun);
  return errorJson({
    version: run.config_version,
    message: run.error_message ?? "",
    code: run.error_code as ErrorCode,
    runId: run.id,
  });
}

/** Every key of config.yaml, what the row repeats of it, and its hash. */
async function configChecks(path: string, run: RunRecord): Promise<readonly Check[]> {
  try {
    const { values } = await readConfigDocument(path);
    const wrong = differences(run.config, values);
    const repeated = differences(
      { version: run.config_version, seed: run.seed, ...run.params },
      Object.fromEntries(
        ["version", "seed", ...Object.keys(run.params)].map((key) => [key, own(values, key)]),
      ),
    );
    const all = [...wrong, ...repeated.filter(({ path }) => !wrong.some((a) => a.path === path))];
    return [
      ...(all.length > 0 ? differenceChecks(CONFIG_YAML, all) : [
        { check: CONFIG_YAML, expected: "as the row", actual: "as the row", status: "ok" } as const,
      ]),
      equalityCheck("config hash", {
        expected: valueText(run.hashes.config),
        actual: await flatConfigHash(values, String(run.experiment)),
      }),
    ];
  } catch (error) {
    return [unfit(CONFIG_YAML, error)];
  }
}

/** The signal hash; only a file that is as it was is worth decoding. */
async function signalChecks(
  directory: string,
  { run, files }: { readonly run: RunRecord; readonly files: FilesReport },
): Promise<readonly Check[]> {
  const expected = run.hashes.signal;
  const name = SIGNALS_FILES.find((name) => run.artifacts.some(({ path }) => path === name));
  if (expected === null && name === undefined) return [];
  const check = "signal hash";
  if (name === undefined || !files.intact.has(name)) {
    const actual = name === undefined ? "no signals file" : `${name} is not intact`;
    return [{ check, expected: valueText(expected), actual, status: "not checked" }];
  }
  try {
    const actual = await storedSignalHash(join(directory, name));
    return [equalityCheck(check, { expected: valueText(expected), actual })];
  } catch (error) {
    return [unfit(name, error)];
  }
}

/** Result hash and fingerprint, which are over what is recorded. */
async function hashChecks({ hashes, metrics }: RunRecord): Promise<readonly Check[]> {
  const { config, data, code, signal } = hashes;
  const again: Partial<RunHashes> = {
    result: signal === null ? null : await resultHash(metrics, signal),
    fingerprint: config === null || data === null || code === null
      ? null
      : await fingerprint({ config, data, code }),
  };
  return (["result", "fingerprint"] as const)
    .filter((name) => hashes[name] !== null || again[name] !== null)
    .map((name) =>
      equalityCheck(name === "result" ? "result hash" : name, {
        expected: valueText(hashes[name] ?? undefined),
        actual: valueText(again[name] ?? undefined),
      })
    );
}

function unfit(check: string, error: unknown): Check {
  const actual = error instanceof RangeError ? "nested too deeply" : reasonOf(error);
  const isDenied = error instanceof Deno.errors.PermissionDenied;
  return {
    check,
    expected: "as the row",
    actual,
    status: isDenied ? "unreadable" : "malformed",
  };
}
