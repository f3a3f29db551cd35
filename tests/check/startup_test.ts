import { assert, assertEquals, assertThrows } from "@std/assert";
import rollingMean from "../../experiments/rolling_mean.ts";
import { checkStartup } from "../../lib/check/startup.ts";
import { testExperiment } from "../run/test_experiment.ts";
import { EMA_CROSS } from "./biased_experiments.ts";
import { sampleBars, subjectOf } from "./sample_bars.ts";

Deno.test("a rolling mean does not depend on where the data starts", () => {
  for (const params of [{ window: 1 }, { window: 5 }, { window: 200 }]) {
    const report = checkStartup(subjectOf(rollingMean, { bars: sampleBars(1000), params }));
    assertEquals(
      report.starts.map(({ bars }) => bars),
      [1, 2, 5, 10, 20, 50, 100, 200, 500],
    );
    assertEquals([report.barsToSettle, report.settles], [0, true]);
    for (const { bars, ...start } of report.starts) {
      assertEquals(start, {
        compared: 1000 - bars - (params.window - 1),
        differing: 0,
        lastDifference: null,
        failure: null,
      });
    }
  }
});

Deno.test("a mean of the bars so far depends on the start for as long as its window fills", () => {
  const params = { window: 40, min_periods: 1 };
  const report = checkStartup(subjectOf(rollingMean, { bars: sampleBars(2000), params }));
  assert(report.barsToSettle! > 10 && report.barsToSettle! < 40, `${report.barsToSettle}`);
  assertEquals([report.warmup, report.settles], [0, true]);
});

Deno.test("crossing exponential means converge some bars after the start", () => {
  const bars = sampleBars(3000);
  const report = checkStartup(subjectOf(EMA_CROSS, { bars }));
  assertEquals([report.warmup, report.settles], [20, true]);
  assert(report.barsToSettle! > 20 && report.barsToSettle! < 300, `${report.barsToSettle}`);
  for (const { bars: later, differing, lastDifference, compared } of report.starts) {
    // The positions there, computed apart from the check.
    const { compute } = subjectOf(EMA_CROSS, { bars });
    const full = compute(bars).positions;
    const { times, close } = bars;
    const late = compute({
      ...bars,
      length: bars.length - later,
      times: times!.slice(later),
      close: { ...close, values: close.values.slice(later) },
    }).positions;
    const differ = [...late.keys()].filter((t) => t >= 20 && late[t] !== full[t + later]);
    assertEquals([differing, lastDifference], [differ.length, differ.at(-1) ?? null]);
    assertEquals(compared, bars.length - later - 20);
  }
});

Deno.test("a signal that counts from the first bar never settles", () => {
  const counting = testExperiment(({ bars: { length } }) => ({
    positions: Int8Array.from({ length }, (_, t) => t % 3 === 0 ? 1 : 0),
    warmup: 0,
  }));
  const report = checkStartup(subjectOf(counting, { bars: sampleBars(100) }));
  assertEquals(report.settles, false);
  assert(report.barsToSettle! > 90);
});

Deno.test("bars that are warm-up in either signal are not compared", () => {
  const fixed = testExperiment(({ bars: { length, times } }) => {
    // The warm-up ends at a certain time, wherever the data starts.
    const warmup = times!.filter((time) => time < Date.UTC(2023, 1, 2)).length;
    return { positions: Int8Array.from({ length }, (_, t) => t < warmup ? 0 : 1), warmup };
  });
  const bars = sampleBars(100);
  const report = checkStartup(subjectOf(fixed, { bars }));
  assertEquals(report.barsToSettle, 0);
  for (const { bars: later, compared } of report.starts) {
    assertEquals(compared, 100 - Math.max(report.warmup, later));
  }
});

Deno.test("bars that are warm-up in the signal of all the data only are not compared", () => {
  const longer = testExperiment(({ bars: { length } }) => {
    const warmup = length === 100 ? 10 : 0;
    return { positions: Int8Array.from({ length }, (_, t) => t < warmup ? 0 : 1), warmup };
  });
  const report = checkStartup(subjectOf(longer, { bars: sampleBars(100) }));
  assertEquals(
    report.starts.map(({ bars, compared }) => [bars, compared]),
    [[1, 90], [2, 90], [5, 90], [10, 90], [20, 80], [50, 50]],
  );
  assertEquals(report.barsToSettle, 0);
});

Deno.test("a start at which the experiment fails is told, the others are compared", () => {
  const picky = testExperiment(({ bars: { length } }) => {
    if (length <= 60) throw new Error("too few bars");
    return { positions: new Int8Array(length), warmup: 0 };
  });
  const report = checkStartup(subjectOf(picky, { bars: sampleBars(100) }));
  assertEquals(
    report.starts.filter(({ failure }) => failure !== null),
    [{
      bars: 50,
      compared: 0,
      differing: 0,
      lastDifference: null,
      failure: "Experiment test failed: too few bars",
    }],
  );
  assertEquals([report.barsToSettle, report.settles], [0, true]);
});

Deno.test("without bars after a warm-up there is nothing to say", () => {
  const params = { window: 50 };
  for (const length of [1, 30]) {
    const report = checkStartup(subjectOf(rollingMean, { bars: sampleBars(length), params }));
    assertEquals([report.barsToSettle, report.settles], [null, null]);
  }
});

Deno.test("an experiment that fails on all the data fails the check", () => {
  const broken = testExperiment(() => {
    throw new Error("never works");
  });
  assertThrows(
    () => checkStartup(subjectOf(broken, { bars: sampleBars(10) })),
    Error,
    "never works",
  );
});
