import { assertEquals } from "@std/assert";
import { qualityFields } from "../../../lib/bars/quality/quality_fields.ts";
import { qualityWarnings } from "../../../lib/bars/quality/warnings.ts";
import { loadText } from "../load_text.ts";

const CHECKS = { checks: ["open", "high", "low"] as const, maxMissing: 1 };

/** The codes of the warnings on a file. */
async function codes(rows: readonly string[], options = {}): Promise<readonly string[]> {
  const { quality } = await loadText(["time,open,high,low,close", ...rows].join("\n"), {
    ...CHECKS,
    ...options,
  });
  return qualityWarnings(qualityFields(quality)).map(({ code }) => code);
}

const day = (t: number): string => new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10);
const GOOD = Array.from({ length: 12 }, (_, t) => `${day(t)},10,12,9,11`);

/** The good rows with one of them otherwise. */
function changed(at: number, row: string): readonly string[] {
  return GOOD.map((good, t) => t === at ? row : good);
}

Deno.test("bars in order without a gap have no warning", async () => {
  assertEquals(await codes(GOOD), []);
});

Deno.test("each oddity has its warning, whatever the experiment reads", async () => {
  const cases: [code: string, rows: readonly string[]][] = [
    ["close_outside_range", changed(3, `${day(3)},10,12,9,12.01`)],
    ["close_outside_range", changed(0, `${day(0)},10,12,9,8.99`)],
    ["missing_values", changed(5, `${day(5)},10,12,9,`)],
    ["missing_bars", GOOD.toSpliced(4, 2)],
    ["unsorted", GOOD.with(2, GOOD[7]!).with(7, GOOD[2]!)],
    ["repeated_rows", GOOD.toSpliced(4, 0, GOOD[4]!)],
    ["lines_left_out", [...GOOD, "Downloaded from example.com"]],
  ];
  for (const [code, rows] of cases) {
    const found = await codes(rows);
    assertEquals(found.includes(code), true, `${code}: ${found.join()}`);
  }
  assertEquals(await codes(changed(3, `${day(3)},10,9,12,10`)), [
    "close_outside_range",
    "high_below_low",
  ]);
  assertEquals(await codes(changed(11, `${day(11)},11000,13000,9000,11000`)), ["large_move"]);
  assertEquals(await codes(GOOD, { overrides: { time: "none" } }), ["no_times"]);
});

Deno.test("columns that not every row has are not looked at, and cost no row", async () => {
  const { bars, quality, rowsHash } = await loadText(
    ["time,open,high,low,close", ...changed(3, `${day(3)},,n/a,x,20`)].join("\n"),
    CHECKS,
  );
  assertEquals([bars.length, quality.closeOutsideRange, Object.hasOwn(bars, "high")], [
    12,
    null,
    false,
  ]);
  const alone = await loadText(
    ["time,close", ...changed(3, `${day(3)},,n/a,x,20`).map((row) => row.replace(/,.*,/, ","))]
      .join("\n"),
  );
  assertEquals(rowsHash, alone.rowsHash);
});
