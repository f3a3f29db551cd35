import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { expectedBestSharpe, probabilisticSharpe } from "../../lib/evaluate/deflated_sharpe.ts";

/** The numerical example of Bailey and López de Prado (2014): five years of days, 2.5 a year. */
const EXAMPLE = { sharpe: 2.5 / Math.sqrt(250), bars: 1250, skewness: -3, kurtosis: 10 };
const VARIANCE = 1 / 2 / 250;

Deno.test("the example of the paper: the best of 100 trials is expected at 0.1132, and deflates to 0.9004", () => {
  const benchmark = expectedBestSharpe({ trials: 100, variance: VARIANCE });
  assertAlmostEquals(benchmark, 0.1132, 5e-5);
  assertAlmostEquals(probabilisticSharpe({ ...EXAMPLE, benchmark })!, 0.9004, 5e-5);
});

Deno.test("the example of the paper: with 46 trials it would have been above 0.95", () => {
  const benchmark = expectedBestSharpe({ trials: 46, variance: VARIANCE });
  assertAlmostEquals(probabilisticSharpe({ ...EXAMPLE, benchmark })!, 0.9505, 5e-5);
});

Deno.test("a single trial is expected at 0", () => {
  assertEquals(expectedBestSharpe({ trials: 1, variance: 0.5 }), 0);
});

Deno.test("what is expected of the best is what normal trials have on average", () => {
  // The mean of the largest of ten of a standard normal distribution is 1.5388; the formula is an
  // approximation for many.
  assertAlmostEquals(expectedBestSharpe({ trials: 10, variance: 1 }), 1.5388, 0.04);
  assertAlmostEquals(expectedBestSharpe({ trials: 1000, variance: 1 }), 3.2414, 0.02);
});

Deno.test("more trials, and trials that differ more, leave less of a Sharpe ratio", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 10_000 }),
    fc.double({ min: 1e-6, max: 0.01, noNaN: true }),
    (trials, variance) => {
      const deflated = (trials: number, variance: number): number =>
        probabilisticSharpe({
          ...EXAMPLE,
          benchmark: expectedBestSharpe({ trials, variance }),
        })!;
      const value = deflated(trials, variance);
      assert(value >= 0 && value <= 1);
      assert(deflated(trials + 1, variance) <= value);
      assert(deflated(trials, variance * 1.5) <= value);
    },
  ));
});

Deno.test("an estimate without variance has no probability", () => {
  // No distribution has a kurtosis below 1 + skewness squared.
  assertEquals(
    probabilisticSharpe({ sharpe: 1, bars: 10, skewness: 2, kurtosis: 1, benchmark: 0 }),
    null,
  );
  assertEquals(probabilisticSharpe({ ...EXAMPLE, bars: 1, benchmark: 0 }), null);
});
