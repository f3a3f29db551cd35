import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import { aboveSlowMean } from "../../lib/signal/mean_cross.ts";

/** The definition, in fractions of bigints. */
function byDefinition(
  units: readonly bigint[],
  { fast, slow }: { readonly fast: number; readonly slow: number },
): { readonly positions: readonly number[]; readonly ties: number } {
  let ties = 0;
  const sum = (t: number, window: number): bigint =>
    units.slice(t - window + 1, t + 1).reduce((sum, unit) => sum + unit, 0n);
  const positions = units.map((_, t) => {
    if (t < slow - 1) return 0;
    const [left, right] = [sum(t, fast) * BigInt(slow), sum(t, slow) * BigInt(fast)];
    if (left === right) ties++;
    return left > right ? 1 : 0;
  });
  return { positions, ties };
}

const means = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 8 }))
  .map(([fast, more]) => ({ fast, slow: fast + more }));

Deno.test("a fast mean is above a slow one where exact fractions are", () => {
  const units = fc.oneof(
    fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 40 }),
    fc.array(fc.integer({ min: 2 ** 50 - 2, max: 2 ** 50 + 2 }), { maxLength: 40 }),
    fc.array(fc.maxSafeInteger(), { maxLength: 40 }),
  );
  fc.assert(
    fc.property(units, means, (units, options) => {
      const expected = byDefinition(units.map(BigInt), options);
      for (const form of [Float64Array.from(units), units.map(BigInt)]) {
        const { positions, ties, warmup } = aboveSlowMean(decimalColumn(form, 3), options);
        assertEquals({ positions: [...positions], ties }, expected);
        assertEquals(warmup, Math.min(options.slow - 1, units.length));
      }
    }),
    { seed: 51, numRuns: 1000 },
  );
});

Deno.test("means that are equal are no cross, where doubles see hundreds", () => {
  let seen = 0;
  for (let middle = 2; middle <= 200; middle++) {
    for (let step = 1; step < 10; step++) {
      const column = decimalColumn(Float64Array.of(middle, middle + step, middle - step), 1);
      const { positions, ties } = aboveSlowMean(column, { fast: 2, slow: 3 });
      assertEquals([[...positions], ties], [[0, 0, 0], 1]);
      const [first, second, third] = column.values as unknown as [number, number, number];
      if ((second + third) / 2 > (first + second + third) / 3) seen++;
    }
  }
  assert(seen > 200, `doubles see ${seen}`);
});

Deno.test("doubles are used while both sides of the comparison are below 2^53", () => {
  const formOf = (unit: number): string =>
    aboveSlowMean(decimalColumn(new Float64Array(8).fill(unit), 0), { fast: 2, slow: 4 }).exactForm;
  assertEquals(formOf(2 ** 50 - 1), "double");
  assertEquals(formOf(2 ** 50), "bigint");
});

Deno.test("windows out of range are refused", () => {
  const column = decimalColumn(Float64Array.of(1, 2, 3), 0);
  for (const [fast, slow] of [[0, 2], [1, 1.5], [2, 2], [3, 2], [NaN, 2]] as const) {
    assertThrows(() => aboveSlowMean(column, { fast, slow }), RangeError, "Cannot");
  }
});
