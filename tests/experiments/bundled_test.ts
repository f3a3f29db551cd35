import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { experiments } from "../../experiments/mod.ts";
import { loadBars } from "../../lib/bars/load.ts";
import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import { type Bars, type Column, COLUMN_NAMES } from "../../lib/experiment.ts";
import { checkLookahead } from "../../lib/check/lookahead.ts";
import { sliceBars } from "../../lib/check/partial_bars.ts";
import { checkStartup } from "../../lib/check/startup.ts";
import { signalOf } from "../../lib/run/signal.ts";
import { sampleBars, subjectOf } from "../check/sample_bars.ts";
import { barsOf, columnOf } from "../signal/bars_of.ts";
import { bundledCases, bundledSignal, PARAMS, withDefaults } from "./bundled.ts";

const SAMPLE = fileURLToPath(new URL("../../data.csv", import.meta.url));

async function sample(): Promise<Bars> {
  const { bars } = await loadBars({
    path: SAMPLE,
    // Its volumes are of bitcoin and of dollars, and no experiment reads them.
    columns: COLUMN_NAMES.filter((name) => name !== "volume"),
    overrides: {},
    maxMissing: 0,
    keepLines: false,
  });
  return bars;
}

Deno.test("experiments are in order, each in the file and of the name that the table says", async () => {
  const names = Object.keys(experiments);
  assertEquals(names, names.toSorted());
  const table = await Deno.readTextFile(new URL("../../experiments/mod.ts", import.meta.url));
  for (const [name, load] of Object.entries(experiments)) {
    assertEquals((await load()).default.name, name);
    assert(table.includes(`"${name}": () => import("./${name.replaceAll("-", "_")}.ts")`), name);
  }
});

Deno.test("no experiment that comes with sigrun is missing", () => {
  assertEquals(Object.keys(PARAMS).filter((name) => !Object.hasOwn(experiments, name)), []);
});

Deno.test("equal bars, parameters and seed give equal signals, on all kinds of bars", async () => {
  const bitcoin = await sample();
  for (const { experiment, params, what } of await bundledCases()) {
    for (
      const bars of [
        sampleBars(0),
        sampleBars(1),
        sampleBars(40),
        sampleBars(300, { wide: true }),
        sampleBars(300, { timeless: true }),
        bitcoin,
      ]
    ) {
      const first = signalOf({ experiment, params }, { bars, seed: 42 });
      const again = signalOf({ experiment, params }, {
        bars: sliceBars(bars, 0, bars.length),
        seed: 42,
      });
      assertEquals(first, again, what);
    }
  }
});

Deno.test("no experiment sees a price in another way when its units are bigints", async () => {
  for (const { experiment, params, what } of await bundledCases()) {
    const narrow = sampleBars(400, { seed: 9 });
    const wide = widened(narrow);
    assertEquals(
      [...signalOf({ experiment, params }, { bars: wide, seed: 42 }).positions],
      [...signalOf({ experiment, params }, { bars: narrow, seed: 42 }).positions],
      what,
    );
  }
});

/** The same prices, with 20 decimals more. */
function widened(bars: Bars): Bars {
  const wide = ({ units, decimals, values }: Column): Column => ({
    units: Array.from(units as Float64Array, (unit) => BigInt(unit) * 10n ** 20n),
    decimals: decimals + 20,
    values,
  });
  return {
    length: bars.length,
    times: bars.times,
    open: wide(bars.open),
    high: wide(bars.high),
    low: wide(bars.low),
    close: wide(bars.close),
    volume: wide(bars.volume),
  };
}

Deno.test("no bundled experiment looks ahead, on any kind of bars", async () => {
  const bitcoin = sliceBars(await sample(), 0, 1500);
  for (const { experiment, params, what } of await bundledCases()) {
    for (
      const bars of [
        sampleBars(60, { seed: 2 }),
        sampleBars(400, { wide: true, seed: 3 }),
        sampleBars(400, { timeless: true, seed: 4 }),
        bitcoin,
      ]
    ) {
      const report = await checkLookahead(subjectOf(experiment, { bars, params }), {
        cuts: 16,
        seed: 42,
      });
      assertEquals(
        [report.biasedBars, report.leaks, report.uncompared, report.tests.perturbation],
        [0, [], [], { compared: report.cuts, biased: 0 }],
        `${what} on ${bars.length} bars`,
      );
    }
  }
});

Deno.test("no bundled experiment looks ahead on the whole sample", async () => {
  const bars = await sample();
  for (const [name, load] of Object.entries(experiments)) {
    const experiment = (await load()).default;
    const params = withDefaults(experiment, {});
    const options = { cuts: 8, seed: 1 };
    const report = await checkLookahead(subjectOf(experiment, { bars, params }), options);
    assertEquals([report.biasedBars, report.uncompared], [0, []], name);
  }
});

Deno.test("positions settle after any start but those of chance, those of windows at once", async () => {
  const bars = sliceBars(await sample(), 0, 4000);
  const settling: Record<string, number | null> = {};
  for (const name of Object.keys(PARAMS)) {
    const experiment = (await experiments[name]!()).default;
    const params = withDefaults(experiment, {});
    const report = checkStartup(subjectOf(experiment, { bars, params }));
    settling[name] = report.settles ? report.barsToSettle : null;
  }
  for (const name of ["rolling-mean", "sma-cross", "momentum", "buy-and-hold"]) {
    assertEquals(settling[name], 0, name);
  }
  for (const [name, bars] of Object.entries(settling)) {
    if (name === "random") assertEquals(bars, null);
    else assert(bars !== null && bars < 1000, `${name}: ${bars}`);
  }
});

Deno.test("sma-cross is 1 while the fast mean is above the slow one", async () => {
  const bars = barsOf([3, 2, 1, 2, 3, 3, 3]);
  const { positions, warmup, metrics } = await bundledSignal("sma-cross", {
    bars,
    params: { fast: 2, slow: 3 },
  });
  assertEquals([[...positions], warmup, metrics], [[0, 0, 0, 0, 1, 1, 0], 2, { ties: 1 }]);
});

Deno.test("ema-cross and macd begin when their averages do", async () => {
  const bars = barsOf(Array.from({ length: 60 }, (_, t) => 100 + t * t));
  const cross = await bundledSignal("ema-cross", { bars });
  assertEquals([cross.warmup, cross.positions.indexOf(1)], [25, 25]);
  const macd = await bundledSignal("macd", { bars });
  assertEquals([macd.warmup, macd.positions.indexOf(1)], [33, 33]);
});

Deno.test("rsi-reversal holds from oversold to recovered", async () => {
  // With a window of 1 the RSI is 100 after a rise, 0 after a fall, 50 where nothing moves.
  const bars = barsOf([5, 4, 4, 3, 4, 5, 4, 4]);
  const { positions, warmup } = await bundledSignal("rsi-reversal", {
    bars,
    params: { window: 1 },
  });
  assertEquals([[...positions], warmup], [[0, 1, 1, 1, 0, 0, 1, 1], 1]);
  // An RSI that is the limit is not below it.
  const flat = await bundledSignal("rsi-reversal", {
    bars: barsOf([5, 5, 5]),
    params: { window: 1, oversold: 50 },
  });
  assertEquals([...flat.positions], [0, 0, 0]);
});

Deno.test("bollinger-reversal holds from below the band to above the mean", async () => {
  // Below the band at 1.5 with a drop out of a calm, on the mean, above it.
  const bars = barsOf([5, 5, 5, 5, 4, 4.5, 4.75, 5, 5]);
  const { positions, warmup } = await bundledSignal("bollinger-reversal", {
    bars,
    params: { window: 5, width: 1.5 },
  });
  assertEquals([[...positions], warmup], [[0, 0, 0, 0, 1, 1, 0, 0, 0], 4]);
});

Deno.test("bollinger-reversal does not buy a close on the band", async () => {
  // The fifth of five, alone lower, is two deviations below the mean exactly.
  const closes = Array.from({ length: 500 }, (_, t) => t % 5 === 4 ? 0.07 : 0.14);
  const { positions, metrics } = await bundledSignal("bollinger-reversal", {
    bars: barsOf(closes),
    params: { window: 5, width: 2 },
  });
  assertEquals([positions.includes(1), metrics], [false, { ties: 100 }]);
});

Deno.test("donchian-breakout holds from a new high to a new low, equal ones being neither", async () => {
  const bars = barsOf([1, 2, 2, 3, 3, 2, 2, 1, 3, 4]);
  const { positions, warmup } = await bundledSignal("donchian-breakout", {
    bars,
    params: { entry: 2, exit: 2 },
  });
  assertEquals([[...positions], warmup], [[0, 0, 0, 1, 1, 0, 0, 0, 1, 1], 2]);
});

Deno.test("donchian-breakout compares highs, lows and closes of other decimals exactly", async () => {
  const bars = {
    ...barsOf([1, 1, 1.2]),
    high: columnOf([1.1, 1.15, 1.25], 3),
    low: columnOf([1, 1, 1], 0),
  };
  const { positions } = await bundledSignal("donchian-breakout", {
    bars,
    params: { entry: 2, exit: 1 },
  });
  assertEquals([...positions], [0, 0, 1]);
});

Deno.test("supertrend turns where a close goes through the stop", async () => {
  const closes = [...Array.from({ length: 20 }, (_, t) => 100 + t), 90, 91, 130, 131];
  const { positions, warmup } = await bundledSignal("supertrend", {
    bars: barsOf(closes),
    params: { window: 3, multiplier: 2 },
  });
  assertEquals([warmup, [...positions.subarray(15)]], [3, [1, 1, 1, 1, 1, 0, 0, 1, 1]]);
});

Deno.test("volatility-filter is 1 above the mean in a calm only", async () => {
  const bars = barsOf([10, 11, 12, 13, 20, 21, 22]);
  const { positions, warmup, metrics } = await bundledSignal("volatility-filter", {
    bars,
    params: { window: 2, atr_window: 1, baseline: 2 },
  });
  // Ranges of 1, but for the jump of 7 and the mean that remembers it.
  assertEquals([[...positions], warmup], [[0, 0, 1, 1, 0, 1, 1], 2]);
  assertEquals(metrics, { calm_bars: 4 });
});

Deno.test("momentum is 1 above the close of some bars ago, equal ones being ties", async () => {
  const { positions, warmup, metrics } = await bundledSignal("momentum", {
    bars: barsOf([1, 2, 1, 3, 3, 3]),
    params: { lookback: 2 },
  });
  assertEquals([[...positions], warmup, metrics], [[0, 0, 0, 1, 1, 0], 2, { ties: 2 }]);
});

Deno.test("buy-and-hold is always 1", async () => {
  const { positions, warmup } = await bundledSignal("buy-and-hold", { bars: barsOf([1, 2, 3]) });
  assertEquals([[...positions], warmup], [[1, 1, 1], 0]);
});

Deno.test("random has the exposure and the holding time that it is told, and follows the seed", async () => {
  const bars = sampleBars(50_000);
  for (
    const [exposure, mean_holding] of [
      [0.5, undefined],
      [0.1, undefined],
      [0.3, 12],
      [0.8, 4],
    ] as const
  ) {
    const { positions } = await bundledSignal("random", {
      bars,
      params: mean_holding === undefined ? { exposure } : { exposure, mean_holding },
    });
    const long = positions.reduce((sum, position) => sum + position, 0);
    const entries = positions.filter((position, t) => position === 1 && positions[t - 1] !== 1);
    const holding = mean_holding ?? 1 / (1 - exposure);
    assertAlmostEquals(long / bars.length, exposure, 0.02, `${exposure}`);
    assertAlmostEquals(long / entries.length / holding, 1, 0.05, `${exposure}, ${holding}`);
  }
  const share = async (exposure: number): Promise<number> => {
    const { positions } = await bundledSignal("random", { bars, params: { exposure } });
    return positions.reduce((sum, position) => sum + position, 0) / bars.length;
  };
  assertEquals([await share(0), await share(1)], [0, 1]);
  const [one, other] = [
    await bundledSignal("random", { bars, seed: 1 }),
    await bundledSignal("random", { bars, seed: 2 }),
  ];
  const same = one.positions.reduce((sum, at, t) => sum + Number(at === other.positions[t]), 0);
  assertAlmostEquals(same / bars.length, 0.5, 0.02);
});

Deno.test("parameters that contradict one another are refused, with what is expected", async () => {
  const problem = async (name: string, params: Readonly<Record<string, unknown>>) => {
    const found = (await experiments[name]!()).default.check(params);
    return found === undefined ? undefined : `${found.param}: ${found.message}`;
  };
  for (const name of ["sma-cross", "ema-cross", "macd"]) {
    assertEquals(await problem(name, { fast: 4, slow: 5 }), undefined);
    assertEquals(
      await problem(name, { fast: 5, slow: 5 }),
      "fast: expected less than slow (5), got 5",
    );
  }
  assertEquals(await problem("rsi-reversal", { oversold: 30, recovered: 30 }), undefined);
  assertEquals(
    await problem("rsi-reversal", { oversold: 30, recovered: 20 }),
    "recovered: expected at least oversold (30), got 20",
  );
  assertEquals(await problem("random", { exposure: 0.8, mean_holding: 4 }), undefined);
  assertEquals(await problem("random", { exposure: 1, mean_holding: 4 }), undefined);
  assertEquals(await problem("random", { exposure: 0.9, mean_holding: undefined }), undefined);
  assertEquals(
    await problem("random", { exposure: 0.75, mean_holding: 2 }),
    "mean_holding: expected at least exposure / (1 - exposure), which is 3, got 2",
  );
});

Deno.test("prices of zero and below are prices like any other to a signal", async () => {
  const high = sampleBars(400, { seed: 5 });
  const middle = Number(high.close.units[200]);
  const low = shifted(high, -middle);
  const isExact = [
    "momentum",
    "rolling-mean",
    "sma-cross",
    "donchian-breakout",
    "bollinger-reversal",
  ];
  for (const { experiment, params, what } of await bundledCases()) {
    const [above, around] = [high, low].map((bars) =>
      signalOf({ experiment, params }, { bars, seed: 42 })
    );
    assert([...low.close.units].some((unit) => unit <= 0), "some prices are below zero");
    assertEquals(around!.positions.length, 400, what);
    if (isExact.includes(experiment.name)) assertEquals(around, above, what);
  }
});

/** The same prices, all by a number of units higher. */
function shifted(bars: Bars, by: number): Bars {
  const column = ({ units, decimals }: Column): Column =>
    decimalColumn(Float64Array.from(units as Float64Array, (unit) => unit + by), decimals);
  const { open, high, low, close } = bars;
  return {
    ...bars,
    open: column(open),
    high: column(high),
    low: column(low),
    close: column(close),
  };
}
