import { assert, assertEquals, assertThrows } from "@std/assert";
import { type BarsOptions, generateBars, HEADER } from "./generate.ts";

function text(options: BarsOptions): string {
  const decoder = new TextDecoder();
  let all = "";
  for (const block of generateBars(options)) all += decoder.decode(block);
  return all;
}

Deno.test("the same seed gives the same bytes, another seed gives others", () => {
  assertEquals(text({ rows: 500, seed: 7 }), text({ rows: 500, seed: 7 }));
  assert(text({ rows: 500, seed: 7 }) !== text({ rows: 500, seed: 8 }));
});

Deno.test("a longer file starts with the shorter one, across blocks too", () => {
  assert(text({ rows: 130_000 }).startsWith(text({ rows: 70_000 })));
});

Deno.test("every row is a bar: in time order, low <= open, close <= high, about 76 bytes", () => {
  const rows = 2000;
  const all = text({ rows, step: "hour" });
  assert(all.startsWith(HEADER));
  assert(all.endsWith("\n"));
  const lines = all.slice(HEADER.length, -1).split("\n");
  assertEquals(lines.length, rows);
  const bytesPerRow = (all.length - HEADER.length) / rows;
  assert(bytesPerRow > 74 && bytesPerRow < 78, `${bytesPerRow} bytes a row`);
  let lastMs = Date.UTC(2000, 0, 1) - 3_600_000;
  for (const line of lines) {
    const [time, ...numbers] = line.split(",");
    const timeMs = Date.parse(`${time!.replace(" ", "T")}Z`);
    assertEquals(timeMs, lastMs + 3_600_000);
    lastMs = timeMs;
    assertEquals(numbers.length, 6);
    for (const number of numbers) assertEquals(String(Number(number)), number);
    const [open, high, low, close] = numbers.map(Number);
    assert(low! <= Math.min(open!, close!) && high! >= Math.max(open!, close!), line);
  }
});

Deno.test("a number of rows that is none is refused", () => {
  assertThrows(() => text({ rows: 0 }), RangeError, "got 0");
  assertThrows(() => text({ rows: NaN }), RangeError, "got NaN");
});
