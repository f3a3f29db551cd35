import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type DateOrderDecision, decideDateOrder } from "../../../lib/bars/time/date_order.ts";
import { TimestampReader } from "../../../lib/bars/time/timestamps.ts";

/** Decides from the texts of a column. */
function decide(texts: readonly string[], zone?: string): DateOrderDecision {
  const reader = new TimestampReader({ zone });
  const dayFirst = new Float64Array(texts.length);
  const monthFirst = new Float64Array(texts.length);
  texts.forEach((text, row) => {
    const bytes = new TextEncoder().encode(text);
    dayFirst[row] = reader.read(bytes, 0, bytes.length);
    monthFirst[row] = reader.isDayMonth ? reader.monthFirstMs : dayFirst[row]!;
  });
  return decideDateOrder(dayFirst, monthFirst);
}

const AMBIGUOUS: DateOrderDecision = { order: null, reason: "ambiguous" };

/** Local times a step apart, as day/month/year hour:minute. */
function rows(
  from: string,
  { count, minutes }: { readonly count: number; readonly minutes: number },
): string[] {
  const start = Date.parse(`${from}Z`);
  return Array.from({ length: count }, (_, row) => dayFirstText(start + row * minutes * 60_000));
}

function dayFirstText(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${iso.slice(11, 16)}`;
}

/** The same dates with the month first. */
function swapped(texts: readonly string[]): string[] {
  return texts.map((text) => text.replace(/^(\d+)(.)(\d+)/, "$3$2$1"));
}

/** Asserts that a day-first column is found to be one, its swap month-first, reversed or not. */
function assertDayFirst(texts: readonly string[], by: "validity" | "regularity"): void {
  for (const column of [texts, texts.toReversed()]) {
    assertEquals(decide(column), { order: "dmy", by });
    assertEquals(decide(swapped(column)), { order: "mdy", by });
    assertEquals(decide(column, "America/New_York"), { order: "dmy", by });
    assertEquals(decide(swapped(column), "Asia/Tokyo"), { order: "mdy", by });
  }
}

Deno.test("one date that exists in one order only decides", () => {
  assertDayFirst(["01/02/2024", "13/02/2024", "02/02/2024"], "validity");
  assertEquals(decide(["13/02/2024"]), { order: "dmy", by: "validity" });
});

Deno.test("dates that exist in different orders only contradict each other", () => {
  assertEquals(decide(["01/02/2024", "02/13/2024", "03/02/2024", "13/02/2024"]), {
    order: null,
    reason: "contradictory",
    dayFirstRow: 3,
    monthFirstRow: 1,
  });
});

Deno.test("minutes and hours that go on past midnight tell the order", () => {
  assertDayFirst(rows("2024-01-01T00:00", { count: 10_000, minutes: 1 }), "regularity");
  assertDayFirst(rows("2024-02-03T00:00", { count: 48, minutes: 60 }), "regularity");
  assertDayFirst(rows("2024-02-03T20:00", { count: 3, minutes: 240 }), "regularity");
});

Deno.test("sessions on neighbouring days tell the order, though the nights between them vary", () => {
  const days = ["2017-01-05", "2017-01-06", "2017-01-09", "2017-01-10"];
  const texts = days.flatMap((day) => rows(`${day}T09:30`, { count: 390, minutes: 1 }));
  assertDayFirst(texts, "regularity");
});

Deno.test("months of several years are not taken for days in January", () => {
  const months = Array.from({ length: 40 }, (_, month) => Date.UTC(2020, month, 1));
  assertDayFirst(months.map((ms) => dayFirstText(ms)), "regularity");
  const quarters = Array.from({ length: 12 }, (_, quarter) => Date.UTC(2020, quarter * 3, 2));
  assertDayFirst(quarters.map((ms) => dayFirstText(ms)), "regularity");
});

Deno.test("an order that leaves the rows unsorted loses to one that does not", () => {
  assertDayFirst(["05/01/2024", "02/02/2024", "09/03/2024", "01/04/2024"], "regularity");
});

Deno.test("unsorted rows are decided as sorted ones", () => {
  const texts = rows("2024-02-03T00:00", { count: 100, minutes: 60 });
  const shuffled = texts.map((_, row) => texts[row * 37 % 100]!);
  assertEquals(decide(shuffled), { order: "dmy", by: "regularity" });
  assertEquals(decide([...shuffled, ...shuffled]), { order: "dmy", by: "regularity" });
});

Deno.test("what may be either is ambiguous", () => {
  assertEquals(decide(rows("2024-04-03T00:00", { count: 10, minutes: 60 })), AMBIGUOUS);
  assertEquals(decide(["03/04/2024"]), AMBIGUOUS);
  assertEquals(decide(["01/02/2024", "02/02/2024", "03/02/2024"]), AMBIGUOUS);
  assertEquals(decide(["03/01/2019", "03/01/2020", "03/01/2021"]), AMBIGUOUS);
});

Deno.test("rows a day apart are days, although the first days of months would be as regular", () => {
  const days = rows("2024-01-01T00:00", { count: 12, minutes: 1440 });
  assertEquals(decide(days), { order: "dmy", by: "step" });
  assertEquals(decide(days.toReversed()), { order: "dmy", by: "step" });
  assertEquals(decide(swapped(days)), { order: "mdy", by: "step" });
  assertEquals(decide(days.slice(0, 5)), AMBIGUOUS);
  assertEquals(decide([...days.slice(0, 6), ...days.slice(7)]), AMBIGUOUS);
});

Deno.test("where both orders give the same times, it makes no difference", () => {
  const same: DateOrderDecision = { order: "dmy", by: "equality" };
  assertEquals(decide(["01/01/2024", "02/02/2024"]), same);
  assertEquals(decide(["2024-01-31", "1706745541"]), same);
  assertEquals(decide([]), same);
  assertEquals(decide(["n/a", "01/01/2024"]), same);
  assertEquals(decideDateOrder(new Float64Array([NaN]), new Float64Array([NaN])), same);
});

Deno.test("rows that are no date either way don't count", () => {
  const texts = rows("2024-02-03T00:00", { count: 100, minutes: 60 });
  assertEquals(decide(["", ...texts, "n/a"]), { order: "dmy", by: "regularity" });
});

Deno.test("regular bars of any start, step and length are never taken the wrong way", () => {
  const start = fc.integer({ min: Date.UTC(1990, 0) / 60_000, max: Date.UTC(2030, 0) / 60_000 });
  const step = fc.constantFrom(1, 5, 15, 30, 60, 240, 720, 1440, 7 * 1440);
  const dropped = fc.nat(9);
  let decided = 0;
  fc.assert(
    fc.property(
      start,
      step,
      fc.integer({ min: 1, max: 400 }),
      dropped,
      (at, minutes, count, drop) => {
        const from = new Date(Math.floor(at / minutes) * minutes * 60_000).toISOString().slice(
          0,
          16,
        );
        // Some rows are left out, as where nothing was traded.
        const texts = rows(from, { count, minutes }).filter((_, row) =>
          drop === 0 || row % (drop + 7) > 0
        );
        const { order } = decide(texts);
        if (order !== null) decided++;
        if (order === "mdy") throw new Error(texts.join());
        const { order: swap } = decide(swapped(texts));
        const same = texts.every((text) => text.slice(0, 2) === text.slice(3, 5));
        if (swap === "dmy" && !same) throw new Error(swapped(texts).join());
      },
    ),
    { seed: 14, numRuns: 400 },
  );
  assertEquals(decided > 200, true, String(decided));
});
