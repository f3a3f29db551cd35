import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decimalText } from "../../../lib/bars/number/decimal_text.ts";
import { isoTime } from "../../../lib/bars/time/iso_time.ts";

Deno.test("a unit is written as the decimal that it stands for", () => {
  assertEquals(decimalText(0, 0), "0");
  assertEquals(decimalText(0, 5), "0");
  assertEquals(decimalText(-0, 5), "0");
  assertEquals(decimalText(1, 8), "0.00000001");
  assertEquals(decimalText(1500, 3), "1.5");
  assertEquals(decimalText(1500, 0), "1500");
  assertEquals(decimalText(-12, 1), "-1.2");
  assertEquals(decimalText(Number.MAX_SAFE_INTEGER, 2), "90071992547409.91");
  assertEquals(decimalText(10n ** 37n + 1n, 38), "0.10000000000000000000000000000000000001");
});

Deno.test("the text of a decimal is that decimal, without an exponent or idle zeros", () => {
  const unit = fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n });
  fc.assert(
    fc.property(unit, fc.integer({ min: 0, max: 38 }), (unit, decimals) => {
      const text = decimalText(unit, decimals);
      const [whole = "", fraction = ""] = text.split(".");
      assertEquals(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/.test(text), true);
      assertEquals(BigInt(whole + fraction.padEnd(decimals, "0")), unit);
    }),
    { seed: 5, numRuns: 500 },
  );
});

Deno.test("a time is written to the millisecond, to the microsecond where it has some", () => {
  assertEquals(isoTime(0), "1970-01-01T00:00:00.000Z");
  assertEquals(isoTime(-1), "1969-12-31T23:59:59.999Z");
  assertEquals(isoTime(1735689600000.125), "2025-01-01T00:00:00.000125Z");
  assertEquals(isoTime(0.9999), "1970-01-01T00:00:00.001Z");
  assertEquals(isoTime(-0.5), "1969-12-31T23:59:59.999500Z");
  assertEquals(isoTime(1e18), "1000000000000000000");
});
