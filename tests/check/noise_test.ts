import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import { type Bars, COLUMN_NAMES } from "../../lib/experiment.ts";
import { noisyBars } from "../../lib/check/noise.ts";
import { columnsOf, type Source } from "../../lib/check/partial_bars.ts";
import { randomStreams } from "../../lib/random.ts";
import { sampleBars } from "./sample_bars.ts";

const ALL: ReadonlySet<Source> = new Set([...COLUMN_NAMES, "time"]);

function isInteger(unit: number | bigint): boolean {
  return typeof unit === "bigint" || Number.isSafeInteger(unit) && !Object.is(unit, -0);
}

Deno.test("noise leaves what was before the cut and could be bars itself", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 80 }),
      fc.nat(),
      fc.boolean(),
      fc.nat(5),
      (length, seed, wide, draw) => {
        const bars = sampleBars(length, { seed, wide });
        const cut = 1 + seed % (length - 1);
        const noisy = noisyBars(bars, randomStreams(seed))(cut, ALL, draw);
        assertEquals(noisy.length, length);
        for (const name of COLUMN_NAMES) {
          const { units, decimals } = noisy[name];
          assertEquals(decimals, bars[name].decimals);
          assertEquals(units.slice(0, cut), bars[name].units.slice(0, cut));
          assertEquals(typeof units[0], wide ? "bigint" : "number");
          for (let t = cut; t < length; t++) {
            assert(isInteger(units[t]!));
            if (name !== "volume") assert(units[t]! > 0);
            else assert(units[t]! >= 0);
            assert(noisy.high.units[t]! >= units[t]! || name === "volume");
            assert(noisy.low.units[t]! <= units[t]! || name === "volume");
            const most = Math.max(...bars[name].values);
            assert(noisy[name].values[t]! <= 2 * most + 1, "of the same size");
          }
        }
        const { times } = noisy;
        assertEquals(times!.slice(0, cut), bars.times!.slice(0, cut));
        for (let t = 1; t < length; t++) assert(times![t]! >= times![t - 1]!);
        assert(times![cut]! > bars.times![cut]! && times!.every(Number.isSafeInteger));
      },
    ),
  );
});

Deno.test("only what is asked for is replaced, by the same noise whatever else is", () => {
  const bars = sampleBars(50);
  const noisy = noisyBars(bars, randomStreams(3));
  const all = noisy(20, ALL);
  for (const source of ["close", "volume"] as const) {
    const one = noisy(20, new Set([source]));
    assertEquals(one[source].units, all[source].units);
    assertEquals(one.times, bars.times);
    for (const name of COLUMN_NAMES) {
      if (name !== source) assertEquals(one[name].units, bars[name].units);
    }
  }
  assertEquals(noisy(20, new Set<Source>(["time"])).times, all.times);
});

Deno.test("noise never shares memory with the bars", () => {
  const bars = sampleBars(10);
  const noisy = noisyBars(bars, randomStreams(3))(5, new Set());
  (noisy.close.units as Float64Array).fill(1);
  noisy.times!.fill(1);
  assertEquals(bars.close.units, sampleBars(10).close.units);
  assertEquals(bars.times, sampleBars(10).times);
});

Deno.test("draws that follow each other scale prices in opposite directions", () => {
  const units = Float64Array.from({ length: 20 }, () => 1000);
  const bars = { length: 20, times: null, close: decimalColumn(units, 0) } as unknown as Bars;
  assertEquals(columnsOf(bars), ["close"]);
  const noisy = noisyBars(bars, randomStreams(1));
  const directions = [0, 1, 2, 3].map((draw) =>
    Math.sign(Number(noisy(7, ALL, draw).close.units[7]) - 1000)
  );
  assertEquals(directions.map((sign) => sign * directions[0]!), [1, -1, 1, -1]);
});

Deno.test("negative and huge units stay exact and keep their sign, zero stays zero", () => {
  const largest = Number.MAX_SAFE_INTEGER;
  for (const unit of [-1, -300, 0, largest, -largest]) {
    const units = Float64Array.from({ length: 8 }, () => unit);
    const bars = { length: 8, times: null, close: decimalColumn(units, 2) } as unknown as Bars;
    const wide = decimalColumn(Array.from(units, BigInt), 2);
    const wideBars = { length: 8, times: null, close: wide } as unknown as Bars;
    for (const draw of [0, 1]) {
      for (const given of [bars, wideBars]) {
        const noisy = noisyBars(given, randomStreams(1))(1, ALL, draw).close.units;
        for (const noise of noisy) {
          assert(isInteger(noise));
          assertEquals(Math.sign(Number(noise)), Math.sign(unit) + 0);
        }
      }
    }
  }
});
