import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { chooseCuts } from "../../lib/check/cuts.ts";
import { randomStreams } from "../../lib/random.ts";

function cutsOf(
  { positions, warmup = 0 }: { readonly positions: Int8Array; readonly warmup?: number },
  count: number | "all",
  seed = 1,
): readonly number[] {
  return chooseCuts({ positions, warmup }, { count, random: randomStreams(seed)("cuts") });
}

Deno.test("a file with no more bars than cuts is cut after every bar but the last", () => {
  for (const count of [32, 4, "all"] as const) {
    assertEquals(cutsOf({ positions: new Int8Array(5) }, count), [1, 2, 3, 4]);
  }
  assertEquals(cutsOf({ positions: new Int8Array(1) }, 32), []);
  assertEquals(cutsOf({ positions: new Int8Array(0) }, "all"), []);
  assertEquals(cutsOf({ positions: new Int8Array(500) }, "all").length, 499);
});

Deno.test("cuts are distinct, in order, inside the bars, and as many as asked for", () => {
  fc.assert(
    fc.property(
      fc.int8Array({ min: -1, max: 1, maxLength: 400 }),
      fc.integer({ min: 1, max: 450 }),
      fc.nat(450),
      (positions, count, warmup) => {
        const bars = positions.length;
        const cuts = cutsOf({ positions, warmup: Math.min(warmup, bars) }, count);
        assertEquals(cuts.length, Math.max(0, Math.min(count, bars - 1)));
        assert(cuts.every((cut, at) => cut > (cuts[at - 1] ?? 0) && cut < bars));
      },
    ),
  );
});

Deno.test("both sides of the warm-up's edge and of the last bar are cut", () => {
  const cuts = cutsOf({ positions: new Int8Array(5000), warmup: 700 }, 32);
  for (const cut of [700, 701, 4998, 4999]) assert(cuts.includes(cut), `${cut} of ${cuts}`);
});

Deno.test("a small file is cut after each of its first bars", () => {
  assertEquals(
    cutsOf({ positions: new Int8Array(200), warmup: 150 }, 32).slice(0, 8),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
});

Deno.test("positions that change rarely are cut where they change", () => {
  const positions = new Int8Array(10_000);
  positions[4321] = 1;
  positions.fill(-1, 7000, 7003);
  const cuts = cutsOf({ positions }, 32);
  // Of four changes, up to eight draws reach most.
  const changes = [4322, 4323, 7001, 7004];
  assert(changes.filter((cut) => cuts.includes(cut)).length >= 3, `${cuts}`);
});

Deno.test("no large part of the bars is without a cut", () => {
  const cuts = [0, ...cutsOf({ positions: new Int8Array(10_000) }, 32), 10_000];
  const widest = Math.max(...cuts.slice(1).map((cut, at) => cut - cuts[at]!));
  assert(widest <= 10_000 / 14, `${widest}`);
});

Deno.test("equal seeds choose equal cuts, others others", () => {
  const positions = new Int8Array(1000);
  assertEquals(cutsOf({ positions }, 32, 5), cutsOf({ positions }, 32, 5));
  assert(String(cutsOf({ positions }, 32, 5)) !== String(cutsOf({ positions }, 32, 6)));
});
