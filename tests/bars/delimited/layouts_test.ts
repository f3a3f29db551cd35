import { assertEquals } from "@std/assert";
import { layoutOf } from "../../../lib/bars/delimited/layouts.ts";

Deno.test("a row without header goes by its number of columns", () => {
  const row = ["1", "2", "4", "1", "3"];
  assertEquals(layoutOf(row).name, "OHLC");
  assertEquals(layoutOf([...row, "9"]).name, "OHLCV");
  assertEquals(layoutOf([...row, "9", "1"]).name, "Kraken OHLCVT");
  assertEquals(layoutOf([...row, "9", "2", "1", "1", "1", "1", "0"]).columns[4], "close");
});

Deno.test("columns of another number, or prices that do not fit, are numbered", () => {
  assertEquals(layoutOf(["1", "2"]).columns, ["1", "2"]);
  assertEquals(layoutOf(["1", "4", "2", "1", "3"]).columns, ["1", "2", "3", "4", "5"]);
  assertEquals(layoutOf(["1", "a", "b", "c", "d"]).name, "numbered columns");
});
