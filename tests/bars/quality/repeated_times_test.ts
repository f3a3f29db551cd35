import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decimalColumn } from "../../../lib/bars/number/decimal_column.ts";
import {
  conflictError,
  countedBars,
  type DuplicatesPolicy,
  type KeptBars,
  repeatedTimes,
} from "../../../lib/bars/quality/repeated_times.ts";
import { SingleTimes } from "../../../lib/bars/time/times.ts";
import type { RowOrder } from "../../../lib/bars/time/time_order.ts";

function barsAt(times: readonly number[], close?: readonly number[]): KeptBars {
  return {
    length: times.length,
    times: new SingleTimes(Float64Array.from(times)),
    ...(close === undefined ? {} : { close: decimalColumn(Float64Array.from(close), 0) }),
  };
}

function kept(
  times: readonly number[],
  duplicates: DuplicatesPolicy | undefined,
  order: RowOrder = "ascending",
): number[] | null {
  return counted(barsAt(times), { duplicates, order });
}

function counted(
  bars: KeptBars,
  { duplicates, order = "ascending" }: {
    readonly duplicates?: DuplicatesPolicy | undefined;
    readonly order?: RowOrder;
  } = {},
): number[] | null {
  const kept = countedBars(bars, { duplicates, order, repeats: repeatedTimes(bars) });
  return kept === null ? null : [...kept];
}

Deno.test("rows of one time are identical or in conflict with the one before", () => {
  assertEquals(repeatedTimes(barsAt([1, 1, 1, 2], [5, 5, 6, 6])), {
    identical: { count: 1, bars: [1], times: [1] },
    conflicting: { count: 1, bars: [2], times: [1] },
  });
  const wide: KeptBars = {
    length: 3,
    times: new SingleTimes(Float64Array.of(1, 1, 1)),
    volume: decimalColumn([10n ** 20n, 10n ** 20n, 10n ** 20n + 1n], 0),
  };
  assertEquals(repeatedTimes(wide).conflicting.bars, [2]);
});

Deno.test("without times nothing is repeated", () => {
  const bars = { length: 3, times: null };
  assertEquals(repeatedTimes(bars).identical.count, 0);
  for (const duplicates of [undefined, "first", "last", "keep"] as const) {
    assertEquals(counted(bars, { duplicates, order: "unknown" }), null);
  }
});

Deno.test("an identical row of one time is one bar, and one that differs is not dropped", () => {
  assertEquals(counted(barsAt([1, 1, 1, 2, 2], [5, 5, 6, 6, 6])), [0, 2, 3]);
  assertEquals(counted(barsAt([1, 2, 3], [5, 5, 5])), null);
  const wide: KeptBars = {
    ...barsAt([1, 1, 1], [5, 5, 5]),
    volume: decimalColumn([10n ** 20n, 10n ** 20n, 10n ** 20n + 1n], 0),
  };
  assertEquals(counted(wide), [0, 2]);
});

Deno.test("all rows of one time count where that is wanted", () => {
  assertEquals(kept([1, 1, 2, 2], "keep"), null);
});

Deno.test("the first or last row of each time is kept", () => {
  assertEquals(kept([1, 1, 2, 3, 3, 3], "first"), [0, 2, 3]);
  assertEquals(kept([1, 1, 2, 3, 3, 3], "last"), [1, 2, 5]);
  assertEquals(kept([7, 7, 7], "first"), [0]);
  assertEquals(kept([7, 7, 7], "last"), [2]);
});

Deno.test("first and last are meant as the file has them, and newest-first files were reversed", () => {
  assertEquals(kept([1, 1, 2], "first", "descending"), [1, 2]);
  assertEquals(kept([1, 1, 2], "last", "descending"), [0, 2]);
  assertEquals(kept([1, 1, 2], "first", "unsorted"), [0, 2]);
});

Deno.test("nothing to drop is null", () => {
  assertEquals(kept([], "first"), null);
  assertEquals(kept([1], "last"), null);
  assertEquals(kept([1, 2, 3], "first"), null);
});

Deno.test("what is kept has each time once, and as many are dropped as are repeated", () => {
  const steps = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 30 });
  const policy = fc.constantFrom("first" as const, "last" as const, undefined);
  fc.assert(
    fc.property(steps, policy, (steps, keep) => {
      let now = 0;
      const times = steps.map((step) => now += step);
      const bars = kept(times, keep) ?? times.map((_, t) => t);
      assertEquals(bars.map((t) => times[t]), [...new Set(times)]);
      const find = keep === "last" ? "lastIndexOf" : "indexOf";
      assertEquals(bars, bars.map((t) => times[find](times[t]!)));
      const { identical, conflicting } = repeatedTimes(barsAt(times));
      assertEquals(times.length - bars.length, identical.count + conflicting.count);
    }),
    { seed: 4, numRuns: 500 },
  );
});

Deno.test("a conflict is told with its time, its columns and the way out", () => {
  const bars: KeptBars = {
    ...barsAt([0, 0, 0], [5, 6, 7]),
    volume: decimalColumn(Float64Array.of(1, 2, 3), 0),
    open: decimalColumn(Float64Array.of(1, 1, 1), 0),
  };
  const { conflicting } = repeatedTimes(bars);
  const error = conflictError("data.csv", { bars, conflicting });
  assertEquals(
    error.message,
    "Cannot use data.csv: two rows for 1970-01-01T00:00:00.000Z differ in their close and volume " +
      "(2 such bars in all)",
  );
  assertEquals(error.code, "data_invalid");
  assertEquals(
    error.hint,
    "Correct the file, or say which row of a time counts: " +
      "--set duplicates=first or --set duplicates=last",
  );
});
