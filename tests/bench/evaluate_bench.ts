/**
 * `deno task bench:evaluate`: what the evaluation of a signal costs, on a walk of
 * prices in ticks and a signal that changes at every fourth bar or so.
 *
 * @module
 */

import { bootstrap } from "../../lib/evaluate/bootstrap.ts";
import { evaluate } from "../../lib/evaluate/evaluate.ts";
import { shiftTest } from "../../lib/evaluate/permutation.ts";
import { randomStreams } from "../../lib/random.ts";

/** Prices, and 1 where one is above the mean of the last five. */
function signalOf(
  bars: number,
): { readonly prices: Float64Array; readonly positions: Int8Array } {
  const random = randomStreams(42)("bench");
  const prices = new Float64Array(bars);
  const positions = new Int8Array(bars);
  let price = 1_000_000;
  let sum = 0;
  for (let t = 0; t < bars; t++) {
    prices[t] = price += random.int(-500, 500);
    sum += price - (t < 5 ? 0 : prices[t - 5]!);
    if (t >= 4 && price * 5 > sum) positions[t] = 1;
  }
  return { prices, positions };
}

const small = signalOf(10_000);
const large = signalOf(1_000_000);

function inputOf({ prices, positions }: ReturnType<typeof signalOf>) {
  return {
    prices,
    positions,
    warmup: 4,
    timeAt: (bar: number): number => bar * 3_600_000,
    intervalMs: 3_600_000,
    gaps: 0,
    settings: {
      costBps: 10,
      slippageBps: 0,
      riskFree: 0,
      barsPerYear: "auto" as const,
      permutations: 0,
      split: 0.7,
    },
    random: randomStreams(42),
  };
}

const track = { ...small, from: 4, end: 9_999, split: 9_999, kept: 0.999 };

Deno.bench("evaluation of 10,000 bars, nothing resampled", () => {
  evaluate(inputOf(small));
});

Deno.bench("evaluation of 1,000,000 bars, nothing resampled", () => {
  evaluate(inputOf(large));
});

Deno.bench("all permutations of 10,000 bars", () => {
  shiftTest(track, { drawn: undefined, most: 1, random: randomStreams(42)("permutation") });
});

Deno.bench("1,000 samples of the bootstrap of 10,000 bars", () => {
  bootstrap(track, {
    samples: 1000,
    random: randomStreams(42)("bootstrap"),
    riskFree: 0,
  });
});
