import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { TimestampReader } from "../../../lib/bars/time/timestamps.ts";

/** A time as text, and NaN for one that is none. */
function read(text: string, zone?: string): number {
  const bytes = new TextEncoder().encode(text);
  return new TimestampReader({ zone }).read(bytes, 0, bytes.length);
}

function at(iso: string): number {
  return Date.parse(iso);
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS =
  "January February March April May June July August September October November December"
    .split(" ");
const two = (number: number) => String(number).padStart(2, "0");

/** How programs print a time, to the second, with an offset of whole quarters of an hour. */
const PRINTERS: readonly ((date: Date, sign: string, offset: string) => string)[] = [
  (date, sign, offset) =>
    `${day(date).slice(0, 3)}, ${two(date.getUTCDate())} ${month(date).slice(0, 3)} ` +
    `${date.getUTCFullYear()} ${clock(date)} ${sign}${offset}`,
  (date, sign, offset) =>
    `${day(date).slice(0, 3)} ${month(date).slice(0, 3)} ${two(date.getUTCDate())} ` +
    `${date.getUTCFullYear()} ${clock(date)} GMT${sign}${offset} (Some Standard Time)`,
  (date, sign, offset) =>
    `${day(date)}, ${month(date)} ${date.getUTCDate()}, ${date.getUTCFullYear()} ${clock(date)} ` +
    `UTC${sign}${offset.slice(0, 2)}:${offset.slice(2)}`,
  (date, sign, offset) =>
    `${day(date).slice(0, 3)} ${month(date).slice(0, 3)} ${date.getUTCDate()} ${clock(date)} ` +
    `${sign}${offset} ${date.getUTCFullYear()}`,
  (date, sign, offset) =>
    `${date.toISOString().slice(0, 19)}${sign}${offset.slice(0, 2)}:${
      offset.slice(2)
    }[Etc/Unknown]`,
  (date, sign, offset) =>
    `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日 ${clock(date)}` +
    `${sign}${offset}`,
];

function day(date: Date): string {
  return DAYS[date.getUTCDay()]!;
}

function month(date: Date): string {
  return MONTHS[date.getUTCMonth()]!;
}

function clock(date: Date): string {
  return date.toISOString().slice(11, 19);
}

Deno.test("a time is read as programs print it, and no other day of the week is believed", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: at("1950-01-01") / 1000, max: at("2199-12-30") / 1000 }),
      fc.constantFrom(...PRINTERS),
      fc.integer({ min: -48, max: 56 }),
      (seconds, print, quarters) => {
        const size = Math.abs(quarters) * 15;
        const offset = two(Math.floor(size / 60)) + two(size % 60);
        const text = print(new Date(seconds * 1000), quarters < 0 ? "-" : "+", offset);
        assertEquals(read(text), seconds * 1000 - quarters * 900_000, text);
        const weekday = /^[A-Z][a-z]{2}/.exec(text)?.[0];
        if (weekday === undefined) return;
        const other = DAYS.find((name) => !name.startsWith(weekday))!.slice(0, weekday.length);
        const name = text.slice(0, text.search(/[ ,]/));
        assertEquals(read(other + text.slice(name.length)), NaN, text);
      },
    ),
    { seed: 1, numRuns: 2000 },
  );
});

Deno.test("a zone after a time is that of the time, whatever the config says of the others", () => {
  for (const zone of [undefined, "Asia/Tokyo"]) {
    assertEquals(read("2024-01-11 10:00 US/Eastern", zone), at("2024-01-11T15:00Z"));
    assertEquals(read("2024-07-11 10:00 America/New_York", zone), at("2024-07-11T14:00Z"));
    assertEquals(read("2024-01-11T10:00:00[Europe/Berlin]", zone), at("2024-01-11T09:00Z"));
    assertEquals(read("2024-01-11T10:00:00Z[UTC]", zone), at("2024-01-11T10:00Z"));
    assertEquals(read("2024-01-11 10:00 UTC+1", zone), at("2024-01-11T09:00Z"));
  }
  for (
    const text of ["2024-01-11 10:00 Foo/Bar", "2024-01-11 10:00 XYZ", "2024-01-11 10:00 GMT+25"]
  ) {
    assertEquals(read(text), NaN, text);
  }
});

Deno.test("an abbreviation is read if the zone of the config has it at that time", () => {
  const zone = "America/New_York";
  assertEquals(read("2024-01-11 10:00 EST", zone), at("2024-01-11T15:00Z"));
  assertEquals(read("2024-11-03 01:30 EDT", zone), at("2024-11-03T05:30Z"));
  assertEquals(read("2024-11-03 01:30 EST", zone), at("2024-11-03T06:30Z"));
  assertEquals(read("Thu Jan 11 10:00:00 EST 2024", zone), at("2024-01-11T15:00Z"));
  assertEquals(read("2024-07-11 10:00 EST", "-05:00"), at("2024-07-11T15:00Z"));
  assertEquals(read("2024-01-11 10:00 EST", "Australia/Brisbane"), at("2024-01-11T00:00Z"));
  assertEquals(read("27.10.2024 02:00 CET", "Europe/Berlin"), at("2024-10-27T01:00Z"));
  for (
    const [text, other] of [
      ["2024-01-11 10:00 EST", undefined],
      ["2024-07-11 10:00 EST", zone],
      ["2024-01-11 10:00 CET", zone],
      ["2024-01-11 10:00 CST", zone],
    ] as const
  ) {
    assertEquals(read(text, other), NaN, `${text} ${other}`);
  }
});

Deno.test("weeks and days of the year are those of ISO 8601", () => {
  assertEquals(read("2024-W02-4"), at("2024-01-11"));
  assertEquals(read("2020-W53-5"), at("2021-01-01"));
  assertEquals(read("2025-W01-1"), at("2024-12-30"));
  assertEquals(read("2024-366"), at("2024-12-31"));
  assertEquals(read("2024-060 10:30"), at("2024-02-29T10:30Z"));
  for (const text of ["2024-W53-1", "2024-W00-1", "2024-W02-8", "2023-366", "2024-000"]) {
    assertEquals(read(text), NaN, text);
  }
});

Deno.test("months have their names in several languages", () => {
  for (
    const text of [
      "9. März 2024",
      "9 Mrz 2024",
      "9 mars 2024",
      "9-mar-2024",
      "9 marzo 2024",
      "9 março 2024",
      "9 maart 2024",
    ]
  ) {
    assertEquals(read(text), at("2024-03-09"), text);
  }
  for (const text of ["9 Foo 2024", "9 mardi 2024"]) assertEquals(read(text), NaN, text);
});
