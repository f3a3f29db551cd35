import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import { belowLowerBand } from "../../lib/signal/below_band.ts";
import { bollinger } from "../../lib/signal/bollinger.ts";

/** Widths as fractions of integers. */
const WIDTHS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  "1": [1n, 1n],
  "2": [2n, 1n],
  "0.1": [1n, 10n],
  "2.1": [21n, 10n],
  "1e-7": [1n, 10n ** 7n],
  "1.5": [3n, 2n],
};

/** The definition, both sides squared, in bigints. */
function byDefinition(
  units: readonly bigint[],
  { window, width: [numerator, denominator] }: {
    readonly window: number;
    readonly width: readonly [bigint, bigint];
  },
): { readonly below: readonly number[]; readonly ties: number } {
  let ties = 0;
  const n = BigInt(window);
  const below = units.map((unit, t) => {
    if (t < window - 1) return 0;
    const inside = units.slice(t - window + 1, t + 1);
    const sum = sumOf(inside);
    // n² times the variance, as the sum of squared distances from the mean.
    const spread = inside.reduce((total, each) => total + (n * each - sum) ** 2n, 0n) / n;
    const depth = sum - n * unit;
    if (depth <= 0n) return 0;
    const [left, right] = [depth ** 2n * denominator ** 2n, spread * numerator ** 2n];
    if (left === right) ties++;
    return left > right ? 1 : 0;
  });
  return { below, ties };
}

function sumOf(units: readonly bigint[]): bigint {
  return units.reduce((sum, each) => sum + each, 0n);
}

Deno.test("a value is below its band where exact arithmetic says so", () => {
  const units = fc.oneof(
    fc.array(fc.integer({ min: -1, max: 1 }), { maxLength: 40 }),
    fc.array(fc.integer({ min: 1_234_560, max: 1_234_569 }), { maxLength: 40 }),
    fc.array(fc.maxSafeInteger(), { maxLength: 20 }),
  );
  const widths = fc.constantFrom(...Object.keys(WIDTHS));
  fc.assert(
    fc.property(units, fc.integer({ min: 1, max: 9 }), widths, (units, window, width) => {
      const expected = byDefinition(units.map(BigInt), { window, width: WIDTHS[width]! });
      for (const form of [Float64Array.from(units), units.map(BigInt)]) {
        const options = { window, width: Number(width) };
        const { below, ties } = belowLowerBand(decimalColumn(form, 2), options);
        assertEquals({ below: [...below], ties }, expected);
      }
    }),
    { seed: 52, numRuns: 1000 },
  );
});

Deno.test("the last of five prices, alone lower, lies on the band at 2, where doubles see it below", () => {
  let seenBelow = 0;
  for (let price = 1; price <= 500; price++) {
    const column = decimalColumn(
      Float64Array.of(price + 7, price + 7, price + 7, price + 7, price),
      2,
    );
    const { below, ties } = belowLowerBand(column, { window: 5, width: 2 });
    assertEquals([below[4], ties], [0, 1]);
    const { lower } = bollinger(column, { window: 5, width: 2 });
    if (column.values[4]! < lower[4]!) seenBelow++;
  }
  assert(seenBelow > 20, `in doubles ${seenBelow} of 500 are below`);
});

Deno.test("doubles are used while all products are below 2^53", () => {
  const formOf = (range: number, width: number): string =>
    belowLowerBand(decimalColumn(Float64Array.of(1e9, 1e9 + range, 1e9, 1e9), 0), {
      window: 4,
      width,
    }).exactForm;
  assertEquals([formOf(1e7, 2), formOf(1e8, 2), formOf(1e7, 2.1)], ["double", "bigint", "bigint"]);
});

Deno.test("windows and widths out of range are refused", () => {
  const column = decimalColumn(Float64Array.of(1, 2, 3), 0);
  for (const window of [0, 1.5, NaN]) {
    assertThrows(() => belowLowerBand(column, { window, width: 2 }), RangeError, "window is");
  }
  for (const width of [0, -1, NaN, Infinity]) {
    assertThrows(() => belowLowerBand(column, { window: 2, width }), RangeError, "width is");
  }
  assertEquals([...belowLowerBand(column, { window: 4, width: 1 }).below], [0, 0, 0]);
});
