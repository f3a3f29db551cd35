import { assertEquals } from "@std/assert";
import { errorJson, successJson } from "../../lib/store/metrics_json.ts";
import { sampleRun } from "../registry/temp_registry.ts";

Deno.test("the success JSON says all there is to know, the rate unrounded", () => {
  const rate = 0.5053021208483393;
  const run = sampleRun({ signal_rate: rate, metrics: { signal_rate: rate, ones: 5051 } });
  assertEquals(JSON.parse(successJson(run)), {
    version: "v1",
    rows_processed: 10_000,
    metric: "signal_rate",
    value: rate,
    latency_ms: 58.295,
    seed: 42,
    status: "success",
    schema: 1,
    run_id: run.id,
    experiment: "rolling-mean",
    params: { window: 5 },
    metrics: { signal_rate: rate, ones: 5051 },
    evaluation: null,
    hashes: run.hashes,
    quality: { rows_read: 10, order: "ascending", gaps: null },
  });
});

Deno.test("the error JSON says what went wrong, of an unknown version if need be", () => {
  const error = { message: 'no\n"good" \0 \ud800', code: "data_invalid", runId: null } as const;
  const expected = {
    status: "error",
    error_message: error.message,
    error_code: "data_invalid",
    run_id: null,
  };
  assertEquals(JSON.parse(errorJson({ ...error, version: null })), {
    version: "unknown",
    ...expected,
  });
  assertEquals(JSON.parse(errorJson({ ...error, version: "v1" })), { version: "v1", ...expected });
});
