import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { EVALUATION_METRICS } from "../../lib/evaluate/metric_names.ts";
import { definedMetrics } from "./definitions.ts";
import { evaluated, randomWalk } from "./evaluated.ts";

const near = (actual: number | undefined, expected: number, name = ""): void => {
  assert(actual !== undefined, `${name} is not there`);
  assertAlmostEquals(actual, expected, Math.abs(expected) * 1e-9 + 1e-12, name);
};

/** Ten bars whose returns are 10 %, -10 % or 0. */
const CLOSES = [100, 110, 99, 99, 108.9, 98.01, 107.811, 107.811, 118.5921, 106.73289];

Deno.test("ten bars, long and flat, by hand", () => {
  //  returns:  .1  -.1  0  .1  -.1  .1  0  .1  -.1
  const positions = [1, 0, 0, 1, 1, 0, 0, 1, 0, 1];
  const { metrics, drawdown, openPosition } = evaluated(CLOSES, positions, { costBps: 100 });
  // Entered at 0, left at 1, entered at 3, left at 5, entered at 7, left at 8; the last is not.
  assertEquals([metrics.return_bars, metrics.trades, openPosition], [9, 3, 1]);
  near(metrics.exposure, 4 / 9);
  near(metrics.mean_holding_bars, 4 / 3);
  near(metrics.turnover, 6 / (9 / 365));
  near(metrics.hit_rate, 3 / 4);
  // 1.1 * .99^2 is 1.078, 1.1 * .9 * .99^2 is .970, 1.1 * .99^2 is 1.078.
  near(metrics.win_rate, 2 / 3);
  near(metrics.mean_return_in, (0.1 + 0.1 - 0.1 + 0.1) / 4);
  near(metrics.mean_return_out, (-0.1 + 0 + 0.1 + 0 - 0.1) / 5);
  near(metrics.edge, 0.05 - -0.02);
  near(metrics.gross_return, 1.1 ** 3 * 0.9 - 1);
  near(metrics.net_return, 1.1 ** 3 * 0.9 * 0.99 ** 6 - 1);
  near(metrics.cagr, (1.1 ** 3 * 0.9 * 0.99 ** 6) ** (365 / 9) - 1);
  // 1, 1.089, 1.07811, "", 1.174062, 1.056656, 1.046089, "", 1.139191, 1.127799
  near(metrics.max_drawdown, 1 - 0.9 * 0.99);
  assertEquals(drawdown, { depth: metrics.max_drawdown!, peak: 4, trough: 6, recovery: null });
  assertEquals(metrics.max_drawdown_bars, 5);
  const gains = 0.089 + 0.089 + 0.089;
  const losses = 0.01 + 0.1 + 0.01 + 0.01;
  near(metrics.profit_factor, gains / losses);
  near(metrics.benchmark_net_return, 1.0673289 * 0.99 - 1);
});

Deno.test("ten bars, long and short, by hand", () => {
  const positions = [1, -1, -1, 0, -1, -1, 1, 1, 1, 0];
  const { metrics } = evaluated(CLOSES, positions, { costBps: 50, slippageBps: 50 });
  // 1 in, 2 to short, 1 out, 1 in, 2 to long: the last change comes too late to earn.
  near(metrics.turnover, 7 / (9 / 365));
  assertEquals(metrics.trades, 4);
  near(metrics.exposure, 8 / 9);
  near(metrics.gross_return, 1.1 * 1.1 * 1 * 1.1 * 0.9 * 1 * 1.1 * 0.9 - 1);
  near(metrics.net_return, 1.1 ** 4 * 0.9 ** 2 * 0.99 ** 7 - 1);
  // The last trade, still open, has paid once: .99^3 of the first three would not do.
  near(metrics.win_rate, 2 / 4);
  near(metrics.mean_return_in, (0.1 + 0.1 + 0 + 0.1 - 0.1 + 0 + 0.1 - 0.1) / 8);
  near(metrics.mean_return_out, 0.1);
});

Deno.test("the Sharpe ratio and its kin, by hand", () => {
  // Returns of .2, -.1 and .2, always long.
  const { metrics } = evaluated([100, 120, 108, 129.6], [1, 1, 1, 1], {
    barsPerYear: 100,
    riskFree: 1,
  });
  near(metrics.volatility, Math.sqrt(0.03) * 10);
  near(metrics.bar_sharpe, (0.1 - 0.01) / Math.sqrt(0.03));
  near(metrics.sharpe, (0.1 - 0.01) / Math.sqrt(0.03) * 10);
  near(metrics.sortino, (0.1 - 0.01) / Math.sqrt(0.11 ** 2 / 3) * 10);
  near(metrics.skewness, -Math.SQRT1_2);
  near(metrics.kurtosis, 1.5);
  near(metrics.profit_factor, 4);
});

Deno.test("split in and out of sample, by hand", () => {
  const positions = [1, 0, 1, 1, 1, 0, 0, 1, 0, 1];
  const { metrics, split } = evaluated(CLOSES, positions, { split: 0.5, costBps: 100 });
  assertEquals(split, { bar: 5, inSampleBars: 5, outOfSampleBars: 4, survives: true });
  near(metrics.in_sample_net_return, 1.1 * 1.1 * 0.9 * 0.99 ** 3 - 1);
  near(metrics.out_of_sample_net_return, 1.1 * 0.99 ** 3 - 1);
  near(metrics.in_sample_benchmark_net_return, 0.9801 * 0.99 - 1);
  near(metrics.out_of_sample_benchmark_net_return, 1.0673289 / 0.9801 - 1);
  near(metrics.in_sample_edge, 0.1 / 4 - -0.1);
  near(metrics.out_of_sample_edge, 0.1 - 0);
  near(metrics.out_of_sample_hit_rate, 1);
});

Deno.test("an edge that is there in sample and not out of it does not survive", () => {
  const good = [1, 0, 0, 1, 0, 1, 0, 1, 0, 0];
  const bad = good.map((position, t) => t < 5 ? position : 1 - position);
  assertEquals(evaluated(CLOSES, good, { split: 0.5 }).split?.survives, true);
  assertEquals(evaluated(CLOSES, bad, { split: 0.5 }).split?.survives, false);
  const gone = good.map((position, t) => t < 5 ? position : 0);
  assertEquals(evaluated(CLOSES, gone, { split: 0.5 }).split?.survives, false);
});

const closesOf = (returns: readonly number[]): number[] =>
  returns.reduce((closes, r) => [...closes, closes.at(-1)! * (1 + r)], [100]);

const bars = fc.array(
  fc.record({
    move: fc.integer({ min: -40, max: 60 }).map((percent) => percent / 100),
    position: fc.constantFrom(-1, 0, 1),
  }),
  { minLength: 1, maxLength: 40 },
);

Deno.test("every metric is what the page defines", () => {
  fc.assert(
    fc.property(
      bars,
      fc.record({
        warmupShare: fc.double({ min: 0, max: 0.9, noNaN: true }),
        costBps: fc.integer({ min: 0, max: 300 }),
        riskFree: fc.constantFrom(0, 0.05),
        split: fc.constantFrom(0.3, 0.7, 1),
        gap: fc.integer({ min: 0, max: 100 }),
      }),
      (bars, { warmupShare, costBps, riskFree, split, gap }) => {
        const closes = closesOf(bars.map(({ move }) => move));
        const warmup = Math.floor(bars.length * warmupShare);
        const positions = [...bars.map(({ position }, t) => t < warmup ? 0 : position), 1];
        // A gap before the last bar is time that passes.
        const days = closes.map((_, t) => t === closes.length - 1 ? t + gap : t);
        const found = evaluated(closes, positions, {
          warmup,
          days,
          costBps,
          riskFree,
          split,
          permutations: 0,
        });
        const expected = definedMetrics({
          closes,
          positions,
          warmup,
          cost: costBps / 10_000,
          barsPerYear: 365,
          years: (days.at(-1)! - days[warmup]!) / 365,
          riskFree,
          split,
        });
        for (const [name, value] of Object.entries(expected)) {
          if (!Number.isFinite(value)) {
            assert(found.undefined[name], `${name} has neither value nor reason`);
          } else near(found.metrics[name], value, name);
        }
      },
    ),
    { numRuns: 300, seed: 7 },
  );
});

Deno.test("net without costs is gross, and costs never help", () => {
  fc.assert(fc.property(bars, fc.integer({ min: 1, max: 500 }), (bars, costBps) => {
    const closes = closesOf(bars.map(({ move }) => move));
    const positions = [...bars.map(({ position }) => position), 0];
    const free = evaluated(closes, positions).metrics;
    assertEquals(free.net_return, free.gross_return);
    const dear = evaluated(closes, positions, { costBps }).metrics;
    assertEquals(dear.gross_return, free.gross_return);
    assert(dear.net_return! <= free.net_return!);
    const split = evaluated(closes, positions, { costBps, split: 0.5 }).metrics;
    if (split.in_sample_net_return !== undefined && split.out_of_sample_net_return !== undefined) {
      near(
        (1 + split.in_sample_net_return) * (1 + split.out_of_sample_net_return) - 1,
        dear.net_return!,
      );
    }
  }));
});

Deno.test("always long is buy-and-hold, in every metric", () => {
  fc.assert(fc.property(bars, fc.integer({ min: 0, max: 99 }), (bars, costBps) => {
    const closes = closesOf(bars.map(({ move }) => move));
    const { metrics, drawdown, holdDrawdown } = evaluated(closes, closes.map(() => 1), { costBps });
    assertEquals(drawdown, holdDrawdown);
    for (const [name, value] of Object.entries(metrics)) {
      if (name.startsWith("benchmark_")) {
        assertEquals(metrics[name.slice("benchmark_".length)], value, name);
      }
    }
  }));
});

Deno.test("a signal and its complement split the return between them", () => {
  fc.assert(fc.property(bars, (bars) => {
    const closes = closesOf(bars.map(({ move }) => move));
    const positions = [...bars.map(({ position }) => Math.abs(position)), 0];
    const own = evaluated(closes, positions).metrics;
    const other = evaluated(closes, positions.map((position) => 1 - position)).metrics;
    near((1 + own.net_return!) * (1 + other.net_return!) - 1, own.benchmark_net_return!);
    near(own.exposure! + other.exposure!, 1);
    if (own.edge !== undefined) near(other.edge, -own.edge);
    assertEquals([own.mean_return_in, own.mean_return_out], [
      other.mean_return_out,
      other.mean_return_in,
    ]);
  }));
});

Deno.test("the drawdown of a series that only rises is 0, that of one that only falls is its whole fall", () => {
  const rising = evaluated([1, 2, 2, 3, 7], [1, 1, 1, 1, 1]);
  assertEquals([rising.metrics.max_drawdown, rising.metrics.max_drawdown_bars], [0, 0]);
  assertEquals(rising.drawdown, { depth: 0, peak: null, trough: null, recovery: null });
  assertEquals(rising.undefined.calmar, "the equity never fell");
  assertEquals(rising.undefined.profit_factor, "no bar lost");
  const falling = evaluated([7, 3, 2, 2, 1], [1, 1, 1, 1, 1]);
  near(falling.metrics.max_drawdown, 6 / 7);
  assertEquals(falling.drawdown, {
    depth: falling.metrics.max_drawdown!,
    peak: 0,
    trough: 4,
    recovery: null,
  });
});

Deno.test("a small loss beside a large gain is a loss all the same", () => {
  // 10^17 is so much more than a tenth that their sum and their difference are equal.
  const { metrics } = evaluated([1, 1e17, 9e16, 9e16], [1, 1, 1, 1]);
  near(metrics.profit_factor, 1e18);
});

Deno.test("a drawdown ends at the first bar that is as high again", () => {
  const { drawdown, metrics } = evaluated([10, 12, 6, 9, 12, 20, 15], [1, 1, 1, 1, 1, 1, 1]);
  assertEquals(drawdown, { depth: 0.5, peak: 1, trough: 2, recovery: 4 });
  assertEquals(metrics.max_drawdown_bars, 3);
});

/** Every metric has either a finite number or a reason. */
function assertReasoned(
  { metrics, undefined: reasons }: ReturnType<typeof evaluated>,
): void {
  assertEquals(
    [...Object.keys(metrics), ...Object.keys(reasons)].sort(),
    [...EVALUATION_METRICS].sort(),
  );
  for (const [name, value] of Object.entries(metrics)) {
    assert(Number.isFinite(value) && !Object.is(value, -0), `${name} is ${value}`);
  }
  for (const [name, reason] of Object.entries(reasons)) assert(reason.length > 5, name);
}

Deno.test("what is degenerate gives numbers or reasons, each in full", () => {
  const flat = [5, 5, 5, 5, 5, 5];
  const walk = [5, 6, 5, 7, 8, 6];
  const cases: Record<string, ReturnType<typeof evaluated>> = {
    "no trade": evaluated(walk, [0, 0, 0, 0, 0, 0], { permutations: 10 }),
    "constant prices": evaluated(flat, [0, 1, 0, 1, 1, 0], { permutations: 10 }),
    "always long": evaluated(walk, [1, 1, 1, 1, 1, 1], { permutations: 10 }),
    "one valid bar": evaluated(walk, [0, 0, 0, 0, 0, 1], { warmup: 5, permutations: 10 }),
    "two valid bars": evaluated(walk, [0, 0, 0, 0, 1, 1], { warmup: 4, permutations: 10 }),
    "no valid bar": evaluated(walk, [0, 0, 0, 0, 0, 0], { warmup: 6 }),
    "a price of 0": evaluated([5, 0, 5, 6, 5, 6], [1, 0, 1, 1, 0, 1]),
    "no times": evaluated(walk, [0, 1, 0, 1, 1, 0], {
      days: null,
      permutations: 10,
      riskFree: 0.1,
    }),
    "all times equal": evaluated(walk, [0, 1, 0, 1, 1, 0], { days: [1, 1, 1, 1, 1, 1] }),
    "ruin": evaluated([5, 15, 5, 7, 8, 6], [-1, 1, 0, 1, 1, 0], { permutations: 10 }),
    "costs of all": evaluated(walk, [1, 0, 1, 1, 0, 1], { costBps: 5000, slippageBps: 5000 }),
    "beyond doubles": evaluated(
      Array.from({ length: 1100 }, (_, t) => t % 2 === 0 ? 1 : 4),
      Array.from({ length: 1100 }, (_, t) => t % 2 === 0 ? 1 : 0),
    ),
  };
  for (const found of Object.values(cases)) assertReasoned(found);
  const reason = (name: string, metric: string): string | undefined =>
    cases[name]!.undefined[metric];
  assertEquals(cases["no trade"]!.metrics.net_return, 0);
  assertEquals(cases["no trade"]!.metrics.volatility, 0);
  assertEquals(reason("no trade", "sharpe"), "the returns do not vary");
  assertEquals(reason("no trade", "hit_rate"), "no bar is in a position");
  assertEquals(reason("no trade", "win_rate"), "there was no trade");
  assertEquals(reason("no trade", "p_value"), "the position is the same at every bar");
  assertEquals(reason("constant prices", "benchmark_sharpe"), "the returns do not vary");
  assertEquals(reason("always long", "edge"), "the position is the same at every bar");
  assertEquals(reason("one valid bar", "sharpe"), "a single valid bar earns no return");
  assertEquals(reason("two valid bars", "volatility"), "a single return does not vary");
  assertEquals(reason("a price of 0", "net_return"), "the close of bar 1 is not above 0");
  assertEquals(cases["a price of 0"]!.metrics.trades, 2);
  assertEquals(
    reason("no times", "sharpe"),
    "there is no time column: set evaluate.bars_per_year",
  );
  assertEquals(reason("all times equal", "cagr"), "no time has passed");
  assertEquals([cases.ruin!.metrics.net_return, cases.ruin!.metrics.max_drawdown], [-1, 1]);
  assertEquals(cases["costs of all"]!.metrics.net_return, -1);
  assertEquals(reason("beyond doubles", "net_return"), "it is beyond the range of doubles");
});

Deno.test("a price that grows by the same share does not vary, whatever its quotients are rounded to", () => {
  const closes = [100, 110, 121, 133.1, 146.41, 161.051];
  const { undefined: reasons, metrics } = evaluated(closes, [1, 1, 1, 1, 1, 1]);
  assertEquals([reasons.sharpe, metrics.volatility], ["the returns do not vary", 0]);
});

Deno.test("any bars and positions give a finite number or a reason for every metric", () => {
  fc.assert(fc.property(
    fc.array(
      fc.record({
        close: fc.oneof(
          fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
          fc.integer({ min: -1, max: 3 }),
        ),
        position: fc.constantFrom(-1, 0, 1),
      }),
      { minLength: 1, maxLength: 20 },
    ),
    fc.nat({ max: 20 }),
    fc.constantFrom(0, 10, 5000),
    (bars, warmup, costBps) => {
      const valid = Math.min(warmup, bars.length);
      const positions = bars.map(({ position }, t) => t < valid ? 0 : position);
      assertReasoned(
        evaluated(bars.map(({ close }) => close), positions, {
          warmup: valid,
          costBps,
          permutations: 5,
          split: 0.5,
        }),
      );
    },
  ));
});

Deno.test("gaps count as time that passes, not as fewer bars in a year", () => {
  const walk = [5, 6, 5, 7, 8, 6];
  const positions = [0, 1, 0, 1, 1, 0];
  const without = evaluated(walk, positions);
  const withGap = evaluated(walk, positions, { days: [0, 1, 2, 3, 4, 369] });
  assertEquals(withGap.barsPerYear, without.barsPerYear);
  assertEquals(withGap.metrics.sharpe, without.metrics.sharpe);
  near(withGap.years!, 369 / 365);
  near(1 + withGap.metrics.net_return!, (1 + withGap.metrics.cagr!) ** (369 / 365));
});

Deno.test("where a market closes again and again, a year has as many bars as the years had on average", () => {
  // Five days a week, for a year of weeks.
  const days = Array.from({ length: 260 }, (_, t) => Math.floor(t / 5) * 7 + t % 5);
  const prices = randomWalk(260, { seed: 1 });
  const positions = new Int8Array(260).fill(1);
  const weekdays = evaluated(prices, positions, { days, gaps: 51 });
  assertEquals(weekdays.yearSource, "calendar");
  near(weekdays.barsPerYear!, 259 / (days.at(-1)! / 365));
  const all = evaluated(prices, positions);
  assertEquals([all.yearSource, all.barsPerYear], ["interval", 365]);
  // One long hole is no calendar.
  const hole = Array.from({ length: 260 }, (_, t) => t < 130 ? t : t + 100);
  assertEquals(evaluated(prices, positions, { days: hole, gaps: 1 }).yearSource, "interval");
});

Deno.test("of less than two weeks of a market that closes nothing is annualised", () => {
  const short = evaluated([5, 6, 5, 7, 8, 6], [0, 1, 0, 1, 1, 0], {
    days: [0, 1, 4, 5, 8, 9],
    gaps: 2,
  });
  assertEquals([short.barsPerYear, short.metrics.sharpe], [null, undefined]);
  assertMatch(short.undefined.sharpe!, /two weeks .*: set evaluate\.bars_per_year$/);
});

Deno.test("books that are kept piece by piece are those of all bars, wherever pieces meet", () => {
  // More than two pieces of 65,536 bars; a split makes them meet elsewhere.
  const bars = 150_001;
  const prices = randomWalk(bars, { seed: 4, size: 0.002 });
  const positions = Int8Array.from(prices, (_, t) => [1, 0, -1, -1, 1][Math.floor(t / 7) % 5]!);
  const whole = evaluated(prices, positions, { warmup: 3, costBps: 1 });
  for (const split of [0.1, 0.4369, 0.9]) {
    const parts = evaluated(prices, positions, { warmup: 3, costBps: 1, split });
    for (const name of EVALUATION_METRICS) {
      if (/^(in|out_of)_sample_/.test(name) || whole.metrics[name] === undefined) continue;
      near(parts.metrics[name], whole.metrics[name], name);
    }
    const { peak, trough, recovery } = whole.drawdown!;
    assertEquals({ ...parts.drawdown, depth: 0 }, { depth: 0, peak, trough, recovery });
  }
  // The same in one loop.
  let [equity, height, depth, changes, hits, net, squares] = [1, 1, 0, 0, 0, 0, 0];
  for (let t = 3; t + 1 < bars; t++) {
    const earned = positions[t]! * (prices[t + 1]! / prices[t]! - 1);
    const change = Math.abs(positions[t]! - (t === 3 ? 0 : positions[t - 1]!));
    const growth = (1 + earned) * (1 - 1e-4) ** change;
    equity *= growth;
    height = Math.max(height, equity);
    depth = Math.max(depth, 1 - equity / height);
    changes += change;
    hits += earned > 0 ? 1 : 0;
    net += growth - 1;
    squares += (growth - 1) ** 2;
  }
  const { metrics } = whole;
  const count = bars - 4;
  near(metrics.net_return, equity - 1);
  near(metrics.max_drawdown, depth);
  near(metrics.turnover, changes / whole.years!);
  near(metrics.hit_rate, hits / (metrics.exposure! * count));
  near(metrics.bar_sharpe, net / count / Math.sqrt((squares - net * net / count) / (count - 1)));
});
