import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import type { RunRecord } from "../../lib/record.ts";
import type { RunOutcome } from "../../lib/run/publish.ts";
import { isAlive } from "../../lib/store/liveness.ts";
import { assertComplete } from "./complete.ts";
import { DATA, withWorkspace } from "./workspace.ts";

function logOf({ run }: RunOutcome): Promise<string> {
  return Deno.readTextFile(join(run.directory, "run.log"));
}

/** The messages of a log, in order. */
async function messagesOf(outcome: RunOutcome): Promise<readonly string[]> {
  return (await logOf(outcome)).trimEnd().split("\n").map((line) => {
    const [, quoted, plain] = / msg=(?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(line)!;
    return quoted ?? plain!;
  });
}

Deno.test("a run leaves a complete directory and the row that says the same", async () => {
  await withWorkspace(async (workspace) => {
    const outcome = await workspace.run({ name: "first", tags: ["b", "a", "b"] });
    const { run } = outcome;
    assertEquals([outcome.exitCode, outcome.error, outcome.reproduction], [0, undefined, null]);
    assertEquals([run.status, run.name, run.tags], ["finished", "first", ["a", "b"]]);
    assertEquals([run.experiment, run.experiment_version], ["rolling-mean", 1]);
    assertEquals([run.config_version, run.seed, run.params], ["v1", 42, { window: 3 }]);
    assertEquals([run.rows_processed, run.signal_rate], [5, 2 / 3]);
    assertEquals(run.metrics, {
      signal_rate: 2 / 3,
      ones: 2,
      valid_bars: 3,
      warmup_bars: 2,
      ties: 0,
    });
    assertEquals(run.data_path, workspace.path("data.csv"));
    assertEquals(run.directory, workspace.path(`runs/${run.id}`));
    assertEquals(await workspace.runs(), [run]);
    await assertComplete(run);
    assertEquals(run.artifacts.map(({ path }) => path), [
      "config.yaml",
      "metrics.json",
      "run.log",
      "signals.csv",
    ]);
    assertEquals(await isAlive(run.directory), false);
  });
});

Deno.test("a run is recorded with the versions, the machine and the commit that it ran on", async () => {
  await withWorkspace(async (workspace) => {
    const { run } = await workspace.run();
    assertEquals(Object.keys(run.environment), [
      ..."sigrun deno v8 sqlite os osRelease arch hostname git".split(" "),
    ]);
    assertMatch(String(run.environment.sqlite), /^3\.\d+\.\d+$/);
    const log = await logOf({ run } as RunOutcome);
    assert(log.split("\n")[0]!.includes(` sqlite=${run.environment.sqlite} `));
  });
});

Deno.test("metrics.json begins with the fields that everyone reads, in order", async () => {
  await withWorkspace(async (workspace) => {
    const { run, metricsJson } = await workspace.run();
    assertEquals(await Deno.readTextFile(join(run.directory, "metrics.json")), metricsJson);
    assert(metricsJson.endsWith("}\n"));
    const metrics = JSON.parse(metricsJson);
    assertEquals(Object.keys(metrics), [
      "version",
      "rows_processed",
      "metric",
      "value",
      "latency_ms",
      "seed",
      "status",
      "schema",
      "run_id",
      "experiment",
      "params",
      "metrics",
      "evaluation",
      "hashes",
      "quality",
    ]);
    assertEquals(Object.entries(metrics).slice(0, 7), [
      ["version", "v1"],
      ["rows_processed", 5],
      ["metric", "signal_rate"],
      ["value", 2 / 3],
      ["latency_ms", run.latency_ms],
      ["seed", 42],
      ["status", "success"],
    ]);
    assertEquals(Object.keys(metrics.metrics)[0], "signal_rate");
    assertEquals(
      [metrics.metrics, metrics.hashes, metrics.quality],
      [run.metrics, run.hashes, run.quality],
    );
    assertEquals([metrics.quality.rows_read, metrics.quality.bars], [5, 5]);
    assertEquals(
      [metrics.quality.first_time, metrics.quality.interval_ms, metrics.quality.gaps],
      ["1973-03-03T09:46:41.000Z", 1000, 0],
    );
    assertEquals([metrics.schema, metrics.run_id, metrics.params], [1, run.id, { window: 3 }]);
  });
});

Deno.test("run.log tells the run, line by line", async () => {
  await withWorkspace(async (workspace) => {
    const outcome = await workspace.run({ name: "a name", tags: ["x"] });
    assertEquals(await messagesOf(outcome), [
      "job started",
      "config resolved",
      "data loaded",
      "data quality",
      "mean computed",
      "signal generated",
      "metrics",
      "data kept",
      "finished",
    ]);
    const { run } = outcome;
    const lines = (await logOf(outcome)).trimEnd().split("\n");
    for (const line of lines) {
      assertMatch(line, /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=info logger=sigrun/);
    }
    const [started, resolved, loaded, quality, mean, generated, metrics, kept, finished] = lines;
    assert(started!.includes(`run=${run.id} name="a name" `));
    assert(started!.includes(`config=${workspace.path("config.yaml")} `));
    for (const [key, value] of Object.entries(run.config!)) {
      const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
      assert(resolved!.includes(` ${key}=${shown}`), key);
    }
    assert(resolved!.includes(`hash=${run.hashes.config}`));
    assert(
      loaded!.includes(`path=${workspace.path("data.csv")} bytes=${DATA.length} rows=5 bars=5`),
    );
    assert(loaded!.includes("first=1973-03-03T09:46:41.000Z last=1973-03-03T09:46:45.000Z"));
    assert(loaded!.includes(`hash=${run.hashes.data} rows_hash=${run.hashes.rows}`));
    assert(loaded!.includes(' form="commas, header in line 1; time, close" '), loaded);
    for (const [key, value] of Object.entries(run.quality!)) {
      assert(`${quality} `.includes(` ${key}=${value} `), key);
    }
    assert(mean!.includes("logger=sigrun.rolling-mean "));
    assert(mean!.includes("window=3 min_periods=3 "));
    assert(generated!.includes(`bars=5 warmup_bars=2 hash=${run.hashes.signal}`));
    assert(metrics!.includes(`rows_processed=5 signal_rate=${2 / 3} ones=2 valid_bars=3 `));
    const copy = join(workspace.path("runs/data"), run.hashes.data!.slice("sha256:".length));
    assert(kept!.includes(`path=${copy} bytes=${DATA.length}`));
    assert(finished!.includes(`status=finished duration_ms=${run.duration_ms}`));
  });
});

Deno.test("of two rows of one time the config says which one counts", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("data.csv", DATA.replace("100000003,12", "100000003,12\n100000003,12.5"));
    const refused = await workspace.run();
    assertEquals([refused.run.status, refused.run.error_code], ["failed", "data_invalid"]);
    assertMatch(
      refused.error!.message,
      /two rows for 1973-03-03T09:46:43\.000Z differ in their clo/,
    );
    const kept = async (duplicates: string): Promise<readonly string[]> => {
      const outcome = await workspace.run({ set: [`duplicates=${duplicates}`] });
      const { run } = outcome;
      assertEquals([run.status, run.rows_processed, run.config?.duplicates], [
        "finished",
        6,
        duplicates,
      ]);
      assertEquals([run.quality?.bars, run.quality?.dropped_repeated], [5, 1]);
      assertMatch(await logOf(outcome), / msg="data quality" .*dropped_repeated=1 /);
      const signals = await Deno.readTextFile(join(run.directory, "signals.csv"));
      return signals.trimEnd().split("\n").slice(1).map((line) => line.split(",")[1]!);
    };
    assertEquals(await kept("first"), ["10.0", "11.00", "12", "11", "13"]);
    assertEquals(await kept("last"), ["10.0", "11.00", "12.5", "11", "13"]);
  });
});

Deno.test("form and time zone of the times are part of the config and its hash", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("data.csv", "time,close\n01/02/2024 09:30,1\n02/02/2024 09:30,2\n");
    const run = async (...set: string[]): Promise<RunRecord> =>
      (await workspace.run({ set: ["window=1", ...set] })).run;
    const day = await run("time_format=dmy");
    const zoned = await run("time_format=dmy", "time_zone=America/New_York");
    assertEquals(day.quality?.first_time, "2024-02-01T09:30:00.000Z");
    assertEquals(zoned.quality?.first_time, "2024-02-01T14:30:00.000Z");
    assertEquals([zoned.config?.time_format, zoned.config?.time_zone], ["dmy", "America/New_York"]);
    assert(day.hashes.config !== zoned.hashes.config);
    assert(day.hashes.rows !== zoned.hashes.rows);
    assertEquals((await run("time_format=mdy")).quality?.first_time, "2024-01-02T09:30:00.000Z");
  });
});

Deno.test("a run that fails tells why in the log, in metrics.json and in its row", async () => {
  await withWorkspace(async (workspace) => {
    const outcome = await workspace.run({ data: [workspace.path("none.csv")] });
    const { run, metricsJson, error, exitCode } = outcome;
    const message = `Cannot find the data file ${workspace.path("none.csv")}`;
    assertEquals([exitCode, error?.message], [1, message]);
    assertEquals([run.status, run.error_code, run.error_message], [
      "failed",
      "data_unreadable",
      message,
    ]);
    assertEquals(JSON.parse(metricsJson), {
      version: "v1",
      status: "error",
      error_message: message,
      error_code: "data_unreadable",
      run_id: run.id,
    });
    assertEquals(Object.keys(JSON.parse(metricsJson))[1], "status");
    assertEquals(await messagesOf(outcome), [
      "job started",
      "config resolved",
      message,
      "finished",
    ]);
    const failure = (await logOf(outcome)).split("\n")[2]!;
    assertMatch(failure, / level=error /);
    assertMatch(
      failure,
      / code=data_unreadable hint="Name it with --data FILE.*" cause="NotFound: /,
    );
    assertEquals(await workspace.runs(), [run]);
    await assertComplete(run);
    assertEquals(run.artifacts.map(({ path }) => path), ["config.yaml", "metrics.json", "run.log"]);
  });
});

Deno.test("a mistake in the config leaves no run, no directory and no registry", async () => {
  await withWorkspace(async (workspace) => {
    const cases: [config: string | null, code: string][] = [
      [null, "config_unreadable"],
      ["", "config_invalid"],
      ["version: [", "config_invalid"],
      ["version: v7\nseed: x\n", "config_invalid"],
      ["version: v8\nseed: 1\nexperiment: rolling-men\n", "experiment_unknown"],
    ];
    for (const [config, code] of cases) {
      if (config === null) await Deno.remove(workspace.path("config.yaml"));
      else await workspace.write("config.yaml", config);
      const mistake = await assertRejects(() => workspace.run(), UserError);
      assertEquals([mistake.exitCode, mistake.code], [2, code], config ?? "none");
    }
    await assertRejects(() => Deno.stat(workspace.path("runs")), Deno.errors.NotFound);
  });
});

Deno.test("a failure that is sigrun's own is recorded as one", async () => {
  await withWorkspace(async (workspace) => {
    const experiments = { broken: () => Promise.reject(new Error("cannot be loaded")) };
    const outcome = await workspace.run({ experiments, set: ["experiment=broken"] });
    assertEquals([outcome.exitCode, outcome.run.error_code], [70, "internal"]);
    assertMatch(await logOf(outcome), /cause="Error: cannot be loaded"/);
    await assertComplete(outcome.run);
  });
});

Deno.test("what a message holds stands in the log as it is", async () => {
  await withWorkspace(async (workspace) => {
    const path = workspace.path('{code} {{x}} {+} 100% \\ "q".csv');
    const outcome = await workspace.run({ data: [path] });
    const escaped = JSON.stringify(`Cannot find the data file ${path}`);
    assert((await logOf(outcome)).includes(` msg=${escaped} `), await logOf(outcome));
  });
});
