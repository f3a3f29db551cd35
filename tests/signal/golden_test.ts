/**
 * The indicators against published results; where a convention differs, the
 * test says how, and bridges it. See tests/golden/indicators/README.md.
 */

import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/csv/parse";
import type { Column } from "../../lib/experiment.ts";
import { atr } from "../../lib/signal/atr.ts";
import { bollinger } from "../../lib/signal/bollinger.ts";
import type { RangeBars } from "../../lib/signal/common_units.ts";
import { donchian } from "../../lib/signal/donchian.ts";
import { ema } from "../../lib/signal/ema.ts";
import { smoothed } from "../../lib/signal/exponential.ts";
import { rollingMaximum, rollingMinimum } from "../../lib/signal/extremes.ts";
import { keltner } from "../../lib/signal/keltner.ts";
import { macd } from "../../lib/signal/macd.ts";
import { rma } from "../../lib/signal/rma.ts";
import { roc } from "../../lib/signal/roc.ts";
import { rsi } from "../../lib/signal/rsi.ts";
import { sma } from "../../lib/signal/sma.ts";
import { rollingStdDev } from "../../lib/signal/std_dev.ts";
import { stochastic } from "../../lib/signal/stochastic.ts";
import { supertrend } from "../../lib/signal/supertrend.ts";
import { trueRange } from "../../lib/signal/true_range.ts";
import { rollingVwap, typicalPrice } from "../../lib/signal/vwap.ts";
import { williamsR } from "../../lib/signal/williams_r.ts";
import { wma } from "../../lib/signal/wma.ts";
import { columnOf, widened } from "./bars_of.ts";

const GOLDEN = new URL("../golden/indicators/", import.meta.url);

const [titles, ...rows] = parse(Deno.readTextFileSync(new URL("skender.csv", GOLDEN)));

/** A bar of Skender's: prices, results and empty texts. */
const skender: readonly Readonly<Record<string, string>>[] = rows.map((row) =>
  Object.fromEntries(row.map((text, at) => [titles![at]!, text]))
);

/** Skender's prices have two decimals, at most. */
function quotes(name: string): Column {
  return columnOf(skender.map((row) => Number(row[name])), 2);
}

const BARS: RangeBars = { high: quotes("high"), low: quotes("low"), close: quotes("close") };

/** Every bar of Skender's, undefined ones too, to 1e-9 of its size. */
function assertSkender(name: string, values: Float64Array): void {
  assertEquals(values.length, skender.length);
  let defined = 0;
  for (let t = 0; t < values.length; t++) {
    const text = skender[t]![name]!;
    const expected = text === "" ? NaN : Number(text);
    const got = values[t]!;
    assert(
      Number.isNaN(expected)
        ? Number.isNaN(got)
        : Math.abs(got - expected) <= 1e-9 * Math.abs(expected),
      `${name} at bar ${t}: expected ${text || "nothing"}, got ${got}`,
    );
    if (text !== "") defined++;
  }
  assert(defined > 400, `${name} is compared at ${defined} bars`);
}

/** All that Skender has, of one form of columns. */
function assertAllSkender(bars: RangeBars): void {
  const { close } = bars;
  assertSkender("sma", sma(close, 20));
  assertSkender("wma", wma(close, 14));
  assertSkender("ema", ema(close.values, 20));
  assertSkender("smma", rma(close.values, 20));
  assertSkender("std_dev", rollingStdDev(close, 14));
  const bands = bollinger(close, { window: 20, width: 2 });
  assertSkender("bb_upper", bands.upper);
  assertSkender("bb_middle", bands.middle);
  assertSkender("bb_lower", bands.lower);
  assertSkender("tr", trueRange(bars));
  assertSkender("atr", atr(bars, 14));
  assertSkender("rsi", rsi(close, 14));
  const lines = macd(close.values, { fast: 12, slow: 26, signal: 9 });
  assertSkender("macd", lines.macd);
  assertSkender("macd_signal", lines.signal);
  assertSkender("donchian_upper", donchian(bars, 20).upper);
  assertSkender("donchian_middle", donchian(bars, 20).middle);
  assertSkender("donchian_lower", donchian(bars, 20).lower);
  const channel = keltner(bars, { window: 20, atrWindow: 10, multiplier: 2 });
  assertSkender("keltner_upper", channel.upper);
  assertSkender("keltner_middle", channel.middle);
  assertSkender("keltner_lower", channel.lower);
  assertSkender("roc", roc(close, 14));
  const oscillator = stochastic(bars, { window: 14, smooth: 3, signal: 3 });
  assertSkender("stoch_k", oscillator.k);
  assertSkender("stoch_d", oscillator.d);
  assertSkender("williams_r", williamsR(bars, 14));
  const { line, trend } = supertrend(bars, { window: 10, multiplier: 3 });
  assertSkender("supertrend", line);
  assertEquals(
    [...trend],
    skender.map((row) => row.supertrend === "" ? 0 : row.supertrend_upper === "" ? 1 : -1),
  );
}

Deno.test("every indicator is Skender's to 1e-9, and is undefined at the same bars", () => {
  assertAllSkender(BARS);
});

Deno.test("so it is where units need bigints", () => {
  assertAllSkender({
    high: widened(BARS.high),
    low: widened(BARS.low),
    close: widened(BARS.close),
  });
});

Deno.test("a histogram is the difference of lines that are Skender's to 1e-9", () => {
  const { macd: line, signal, histogram } = macd(BARS.close.values, {
    fast: 12,
    slow: 26,
    signal: 9,
  });
  for (let t = 33; t < histogram.length; t++) {
    assertEquals(histogram[t], line[t]! - signal[t]!);
    // The difference of near numbers is as exact as they are, not as itself.
    const error = Math.abs(histogram[t]! - Number(skender[t]!.macd_histogram));
    assert(error <= 1e-9 * Math.abs(line[t]!), `bar ${t}`);
  }
});

interface Vector {
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
}

/** A section of Tulip's vectors that has this many inputs. */
function tulip(name: string, inputs: number): Vector {
  const text = Deno.readTextFileSync(new URL("tulip.txt", GOLDEN));
  const [, ...lines] = text.split("\n\n").find((section) => section.startsWith(`${name}\n`))!
    .trim().split("\n");
  const numbers = lines.map((line) => line.slice(1, -1).split(",").map(Number));
  return { inputs: numbers.slice(0, inputs), outputs: numbers.slice(inputs) };
}

/** The last bars, as many as Tulip has, to its three decimals. */
function assertTulip(values: Float64Array, expected: readonly number[]): void {
  const before = values.length - expected.length;
  for (const [at, value] of expected.entries()) {
    const got = values[before + at]!;
    assert(
      Math.abs(got - value) <= 0.0005 + 1e-9,
      `expected ${value} at bar ${before + at}, got ${got}`,
    );
  }
}

/** The same, and no bar before them. */
function assertAllTulip(values: Float64Array, expected: readonly number[]): void {
  assertTulip(values, expected);
  const before = values.subarray(0, values.length - expected.length);
  assert(before.every(Number.isNaN), `defined before bar ${before.length}`);
}

/** Tulip's inputs: high, low, close. */
function rangeOf([high, low, close]: Vector["inputs"]): RangeBars {
  return { high: columnOf(high!, 2), low: columnOf(low!, 2), close: columnOf(close!, 2) };
}

Deno.test("indicators of one series are Tulip's", () => {
  const series = (name: string): { close: Column; outputs: Vector["outputs"] } => {
    const { inputs: [close], outputs } = tulip(name, 1);
    return { close: columnOf(close!, 2), outputs };
  };
  const cases: readonly (readonly [string, (close: Column) => readonly Float64Array[]])[] = [
    ["sma 5", (close) => [sma(close, 5)]],
    ["wma 5", (close) => [wma(close, 5)]],
    ["wilders 5", ({ values }) => [rma(values, 5)]],
    ["stddev 5", (close) => [rollingStdDev(close, 5)]],
    ["max 5", ({ values }) => [rollingMaximum(values, 5)]],
    ["min 5", ({ values }) => [rollingMinimum(values, 5)]],
    ["rsi 5", (close) => [rsi(close, 5)]],
    ["bbands 5 2", (close) => {
      const { upper, middle, lower } = bollinger(close, { window: 5, width: 2 });
      return [lower, middle, upper];
    }],
    // Ours is in percent.
    ["roc 5", (close) => [roc(close, 5).map((percent) => percent / 100)]],
  ];
  for (const [name, indicator] of cases) {
    const { close, outputs } = series(name);
    const lines = indicator(close);
    assertEquals(lines.length, outputs.length, name);
    for (const [at, line] of lines.entries()) assertAllTulip(line, outputs[at]!);
  }
});

Deno.test("the EMA is Tulip's once it begins as Tulip's does, with the first value", () => {
  const { inputs: [values], outputs: [expected] } = tulip("ema 5", 1);
  const series = Float64Array.from(values!);
  assertAllTulip(smoothed(series, { alpha: 2 / 6, start: 0, seed: series[0]! }), expected!);
  const ours = ema(series, 5);
  assertEquals(ours.findIndex((value) => !Number.isNaN(value)), 4);
  // They differ, ever less.
  const apart = [4, 9, 14].map((t) => Math.abs(ours[t]! - expected![t]!));
  assert(apart[0]! > 0.2 && apart[1]! < apart[0]! / 5 && apart[2]! < apart[1]! / 5, `${apart}`);
});

Deno.test("the MACD is Tulip's once its averages begin with their first values", () => {
  const { inputs: [values], outputs: [line, signal, histogram] } = tulip("macd 2 5 9", 1);
  const series = Float64Array.from(values!);
  const first = (window: number): Float64Array =>
    smoothed(series, { alpha: 2 / (window + 1), start: 0, seed: series[0]! });
  const [fast, slow] = [first(2), first(5)];
  const difference = fast.map((value, t) => value - slow[t]!);
  assertTulip(difference, line!);
  const average = smoothed(difference, { alpha: 2 / 10, start: 4, seed: difference[4]! });
  assertAllTulip(average, signal!);
  assertTulip(difference.map((value, t) => value - average[t]!), histogram!);
});

Deno.test("the true range is Tulip's but for bar 0, and so is the ATR once that counts", () => {
  const { inputs, outputs: [ranges] } = tulip("tr", 3);
  const bars = rangeOf(inputs);
  const ours = trueRange(bars);
  assert(Number.isNaN(ours[0]));
  assertTulip(ours, ranges!.slice(1));
  const { outputs: [averages] } = tulip("atr 5", 3);
  ours[0] = bars.high.values[0]! - bars.low.values[0]!;
  assertAllTulip(ours, ranges!);
  assertAllTulip(rma(ours, 5), averages!);
});

Deno.test("the stochastic oscillator and Williams %R are Tulip's", () => {
  const { inputs, outputs: [k, d] } = tulip("stoch 5 3 3", 3);
  const ours = stochastic(rangeOf(inputs), { window: 5, smooth: 3, signal: 3 });
  // Tulip leaves %K out until there is a %D.
  assertTulip(ours.k, k!);
  assertAllTulip(ours.d, d!);
  const williams = tulip("willr 5", 3);
  assertAllTulip(williamsR(rangeOf(williams.inputs), 5), williams.outputs[0]!);
});

Deno.test("the typical price and the average weighted with volume are Tulip's", () => {
  const typical = tulip("typprice", 3);
  assertAllTulip(typicalPrice(rangeOf(typical.inputs)), typical.outputs[0]!);
  const { inputs: [prices, volumes], outputs: [expected] } = tulip("vwma 5", 2);
  const columns = {
    prices: Float64Array.from(prices!),
    volumes: Float64Array.from(volumes!),
  };
  assertAllTulip(rollingVwap(columns, 5), expected!);
});
