import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { expectedBestSharpe, probabilisticSharpe } from "../../lib/evaluate/deflated_sharpe.ts";
import { deflatedSharpes } from "../../lib/registry/deflated_sharpe.ts";
import { NO_HASHES } from "../../lib/record.ts";
import { commitRun, type StorableRun } from "../../lib/registry/store.ts";
import { sampleRun, withRegistry } from "./temp_registry.ts";

let count = 0;

/** A finished run with this signal on this data; `sharpe` is by the bar, null without an evaluation. */
function tried(
  signal: string,
  { sharpe, data = "d", ...fields }: Partial<StorableRun> & {
    readonly sharpe: number | null;
    readonly data?: string;
  },
): StorableRun {
  const second = String(count++).padStart(2, "0");
  return sampleRun({
    id: `20260101-0000${second}-aaaaa${String.fromCharCode(97 + count)}`,
    started_at: `2026-01-01T00:00:${second}.000Z`,
    hashes: { ...NO_HASHES, signal: `sha256:${signal}`, data: `sha256:${data}` },
    evaluation: sharpe === null ? null : {},
    metrics: sharpe === null
      ? {}
      : { bar_sharpe: sharpe, return_bars: 101, skewness: 0, kurtosis: 3 },
    ...fields,
  });
}

Deno.test("signals that were tried on the same data count once each, deleted ones too", async () => {
  await withRegistry([], async (registry) => {
    const best = tried("a", { sharpe: 0.3 });
    const all = [
      best,
      tried("a", { sharpe: 0.3 }),
      tried("b", { sharpe: 0.1 }),
      tried("c", { sharpe: -0.1, deleted_at: "2026-01-02T00:00:00.000Z" }),
      tried("d", { sharpe: null }),
      tried("e", { sharpe: 0.9, data: "other" }),
      tried("f", { sharpe: 0.9, status: "failed" }),
    ];
    for (const run of all) await commitRun(registry, run);
    const found = (await deflatedSharpes(registry, [best])).get(best.id)!;
    assertEquals([found.trials, found.evaluated, found.reason], [4, 3, null]);
    const expected = expectedBestSharpe({ trials: 4, variance: 0.04 });
    assertAlmostEquals(found.expected_best!, expected, 1e-12);
    assertAlmostEquals(
      found.value!,
      probabilisticSharpe({
        sharpe: 0.3,
        bars: 101,
        skewness: 0,
        kurtosis: 3,
        benchmark: expected,
      })!,
      1e-12,
    );
  });
});

Deno.test("a signal's Sharpe ratio is that of its latest run that was evaluated", async () => {
  await withRegistry([], async (registry) => {
    const runs = [
      tried("a", { sharpe: 0.5 }),
      tried("a", { sharpe: 0.1 }),
      tried("a", { sharpe: null }),
      tried("b", { sharpe: 0.3 }),
    ];
    for (const run of runs) await commitRun(registry, run);
    const found = (await deflatedSharpes(registry, [runs[3]!])).get(runs[3]!.id)!;
    assertAlmostEquals(
      found.expected_best!,
      expectedBestSharpe({ trials: 2, variance: 0.02 }),
      1e-12,
    );
  });
});

Deno.test("the first signal on its data is held against 0", async () => {
  await withRegistry([], async (registry) => {
    const run = tried("a", { sharpe: 0.3 });
    await commitRun(registry, run);
    const found = (await deflatedSharpes(registry, [run])).get(run.id)!;
    assertEquals([found.trials, found.expected_best], [1, 0]);
    assert(found.value! > 0.99);
  });
});

Deno.test("where it cannot be told, there is a reason; without an evaluation there is nothing", async () => {
  await withRegistry([], async (registry) => {
    const lone = tried("a", { sharpe: 0.3 });
    const flat = tried("b", { sharpe: 0.1, metrics: { return_bars: 100 } });
    const bare = tried("c", { sharpe: null });
    for (const run of [lone, flat, bare]) await commitRun(registry, run);
    const found = await deflatedSharpes(registry, [lone, flat, bare]);
    assertEquals(
      [found.get(lone.id)!.value, found.get(lone.id)!.reason],
      [null, "of no two signals on this data the Sharpe ratio is known"],
    );
    assertEquals(found.get(flat.id)!.reason, "the run has no Sharpe ratio");
    assertEquals(found.has(bare.id), false);
  });
});
