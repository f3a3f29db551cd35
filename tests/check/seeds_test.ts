import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../lib/errors.ts";
import { checkSeeds, derivedSeeds } from "../../lib/check/seeds.ts";

/** A signal of one bar, and metrics that are what `of` makes of the seed. */
function check(seeds: readonly number[], of: (seed: number) => Record<string, number>) {
  let seed = 0;
  return checkSeeds(seeds, {
    compute(given) {
      seed = given;
      return { positions: Int8Array.of(1), warmup: 0 };
    },
    metricsOf: () => of(seed),
  });
}

Deno.test("seeds are derived from a seed: distinct, in range, the first ones always the same", () => {
  const seeds = derivedSeeds(42, 500);
  assertEquals(new Set(seeds).size, 500);
  assert(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31));
  assertEquals(derivedSeeds(42, 3), seeds.slice(0, 3));
  assert(derivedSeeds(43, 1)[0] !== seeds[0]);
});

Deno.test("mean, deviation, minimum and maximum are those of the sample", () => {
  const { metrics, results, seedHasEffect } = check([2, 4, 4, 5, 10], (seed) => ({
    ones: seed,
    rate: seed / 10,
  }));
  assertEquals(seedHasEffect, true);
  assertEquals(results[1], { seed: 4, metrics: { ones: 4, rate: 0.4 } });
  const { mean, standardDeviation, ...rest } = metrics.ones!;
  assertEquals([mean, rest], [5, { seeds: 5, minimum: 2, maximum: 10 }]);
  // statistics.stdev([2, 4, 4, 5, 10]) of Python.
  assertAlmostEquals(standardDeviation!, 3, 1e-12);
  assertAlmostEquals(metrics.rate!.mean, 0.5, 1e-12);
});

Deno.test("equal values deviate by exactly nothing", () => {
  const { metrics, seedHasEffect } = check([1, 2, 3, 4, 5, 6, 7], () => ({ rate: 0.1 }));
  assertEquals(metrics.rate, {
    seeds: 7,
    mean: 0.1,
    standardDeviation: 0,
    minimum: 0.1,
    maximum: 0.1,
  });
  assertEquals(seedHasEffect, false);
});

Deno.test("a metric that only some seeds give is taken over those", () => {
  const { metrics, seedHasEffect } = check(
    [1, 2, 3],
    (seed): Record<string, number> => seed === 2 ? { a: 1, b: 5 } : { a: 1 },
  );
  assertEquals([metrics.a!.seeds, metrics.b!.seeds, seedHasEffect], [3, 1, true]);
  assertEquals(metrics.b!.standardDeviation, null);
});

Deno.test("seeds have an effect when positions or warm-up differ, though the metrics agree", () => {
  const signals = [
    { positions: Int8Array.of(0, 1, 0), warmup: 0 },
    { positions: Int8Array.of(0, 0, 1), warmup: 0 },
    { positions: Int8Array.of(0, 1, 0), warmup: 1 },
  ];
  const effect = (seeds: readonly number[]): boolean =>
    checkSeeds(seeds, { compute: (seed) => signals[seed]!, metricsOf: () => ({ ones: 1 }) })
      .seedHasEffect;
  assertEquals([effect([0, 0]), effect([0, 1]), effect([0, 2])], [false, true, true]);
});

Deno.test("an experiment that fails says with which seed", () => {
  const failing = (error: Error) => () =>
    checkSeeds([7, 8], {
      compute(seed) {
        if (seed === 8) throw error;
        return { positions: Int8Array.of(1), warmup: 0 };
      },
      metricsOf: () => ({}),
    });
  const refusal = new UserError("no luck", { code: "experiment_failed", hint: "Try again." });
  const error = assertThrows(failing(refusal), UserError, "no luck (with seed 8)");
  assertEquals([error.code, error.hint, error.exitCode], ["experiment_failed", "Try again.", 1]);
  const bug = new TypeError("a bug");
  assertEquals(assertThrows(failing(bug)), bug);
});
