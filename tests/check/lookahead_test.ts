import { assert, assertAlmostEquals, assertEquals, assertMatch, assertRejects } from "@std/assert";
import fc from "fast-check";
import rollingMean from "../../experiments/rolling_mean.ts";
import { UserError } from "../../lib/errors.ts";
import { defineExperiment, type Experiment, type Signal, z } from "../../lib/experiment.ts";
import { checkLookahead, type LookaheadReport } from "../../lib/check/lookahead.ts";
import type { ProofSubject } from "../../lib/check/lookahead_search.ts";
import { testExperiment } from "../run/test_experiment.ts";
import { loadText } from "../bars/load_text.ts";
import { BIASED, EMA_CROSS, HONEST } from "./biased_experiments.ts";
import { sampleBars, subjectOf } from "./sample_bars.ts";

/** The signal computations of a check, counted by the experiment itself, as shares of all bars. */
function counted(subject: ProofSubject): { readonly subject: ProofSubject; cost(): number } {
  let bars = 0;
  return {
    subject: {
      ...subject,
      compute(given) {
        bars += given.length;
        return subject.compute(given);
      },
    },
    cost: () => bars / subject.bars.length,
  };
}

function check(subject: ProofSubject, cuts: number | "all" = 32, seed = 42) {
  return checkLookahead(subject, { cuts, seed });
}

function assertClean(report: LookaheadReport, what: string): void {
  assertEquals(
    [report.biasedBars, report.firstBiasedBar, report.leaks, report.uncompared],
    [0, null, [], []],
    what,
  );
  const tests = { compared: report.cuts, biased: 0 };
  assertEquals(report.tests, { truncation: tests, perturbation: tests }, what);
}

Deno.test("every way to look ahead is found, with the columns through which the future leaks", async () => {
  for (const { experiment, leaks } of BIASED) {
    for (const [length, seed] of [[30, 1], [200, 2], [2500, 3]] as const) {
      const what = `${experiment.name} on ${length} bars`;
      const bars = sampleBars(length, { seed });
      const report = await check(subjectOf(experiment, { bars }), 32, seed);
      assert(report.biasedBars > 0, what);
      assertEquals(report.barsChecked, length - 1, what);
      assertEquals(report.firstBiasedTime, bars.times![report.firstBiasedBar!]!, what);
      assertEquals(report.leaks, leaks, what);
    }
  }
});

Deno.test("every way to look ahead is found where units need bigints and where there are no times", async () => {
  for (const { experiment, leaks } of BIASED.filter(({ leaks }) => !leaks.includes("time"))) {
    const bars = sampleBars(200, { wide: true, timeless: true });
    const report = await check(subjectOf(experiment, { bars }));
    assert(report.biasedBars > 0, experiment.name);
    assertEquals([report.firstBiasedTime, report.leaks], [null, leaks], experiment.name);
  }
});

Deno.test("nothing is found in experiments that do not look ahead", async () => {
  for (const experiment of [...HONEST, EMA_CROSS]) {
    for (
      const [length, seed, options] of [
        [2, 1, {}],
        [30, 2, {}],
        [200, 3, { wide: true }],
        [300, 4, { timeless: true }],
        [2500, 5, {}],
      ] as const
    ) {
      const subject = subjectOf(experiment, { bars: sampleBars(length, { seed, ...options }) });
      assertClean(await check(subject, 32, seed), `${experiment.name} on ${length} bars`);
    }
    assertClean(
      await check(subjectOf(experiment, { bars: sampleBars(150) }), "all"),
      experiment.name,
    );
  }
});

Deno.test("nothing is found in rolling-mean, whatever its parameters", async () => {
  const bitcoin = (await loadText(
    Deno.readFileSync(new URL("../../data.csv", import.meta.url)),
  )).bars;
  for (const window of [1, 2, 3, 5, 20, 100, 5000]) {
    for (const min_periods of [undefined, 1, window]) {
      for (const bars of [sampleBars(50), sampleBars(600, { wide: true }), bitcoin]) {
        const subject = subjectOf(rollingMean, { bars, params: { window, min_periods } });
        assertClean(await check(subject), `window ${window} on ${bars.length} bars`);
      }
    }
  }
});

Deno.test("with a cut after every bar, every bar but the last is checked on its own", async () => {
  const bars = sampleBars(120);
  const peeking = testExperiment(({ bars: { length, close: { units } } }): Signal => ({
    // One bar of all knows the next.
    positions: Int8Array.from(
      { length },
      (_, t) => t === 57 && t + 1 < length && units[t + 1]! !== units[t]! ? 1 : 0,
    ),
    warmup: 0,
  }));
  const report = await check(subjectOf(peeking, { bars }), "all");
  assertEquals([report.cuts, report.biasedBars, report.firstBiasedBar], [119, 1, 57]);
  assertEquals(report.tests.truncation.biased, 1);
});

Deno.test("a signal of any function of the past is clean, one that knows the next bar is not", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.nat(),
        length: fc.integer({ min: 40, max: 150 }),
        memory: fc.integer({ min: 1, max: 40 }),
        salt: fc.nat(1000),
      }),
      async ({ seed, length, memory, salt }) => {
        const hashing = (ahead: number): Experiment =>
          testExperiment(({ bars: { length, close: { values } } }): Signal => {
            const positions = new Int8Array(length);
            for (let t = 0; t < length; t++) {
              let hash = salt;
              const last = Math.min(length - 1, t + ahead);
              for (let k = Math.max(0, t - memory); k <= last; k++) {
                hash = (hash * 31 + Math.round(values[k]! * 100)) % 65_521;
              }
              positions[t] = hash % 3 - 1;
            }
            return { positions, warmup: 0 };
          });
        const bars = sampleBars(length, { seed });
        assertClean(await check(subjectOf(hashing(0), { bars }), 16, seed), "past");
        const report = await check(subjectOf(hashing(1), { bars }), 16, seed);
        assert(report.biasedBars > 0);
        assertEquals(report.leaks, ["close"]);
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("at 32 cuts of 10,000 bars a check costs less than 64 signals, bias or not", async () => {
  const bars = sampleBars(10_000);
  const honest = [rollingMean, EMA_CROSS, ...HONEST];
  // Positions that change late only have the cuts that cost most.
  const late = BIASED.filter(({ experiment: { name } }) => name !== "volume-to-come")
    .map(({ experiment }) => experiment);
  for (const experiment of [...honest, ...late]) {
    const params = experiment === rollingMean ? { window: 5 } : {};
    const { subject, cost } = counted(subjectOf(experiment, { bars, params }));
    const report = await check(subject);
    assert(cost() < 64, `${experiment.name} costs ${cost()}`);
    assertAlmostEquals(report.computations, cost(), 1e-9);
    assertEquals(report.cuts, 32);
  }
});

Deno.test("what an experiment cannot compute is told, and the rest is checked", async () => {
  const picky = testExperiment(({ bars: { length, close: { units } } }) => {
    if (length < 20) throw new RangeError(`too few bars: ${length}`);
    return {
      positions: Int8Array.from(
        { length },
        (_, t) => t >= 10 && units[t]! > units[t - 10]! ? 1 : 0,
      ),
      warmup: 10,
    };
  });
  const report = await check(subjectOf(picky, { bars: sampleBars(100) }), "all");
  assertEquals([report.biasedBars, report.barsChecked], [0, 99]);
  assertEquals(report.uncompared, [{
    test: "truncation",
    cuts: 19,
    firstCut: 1,
    message: "Experiment test failed: too few bars: 1",
  }]);
  assertEquals(report.tests, {
    truncation: { compared: 80, biased: 0 },
    perturbation: { compared: 99, biased: 0 },
  });
});

Deno.test("a warm-up longer than the bars before a cut is told, too", async () => {
  const stubborn = testExperiment(({ bars: { length } }) => ({
    positions: new Int8Array(length),
    warmup: 10,
  }));
  const report = await check(subjectOf(stubborn, { bars: sampleBars(60) }), "all");
  assertEquals(report.biasedBars, 0);
  const [uncompared] = report.uncompared;
  assertEquals([report.uncompared.length, uncompared!.cuts, uncompared!.firstCut], [1, 9, 1]);
  assertMatch(uncompared!.message, /expected warmup from 0 to 1, got 10$/);
});

Deno.test("what a warm-up is on bars that end within it does not matter", async () => {
  // Of the first bars alone it keeps one as valid, at position 0.
  const lenient = testExperiment(({ bars: { length } }) => ({
    positions: new Int8Array(length),
    warmup: Math.min(10, length - 1),
  }));
  assertClean(await check(subjectOf(lenient, { bars: sampleBars(60) }), "all"), "lenient");
});

Deno.test("an experiment that fails when the future is another is told", async () => {
  const touchy = testExperiment(({ bars: { length, close: { values } } }) => {
    for (let t = 1; t < length; t++) {
      if (Math.abs(values[t]! - values[t - 1]!) > 3) throw new Error("a jump");
    }
    return { positions: new Int8Array(length), warmup: 0 };
  });
  const report = await check(subjectOf(touchy, { bars: sampleBars(300) }));
  assertEquals(report.tests.truncation, { compared: 32, biased: 0 });
  assertEquals(report.uncompared.map(({ test }) => test), ["perturbation"]);
});

Deno.test("an experiment that differs by itself is not called biased", async () => {
  let calls = 0;
  const moody = testExperiment(({ bars: { length } }) => {
    const position = calls++ % 3 === 0 ? 1 : 0;
    return { positions: new Int8Array(length).fill(position), warmup: 0 };
  });
  // Computed in threes, so that the last one differs from the first.
  const error = await assertRejects(
    () => check(subjectOf(moody, { bars: sampleBars(50) }), 5),
    UserError,
    "Cannot check experiment test for look-ahead: it gives another signal for the same bars",
  );
  assertEquals([error.code, error.exitCode], ["not_reproduced", 3]);
});

Deno.test("an experiment that fails on the bars themselves fails the check", async () => {
  const broken = testExperiment(() => {
    throw new Error("never works");
  });
  await assertRejects(
    () => check(subjectOf(broken, { bars: sampleBars(50) })),
    UserError,
    "Experiment test failed: never works",
  );
});

Deno.test("of a single bar there is nothing to check", async () => {
  const report = await check(subjectOf(HONEST[0]!, { bars: sampleBars(1) }));
  assertEquals([report.cuts, report.barsChecked, report.computations], [0, 0, 1]);
});

Deno.test("equal seeds give equal reports", async () => {
  const subject = subjectOf(BIASED[0]!.experiment, { bars: sampleBars(1000) });
  assertEquals(await check(subject, 10, 7), await check(subject, 10, 7));
});

Deno.test("a check can be ended between two computations", async () => {
  let pauses = 0;
  const pause = (): Promise<void> =>
    ++pauses === 5 ? Promise.reject(new Error("enough")) : Promise.resolve();
  const { subject, cost } = counted(subjectOf(HONEST[0]!, { bars: sampleBars(50) }));
  await assertRejects(
    () => checkLookahead(subject, { cuts: "all", seed: 1, pause }),
    Error,
    "enough",
  );
  assert(cost() < 5);
});

Deno.test("an experiment reads its parameters as in a run", async () => {
  const lagged = defineExperiment({
    name: "lagged",
    version: 1,
    summary: "a lag that may be negative",
    params: { lag: z.int() },
    columns: ["close"],
    signal: ({ bars: { length, close: { units } }, params: { lag } }) => ({
      positions: Int8Array.from({ length }, (_, t) => (units[t]! > (units[t - lag] ?? 0)) ? 1 : 0),
      warmup: 0,
    }),
  });
  const bars = sampleBars(100);
  const biasedBars = async (lag: number): Promise<number> =>
    (await check(subjectOf(lagged, { bars, params: { lag } }))).biasedBars;
  assertEquals(await biasedBars(3), 0);
  assert(await biasedBars(-3) > 0);
});
