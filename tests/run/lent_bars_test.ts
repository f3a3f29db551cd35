import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import type { Bars, Units } from "../../lib/experiment.ts";
import { lend } from "../../lib/run/lent_bars.ts";

function barsOf(units: Units, times: Float64Array | null = null): Bars {
  return { length: units.length, times, close: decimalColumn(units, 2) } as Bars;
}

Deno.test("any change of a unit is noticed, and none is where there is none", () => {
  fc.assert(fc.property(
    fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 20 }),
    fc.nat(),
    fc.maxSafeInteger(),
    (numbers, at, other) => {
      const t = at % numbers.length;
      const units = Float64Array.from(numbers);
      const { areIntact } = lend(barsOf(units));
      assert(areIntact());
      units[t] = other;
      assertEquals(areIntact(), numbers[t] === other);
      const wide = numbers.map(BigInt);
      const lent = lend(barsOf(wide));
      assert(lent.areIntact());
      wide[t] = BigInt(other);
      assertEquals(lent.areIntact(), numbers[t] === other);
    },
  ));
});

Deno.test("two units that change places are noticed", () => {
  for (let length = 2; length < 9; length++) {
    const units = Float64Array.from({ length }, (_, t) => t * 1000);
    const { areIntact } = lend(barsOf(units));
    [units[0], units[length - 1]] = [units[length - 1]!, units[0]!];
    assertEquals(areIntact(), false);
  }
});

Deno.test("values and times are the experiment's own", () => {
  const bars = barsOf(Float64Array.of(100, 200), Float64Array.of(1, 2));
  const { bars: lent, areIntact } = lend(bars);
  lent.close.values[0] = 7;
  lent.times![0] = 7;
  assertEquals([...bars.close.values], [1, 2]);
  assertEquals([...bars.times!], [1, 2]);
  assertEquals([...lent.close.values], [7, 2]);
  assertEquals(lent.times![0], 7);
  assert(areIntact());
  assertEquals(lend(barsOf(Float64Array.of(1))).bars.times, null);
});
