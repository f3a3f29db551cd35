import { assertEquals } from "@std/assert";
import {
  formatBytes,
  formatDuration,
  formatNumber,
  formatRate,
  formatTime,
  formatValue,
  shortHash,
  shortPath,
} from "../../../lib/cli/text/format.ts";

Deno.test("a duration has three digits and the unit that suits it", () => {
  const cases: [ms: number, text: string][] = [
    [0, "0.00 ms"],
    [0.05, "0.0500 ms"],
    [1.25, "1.25 ms"],
    [86.6, "86.6 ms"],
    [999.4, "999 ms"],
    [999.5, "1.00 s"],
    [999.99, "1.00 s"],
    [1000, "1.00 s"],
    [59_949, "59.9 s"],
    [59_950, "1 min 0 s"],
    [60_000, "1 min 0 s"],
    [119_400, "1 min 59 s"],
    [119_600, "2 min 0 s"],
    [3_600_000, "60 min 0 s"],
  ];
  for (const [ms, text] of cases) assertEquals(formatDuration(ms), text, `${ms}`);
});

Deno.test("a size has up to three digits and the unit that suits it", () => {
  const cases: [bytes: number, text: string][] = [
    [0, "0 bytes"],
    [10_239, "10239 bytes"],
    [10_240, "10 KiB"],
    [698_574, "682 KiB"],
    [1_034_240, "1010 KiB"],
    [1_048_576, "1 MiB"],
    [796_917_760, "760 MiB"],
    [1_610_612_736, "1.5 GiB"],
    [2 ** 50, "1020 TiB"],
  ];
  for (const [bytes, text] of cases) assertEquals(formatBytes(bytes), text, `${bytes}`);
});

Deno.test("numbers are as short as they can be told apart", () => {
  assertEquals(
    [5, 0.1 + 0.2, 1 / 3, 123456.789, 1e21, -2, 1e-9].map(formatNumber),
    ["5", "0.3", "0.3333333", "123456.8", "1e+21", "-2", "1e-9"],
  );
});

Deno.test("rates, times and hashes have one form each", () => {
  assertEquals(formatRate(0.5053021208483393), "0.505302");
  assertEquals(formatTime("2026-11-23T08:55:01.234Z"), "2026-11-23 08:55:01");
  assertEquals(shortHash("sha256:0123456789abcdef"), "01234567");
  assertEquals(shortHash(null), "");
});

Deno.test("a value of any type has a text, nothing has none", () => {
  assertEquals(
    [null, undefined, "x", true, 0.1 + 0.2, [1, 2], { a: "b" }].map(formatValue),
    ["", "", "x", "true", "0.3", "[1,2]", '{"a":"b"}'],
  );
});

Deno.test("a path is relative to the working directory if it is below it", () => {
  assertEquals(shortPath("/home/me/runs/x", "/home/me"), "runs/x");
  assertEquals(shortPath("/home/me", "/home/me"), "/home/me");
  assertEquals(shortPath("/home/you/x", "/home/me"), "/home/you/x");
});
