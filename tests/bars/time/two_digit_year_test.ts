import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import type { LoadRequest } from "../../../lib/bars/load.ts";
import { UserError } from "../../../lib/errors.ts";
import { excelMs } from "../../../lib/bars/time/excel_day.ts";
import { loadText } from "../load_text.ts";
import { refusalOf } from "../refusal.ts";

const DAY = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

type Order = "dmy" | "mdy" | "ymd" | "named";

/** A date with two digits of the year. */
function written(ms: number, order: Order, separator: string): string {
  const [year, month, day] = new Date(ms).toISOString().slice(2, 10).split("-");
  const name = MONTHS[Number(month) - 1]!;
  const parts = {
    dmy: [day, month, year],
    mdy: [month, day, year],
    ymd: [year, month, day],
    named: [day, name, year],
  };
  return parts[order].join(separator);
}

function file(times: readonly string[]): string {
  return `date,close\n${times.map((time, at) => `${time},${at + 1}\n`).join("")}`;
}

async function timesOf(text: string, options: Partial<LoadRequest> = {}) {
  try {
    return [...(await loadText(text, options)).bars.times!];
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

const day = fc.integer({ min: Date.UTC(1950, 0, 1) / DAY, max: Date.UTC(2029, 10, 1) / DAY });

Deno.test("dates with two digits of the year are read right or refused, in whichever order", async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(
      day,
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(1, 1, 1, 7),
      fc.constantFrom<Order>("dmy", "mdy", "ymd", "named"),
      fc.constantFrom("/", "-"),
      fc.boolean(),
      async (first, count, step, order, separator, isReversed) => {
        const times = Array.from({ length: count }, (_, at) => (first + at * step) * DAY)
          .filter((ms) => ms < Date.UTC(2030, 0, 1));
        const rows = isReversed ? times.toReversed() : times;
        const text = file(rows.map((ms) => written(ms, order, separator)));
        const found = await timesOf(text);
        if (found instanceof UserError) {
          assertMatch(found.message, /its dates make sense|bar \d+ is/);
        } else {
          read++;
          assertEquals(found, times);
        }
        const timeFormat = order === "named" ? "dmy" : order;
        assertEquals(await timesOf(text, { timeFormat }), times);
      },
    ),
    { seed: 1, numRuns: 400 },
  );
  assert(read > 250, `${read} read`);
});

Deno.test("orders that fit as well are listed, and each option reads the dates so", async () => {
  const text = file(["03/02/04", "04/03/05"]);
  const refusal = await refusalOf(() => loadText(text));
  assertMatch(refusal.message, /make sense in several orders, as the year has two digits/);
  assertMatch(refusal.hint!, /=dmy for .*=mdy for .*=ymd for the year first/);
  const first = async (timeFormat: "dmy" | "mdy" | "ymd") =>
    new Date((await loadText(text, { timeFormat })).bars.times![0]!).toISOString().slice(0, 10);
  assertEquals(
    [await first("dmy"), await first("mdy"), await first("ymd")],
    ["2004-02-03", "2004-03-02", "2003-02-04"],
  );
});

Deno.test("years of two digits that jump by decades, or may be past or to come, are refused", async () => {
  const century = await refusalOf(() => loadText(file(["13-Jan-28", "14-Jan-29", "15-Jan-75"])));
  assertMatch(century.message, /the year of bar 3 has two digits/);
  const open = await refusalOf(() => loadText(file(["13-Jan-30", "14-Jan-30"])));
  assertMatch(open.message, /the year of bar 1 has two digits, and may be of two centuries/);
  const turn = await timesOf(file(["30-Dec-99", "31-Dec-99", "01-Jan-00"]));
  assertEquals(turn, [30, 31, 32].map((day) => Date.UTC(1999, 11, day)));
});

Deno.test("a spreadsheet's days are read to the second that they stand for", () => {
  const property = fc.property(
    day,
    fc.nat({ max: 86_399 }),
    fc.integer({ min: 7, max: 11 }),
    (day, second, digits) => {
      const serial = day + 25_569 + second / 86_400;
      const text = serial.toFixed(digits);
      assertEquals(excelMs(text), day * DAY + second * 1000, text);
    },
  );
  fc.assert(property, { seed: 2, numRuns: 2000 });
  assertEquals(excelMs("45302"), Date.UTC(2024, 0, 11));
  assertEquals(excelMs("45302.4166667"), Date.UTC(2024, 0, 11, 10));
  for (const text of ["12", "18263", "109575", "-45302", "45302.", "4.5e4", "1704067200", ""]) {
    assertEquals(excelMs(text), NaN, text);
  }
});

Deno.test("a spreadsheet's days are those of the zone of the config", async () => {
  const options = { timeFormat: "excel", timeZone: "America/New_York" } as const;
  assertEquals(await timesOf(file(["45302.4166667", "45303"]), options), [
    Date.UTC(2024, 0, 11, 15),
    Date.UTC(2024, 0, 12, 5),
  ]);
});

Deno.test("what told the order of dates is said", async () => {
  const why = async (times: readonly string[]) =>
    (await loadText(file(times))).quality.understood[0]?.time?.why;
  assertEquals(await why(["01.02.2024", "02.02.2024"]), "the day first, as in dates with points");
  assertEquals(
    await why(["01/13/2024", "01/14/2024"]),
    "the month first, as some dates exist in that order only",
  );
  const days = ["01", "02", "03", "04", "05", "06"].map((day) => `01/${day}/2024`);
  assertEquals(await why(days), "the month first, as bars are days apart then, not months");
  assertEquals(await why(["2024-01-01", "2024-01-02"]), null);
});
