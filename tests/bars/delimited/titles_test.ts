import { assertEquals, assertMatch } from "@std/assert";
import { loadBars } from "../../../lib/bars/load.ts";
import { loadText, requestFor, withDataFile } from "../load_text.ts";
import { refusalOf } from "../refusal.ts";

const ROWS = ["2024-01-03,103", "2024-01-04,104", "2024-01-05,105", "2024-01-06,106"];

Deno.test("rows below the titles are rows, in whatever form their first cell is", async () => {
  for (
    const first of [
      '"Jan 2, 2024",102',
      '"2 Jan 2024",102',
    ]
  ) {
    const { bars } = await loadText(["time,close", first, ...ROWS].join("\n"));
    assertEquals(bars.close.values, Float64Array.of(102, 103, 104, 105, 106), first);
  }
});

Deno.test("a damaged row below the titles is not passed over as a line of titles", async () => {
  for (const first of ["x,102", "2024-01-02x,y102", "??,102", "later,$102"]) {
    const text = ["time,close", first, ...ROWS].join("\n");
    const { message } = await withDataFile(
      text,
      (path) => refusalOf(() => loadBars(requestFor(path))),
    );
    assertMatch(message, /:2|row 1|line 2/, first);
  }
});
