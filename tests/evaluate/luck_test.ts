import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { bootstrap, meanBlock } from "../../lib/evaluate/bootstrap.ts";
import { shiftTest } from "../../lib/evaluate/permutation.ts";
import { permutationsFor } from "../../lib/evaluate/settings.ts";
import type { Track } from "../../lib/evaluate/ledger.ts";
import { randomStreams } from "../../lib/random.ts";
import { evaluated, PLAIN, randomWalk } from "./evaluated.ts";

function trackOf(prices: Float64Array, positions: ArrayLike<number>): Track {
  const end = prices.length - 1;
  return { prices, positions: Int8Array.from(positions), from: 0, end, split: end, kept: 1 };
}

/** Positions that stay for some bars, and know nothing. */
function blindPositions(
  bars: number,
  seed: number,
  choices: readonly number[] = [0, 1],
): Int8Array {
  const random = randomStreams(seed)("positions");
  const positions = new Int8Array(bars);
  for (let t = 0; t < bars; t++) {
    positions[t] = t > 0 && random.float() < 0.8
      ? positions[t - 1]!
      : choices[random.int(0, choices.length - 1)]!;
  }
  return positions;
}

/** The p-value as the page defines it, with every shift. */
function slowShiftTest({ prices, positions, from: w, end }: Track): number {
  const N = end - w;
  const earned = (shift: number): number => {
    let sum = 0;
    for (let t = 0; t < N; t++) {
      const position = positions[w + (t - shift + N) % N]!;
      sum += position * (prices[w + t + 1]! / prices[w + t]! - 1);
    }
    return sum;
  };
  const own = earned(0);
  const L = Math.min(w, Math.floor((N - 1) / 2));
  const shifts = Array.from({ length: N - 1 - L }, (_, at) => at + 1);
  return (1 + shifts.filter((shift) => earned(shift) >= own - 1e-12).length) / (N - L);
}

Deno.test("with all shifts the test is exact: that of the definition, bar by bar", () => {
  const cases = [[1, [0, 1], 0], [2, [-1, 1], 30], [3, [-1, 0, 1], 150], [4, [0, 1], 170]] as const;
  for (const [seed, choices, from] of cases) {
    const prices = randomWalk(200, { seed });
    const track = { ...trackOf(prices, blindPositions(200, seed, choices)), from };
    const random = randomStreams(seed)("x");
    assertAlmostEquals(
      shiftTest(track, { permutations: 10_000, random }) as number,
      slowShiftTest(track),
      1e-12,
    );
  }
});

Deno.test("shifts that earn the same count as well as the true one", () => {
  // Every second bar, on prices that go up and down in turn: half of the shifts are like none.
  const prices = Float64Array.from({ length: 41 }, (_, t) => t % 2 === 0 ? 100 : 110);
  const positions = Array.from({ length: 41 }, (_, t) => t % 2 === 0 ? 1 : 0);
  const random = randomStreams(1)("x");
  assertEquals(shiftTest(trackOf(prices, positions), { permutations: 1000, random }), 20 / 40);
});

Deno.test("a position that never changes has no p-value", () => {
  const random = randomStreams(1)("x");
  assertEquals(
    shiftTest(trackOf(randomWalk(50, { seed: 1 }), new Int8Array(50).fill(1)), {
      permutations: 10,
      random,
    }),
    "the position is the same at every bar",
  );
});

Deno.test("on random walks p-values are uniform: Kolmogorov and Smirnov do not object", () => {
  const walks = 400;
  const values = Array.from({ length: walks }, (_, seed) =>
    shiftTest(
      trackOf(randomWalk(300, { seed }), blindPositions(300, seed + walks)),
      { permutations: 199, random: randomStreams(seed)("shifts") },
    ) as number).sort((a, b) => a - b);
  const distance = Math.max(
    ...values.map((value, at) => Math.max(Math.abs(value - at / walks), (at + 1) / walks - value)),
  );
  // Beyond 1.63 / sqrt n in one of a hundred; the seeds are fixed, so it is so always or never.
  assert(distance < 1.63 / Math.sqrt(walks), `the distance is ${distance}`);
  // It is not so close that the p-values would not be random.
  assert(distance > 0.1 / Math.sqrt(walks));
});

Deno.test("p-values of a signal on random walks are as rarely small as they say", () => {
  const small = Array.from({ length: 300 }, (_, seed) => {
    const prices = randomWalk(200, { seed: seed + 5000 });
    // A signal of the prices themselves, that knows no future: above the price five bars ago.
    const positions = Int8Array.from(
      prices,
      (price, t) => t >= 5 && price > prices[t - 5]! ? 1 : 0,
    );
    return evaluated(prices, positions, { permutations: 99, seed }).metrics.p_value!;
  }).filter((value) => value <= 0.05).length;
  // 15 are expected; 4 to 28 are within three and a half standard deviations.
  assert(small >= 4 && small <= 28, `${small} of 300`);
});

Deno.test("p-values of signals that look far back are as rarely small, with the trend and against it", () => {
  // Of all shifts, a fifteenth would bring positions round to the returns that they were made of.
  const [walks, bars, back] = [300, 300, 20];
  for (const trend of [1, 0]) {
    const values = Array.from({ length: walks }, (_, seed) => {
      const prices = randomWalk(bars, { seed: seed + 9000 });
      const positions = Int8Array.from(
        prices,
        (price, t) => t >= back ? Number(price > prices[t - back]!) ^ (1 - trend) : 0,
      );
      const found = evaluated(prices, positions, { warmup: back, permutations: bars, seed });
      return found.metrics.p_value;
    }).filter((value) => value !== undefined);
    const small = values.filter((value) => value <= 0.05).length;
    assert(small >= 4 && small <= 28, `${small} of ${values.length}, trend ${trend}`);
    // None is too large to be by chance, either.
    const large = values.filter((value) => value > 0.95).length;
    assert(large >= 4 && large <= 28, `${large} of ${values.length}, trend ${trend}`);
  }
});

Deno.test("a planted edge has small p-values, and an interval above 0", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const prices = randomWalk(1000, { seed });
    const random = randomStreams(seed)("seer");
    // Right about the next bar three times out of four.
    const positions = Int8Array.from(prices, (price, t) => {
      const rises = (prices[t + 1] ?? price) > price;
      return rises === (random.float() < 0.75) ? 1 : 0;
    });
    const { metrics } = evaluated(prices, positions, { permutations: 500, seed });
    assertEquals(metrics.p_value, 1 / 501);
    assert(metrics.edge_low! > 0 && metrics.edge_low! < metrics.edge!);
    assert(metrics.edge_high! > metrics.edge!);
    assert(metrics.sharpe_low! > 0 && metrics.sharpe_low! < metrics.sharpe!);
  }
});

Deno.test("bootstrap intervals hold the truth about as often as they say", () => {
  // Steps with a mean of 0.001 and no memory, always long: the Sharpe ratio by the bar is known.
  const bars = 250;
  const size = 0.02;
  const drift = 0.001;
  const truth = drift / (size / Math.sqrt(3));
  const held = Array.from({ length: 200 }, (_, seed) => {
    const random = randomStreams(seed)("steps");
    const prices = new Float64Array(bars + 1).fill(100);
    for (let t = 1; t <= bars; t++) {
      prices[t] = prices[t - 1]! * (1 + drift + (random.float() * 2 - 1) * size);
    }
    const track = trackOf(prices, new Int8Array(bars + 1).fill(1));
    let mean = 0;
    for (let t = 0; t < bars; t++) mean += (prices[t + 1]! / prices[t]! - 1) / bars;
    const { barSharpe } = bootstrap(track, {
      samples: 199,
      random: randomStreams(seed)("samples"),
      mean,
      riskFree: 0,
    });
    return (barSharpe.low as number) <= truth && truth <= (barSharpe.high as number);
  }).filter(Boolean).length;
  // 190 are expected of a perfect interval; those of percentiles are a little narrow.
  assert(held >= 176 && held <= 198, `${held} of 200`);
});

Deno.test("samples of the bootstrap are of as many bars, and on average of the same mean", () => {
  const prices = randomWalk(500, { seed: 9 });
  const positions = blindPositions(500, 9);
  const { metrics } = evaluated(prices, positions, { permutations: 2000, seed: 9 });
  const middle = (metrics.edge_low! + metrics.edge_high!) / 2;
  assertAlmostEquals(middle, metrics.edge!, (metrics.edge_high! - metrics.edge_low!) * 0.1);
});

Deno.test("a few samples make no interval of 95 %, though they make a p-value", () => {
  const [prices, positions] = [randomWalk(200, { seed: 1 }), blindPositions(200, 1)];
  const few = evaluated(prices, positions, { permutations: 38 });
  assertEquals(
    few.undefined.sharpe_low,
    "38 samples make no interval: set evaluate.permutations to 39 or more",
  );
  assertEquals(few.undefined.edge_high, few.undefined.sharpe_low);
  assert(few.metrics.p_value !== undefined);
  assert(evaluated(prices, positions, { permutations: 39 }).metrics.sharpe_low !== undefined);
});

Deno.test("blocks are as long as the cube root of the bars, rounded", () => {
  assertEquals([1, 7, 8, 1000, 9995, 1e6].map(meanBlock), [1, 2, 2, 10, 22, 100]);
});

Deno.test("what is resampled is determined by the seed, to the last digit", () => {
  const prices = randomWalk(400, { seed: 3 });
  const positions = blindPositions(400, 3, [-1, 0, 1]);
  const { metrics } = evaluated(prices, positions, { costBps: 10, permutations: 100, seed: 42 });
  const { p_value, sharpe_low, sharpe_high, edge_low, edge_high, cagr } = metrics;
  // The same on every machine: if these change, so does every result hash.
  assertEquals({ p_value, sharpe_low, sharpe_high, edge_low, edge_high, cagr }, PINNED);
});

const PINNED = {
  p_value: 0.900990099009901,
  sharpe_low: -3.638253516407073,
  sharpe_high: -0.2361224807010472,
  edge_low: -0.0009813782458045555,
  edge_high: 0.0001554858984915213,
  cagr: -0.16664100187369058,
};

Deno.test("the memory of the resampling grows with the bars, and a shorter track comes after a longer one", () => {
  const short = evaluated(randomWalk(300, { seed: 1 }), blindPositions(300, 1), {
    permutations: 50,
  });
  evaluated(randomWalk(60_000, { seed: 2 }), blindPositions(60_000, 2), { permutations: 3 });
  assertEquals(
    evaluated(randomWalk(300, { seed: 1 }), blindPositions(300, 1), { permutations: 50 }),
    short,
  );
});

Deno.test("nothing is resampled of very many bars unless it is asked for, and of too many for the memory never", () => {
  const asked = { ...PLAIN, permutations: 10 };
  const unasked = { ...PLAIN, permutations: undefined };
  assertEquals(permutationsFor(unasked, 1_000_000), 1000);
  assertEquals(
    permutationsFor(unasked, 1_000_001),
    "there are more than 1000000 bars: set evaluate.permutations",
  );
  assertEquals(permutationsFor(asked, 50_000_000), 10);
  assertEquals(
    permutationsFor(asked, 50_000_001),
    "there are more than 50000000 bars, which are not resampled",
  );
});
