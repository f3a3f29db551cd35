import { assertEquals } from "@std/assert";
import type { QualityFields } from "../../../lib/bars/quality/quality_fields.ts";
import { formatInterval, qualityLines } from "../../../lib/cli/text/quality_text.ts";

const PLAIN: QualityFields = {
  rows_read: 100,
  dropped_missing: 0,
  dropped_lines: null,
  dropped_repeated: 0,
  bars: 100,
  columns: "close",
  order: "ascending",
  first_time: "2024-01-01T00:00:00.000Z",
  last_time: "2024-01-05T03:00:00.000Z",
  interval_ms: 3_600_000,
  gaps: 0,
  missing_bars: 0,
  longest_gap_ms: null,
  longest_gap_from: null,
  repeated_identical: 0,
  repeated_conflicting: 0,
  repeated_at: null,
  zero_prices: 0,
  negative_prices: 0,
  high_below_low: null,
  close_outside_range: null,
  unchanged_closes: 33,
  largest_move: -0.123456,
  largest_move_bar: 7,
  largest_move_time: "2024-01-01T07:00:00.000Z",
};

function line(label: string, fields: Partial<QualityFields>): string | undefined {
  return qualityLines({ ...PLAIN, ...fields } as QualityFields)
    .find(([name]) => name === label)?.[1];
}

Deno.test("a report is one line for each finding, without those that could not be had", () => {
  assertEquals(qualityLines(PLAIN), [
    ["rows", "100"],
    ["dropped", "none"],
    ["columns", "close"],
    ["order", "oldest first"],
    ["first", "2024-01-01 00:00:00"],
    ["last", "2024-01-05 03:00:00"],
    ["interval", "1 h"],
    ["gaps", "none"],
    ["repeated times", "none"],
    ["zero prices", "0"],
    ["negative prices", "0"],
    ["unchanged closes", "33 (33.33 %)"],
    ["largest move", "-12.35 % at 2024-01-01 07:00:00"],
  ]);
});

Deno.test("fields that were never recorded are left out", () => {
  assertEquals(qualityLines({}), []);
  assertEquals(qualityLines({ high_below_low: 2 }), [["high below low", "2"]]);
});

Deno.test("dropped rows are told with the reason and the first lines", () => {
  const some = { rows_read: 103, dropped_missing: 3, dropped_lines: "161, 164, 165" };
  assertEquals(line("rows", some), "103, of which 100 are bars");
  assertEquals(line("dropped", some), "3 without close (lines 161, 164, 165)");
  assertEquals(
    line("dropped", { ...some, dropped_missing: 7, columns: "open, close, volume" }),
    "7 without open, close or volume (lines 161, 164, 165, …)",
  );
  assertEquals(
    line("dropped", {
      dropped_missing: 3,
      dropped_lines: "a.csv:5, b 1, c.csv:7",
      columns: "close",
    }),
    "3 without close (at a.csv:5, b 1, c.csv:7, …)",
  );
  assertEquals(
    line("dropped", { dropped_missing: 1, dropped_lines: "5", dropped_repeated: 2 }),
    "1 without close (line 5), 2 with a repeated time",
  );
  assertEquals(line("dropped", { dropped_repeated: 2 }), "2 with a repeated time");
});

Deno.test("every order has its words", () => {
  const order = (order: string) => line("order", { order });
  assertEquals(order("descending"), "newest first: reversed");
  assertEquals(order("unsorted"), "unsorted: sorted by time");
  assertEquals(order("unknown"), "no time column: taken as they stand in the file");
  assertEquals(order("of a later version"), "of a later version");
});

Deno.test("gaps are told with the longest one", () => {
  const gap = {
    gaps: 2,
    missing_bars: 3,
    longest_gap_ms: 10_800_000,
    longest_gap_from: "2024-01-01T05:00:00.000Z",
  };
  assertEquals(
    line("gaps", gap),
    "2, 3 bars missing; the longest is 3 h from 2024-01-01 05:00:00",
  );
  assertEquals(
    line("gaps", {
      ...gap,
      gaps: 1,
      missing_bars: 1,
      longest_gap_from: "2024-01-01T05:00:00.250Z",
    }),
    "1, 1 bar missing; the longest is 3 h from 2024-01-01 05:00:00.25",
  );
});

Deno.test("bars without a common interval have no gaps to tell of", () => {
  const irregular = { interval_ms: null, gaps: null };
  assertEquals(line("interval", irregular), "none that is common");
  assertEquals(line("gaps", irregular), undefined);
  assertEquals(line("interval", { ...irregular, first_time: null }), undefined);
});

Deno.test("repeated times are told with the first of them, conflicting ones before others", () => {
  const at = "2024-01-01T05:00:00.000Z, 2024-01-02T05:00:00.000Z";
  assertEquals(
    line("repeated times", { repeated_identical: 2, repeated_at: at }),
    "2 identical (2024-01-01 05:00:00, 2024-01-02 05:00:00)",
  );
  assertEquals(
    line("repeated times", { repeated_identical: 9, repeated_conflicting: 3, repeated_at: at }),
    "9 identical, 3 conflicting (2024-01-01 05:00:00, 2024-01-02 05:00:00, …)",
  );
  assertEquals(
    line("repeated times", { repeated_conflicting: 2, repeated_at: at }),
    "2 conflicting (2024-01-01 05:00:00, 2024-01-02 05:00:00)",
  );
});

Deno.test("a move is told with its sign, and with the bar where there is no time", () => {
  assertEquals(
    line("largest move", { largest_move: 9, largest_move_time: null }),
    "+900 % at bar 7",
  );
  assertEquals(line("largest move", { largest_move: null }), undefined);
});

Deno.test("intervals are said in the units of a chart", () => {
  assertEquals(formatInterval(60_000), "1 min");
  assertEquals(formatInterval(14_400_000), "4 h");
  assertEquals(formatInterval(86_400_000), "1 d");
  assertEquals(formatInterval(2_678_400_000), "31 d");
  assertEquals(formatInterval(93_784_005), "1 d 2 h 3 min 4 s 5 ms");
  assertEquals(formatInterval(0.25), "0.25 ms");
  assertEquals(formatInterval(0), "0 ms");
});
