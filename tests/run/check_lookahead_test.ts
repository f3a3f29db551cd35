import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import type { EndSignal } from "../../lib/host.ts";
import { refuseLookahead } from "../../lib/check/lookahead_verdict.ts";
import { assertComplete } from "./complete.ts";
import { type SignalFunction, tableOf, TEST_CONFIG } from "./test_experiment.ts";
import { type RunOptions, withWorkspace, type Workspace } from "./workspace.ts";

const peeking: SignalFunction = ({ bars: { length, close: { units } } }) => ({
  positions: Int8Array.from({ length }, (_, t) => (units[t + 1] ?? 0) > units[t]! ? 1 : 0),
  warmup: 0,
});

async function attempt(workspace: Workspace, options: RunOptions = {}) {
  const outcome = await workspace.run({ checkSignal: refuseLookahead, ...options });
  await assertComplete(outcome.run);
  const log = await Deno.readTextFile(join(outcome.run.directory, "run.log"));
  return { ...outcome, log };
}

Deno.test("a checked run that does not look ahead is the run that it is unchecked", async () => {
  await withWorkspace(async (workspace) => {
    const { run, exitCode, log } = await attempt(workspace);
    assertEquals([exitCode, run.status], [0, "finished"]);
    assertMatch(
      log,
      / msg="look-ahead checked" bars=5 bars_checked=4 cuts=4 truncation=4 perturbation=4 computations=7 biased_bars=0 verdict="none found"\n/,
    );
    // The experiment's own lines are those of the signal that counts.
    assertEquals(log.match(/msg="mean computed"/g)!.length, 1);
    const plain = await workspace.run();
    assertEquals(plain.run.hashes, run.hashes);
    assertEquals(plain.reproduction, { of: run.id, identical: true });
  });
});

Deno.test("a run that looks ahead fails, and what is recorded says why", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", TEST_CONFIG);
    const { run, exitCode, error, metricsJson, log } = await attempt(workspace, {
      experiments: tableOf(peeking),
    });
    const message = "Experiment test looks ahead: 4 biased bars found, the first bar 0, " +
      "1973-03-03T09:46:41.000Z; the position there depends on later bars through close";
    assertEquals([exitCode, error?.code, error?.message], [3, "lookahead_bias", message]);
    assertEquals(
      [run.status, run.error_code, run.error_message],
      ["failed", "lookahead_bias", message],
    );
    assertEquals([run.signal_rate, run.hashes.result, run.metrics], [null, null, {}]);
    assertEquals(await workspace.runs(), [run]);
    const json = JSON.parse(metricsJson);
    assertEquals(
      [json.status, json.error_code, json.error_message],
      ["error", "lookahead_bias", message],
    );
    assertEquals(run.artifacts.map(({ path }) => path), ["config.yaml", "metrics.json", "run.log"]);
    assertMatch(log, / msg="look-ahead checked" .* verdict=biased\n/);
  });
});

Deno.test("a run that could not be checked fails, too", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", TEST_CONFIG);
    const { run, exitCode, log } = await attempt(workspace, {
      experiments: tableOf(({ bars: { length } }) => {
        if (length < 5) throw new Error("too few bars");
        return { positions: new Int8Array(length), warmup: 0 };
      }),
    });
    assertEquals([exitCode, run.status, run.error_code], [3, "failed", "lookahead_unchecked"]);
    assertEquals(
      run.error_message,
      "Cannot check experiment test for look-ahead: Experiment test failed: too few bars",
    );
    assertMatch(log, /level=warning .* msg="look-ahead not compared" at="truncation at 4 cuts, /);
    await workspace.write("data.csv", "time,close\n100000001,1\n");
    const single = await attempt(workspace, {
      experiments: tableOf(({ bars: { length } }) => ({
        positions: new Int8Array(length),
        warmup: 0,
      })),
    });
    assertEquals(
      single.run.error_message,
      "Cannot check experiment test for look-ahead: there is no bar to cut off, of 1",
    );
  });
});

Deno.test("a check hears that the run is to end", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", TEST_CONFIG);
    let end: (signal: EndSignal) => void = () => {};
    let computations = 0;
    const { run, exitCode } = await attempt(workspace, {
      machine: {
        onEndSignal(handler) {
          end = handler;
          return () => {};
        },
      },
      experiments: tableOf(({ bars: { length } }) => {
        // While the second is computed, the check's own of all bars, a signal comes in.
        if (++computations === 2) setTimeout(() => end("SIGTERM"));
        return { positions: new Int8Array(length), warmup: 0 };
      }),
    });
    assertEquals([exitCode, run.status, computations], [143, "interrupted", 2]);
  });
});

Deno.test("a run without the check computes its signal once", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", TEST_CONFIG);
    let computations = 0;
    const experiments = tableOf((input) => {
      computations++;
      return peeking(input);
    });
    const { run } = await workspace.run({ experiments });
    assertEquals([run.status, computations], ["finished", 1]);
    assert(run.latency_ms! > 0);
  });
});
