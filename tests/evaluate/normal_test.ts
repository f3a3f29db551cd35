import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { exp, ln } from "../../lib/evaluate/elementary.ts";
import { normalCdf, normalQuantile } from "../../lib/evaluate/normal.ts";

Deno.test("shares of the normal distribution are those of tables with fifteen digits", () => {
  // erfc(-x / sqrt 2) / 2, as the C library of Python has it.
  const cases: [number, number][] = [
    [-30, 4.906713927148764e-198],
    [-8, 6.220960574271819e-16],
    [-5, 2.866515718791946e-7],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [1.96, 0.9750021048517795],
    [6, 0.9999999990134123],
  ];
  for (const [x, share] of cases) {
    assertAlmostEquals(normalCdf(x), share, 1e-15);
    assert(Math.abs(normalCdf(x) / share - 1) < 1e-7, `${x}: ${normalCdf(x)}`);
  }
  assertEquals([normalCdf(-40), normalCdf(40), normalCdf(-Infinity)], [0, 1, 0]);
});

Deno.test("quantiles of the normal distribution are those of tables", () => {
  // NormalDist().inv_cdf of Python.
  const cases: [number, number][] = [
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798405],
    [1e-5, -4.2648907939228256],
    [0.01, -2.3263478740408408],
    [0.3, -0.5244005127080407],
    [0.975, 1.9599639845400536],
    [0.999999, 4.753424308817089],
  ];
  for (const [p, x] of cases) assertAlmostEquals(normalQuantile(p), x, 1e-14 * Math.abs(x) * 10);
  assertEquals([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)], [
    -Infinity,
    0,
    Infinity,
  ]);
  assertEquals(normalQuantile(1.1), NaN);
});

Deno.test("a quantile's share is the share", () => {
  fc.assert(fc.property(fc.double({ min: 1e-10, max: 1 - 1e-10, noNaN: true }), (p) => {
    assertAlmostEquals(normalCdf(normalQuantile(p)), p, 1e-14);
  }));
});

Deno.test("logarithm and exponential are within two ulps of the engine's", () => {
  fc.assert(fc.property(
    fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }),
    fc.double({ min: -700, max: 700, noNaN: true }),
    fc.double({ min: -1e-3, max: 1e-3, noNaN: true }),
    (x, y, small) => {
      assert(Math.abs(ln(x) - Math.log(x)) <= 2 * Number.EPSILON * Math.abs(Math.log(x)), `${x}`);
      for (const power of [y, small]) {
        assert(Math.abs(exp(power) / Math.exp(power) - 1) <= 2 * Number.EPSILON, `${power}`);
      }
    },
  ));
});

Deno.test("what is no number in the middle is what the engine makes of it", () => {
  for (const x of [0, -0, -1, 1, NaN, Infinity, -Infinity, 5e-324, 1e-310, 2, 0.5]) {
    assertEquals(ln(x), Math.log(x), `ln ${x}`);
  }
  for (const x of [0, -0, NaN, Infinity, -Infinity, 710, -746, -744]) {
    assertEquals(exp(x), Math.exp(x), `exp ${x}`);
  }
});
