/**
 * `metrics.json`: the result of a run, or the reason why there is none.
 *
 * @module
 */

import { jsonText } from "../json_text.ts";
import type { ErrorCode } from "../errors.ts";
import type { StorableRun } from "../registry/store.ts";

/** Raised when a field changes its meaning. */
const METRICS_SCHEMA = 1;

/** The metrics.json of a run that finished. */
export function successJson(run: StorableRun): string {
  return json({
    version: run.config_version,
    rows_processed: run.rows_processed,
    metric: "signal_rate",
    value: run.signal_rate,
    latency_ms: run.latency_ms,
    seed: run.seed,
    status: "success",
    schema: METRICS_SCHEMA,
    run_id: run.id,
    experiment: run.experiment,
    params: run.params,
    metrics: { ...run.metrics, ...undefinedMetrics(run) },
    evaluation: run.evaluation,
    hashes: run.hashes,
    quality: run.quality,
  });
}

/** The metrics that could not be computed, each null: `evaluation` has the reason. */
function undefinedMetrics({ evaluation }: StorableRun): Record<string, null> {
  return Object.fromEntries(Object.keys(evaluation?.undefined ?? {}).map((name) => [name, null]));
}

/** The metrics.json of a run that did not. */
export function errorJson(
  error: {
    readonly version: string | null;
    readonly message: string;
    readonly code: ErrorCode;
    readonly runId: string | null;
  },
): string {
  return json({
    version: error.version ?? "unknown",
    status: "error",
    error_message: error.message,
    error_code: error.code,
    run_id: error.runId,
  });
}

function json(value: object): string {
  return jsonText(value);
}
