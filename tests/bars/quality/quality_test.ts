import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decimalColumn } from "../../../lib/bars/number/decimal_column.ts";
import { qualityFields } from "../../../lib/bars/quality/quality_fields.ts";
import { qualityOf, type QualityReport } from "../../../lib/bars/quality/quality.ts";
import type { KeptBars } from "../../../lib/bars/quality/repeated_times.ts";
import { SingleTimes } from "../../../lib/bars/time/times.ts";
import type { Column, ColumnName } from "../../../lib/experiment.ts";

type Cells = readonly (number | bigint)[];

function column(units: Cells, decimals = 0): Column {
  return decimalColumn(
    units.every((unit) => typeof unit === "number")
      ? Float64Array.from(units)
      : units.map((unit) => BigInt(unit)),
    decimals,
  );
}

function report(
  columns: { readonly [K in ColumnName]?: Column },
  times: readonly number[] | null = null,
): QualityReport {
  const length = times?.length ?? Object.values(columns)[0]?.units.length ?? 0;
  const bars: KeptBars = {
    length,
    times: times === null ? null : new SingleTimes(Float64Array.from(times)),
    ...columns,
  };
  return qualityOf({
    bars,
    rowsRead: length,
    missing: { count: 0, lines: [] },
    order: times === null ? "unknown" : "ascending",
  });
}

const NONE = { count: 0, bars: [], times: [] };
const NO_GAPS = {
  count: 0,
  longestMs: null,
  longestAfter: null,
  longestFrom: null,
  missingBars: 0,
};

const NO_HOLES = { count: 0, missingBars: 0, marketCloses: false };
const NO_INTERVAL = { intervalMs: null, gaps: null, holes: null, changes: false };

Deno.test("every finding of a small file, counted by hand", () => {
  const quality = qualityOf({
    bars: {
      length: 8,
      times: new SingleTimes(Float64Array.of(0, 60, 120, 120, 300, 300, 360, 420)),
      open: column([10, 0, 10, 10, -1, 10, 10, 10]),
      high: column([110, 110, 110, 110, 110, 110, 90, 125], 1),
      low: column([90, 90, 90, 90, 90, 90, 110, 90], 1),
      close: column([10, 10, 11, 11, 11, 12, 10, 13]),
      volume: column([0, 1, 2, 2, 0, 0, 0, 0]),
    },
    rowsRead: 10,
    missing: { count: 2, lines: [4, 9] },
    order: "descending",
  });
  assertEquals(quality, {
    rowsRead: 10,
    missing: { count: 2, lines: [4, 9] },
    repeatsDropped: 0,
    bars: 8,
    columns: ["open", "high", "low", "close", "volume"],
    order: "descending",
    firstTime: 0,
    lastTime: 420,
    spacing: {
      intervalMs: 60,
      gaps: { count: 1, longestMs: 180, longestAfter: 3, longestFrom: 120, missingBars: 2 },
      holes: { count: 1, missingBars: 2, marketCloses: false },
      changes: false,
    },
    repeats: {
      identical: { count: 1, bars: [3], times: [120] },
      conflicting: { count: 1, bars: [5], times: [300] },
    },
    zeroPrices: 1,
    negativePrices: 1,
    highBelowLow: 1,
    // 12 and 13 are above the high of 11 and 12.5; 10 is above 9 (and below 11).
    closeOutsideRange: 3,
    unchangedCloses: 3,
    largestMove: { change: 0.3, bar: 7, time: 420 },
    understood: [],
    leftOut: null,
  });
});

Deno.test("of a close alone nothing is said about the other columns", () => {
  const quality = report({ close: column([5, 6, 6]) }, [0, 1, 2]);
  assertEquals(quality.columns, ["close"]);
  assertEquals([quality.highBelowLow, quality.closeOutsideRange], [null, null]);
  assertEquals([quality.unchangedCloses, quality.largestMove?.change], [1, 0.2]);
  const without = report({ open: column([1, 2]) }, [0, 1]);
  assertEquals([without.unchangedCloses, without.largestMove], [null, null]);
  assertEquals(report({ high: column([1]), low: column([2]) }).highBelowLow, 1);
  assertEquals(report({ high: column([1]), close: column([2]) }).closeOutsideRange, null);
});

Deno.test("of no bars, one bar and two bars there is a report without numbers that are none", () => {
  const empty = report({ close: column([]) }, []);
  assertEquals([empty.bars, empty.firstTime, empty.lastTime], [0, null, null]);
  assertEquals(empty.spacing, NO_INTERVAL);
  assertEquals([empty.unchangedCloses, empty.largestMove], [0, null]);
  const one = report({ close: column([7]) }, [99]);
  assertEquals([one.bars, one.firstTime, one.lastTime], [1, 99, 99]);
  assertEquals(one.spacing, NO_INTERVAL);
  assertEquals([one.unchangedCloses, one.largestMove], [0, null]);
  const two = report({ close: column([8, 6]) }, [5, 15]);
  assertEquals(two.spacing, { intervalMs: 10, gaps: NO_GAPS, holes: NO_HOLES, changes: false });
  assertEquals(two.largestMove, { change: -0.25, bar: 1, time: 15 });
});

Deno.test("without times there is no order to speak of, but there are prices", () => {
  const quality = report({ close: column([1, 3]) });
  assertEquals([quality.firstTime, quality.spacing, quality.repeats], [null, null, null]);
  assertEquals(quality.largestMove, { change: 2, bar: 1, time: null });
});

Deno.test("constant prices never move", () => {
  const quality = report({ close: column(Array(50).fill(4)) });
  assertEquals([quality.unchangedCloses, quality.largestMove], [49, null]);
});

Deno.test("times that are all the same are all repeated, and have no interval", () => {
  const quality = report({ close: column(Array(9).fill(4)) }, Array(9).fill(1000));
  assertEquals(quality.repeats, {
    identical: { count: 8, bars: [1, 2, 3, 4, 5], times: Array(5).fill(1000) },
    conflicting: NONE,
  });
  assertEquals(quality.spacing, NO_INTERVAL);
});

Deno.test("a move from a price that is not positive has no ratio", () => {
  for (const cells of [[0, 5, -5, 5, 6], [0n, 5n, -5n, 5n, 6n]]) {
    const quality = report({ close: column(cells) });
    assertEquals(quality.largestMove, { change: -2, bar: 2, time: null });
    assertEquals([quality.zeroPrices, quality.negativePrices], [1, 1]);
  }
});

Deno.test("the largest move is the first of equals, up or down", () => {
  assertEquals(report({ close: column([4, 6, 3, 4, 6]) }).largestMove?.bar, 1);
  assertEquals(report({ close: column([4, 2, 3]) }).largestMove, {
    change: -0.5,
    bar: 1,
    time: null,
  });
});

Deno.test("prices of any number of digits and decimals are compared exactly", () => {
  const wide = 12345678901234567890n;
  // Each differs from the next by one in a place that no double has.
  const high = column([wide * 10n, 5n], 19);
  const low = column([wide * 10n + 1n, 5n], 19);
  const close = column([wide, 1n], 18);
  assertEquals(report({ high, low, close }).highBelowLow, 1);
  assertEquals(report({ high: low, low: high, close }).highBelowLow, 0);
  assertEquals(
    report({ high: low, low: high, close: column([wide, 0n], 18) }).closeOutsideRange,
    1,
  );
  // 2^53 - 1 in units, against the same with more decimals: the product is rounded.
  const most = Number.MAX_SAFE_INTEGER;
  assertEquals(
    report({ high: column([most], 4), low: column([9007199254741], 0) }).highBelowLow,
    1,
  );
  assertEquals(report({ high: column([most], 0), low: column([most], 30) }).highBelowLow, 0);
  assertEquals(report({ high: column([1n]), low: column([2]) }).highBelowLow, 1);
});

Deno.test("the interval is the commonest, the shortest of equally common ones", () => {
  const interval = (times: readonly number[]) => report({}, times).spacing?.intervalMs;
  assertEquals(interval([0, 2, 3]), 1);
  assertEquals(interval([0, 1, 3]), 1);
  assertEquals(interval([0, 5, 10, 11, 12, 17]), 5);
  // Quarters: no interval makes up half of them.
  assertEquals(interval([0, 90, 181, 273, 365, 455, 546, 638, 730]), 92);
  // Sixteen steps, all different: none makes up more than a sixteenth.
  const triangle = (count: number) => Array.from({ length: count }, (_, t) => t * (t + 1) / 2);
  assertEquals(interval(triangle(16)), 1);
  assertEquals(interval(triangle(17)), null);
  assertEquals(report({}, triangle(17)).spacing?.gaps, null);
});

Deno.test("the interval is that of all bars, whatever the first thousands look like", () => {
  const times = [0];
  for (let t = 0; t < 1500; t++) times.push(times.at(-1)! + 7);
  for (let t = 0; t < 2000; t++) times.push(times.at(-1)! + 21);
  const { intervalMs, gaps } = report({}, times).spacing!;
  assertEquals([intervalMs, gaps], [21, NO_GAPS]);
  const back = times.map((time) => times.at(-1)! - time).reverse();
  assertEquals(report({}, back.slice(0, 3200)).spacing?.gaps?.count, 0);
  const more = back.slice(1000);
  const { intervalMs: shorter, gaps: longer } = report({}, more).spacing!;
  assertEquals([shorter, longer], [7, {
    count: 1000,
    longestMs: 21,
    longestAfter: 0,
    longestFrom: more[0]!,
    missingBars: 2000,
  }]);
});

Deno.test("a gap is a place where a bar is missing, not one where a clock is off", () => {
  const gaps = (times: readonly number[]) => report({}, times).spacing?.gaps;
  const days = [0, 24, 48, 73, 97, 121];
  assertEquals(gaps(days), NO_GAPS);
  assertEquals(gaps([0, 10, 20, 35, 45]), {
    count: 1,
    longestMs: 15,
    longestAfter: 2,
    longestFrom: 20,
    missingBars: 1,
  });
  // The first of equally long ones.
  assertEquals(gaps([0, 10, 40, 50, 60, 70, 100]), {
    count: 2,
    longestMs: 30,
    longestAfter: 1,
    longestFrom: 10,
    missingBars: 4,
  });
});

/** The report as anyone would count it, with fractions of big integers. */
function naive(
  times: readonly number[],
  prices: { readonly [K in "open" | "high" | "low" | "close"]: readonly bigint[] },
  decimals: Readonly<Record<string, number>>,
): Record<string, unknown> {
  const exact = (name: keyof typeof prices, t: number): bigint =>
    prices[name][t]! * 10n ** BigInt(30 - decimals[name]!);
  const bars = times.map((_, t) => t);
  const steps = bars.slice(1).map((t) => times[t]! - times[t - 1]!);
  const counts = Map.groupBy(steps.filter((step) => step > 0), (step) => step);
  const all = steps.filter((step) => step > 0).length;
  const ranked = [...counts].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
  const mode = ranked[0] !== undefined && ranked[0][1].length * 16 > all ? ranked[0][0] : null;
  const long = mode === null ? [] : steps.filter((step) => step >= mode * 1.5);
  const names = ["open", "high", "low", "close"] as const;
  const same = (t: number): boolean =>
    names.every((name) => prices[name][t] === prices[name][t - 1]);
  const repeated = bars.slice(1).filter((t) => times[t] === times[t - 1]);
  const sizes = bars.map((t) => {
    if (t === 0 || prices.close[t - 1]! <= 0n) return -1;
    const before = prices.close[t - 1]!;
    const distance = prices.close[t]! - before;
    return Math.abs(Number(distance) / Number(before));
  });
  const cells = names.flatMap((name) => prices[name]);
  const largest = Math.max(-1, ...sizes);
  return {
    interval: mode,
    gaps: mode === null ? null : long.length,
    longest: mode === null || long.length === 0 ? null : Math.max(...long),
    missing: mode === null
      ? null
      : long.reduce((sum, step) => sum + Math.round(step / mode) - 1, 0),
    identical: repeated.filter(same).length,
    conflicting: repeated.filter((t) => !same(t)).length,
    zeros: cells.filter((cell) => cell === 0n).length,
    negatives: cells.filter((cell) => cell < 0n).length,
    highBelowLow: bars.filter((t) => exact("high", t) < exact("low", t)).length,
    outside:
      bars.filter((t) =>
        exact("close", t) > exact("high", t) || exact("close", t) < exact("low", t)
      ).length,
    unchanged: bars.slice(1).filter((t) => prices.close[t] === prices.close[t - 1]).length,
    largest: largest > 0 ? [largest, sizes.indexOf(largest)] : null,
  };
}

const LIMITS = { small: 4n, narrow: BigInt(Number.MAX_SAFE_INTEGER), wide: 10n ** 37n };

Deno.test("a report agrees with counting by hand, for prices of every width", () => {
  const prices = fc.constantFrom(...Object.values(LIMITS)).chain((limit) => {
    const cell = fc.oneof(
      { weight: 3, arbitrary: fc.bigInt({ min: -3n, max: 12n }) },
      { weight: 1, arbitrary: fc.bigInt({ min: -limit, max: limit }) },
    );
    const rows = fc.array(
      fc.record({
        step: fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom(0, 10) },
          { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 }) },
        ),
        cells: fc.tuple(cell, cell, cell, cell),
        repeat: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    const scale = fc.constantFrom(0, 1, 2, 17, 30);
    return fc.record({
      limit: fc.constant(limit),
      rows,
      scales: fc.tuple(scale, scale, scale, scale),
    });
  });
  fc.assert(
    fc.property(prices, fc.boolean(), ({ limit, rows, scales }, alwaysWide) => {
      let now = 0;
      const times = rows.map(({ step }) => now += step);
      const kept: (readonly bigint[])[] = [];
      for (const { cells, repeat, step } of rows) {
        kept.push(repeat && step === 0 && kept.length > 0 ? kept.at(-1)! : cells);
      }
      const [open, high, low, close] = [0, 1, 2, 3].map((at) => kept.map((cells) => cells[at]!));
      const decimals = { open: scales[0], high: scales[1], low: scales[2], close: scales[3] };
      const expected = naive(
        times,
        { open: open!, high: high!, low: low!, close: close! },
        decimals,
      );
      const asColumn = (cells: readonly bigint[], scale: number): Column =>
        column(alwaysWide || limit === LIMITS.wide ? cells : cells.map(Number), scale);
      const quality = report({
        open: asColumn(open!, decimals.open),
        high: asColumn(high!, decimals.high),
        low: asColumn(low!, decimals.low),
        close: asColumn(close!, decimals.close),
      }, times);
      const { spacing, repeats, largestMove } = quality;
      assertEquals({
        interval: spacing!.intervalMs,
        gaps: spacing!.gaps?.count ?? null,
        longest: spacing!.gaps?.longestMs ?? null,
        missing: spacing!.gaps?.missingBars ?? null,
        identical: repeats!.identical.count,
        conflicting: repeats!.conflicting.count,
        zeros: quality.zeroPrices,
        negatives: quality.negativePrices,
        highBelowLow: quality.highBelowLow,
        outside: quality.closeOutsideRange,
        unchanged: quality.unchangedCloses,
        largest: largestMove === null ? null : [Math.abs(largestMove.change), largestMove.bar],
      }, expected);
      // What is not in JSON would come back as something else.
      assertEquals(JSON.parse(JSON.stringify(quality)), quality);
    }),
    { seed: 3, numRuns: 600 },
  );
});

Deno.test("repeated times found before some were dropped are reported as given", () => {
  const repeats = { identical: NONE, conflicting: { count: 1, bars: [1], times: [5] } };
  const quality = qualityOf({
    bars: { length: 1, times: new SingleTimes(Float64Array.of(5)), close: column([1]) },
    rowsRead: 2,
    missing: { count: 0, lines: [] },
    order: "ascending",
    repeats,
    repeatsDropped: 1,
  });
  assertEquals([quality.repeats, quality.repeatsDropped], [repeats, 1]);
});

Deno.test("as fields a report is flat, and its names are always the same", () => {
  const quality = qualityOf({
    bars: {
      length: 4,
      times: new SingleTimes(Float64Array.of(0, 60_000, 60_000, 240_000)),
      close: column([4, 6, 6, 6]),
    },
    rowsRead: 5,
    missing: { count: 1, lines: [3] },
    order: "ascending",
  });
  const fields = qualityFields(quality);
  assertEquals(fields, {
    rows_read: 5,
    dropped_missing: 1,
    dropped_lines: "3",
    dropped_repeated: 0,
    bars: 4,
    columns: "close",
    order: "ascending",
    first_time: "1970-01-01T00:00:00.000Z",
    last_time: "1970-01-01T00:04:00.000Z",
    interval_ms: 60_000,
    gaps: 1,
    holes: 1,
    interval_changes: 0,
    market_closes: 0,
    missing_in_holes: 2,
    missing_bars: 2,
    longest_gap_ms: 180_000,
    longest_gap_from: "1970-01-01T00:01:00.000Z",
    repeated_identical: 1,
    repeated_conflicting: 0,
    repeated_at: "1970-01-01T00:01:00.000Z",
    zero_prices: 0,
    negative_prices: 0,
    high_below_low: null,
    close_outside_range: null,
    unchanged_closes: 2,
    largest_move: 0.5,
    largest_move_bar: 1,
    largest_move_time: "1970-01-01T00:01:00.000Z",
    close_column: null,
    close_told_by: null,
    time_column: null,
    time_told_by: null,
    symbol_column: null,
    symbol: null,
    rows_of_other_symbols: null,
    left_out_titles: null,
    left_out_notes: null,
    left_out_below: null,
    left_out_lines: null,
  });
  assertEquals(Object.keys(qualityFields(report({}))), Object.keys(fields));
});
