import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { signalRate, WARMUP_POLICIES } from "../../lib/evaluate/signal_rate.ts";

Deno.test("the rate is the share of valid bars at position 1", () => {
  assertEquals(signalRate({ positions: Int8Array.of(0, 0, 1, 0, 1), warmup: 2 }, "exclude"), {
    signalRate: 2 / 3,
    ones: 2,
    validBars: 3,
    warmupBars: 2,
  });
});

Deno.test("with warm-up zero, warm-up bars are in the denominator too", () => {
  assertEquals(signalRate({ positions: Int8Array.of(0, 0, 1, 0, 1), warmup: 2 }, "zero"), {
    signalRate: 2 / 5,
    ones: 2,
    validBars: 3,
    warmupBars: 2,
  });
});

Deno.test("short positions are not ones", () => {
  assertEquals(signalRate({ positions: Int8Array.of(-1, 1, -1, 0), warmup: 0 }, "zero").ones, 1);
});

Deno.test("there is no rate over no valid bars, under either policy", () => {
  for (const policy of WARMUP_POLICIES) {
    for (const length of [0, 3]) {
      const signal = { positions: new Int8Array(length), warmup: length };
      assertEquals(signalRate(signal, policy), {
        signalRate: null,
        ones: 0,
        validBars: 0,
        warmupBars: length,
      });
    }
  }
});

Deno.test("without a warm-up both policies agree, and with one zero is never above exclude", () => {
  const positions = fc.array(fc.constantFrom(-1, 0, 1), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(positions, fc.nat(), (bars, at) => {
      const warmup = at % bars.length;
      const signal = { positions: Int8Array.from(bars).fill(0, 0, warmup), warmup };
      const [exclude, zero] = [signalRate(signal, "exclude"), signalRate(signal, "zero")];
      const ones = bars.slice(warmup).filter((bar) => bar === 1).length;
      assertEquals([exclude.ones, zero.ones], [ones, ones]);
      assertEquals(exclude.signalRate, ones / (bars.length - warmup));
      assertEquals(zero.signalRate, ones / bars.length);
    }),
    { seed: 17, numRuns: 300 },
  );
});
