import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { TimestampReader } from "../../lib/bars/timestamps.ts";

/** Reads `text` with foreign bytes around it, by a new reader unless one is given. */
function read(text: string, reader = new TimestampReader()): number {
  const bytes = new TextEncoder().encode(`99${text}00`);
  return reader.read(bytes, 2, bytes.length - 2);
}

Deno.test("a date and time is read in each ISO 8601 form, as UTC unless it has an offset", () => {
  const cases: [text: string, same: string][] = [
    ["2024-01-31", "2024-01-31T00:00:00.000Z"],
    ["2024-01-31 23:59", "2024-01-31T23:59:00.000Z"],
    ["2024-01-31T23:59", "2024-01-31T23:59:00.000Z"],
    ["2024-01-31t23:59:01", "2024-01-31T23:59:01.000Z"],
    ["2024-01-31 23:59:01", "2024-01-31T23:59:01.000Z"],
    ["2024-01-31 23:59:01.5", "2024-01-31T23:59:01.500Z"],
    ["2024-01-31 23:59:01,25", "2024-01-31T23:59:01.250Z"],
    ["2024-01-31T23:59:01.123Z", "2024-01-31T23:59:01.123Z"],
    ["2024-01-31T23:59:01.123000000z", "2024-01-31T23:59:01.123Z"],
    ["2024-01-31T23:59Z", "2024-01-31T23:59:00.000Z"],
    ["2024-01-31 23:59:01 UTC", "2024-01-31T23:59:01.000Z"],
    ["2024-01-31 23:59:01 gmt", "2024-01-31T23:59:01.000Z"],
    ["2024-01-31 23:59:01+00:00", "2024-01-31T23:59:01.000Z"],
    ["2024-01-31 23:59:01+01", "2024-01-31T22:59:01.000Z"],
    ["2024-01-31 23:59:01+0530", "2024-01-31T18:29:01.000Z"],
    ["2024-01-31 23:59:01-05:00", "2024-02-01T04:59:01.000Z"],
    ["2024-01-31 23:59:01.5 -05:30", "2024-02-01T05:29:01.500Z"],
    ["  2024-01-31 23:59  ", "2024-01-31T23:59:00.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["2000-02-29", "2000-02-29T00:00:00.000Z"],
    ["1969-12-31 23:59:59", "1969-12-31T23:59:59.000Z"],
    ["0050-03-01", "0050-03-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
    // A leap second is the first second of the next minute, as in Unix time.
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
  ];
  for (const [text, same] of cases) assertEquals(read(text), Date.parse(same), text);
});

Deno.test("a Unix time is told by its size: seconds, milli-, micro- or nanoseconds", () => {
  const ms = Date.parse("2024-01-31T23:59:01Z");
  assertEquals(read(`${ms / 1000}`), ms);
  assertEquals(read(`${ms / 1000}.0`), ms);
  assertEquals(read(`${ms / 1000}.5`), ms + 500);
  assertEquals(read(`${ms}`), ms);
  assertEquals(read(`${ms + 1}`), ms + 1);
  assertEquals(read(`${ms}000`), ms);
  assertEquals(read(`${ms}000000`), ms);
  assertEquals(read(` ${ms} `), ms);
  assertEquals(read("0"), 0);
  assertEquals(read("-0"), 0);
  assertEquals(read("1"), 1000);
  assertEquals(read("-86400"), -86_400_000);
  assertEquals(read("99999999999"), 99999999999000);
  assertEquals(read("100000000000"), 100000000000);
});

Deno.test("what is no timestamp gives NaN, however near it comes", () => {
  const cases = [
    "",
    " ",
    "-",
    "n/a",
    "2023-02-29",
    "2024-02-30",
    "2024-13-01",
    "2024-00-01",
    "2024-01-00",
    "2024-01-32",
    "1900-02-29",
    "2024-01-31 24:00",
    "2024-01-31 23:60",
    "2024-01-31 23:59:61",
    "2024-01-31 1:00",
    "2024-01-31 23",
    "2024-01-31 23:5",
    "2024-01-31 23:59:",
    "2024-01-31 23:59:0",
    "2024-01-31 23:59:00.",
    "2024-01-31 23:59:00 PM",
    "2024-01-31 23:59:00 CET",
    "2024-01-31 23:59:00Zulu",
    "2024-01-31 23:59:00+1",
    "2024-01-31 23:59:00+001",
    "2024-01-31 23:59:00+01:60",
    "2024-01-31 23:59:00+24:00",
    "2024-01-31 23:59:00+99:99",
    "2024-01-31 23:59:00+01:00:00",
    "2024-01-31 23:59:00+01:00x",
    "2024-01-31Z",
    "2024-01-31x23:59",
    "2024-1-31",
    "2024/01/31",
    "31-01-2024",
    "abcd-ef-gh",
    "1.5e9",
    "+1706745541",
    "--1",
    "1706745541.5x",
    "1706745541x",
    "1,706,745,541",
    "17067455410000000000",
  ];
  for (const text of cases) assertEquals(read(text), NaN, JSON.stringify(text));
});

const instant = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2200, 0) });

Deno.test("the milliseconds of an instant are the same in every form", () => {
  const reader = new TimestampReader();
  fc.assert(
    fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (ms, offset) => {
      const iso = new Date(ms).toISOString();
      assertEquals(read(iso, reader), ms);
      assertEquals(read(iso.replace("T", " ").replace("Z", "000"), reader), ms);
      const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
      const hours = String(Math.trunc(Math.abs(offset) / 60)).padStart(2, "0");
      const minutes = String(Math.abs(offset) % 60).padStart(2, "0");
      const sign = offset < 0 ? "-" : "+";
      assertEquals(read(`${local}${sign}${hours}:${minutes}`, reader), ms);
      const fraction = String(ms % 1000).padStart(3, "0");
      assertEquals(read(`${Math.floor(ms / 1000)}.${fraction}`, reader), ms);
      assertEquals(read(`${Math.floor(ms / 1000)}.${fraction}000000`, reader), ms);
      assertEquals(read(`${ms}`, reader), ms);
      assertEquals(read(`${ms}.000`, reader), ms);
      assertEquals(read(`${ms}000`, reader), ms);
      assertEquals(read(`${ms}000000`, reader), ms);
    }),
    { seed: 7, numRuns: 3000 },
  );
});

Deno.test("later times in microseconds and nanoseconds are never read as earlier ones", () => {
  fc.assert(
    fc.property(
      instant,
      fc.nat({ max: 999_999 }),
      fc.nat({ max: 999_999 }),
      (ms, first, second) => {
        const [low, high] = first < second ? [first, second] : [second, first];
        const nano = (rest: number): number => read(`${ms}${String(rest).padStart(6, "0")}`);
        if (nano(low) > nano(high)) throw new Error(`${low} after ${high}`);
        const close = Math.abs(nano(low) - (ms + low / 1e6));
        if (close > 1e-9) throw new Error(`${low} is off by ${close} ms`);
      },
    ),
    { seed: 8, numRuns: 1000 },
  );
});

Deno.test("a date that is no date stays none when it comes again, and its neighbour is one", () => {
  const reader = new TimestampReader();
  assertEquals(read("2023-02-29 10:00", reader), NaN);
  assertEquals(read("2023-02-29 11:00", reader), NaN);
  assertEquals(read("2023-02-28 11:00", reader), Date.UTC(2023, 1, 28, 11));
  assertEquals(read("2023-02-28 11:0x", reader), NaN);
  assertEquals(read("2023-02-28 12:00", reader), Date.UTC(2023, 1, 28, 12));
  assertEquals(read("2022-02-28 12:00", reader), Date.UTC(2022, 1, 28, 12));
});
