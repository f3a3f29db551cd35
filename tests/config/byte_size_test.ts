import { assertEquals, assertThrows } from "@std/assert";
import { BYTE_SIZE, byteSize } from "../../lib/config/byte_size.ts";

Deno.test("a size is a number with a unit of thousands or of 1024", () => {
  const cases: [text: string, bytes: number][] = [
    ["0", 0],
    ["1000", 1000],
    ["1 B", 1],
    ["64MB", 64_000_000],
    ["64 mb", 64_000_000],
    ["64M", 64_000_000],
    ["1k", 1000],
    ["1KiB", 1024],
    ["1Gi", 2 ** 30],
    ["2TB", 2e12],
    ["1.5 MiB", 1.5 * 2 ** 20],
    ["0.0015kB", 1],
    ["999999999999999TiB", 999_999_999_999_999 * 2 ** 40],
  ];
  for (const [text, bytes] of cases) assertEquals(byteSize(text), bytes, text);
});

Deno.test("what is no size is refused", () => {
  const wrong = [
    "",
    " ",
    "MB",
    "-1MB",
    "+1",
    "1 000",
    "1,5MB",
    "1e3",
    "64PB",
    "64MBit",
    "1iB",
    ".5MB",
  ];
  for (const text of [...wrong, "1".repeat(16), " 1", "1\n", "٣MB", "0x10"]) {
    assertEquals(BYTE_SIZE.test(text), false, text);
    assertThrows(() => byteSize(text), TypeError);
  }
});
