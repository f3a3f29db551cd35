import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Signal } from "../../../lib/experiment.ts";
import { tableOf, TEST_CONFIG } from "../../run/test_experiment.ts";
import { withWorkspace } from "../workspace.ts";

/** A coin for each bar. */
const coin = tableOf(({ bars: { length }, random }): Signal => {
  const { float } = random("coin");
  return { positions: Int8Array.from({ length }, () => float() < 0.5 ? 1 : 0), warmup: 0 };
});

Deno.test("a seed without effect is said to have none", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    assertEquals(await call("check:seeds"), {
      exit: 0,
      out: `experiment  rolling-mean  version 1
data        data.csv  5 bars
seeds       20, derived from 42

METRIC            MEAN  STANDARD DEVIATION    MINIMUM    MAXIMUM
signal_rate  0.6666667                   0  0.6666667  0.6666667
ones                 2                   0          2          2
valid_bars           3                   0          3          3
warmup_bars          2                   0          2          2
ties                 0                   0          0          0

The seed has no effect: every one gave the same signal.
`,
      err: "",
    });
    assertEquals(files(), before);
  });
});

Deno.test("metrics over seeds are summed up, and each seed's are data", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("config.yaml", TEST_CONFIG);
    const { exit, out } = await call("check seeds --n 50 --json", { experiments: coin });
    assertEquals(exit, 0);
    const { seeds, metrics, ...rest } = JSON.parse(out);
    assertEquals(rest, {
      schema: 1,
      experiment: "test",
      experiment_version: 3,
      total: 50,
      seed_has_effect: true,
    });
    const ones: number[] = seeds.map((
      { metrics }: { metrics: { ones: number } },
    ) => metrics.ones);
    assertEquals([ones.length, new Set(ones).size > 3], [50, true]);
    const mean = ones.reduce((a, b) => a + b) / 50;
    assert(Math.abs(metrics.ones.mean - mean) < 1e-12);
    assertEquals(
      [metrics.ones.seeds, metrics.ones.minimum, metrics.ones.maximum],
      [50, Math.min(...ones), Math.max(...ones)],
    );
    assert(metrics.ones.standard_deviation > 0.5 && metrics.ones.standard_deviation < 2);
    assertEquals(metrics.valid_bars.standard_deviation, 0);
    // One of them, run with its seed, is what it is said to be.
    const run = await call(`run --json --seed ${seeds[3].seed}`, { experiments: coin });
    assertEquals(JSON.parse(run.out).metrics, seeds[3].metrics);
    const again = await call("check seeds --n 50 --json", { experiments: coin });
    assertEquals(again.out, out);
    const text = await call("check:seeds --n 3", { experiments: coin });
    assertMatch(text.out, /^seeds {7}3, derived from 42$/m);
    assert(!text.out.includes("no effect"));
  });
});

Deno.test("fewer than two seeds are refused", async () => {
  await withWorkspace(async ({ call }) => {
    for (const count of ["0", "1", "x"]) {
      const { exit, out, err } = await call(`check:seeds --n ${count}`);
      assertEquals([exit, out], [2, ""]);
      assertMatch(err, /^error: Cannot use --n /);
    }
  });
});

Deno.test("a seed that leaves no valid bar is named", async () => {
  await withWorkspace(async ({ call }) => {
    const { exit, err } = await call("check:seeds --set window=9");
    assertEquals(exit, 1);
    assertMatch(err, /^error: Cannot compute a signal rate: all 5 bars .* \(with seed \d+\)\n/);
  });
});
