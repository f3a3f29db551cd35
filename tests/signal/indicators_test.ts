/**
 * The indicators against their definitions, bar by bar, on random bars.
 */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import type { Bars, Column } from "../../lib/experiment.ts";
import { atr } from "../../lib/signal/atr.ts";
import { bollinger } from "../../lib/signal/bollinger.ts";
import { donchian } from "../../lib/signal/donchian.ts";
import { ema } from "../../lib/signal/ema.ts";
import { rollingMaximum, rollingMinimum } from "../../lib/signal/extremes.ts";
import { keltner } from "../../lib/signal/keltner.ts";
import { macd } from "../../lib/signal/macd.ts";
import { movingMean } from "../../lib/signal/moving_mean.ts";
import { rma } from "../../lib/signal/rma.ts";
import { roc } from "../../lib/signal/roc.ts";
import { rsi } from "../../lib/signal/rsi.ts";
import { sma } from "../../lib/signal/sma.ts";
import { rollingStdDev } from "../../lib/signal/std_dev.ts";
import { placeInRange, stochastic } from "../../lib/signal/stochastic.ts";
import { supertrend } from "../../lib/signal/supertrend.ts";
import { trueRange } from "../../lib/signal/true_range.ts";
import { rollingVwap, typicalPrice, vwap } from "../../lib/signal/vwap.ts";
import { williamsR } from "../../lib/signal/williams_r.ts";
import { wma } from "../../lib/signal/wma.ts";
import { sliceBars } from "../../lib/check/partial_bars.ts";
import { beginning, columnOf, widened } from "./bars_of.ts";

/** A bar in ticks: the close, how far high and low are from it, the volume. */
const tick = fc.tuple(
  fc.integer({ min: -6, max: 6 }),
  fc.nat({ max: 4 }),
  fc.nat({ max: 4 }),
  fc.nat({ max: 3 }),
);

/** Bars in ticks of 0.01 around a price, low or high; equal prices are frequent. */
const bars: fc.Arbitrary<Bars> = fc.record({
  ticks: fc.array(tick, { maxLength: 40 }),
  price: fc.constantFrom(20, 12_345, 98_765_432),
  timeless: fc.boolean(),
}).map(({ ticks, price, timeless }) => {
  const column = (unit: (bar: readonly [number, number, number, number]) => number): Column =>
    decimalColumn(Float64Array.from(ticks, unit), 2);
  const close = column(([step]) => price + step);
  return {
    length: ticks.length,
    times: timeless ? null : Float64Array.from(ticks, (_, t) => t * 7 * 3_600_000),
    open: close,
    high: column(([step, up]) => price + step + up),
    low: column(([step, , down]) => price + step - down),
    close,
    volume: column(([, , , volume]) => volume),
  };
});

const windows = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 50 }));

/** NaN until `first`, then what the function says of each bar. */
function from(first: number, bars: Bars, value: (t: number) => number): number[] {
  return Array.from({ length: bars.length }, (_, t) => t < first ? NaN : value(t));
}

/** The last `window` of a series at bar t. */
function last(values: Float64Array, t: number, window: number): readonly number[] {
  return [...values.slice(t - window + 1, t + 1)];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Smoothing as it is written down, from the mean of the first `window` values on. */
function smoothing(
  values: readonly number[],
  window: number,
  alpha: number,
): readonly number[] {
  const first = values.findIndex((value) => !Number.isNaN(value));
  const result: number[] = [];
  for (const [t, value] of values.entries()) {
    const start = first + window - 1;
    if (first < 0 || t < start) result.push(NaN);
    else if (t === start) result.push(mean(values.slice(first, start + 1)));
    else result.push(alpha * value + (1 - alpha) * result[t - 1]!);
  }
  return result;
}

/** Equal within a part in 10^9 of the sizes at hand, and undefined at the same bars. */
function assertNear(got: Float64Array, expected: readonly number[], size = 1): void {
  assertEquals(got.length, expected.length);
  for (let t = 0; t < got.length; t++) {
    const [a, b] = [got[t]!, expected[t]!];
    const isNear = Math.abs(a - b) <= 1e-9 * Math.max(size, Math.abs(b));
    assert(isNear || (Number.isNaN(a) && Number.isNaN(b)), `bar ${t}: expected ${b}, got ${a}`);
  }
}

function trueRanges(bars: Bars): number[] {
  const [high, low, close] = [bars.high.values, bars.low.values, bars.close.values];
  return from(
    1,
    bars,
    (t) =>
      Math.max(
        high[t]! - low[t]!,
        Math.abs(high[t]! - close[t - 1]!),
        Math.abs(low[t]! - close[t - 1]!),
      ),
  );
}

/** Checks a definition on bars and windows; the seed tells failures apart. */
function holds(seed: number, property: (bars: Bars, window: number) => void): void {
  fc.assert(fc.property(bars, windows, property), { seed, numRuns: 400 });
}

Deno.test("moving averages are their definitions", () => {
  holds(31, (bars, window) => {
    const { values } = bars.close;
    const size = Math.max(1, ...values);
    assertNear(
      sma(bars.close, window),
      from(window - 1, bars, (t) => mean(last(values, t, window))),
      size,
    );
    assertNear(
      movingMean(values, window),
      from(window - 1, bars, (t) => mean(last(values, t, window))),
      size,
    );
    const weighted = (t: number): number =>
      last(values, t, window).reduce((sum, value, at) => sum + value * (at + 1), 0) /
      (window * (window + 1) / 2);
    assertNear(wma(bars.close, window), from(window - 1, bars, weighted), size);
    assertNear(ema(values, window), smoothing([...values], window, 2 / (window + 1)), size);
    assertNear(rma(values, window), smoothing([...values], window, 1 / window), size);
  });
});

/** The double nearest to a fraction, by its decimal digits. */
function nearest(numerator: bigint, denominator: bigint): number {
  const digits = (numerator * 10n ** 60n) / denominator;
  return Number(`${digits}e-60`);
}

Deno.test("simple and weighted averages are the doubles nearest to the exact ones", () => {
  const units = fc.oneof(
    fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 30 }),
    fc.array(fc.maxSafeInteger(), { maxLength: 30 }),
  );
  const column = fc.tuple(units, fc.constantFrom(0, 2, 8, 16, 24), fc.boolean())
    .map(([units, decimals, isWide]) =>
      decimalColumn(isWide ? units.map(BigInt) : Float64Array.from(units), decimals)
    );
  fc.assert(
    fc.property(column, windows, (column, window) => {
      const units = Array.from(column.units as ArrayLike<number | bigint>, BigInt);
      const power = 10n ** BigInt(column.decimals);
      const [simple, weighted] = [sma(column, window), wma(column, window)];
      for (let t = window - 1; t < units.length; t++) {
        const inside = units.slice(t - window + 1, t + 1);
        const sum = inside.reduce((sum, unit) => sum + unit, 0n);
        const heavy = inside.reduce((sum, unit, at) => sum + unit * BigInt(at + 1), 0n);
        const weights = BigInt(window * (window + 1) / 2);
        assertEquals(simple[t]! + 0, nearest(sum, BigInt(window) * power));
        assertEquals(weighted[t]! + 0, nearest(heavy, weights * power));
      }
    }),
    { seed: 32, numRuns: 500 },
  );
});

Deno.test("extremes are those of each window", () => {
  holds(33, (bars, window) => {
    const { values } = bars.close;
    assertEquals(
      [...rollingMaximum(values, window)],
      from(window - 1, bars, (t) => Math.max(...last(values, t, window))),
    );
    assertEquals(
      [...rollingMinimum(values, window)],
      from(window - 1, bars, (t) => Math.min(...last(values, t, window))),
    );
  });
});

Deno.test("the standard deviation is its definition, whatever the size of prices", () => {
  holds(34, (bars, window) => {
    const units = bars.close.units as Float64Array;
    const direct = (t: number): number => {
      // In ticks above the first, so the reference is exact.
      const inside = last(units, t, window).map((unit) => unit - units[t]!);
      const middle = mean(inside);
      return Math.sqrt(mean(inside.map((value) => (value - middle) ** 2))) / 100;
    };
    const expected = from(window - 1, bars, direct);
    assertNear(rollingStdDev(bars.close, window), expected);
    assertNear(rollingStdDev(widened(bars.close), window), expected);
  });
});

/** The exact standard deviation, by integers of any size. */
function exactStdDev({ units, decimals }: Column, end: number, window: number): number {
  const inside = Array.from((units as Float64Array).slice(end - window + 1, end + 1), BigInt);
  const sum = inside.reduce((sum, unit) => sum + unit, 0n);
  const squares = inside.reduce((sum, unit) => sum + unit * unit, 0n);
  return Math.sqrt(Number(BigInt(window) * squares - sum * sum)) / window / 10 ** decimals;
}

Deno.test("the standard deviation keeps its digits at high prices, tiny ticks and long windows", () => {
  let state = 1;
  const step = (range: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % (2 * range + 1) - range;
  };
  const walk = (start: number, range: number): number[] => {
    let price = start;
    return Array.from({ length: 30_000 }, () => price += step(range));
  };
  const cases: readonly (readonly [what: string, column: Column, tolerance: number])[] = [
    ["1e6 in ticks of 1e-2", decimalColumn(Float64Array.from(walk(100_000_000, 1)), 2), 1e-14],
    ["1e-8", decimalColumn(Float64Array.from(walk(100_000, 1)), 13), 1e-14],
    ["15 digits", decimalColumn(Float64Array.from(walk(9e14, 2)), 6), 1e-14],
    [
      "a steep rise",
      decimalColumn(Float64Array.from({ length: 30_000 }, (_, t) => t * 1e9), 2),
      1e-12,
    ],
  ];
  for (const [what, column, tolerance] of cases) {
    for (const window of [2, 20, 7_777]) {
      const deviations = rollingStdDev(column, window);
      for (let t = window - 1; t < deviations.length; t += 997) {
        const expected = exactStdDev(column, t, window);
        const error = Math.abs(deviations[t]! - expected);
        assert(
          error <= tolerance * expected,
          `${what}, window ${window}, bar ${t}: expected ${expected}, got ${deviations[t]}`,
        );
      }
    }
  }
});

Deno.test("a calm after a storm has no deviation, and its means are its price", () => {
  const prices = Array.from({ length: 60 }, (_, t) => t < 30 ? (t % 2 === 0 ? 9e6 : 0.01) : 0.1);
  const column = columnOf(prices, 2);
  const calm = (values: Float64Array): readonly number[] => [...values.slice(40)];
  const twenty = (value: number): readonly number[] => Array(20).fill(value);
  assertEquals(calm(rollingStdDev(column, 7)), twenty(0));
  for (const value of calm(movingMean(column.values, 7))) assertAlmostEquals(value, 0.1, 1e-16);
  assertEquals(calm(sma(column, 7)), twenty(0.1));
  const flat = columnOf(Array(60).fill(0.1), 2);
  for (const values of [ema(flat.values, 7), rma(flat.values, 7)]) {
    assertEquals(calm(values), twenty(0.1));
  }
  const { macd: line, signal } = macd(flat.values, { fast: 3, slow: 7, signal: 4 });
  assertEquals([calm(line), calm(signal)], [twenty(0), twenty(0)]);
});

Deno.test("RSI, MACD and the rate of change are their definitions", () => {
  holds(35, (bars, window) => {
    const { values, units } = bars.close as Column & { units: Float64Array };
    const changes = from(1, bars, (t) => units[t]! - units[t - 1]!);
    const gain = smoothing(changes.map((change) => Math.max(0, change)), window, 1 / window);
    const loss = smoothing(changes.map((change) => Math.max(0, -change)), window, 1 / window);
    const index = (t: number): number =>
      gain[t] === 0 && loss[t] === 0 ? 50 : 100 - 100 / (1 + gain[t]! / loss[t]!);
    assertNear(rsi(bars.close, window), from(window, bars, index), 100);
    assertEquals(rsi(widened(bars.close), window).length, bars.length);

    const [fast, slow] = [window, window + 3].map((each) =>
      smoothing([...values], each, 2 / (each + 1))
    );
    const line = fast!.map((value, t) => value - slow![t]!);
    const size = Math.max(1, ...values);
    const lines = macd(values, { fast: window, slow: window + 3, signal: 4 });
    assertNear(lines.macd, line, size);
    assertNear(lines.signal, smoothing(line, 4, 2 / 5), size);

    const change = (t: number): number =>
      100 * (values[t]! - values[t - window]!) / values[t - window]!;
    assertNear(roc(bars.close, window), from(window, bars, change), 100);
  });
});

Deno.test("ranges, channels and bands are their definitions", () => {
  holds(36, (bars, window) => {
    const [high, low, close] = [bars.high.values, bars.low.values, bars.close.values];
    const ranges = trueRanges(bars);
    assertNear(trueRange(bars), ranges, 1e8);
    assertNear(atr(bars, window), smoothing(ranges, window, 1 / window), 1e8);

    const { upper, middle, lower } = donchian(bars, window);
    const highest = from(window, bars, (t) => Math.max(...last(high, t - 1, window)));
    const lowest = from(window, bars, (t) => Math.min(...last(low, t - 1, window)));
    assertEquals([[...upper], [...lower]], [highest, lowest]);
    assertEquals([...middle], highest.map((value, t) => (value + lowest[t]!) / 2));

    const size = Math.max(1, ...close);
    const channel = keltner(bars, { window, atrWindow: 3, multiplier: 1.5 });
    const center = smoothing([...close], window, 2 / (window + 1));
    const width = smoothing(ranges, 3, 1 / 3).map((range) => 1.5 * range);
    assertNear(channel.middle, center, size);
    assertNear(channel.upper, center.map((value, t) => value + width[t]!), size);
    assertNear(channel.lower, center.map((value, t) => value - width[t]!), size);

    const bands = bollinger(bars.close, { window, width: 2.5 });
    const deviation = rollingStdDev(bars.close, window);
    const simple = sma(bars.close, window);
    assertEquals([...bands.middle], [...simple]);
    assertEquals([...bands.upper], [...simple.map((value, t) => value + 2.5 * deviation[t]!)]);
    assertEquals([...bands.lower], [...simple.map((value, t) => value - 2.5 * deviation[t]!)]);
  });
});

Deno.test("true ranges are exact where highs, lows and closes have other decimals", () => {
  const bars = {
    high: columnOf([1, 1.3], 1),
    low: columnOf([0.5, 1.25], 2),
    close: columnOf([0.999, 1.28], 3),
  };
  // 1.3 - 0.999 is 0.30100000000000005 in doubles.
  assertEquals(trueRange(bars)[1], 0.301);
});

Deno.test("stochastic oscillators are their definitions, in the middle of no range", () => {
  holds(37, (bars, window) => {
    const [high, low, close] = [bars.high.units, bars.low.units, bars.close.units] as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const place = (t: number): number => {
      const bottom = Math.min(...last(low, t, window));
      const range = Math.max(...last(high, t, window)) - bottom;
      return range === 0 ? 50 : 100 * (close[t]! - bottom) / range;
    };
    const places = from(window - 1, bars, place);
    assertEquals([...placeInRange(bars, window)], places);
    assertEquals([...williamsR(bars, window)], places.map((value) => value - 100));
    const means = (values: readonly number[], bars: Bars, first: number, count: number) =>
      from(first, bars, (t) => mean(values.slice(t - count + 1, t + 1)));
    const { k, d } = stochastic(bars, { window, smooth: 3, signal: 2 });
    const slow = means(places, bars, window + 1, 3);
    assertNear(k, slow, 100);
    assertNear(d, means(slow, bars, window + 2, 2), 100);
  });
});

Deno.test("Supertrend is its definition, and its line is on the other side of the price", () => {
  // No band of such a width is a whole number of ticks, so rounding decides nothing.
  const multiplier = 1.2345678;
  holds(38, (bars, window) => {
    const [high, low, close] = [bars.high, bars.low, bars.close].map(({ units }) => units) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const ranges = smoothing(trueRanges(bars), window, 1 / window);
    const { line, trend } = supertrend(bars, { window, multiplier });
    let [upper, lower, rising] = [NaN, NaN, 0];
    for (let t = 0; t < bars.length; t++) {
      if (t < window) {
        assertEquals([line[t], trend[t]], [NaN, 0]);
        continue;
      }
      const [center, width] = [(high[t]! + low[t]!) / 2, multiplier * ranges[t]! * 100];
      if (t === window) {
        [upper, lower] = [center + width, center - width];
        rising = close[t]! >= center ? 1 : -1;
      } else {
        upper = close[t - 1]! > upper ? center + width : Math.min(upper, center + width);
        lower = close[t - 1]! < lower ? center - width : Math.max(lower, center - width);
      }
      rising = close[t]! > (rising === 1 ? lower : upper) ? 1 : -1;
      assertEquals(trend[t], rising, `bar ${t}`);
      const expected = (rising === 1 ? lower : upper) / 100;
      const error = Math.abs(line[t]! - expected);
      assert(error <= 1e-9 * bars.close.values[t]!, `bar ${t}: ${line[t]}, not ${expected}`);
    }
  });
});

Deno.test("averages weighted with volume are their definitions, undefined without volume", () => {
  holds(39, (bars, window) => {
    const prices = typicalPrice(bars);
    const volumes = bars.volume.values;
    const over = (first: number, t: number): number => {
      let [worth, volume] = [0, 0];
      for (let at = first; at <= t; at++) {
        worth += prices[at]! * volumes[at]!;
        volume += volumes[at]!;
      }
      return volume === 0 ? NaN : worth / volume;
    };
    assertNear(vwap(bars, "start"), from(0, bars, (t) => over(0, t)));
    assertNear(
      rollingVwap({ prices, volumes }, window),
      from(window - 1, bars, (t) => over(t - window + 1, t)),
    );
    if (bars.times === null) {
      assertThrows(() => vwap(bars, "day"), TypeError, "the bars have no times");
      return;
    }
    const day = (t: number): number => Math.floor(bars.times![t]! / 86_400_000);
    const opening = (t: number): number => {
      while (t > 0 && day(t - 1) === day(t)) t--;
      return t;
    };
    assertNear(vwap(bars, "day"), from(0, bars, (t) => over(opening(t), t)));
  });
});

/** Every line of every indicator. */
function allLines(bars: Bars, window: number): readonly (Float64Array | Int8Array)[] {
  const { close } = bars;
  const { values } = close;
  const bands = [
    donchian(bars, window),
    bollinger(close, { window, width: 2 }),
    keltner(bars, { window, atrWindow: 4, multiplier: 2 }),
  ];
  return [
    sma(close, window),
    wma(close, window),
    ema(values, window),
    rma(values, window),
    movingMean(values, window),
    rollingStdDev(close, window),
    rollingMaximum(values, window),
    rollingMinimum(values, window),
    rsi(close, window),
    roc(close, window),
    trueRange(bars),
    atr(bars, window),
    williamsR(bars, window),
    vwap(bars, "start"),
    ...(bars.times === null ? [] : [vwap(bars, "day")]),
    rollingVwap({ prices: typicalPrice(bars), volumes: bars.volume.values }, window),
    ...Object.values(macd(values, { fast: window, slow: window + 2, signal: 3 })),
    ...Object.values(stochastic(bars, { window, smooth: 2, signal: 3 })),
    ...Object.values(supertrend(bars, { window, multiplier: 2 })),
    ...bands.flatMap((each) => Object.values(each)),
  ];
}

Deno.test("no value at a bar depends on a later bar, nor changes when there are more bars", () => {
  fc.assert(
    fc.property(bars, windows, fc.nat(), (bars, window, at) => {
      const kept = at % (bars.length + 1);
      const part = allLines(sliceBars(bars, 0, kept), window);
      const whole = allLines(bars, window).map((line) => line.slice(0, kept));
      assertEquals(part, whole);
    }),
    { seed: 40, numRuns: 400 },
  );
});

Deno.test("inputs are left as they are, and no line is a view of another", () => {
  const ticks = Array.from({ length: 30 }, (_, t) => 100 + (t * 7) % 11);
  const close = columnOf(ticks, 2);
  const given: Bars = {
    length: 30,
    times: Float64Array.from(ticks, (_, t) => t),
    open: close,
    high: columnOf(ticks.map((tick) => tick + 1), 2),
    low: columnOf(ticks.map((tick) => tick - 1), 2),
    close,
    volume: columnOf(ticks, 2),
  };
  const before = structuredClone(
    [given.high, given.low, close, given.volume].map(({ units }) => units),
  );
  const lines = allLines(given, 5);
  assertEquals([given.high, given.low, close, given.volume].map(({ units }) => units), before);
  assertEquals(new Set(lines.map(({ buffer }) => buffer)).size, lines.length);
});

Deno.test("rates since a price of 0 are undefined, in doubles and in bigints", () => {
  const column = columnOf([0, 2, 3, 0, 6], 0);
  const expected = [NaN, NaN, 50, -100, NaN];
  assertEquals([...roc(column, 1)], expected);
  assertEquals([...roc(widened(column), 1)], expected);
});

Deno.test("a column shorter than the window, or empty, has no defined bar", () => {
  const one = columnOf([1], 0);
  for (const column of [beginning(one, 0), one]) {
    const bars = {
      length: column.units.length,
      times: null,
      open: column,
      high: column,
      low: column,
      close: column,
      volume: columnOf(Array(column.units.length).fill(0), 0),
    };
    for (const window of [2, 1000, Number.MAX_SAFE_INTEGER - 2]) {
      for (const line of allLines(bars, window)) {
        assertEquals(line.length, column.units.length);
        assert(line.every((value) => Number.isNaN(value) || value === 0));
      }
    }
  }
});

Deno.test("a window that is no whole number from 1 is refused", () => {
  const column = columnOf([1, 2, 3], 0);
  const bars = { high: column, low: column, close: column };
  const { values } = column;
  const indicators: readonly ((window: number) => unknown)[] = [
    (window) => sma(column, window),
    (window) => wma(column, window),
    (window) => ema(values, window),
    (window) => rma(values, window),
    (window) => movingMean(values, window),
    (window) => rollingStdDev(column, window),
    (window) => rollingMaximum(values, window),
    (window) => rollingMinimum(values, window),
    (window) => rsi(column, window),
    (window) => macd(values, { fast: 1, slow: window, signal: 1 }),
    (window) => bollinger(column, { window, width: 2 }),
    (window) => atr(bars, window),
    (window) => donchian(bars, window),
    (window) => keltner(bars, { window, atrWindow: 1, multiplier: 1 }),
    (window) => stochastic(bars, { window, smooth: 1, signal: 1 }),
    (window) => williamsR(bars, window),
    (window) => roc(column, window),
    (window) => supertrend(bars, { window, multiplier: 1 }),
    (window) => rollingVwap({ prices: values, volumes: values }, window),
  ];
  for (const indicator of indicators) {
    for (const window of [0, -1, 1.5, NaN, Infinity]) {
      const error = assertThrows(() => indicator(window), RangeError, "window is a whole number");
      assert(error.message.endsWith(`got ${window}`));
    }
  }
});
