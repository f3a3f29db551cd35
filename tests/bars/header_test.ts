import { assert, assertEquals, assertMatch } from "@std/assert";
import type { ColumnRequest } from "../../lib/bars/header.ts";
import { type ColumnPlan, planColumns } from "../../lib/bars/plan_columns.ts";
import type { UserError } from "../../lib/errors.ts";
import { refusalOf } from "./refusal.ts";

function plan(
  header: readonly string[],
  request: Partial<ColumnRequest> = {},
): Omit<ColumnPlan, "understood" | "clock" | "symbols" | "prices" | "checks"> {
  const {
    understood: _,
    clock: _clock,
    symbols: _symbols,
    prices: _prices,
    checks: _checks,
    ...found
  } = planColumns(header, {
    wanted: ["close"],
    overrides: {},
    path: "bars.csv",
    ...request,
  });
  return found;
}

function refusal(
  header: readonly string[],
  request: Partial<ColumnRequest> = {},
): Promise<UserError> {
  return refusalOf(() => plan(header, request));
}

Deno.test("columns are found in any order and case", () => {
  assertEquals(
    plan(["VOLUME", "Close", "low", "Timestamp"], { wanted: ["close", "volume", "low"] }),
    {
      time: 3,
      fields: [{ name: "close", field: 1 }, { name: "volume", field: 0 }, {
        name: "low",
        field: 2,
      }],
    },
  );
});

Deno.test("the time column goes by the usual names, the more telling first", () => {
  const names = [
    "timestamp",
    "time",
    "datetime",
    "date",
    "open_time",
    "open time",
    "opentime",
    "unix timestamp",
    "unix",
  ];
  for (const name of names) assertEquals(plan(["close", name.toUpperCase()]).time, 1);
  assertEquals(plan(["unix", "date", "close"]).time, 0);
  assertEquals(plan(["date", "time", "close"]).time, 1);
});

Deno.test("the config names columns that are called otherwise, and the time, or none", () => {
  const header = ["timestamp", "close", "Adj Close", "when"];
  const at = (overrides: ColumnRequest["overrides"]): [number | null, number | undefined] => {
    const { time, fields } = plan(header, { overrides });
    return [time, fields[0]?.field];
  };
  assertEquals(at({}), [0, 1]);
  assertEquals(at({ close: "adj close" }), [0, 2]);
  assertEquals(at({ close: " Adj Close " }), [0, 2]);
  assertEquals(at({ time: "WHEN" }), [3, 1]);
  assertEquals(at({ time: "none" }), [null, 1]);
  assertEquals(at({ time: "None" }), [null, 1]);
  assertEquals(at({ open: "no such column" }), [0, 1]);
  assertEquals(at({ close: undefined, time: undefined }), [0, 1]);
});

Deno.test("a missing column is refused with the columns there are and the nearest", async () => {
  const error = await refusal(["timestamp", "open", "closed"]);
  assertEquals(error.code, "data_column_missing");
  assertEquals(
    error.message,
    "Cannot find column 'close' in bars.csv: it has 'timestamp', 'open', 'closed'; " +
      "the nearest is 'closed'",
  );
  assertMatch(error.hint!, /--set "columns\.close=closed"/);
});

Deno.test("no column is called the nearest when none is near", async () => {
  const error = await refusal(["", "timestamp", "x"]);
  assertEquals(
    error.message,
    "Cannot find column 'close' in bars.csv: it has '', 'timestamp', 'x'",
  );
  assertMatch(error.hint!, /--set "columns\.close=NAME"/);
});

Deno.test("a missing time column that the config names is refused", async () => {
  const error = await refusal(["timestamp", "close"], { overrides: { time: "timestmap" } });
  assertEquals(error.code, "data_column_missing");
  assertMatch(error.message, /Cannot find column 'timestmap' in bars\.csv: .*nearest is 'timest/);
  assertMatch(error.hint!, /columns\.time=timestamp/);
});

Deno.test("two columns of the wanted name are refused", async () => {
  const error = await refusal(["time", "Close", "close"]);
  assertEquals(error.code, "data_invalid");
  assertMatch(error.message, /column close of bars\.csv: 2 columns are named 'close'/);
  assertEquals(plan(["x", "x", "close", "time"]).fields[0]?.field, 2);
});

Deno.test("a refusal fits on a screen however wide the file is", async () => {
  const header = Array.from({ length: 5000 }, (_, i) => `column${i}${"x".repeat(500)}`);
  const error = await refusal(["time", ...header, `close${"d".repeat(100_000)}`]);
  assertMatch(error.message, / and 4982 more/);
  assert(`${error.message}${error.hint}`.length < 2000);
});

Deno.test("names from a file cannot command the terminal or the shell", async () => {
  for (
    const name of ["close\u001b[2J", "close$(reboot)", "close`id`", 'close"; id #', "close\u202e"]
  ) {
    const error = await refusal([name, "time"]);
    assert(!/[\p{Cc}\u202e]/u.test(error.message), error.message);
    assert(!/[\p{Cc}\u202e$`;#]/u.test(error.hint!), error.hint);
  }
  assertMatch(
    (await refusal(["time", "收盘 close (%)"])).hint!,
    /"columns\.close=收盘 close \(%\)"/,
  );
});
