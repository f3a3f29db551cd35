import { assertEquals } from "@std/assert";
import { metricDifferences, positionDifferences } from "../../lib/reproduce/result_differences.ts";

Deno.test("metrics that differ are told, those that are new or gone too", () => {
  assertEquals(metricDifferences({ a: 1, b: 0.1, c: 0 }, { b: 0.1, a: 1, c: 0 }), []);
  assertEquals(metricDifferences({ a: 1, b: 2, gone: 0 }, { a: 1, b: 2.5, fresh: 0 }), [
    { name: "b", expected: 2, actual: 2.5 },
    { name: "fresh", expected: null, actual: 0 },
    { name: "gone", expected: 0, actual: null },
  ]);
});

Deno.test("positions that differ are counted, and the first three told with their times", () => {
  const expected = Int8Array.of(0, 1, 1, -1, 0, 0);
  const times = Float64Array.of(10, 20, 30, 40, 50, 60);
  assertEquals(positionDifferences(expected, expected.slice(), times), {
    bars: 6,
    differing: 0,
    first: [],
  });
  assertEquals(positionDifferences(expected, Int8Array.of(1, 1, 0, 1, -1, 0), times), {
    bars: 6,
    differing: 4,
    first: [
      { bar: 0, time: 10, expected: 0, actual: 1 },
      { bar: 2, time: 30, expected: 1, actual: 0 },
      { bar: 3, time: 40, expected: -1, actual: 1 },
    ],
  });
  assertEquals(positionDifferences(Int8Array.of(1), Int8Array.of(1, 0), null), {
    bars: 2,
    differing: 1,
    first: [{ bar: 1, time: null, expected: null, actual: 0 }],
  });
});
