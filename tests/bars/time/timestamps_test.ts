import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  formHint,
  TIME_FORMATS,
  type TimeFormat,
  whyNoTime,
} from "../../../lib/bars/time/time_format.ts";
import { TimestampReader } from "../../../lib/bars/time/timestamps.ts";

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
  assertEquals(read("-1325583000"), -1_325_583_000_000);
  assertEquals(read("-1325583000.5"), -1_325_583_000_500);
  // The first and the last instant of each unit.
  assertEquals(read("100000000"), Date.UTC(1973, 2, 3, 9, 46, 40));
  assertEquals(read("100000000000"), Date.UTC(1973, 2, 3, 9, 46, 40));
  assertEquals(read("7258118400"), Date.UTC(2200, 0));
  assertEquals(read("7258118400000"), Date.UTC(2200, 0));
  assertEquals(read("7258118400000000"), Date.UTC(2200, 0));
  assertEquals(read("7258118400000000000"), Date.UTC(2200, 0));
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
    "2024-01-31 23",
    "2024-01-31 23:5",
    "2024-01-31 23:59:",
    "2024-01-31 23:59:0",
    "2024-01-31 23:59:00.",
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
    "abcd-ef-gh",
    "1.5e9",
    "+1706745541",
    "--1",
    "1706745541.5x",
    "1706745541x",
    "1,706,745,541",
    "17067455410000000000",
    // Numbers that are no Unix time from 1973 to 2199.
    "0",
    "-0",
    "1",
    "1.5",
    "45292",
    "45292.5",
    "-86400",
    "99999999",
    "99999999999",
    "7258118401",
    "7258118400001",
    "20240131235960123",
    "20240131.0",
    // Twelve digits that may be a date and time, or milliseconds in 1976.
    "202401312359",
    // Dates that do not exist, in each form.
    "31/04/2024",
    "13/13/2024",
    "00/01/2024",
    "30-02-2024",
    "2024/02/30",
    "2024.13.01",
    "20240230",
    "22000101",
    "18991231",
    "20241301 00:00",
    "20240230000000",
    "20240131240000",
    "30 Feb 2024",
    "Feb 30, 2024",
    "0 Jan 2024",
    // What is nearly a date.
    "Jan 14, 20",
    "31/01-2024",
    "2024-01/31",
    "31/01/20240",
    "31/01/2024x",
    "001/01/2024",
    "2024-001-31",
    "2024 01 31",
    "31 01 2024",
    "Jan 2024",
    "14 January",
    "14 Janu 2024",
    "14 Jän 2024",
    "14-Jan/2024",
    "14-Jan 2024",
    "Jan-14 2024",
    "Jan14, 2024",
    "Jan 142024",
    "Jan 14,, 2024",
    "Fri Jan 14 2024",
    // Times of day that do not exist.
    "2020-09-05 13-PM",
    "2020-09-05 00-AM",
    "2020-09-05 0:30 AM",
    "2020-09-05 13:00 PM",
    "2020-09-05 02--PM",
    "2020-09-05 02:30-PM",
    "2020-09-05 02-XM",
    "2020-09-05 02-P",
    "2020-09-05 PM",
    "2020-09-05 123:00",
    "2020-09-05 2359",
    "20200905 235",
    "20200905 23595",
    "20200905 2400",
    "20200905x2300",
    "2020-09-05T 23:00",
    "2020-09-05,23:00",
    "2020-09-05 23:00 +0",
    "2020-09-05 23:00 +01:0",
    "2020-09-05 23:00 UT",
    "23:59",
    "02-PM",
  ];
  for (const text of cases) assertEquals(read(text), NaN, JSON.stringify(text));
});

const instant = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2200, 0) });

Deno.test("dates and times are read in the forms that vendors write", () => {
  const cases: [text: string, same: string][] = [
    ["2024/01/31", "2024-01-31"],
    ["2024/1/3 9:30", "2024-01-03T09:30Z"],
    ["2024-1-3", "2024-01-03"],
    ["2024.01.31 23:59", "2024-01-31T23:59Z"],
    ["31/12/2024 23:59:59", "2024-12-31T23:59:59Z"],
    ["31-12-2024 00:00", "2024-12-31"],
    ["31.12.2024", "2024-12-31"],
    ["31.12.2024 23:59:59.25", "2024-12-31T23:59:59.250Z"],
    ["31/12/2024 23:59 +01:00", "2024-12-31T22:59Z"],
    ["31/12/2024, 11:59:59 pm", "2024-12-31T23:59:59Z"],
    ["2020-09-05 02-PM", "2020-09-05T14:00Z"],
    ["2020-09-05 12-AM", "2020-09-05T00:00Z"],
    ["2020-09-05 12-PM", "2020-09-05T12:00Z"],
    ["2020-09-05 02:30 PM", "2020-09-05T14:30Z"],
    ["2020-09-05 02:30:15 pm", "2020-09-05T14:30:15Z"],
    ["2020-09-05 2:30PM", "2020-09-05T14:30Z"],
    ["2020-09-05 2 PM", "2020-09-05T14:00Z"],
    ["2020-09-05 12:30 AM", "2020-09-05T00:30Z"],
    ["2020-09-05 02:30:15.5 PM -05:00", "2020-09-05T19:30:15.500Z"],
    ["Jan 14, 2020", "2020-01-14"],
    ["Jan 4 2020", "2020-01-04"],
    ["January 14, 2020", "2020-01-14"],
    ["Sept. 14, 2020", "2020-09-14"],
    ["MAY 14,2020 10:00", "2020-05-14T10:00Z"],
    ["Jan-14-2020", "2020-01-14"],
    ["14 Jan 2020", "2020-01-14"],
    ["14 january, 2020 10:00", "2020-01-14T10:00Z"],
    ["14-Jan-2020", "2020-01-14"],
    ["4-DEC-2020 10:00:01", "2020-12-04T10:00:01Z"],
    ["14/Feb/2020", "2020-02-14"],
    ["14Jan2020", "2020-01-14"],
    ["20141201", "2014-12-01"],
    ["20141201 00:00", "2014-12-01"],
    ["20141201 000000", "2014-12-01"],
    ["20141201 235901.5", "2014-12-01T23:59:01.500Z"],
    ["20141201 2359", "2014-12-01T23:59Z"],
    ["20141201T235901Z", "2014-12-01T23:59:01Z"],
    ["20141201235901", "2014-12-01T23:59:01Z"],
    ["\t2014-12-01 \t", "2014-12-01"],
  ];
  const reader = new TimestampReader();
  for (const [text, same] of cases) {
    assertEquals(read(text), Date.parse(same), text);
    assertEquals(read(text, reader), Date.parse(same), `${text}, by a reader that has read others`);
  }
});

Deno.test("a date in numbers is read with the day first and with the month first", () => {
  const cases: [text: string, dayFirst: string | null, monthFirst: string | null][] = [
    ["01-02-2024 10:00", "2024-02-01T10:00Z", "2024-01-02T10:00Z"],
    ["1/3/2017", "2017-03-01", "2017-01-03"],
    ["31.12.2024 23:59:59", "2024-12-31T23:59:59Z", null],
    ["12/31/2024 11:59 PM", null, "2024-12-31T23:59Z"],
    ["05/05/2024", "2024-05-05", "2024-05-05"],
    ["01/02/2024 10:00+01:00", "2024-02-01T09:00Z", "2024-01-02T09:00Z"],
  ];
  const reader = new TimestampReader();
  const parse = (text: string | null): number => text === null ? NaN : Date.parse(text);
  for (const [text, dayFirst, monthFirst] of cases) {
    assertEquals(read(text, reader), parse(dayFirst), text);
    assertEquals([reader.isDayMonth, reader.monthFirstMs], [true, parse(monthFirst)], text);
  }
  for (const text of ["2024-01-31", "14 Jan 2020", "1706745541", "31/31/2024", "1/2/2024 25:00"]) {
    read("01/02/2024", reader);
    read(text, reader);
    assertEquals([reader.isDayMonth, reader.monthFirstMs], [false, NaN], text);
  }
});

Deno.test("a format admits its own form and no other", () => {
  const day = "2024-02-01T00:00:00Z";
  const cases: [text: string, read: Partial<Record<TimeFormat, string>>][] = [
    ["2024-02-01", { iso: day, ymd: day }],
    ["20240201", { iso: day, ymd: day, s: "1970-08-23T06:16:41Z", ms: "1970-01-01T05:37:20.201Z" }],
    ["202402010000", { iso: day, ymd: day, ms: "1976-05-31T14:46:50Z" }],
    ["20240201000000", { iso: day, ymd: day }],
    ["2024/02/01", { ymd: day }],
    ["2024.2.1", { ymd: day }],
    ["2024-2-1", { ymd: day }],
    ["01/02/2024", { dmy: day, mdy: "2024-01-02" }],
    ["13/02/2024", { dmy: "2024-02-13" }],
    ["02/13/2024", { mdy: "2024-02-13" }],
    ["1 Feb 2024", { dmy: day }],
    ["Feb 1, 2024", { mdy: day }],
    ["1706745541.5", { s: "2024-01-31T23:59:01.500Z", ms: "1970-01-20T18:05:45.541Z" }],
    ["-1500", { s: "1969-12-31T23:35:00Z", ms: "1969-12-31T23:59:58.500Z" }],
    ["0", { s: "1970-01-01", ms: "1970-01-01", us: "1970-01-01", ns: "1970-01-01" }],
    ["junk", {}],
    ["9999999999999999999", {}],
  ];
  for (const [text, expected] of cases) {
    for (const format of TIME_FORMATS) {
      const same = expected[format];
      const ms = read(text, new TimestampReader({ format }));
      // A number is one in every unit; not each is spelt out here.
      if (same === undefined && /^-?[\d.]+$/.test(text) && /^.?s$/.test(format)) continue;
      assertEquals(
        Math.floor(ms),
        same === undefined ? NaN : Date.parse(same),
        `${text}: ${format}`,
      );
    }
  }
  assertEquals(read("1500", new TimestampReader({ format: "us" })), 1.5);
  assertEquals(read("1500000.5", new TimestampReader({ format: "ns" })), 1.5000005);
  assertEquals(read("5", new TimestampReader({ format: "ns" })), 0.000005);
  assertEquals(read("9999999999999", new TimestampReader({ format: "s" })), NaN);
});

Deno.test("fractions of a second are read to the nearest double", () => {
  const day = Date.UTC(2024, 0, 31);
  assertEquals(read("2024-01-31 00:00:00.000123"), day + 0.123);
  assertEquals(read("2024-01-31 00:00:00.999999999"), day + 999.999999);
  assertEquals(read("2024-01-31 00:00:00.123456789012345678"), day + 123.456789012345678);
  assertEquals(read(`${day / 1000}.123456789`), day + 123.456789);
  assertEquals(read(`${day}000123.456`), day + 0.000123456);
});

Deno.test("a time zone applies to texts without an offset, and to no Unix time", () => {
  const reader = new TimestampReader({ zone: "America/New_York" });
  const ms = Date.parse("2024-07-01T13:30:00Z");
  for (const text of ["2024-07-01 09:30", "July 1, 2024 9:30 AM", "20240701 093000"]) {
    assertEquals(read(text, reader), ms, text);
  }
  for (const text of ["2024-07-01 13:30Z", "2024-07-01 15:30 +0200", `${ms}`, `${ms / 1000}.0`]) {
    assertEquals(read(text, reader), ms, text);
  }
  assertEquals(read("2024-07-01", reader), Date.parse("2024-07-01T04:00:00Z"));
  assertEquals(read("01/07/2024 09:30:00.25", reader), ms + 250);
  assertEquals(reader.monthFirstMs, Date.parse("2024-01-07T14:30:00.250Z"));
  assertThrows(() => new TimestampReader({ zone: "Mars/Olympus" }), RangeError, "Mars/Olympus");
});

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

const NAMES =
  "January February March April May June July August September October November December"
    .split(" ");

/** An instant in seconds, in every dated form, and whether its day and month may be swapped. */
function dated(ms: number): { readonly text: string; readonly swaps: boolean }[] {
  const iso = new Date(ms).toISOString();
  const [year, month, day] = [iso.slice(0, 4), iso.slice(5, 7), iso.slice(8, 10)];
  const name = NAMES[Number(month) - 1]!;
  const time = iso.slice(11, 19);
  const hour = Number(time.slice(0, 2));
  const half = `${hour % 12 === 0 ? 12 : hour % 12}${time.slice(2)} ${hour < 12 ? "AM" : "PM"}`;
  const dates = [
    ...["-", "/", "."].flatMap((sign) => [
      { date: [year, month, day].join(sign), swaps: false },
      { date: [Number(year), Number(month), Number(day)].join(sign), swaps: false },
      { date: [day, month, year].join(sign), swaps: true },
      { date: [Number(day), Number(month), year].join(sign), swaps: true },
    ]),
    ...[name, name.slice(0, 3), name.toUpperCase(), name.slice(0, 3).toLowerCase()].flatMap((
      word,
    ) => [
      { date: `${word} ${day}, ${year}`, swaps: false },
      { date: `${word} ${Number(day)} ${year}`, swaps: false },
      { date: `${day} ${word} ${year}`, swaps: false },
      { date: `${Number(day)}-${word}-${year}`, swaps: false },
    ]),
    { date: `${year}${month}${day}`, swaps: false },
  ];
  const texts = dates.flatMap(({ date, swaps }) =>
    [time, half, `${time}Z`, `${half} +00:00`].map((clock) => ({ text: `${date} ${clock}`, swaps }))
  );
  const bare = `${year}${month}${day}`;
  const compact = time.replaceAll(":", "");
  return [
    ...texts,
    ...[`${bare} ${compact}`, `${bare}T${compact}Z`, `${bare}${compact}`]
      .map((text) => ({ text, swaps: false })),
  ];
}

Deno.test("an instant written in any dated form is read back, whatever was read before", () => {
  const reader = new TimestampReader();
  const seconds = fc.integer({ min: Date.UTC(1900, 0) / 1000, max: Date.UTC(2200, 0) / 1000 - 1 });
  fc.assert(
    fc.property(seconds, (second) => {
      for (const { text, swaps } of dated(second * 1000)) {
        assertEquals(read(text, reader), second * 1000, text);
        assertEquals(reader.isDayMonth, swaps, text);
        if (!swaps || Number.isNaN(reader.monthFirstMs)) continue;
        const [, first, second_] = /^(\d+).(\d+)/.exec(text)!;
        const swapped = text.replace(/^\d+(.)\d+/, `${second_}$1${first}`);
        assertEquals(reader.monthFirstMs, read(swapped), text);
      }
    }),
    { seed: 9, numRuns: 150 },
  );
});

const STARTS = [
  "2024-01-31 23:59:00.5+01:00",
  "31/01/2024 11:59 PM",
  "1706745541123",
  "1706745541.0",
  "Jan 31, 2024 10:00:00",
  "31-January-2024",
  "20240131 235900",
  "2020-09-05 02-PM",
];

/** Near-timestamps: some bytes of a real one replaced, put in or left out. */
const mutated = fc.tuple(
  fc.constantFrom(...STARTS),
  fc.array(
    fc.tuple(
      fc.nat(30),
      fc.nat(1),
      fc.oneof(fc.nat(255), fc.constantFrom(...new TextEncoder().encode("019 -/:.,TZAPMJn+"))),
    ),
    { maxLength: 4 },
  ),
).map(([start, changes]) => {
  const bytes = [...new TextEncoder().encode(start)];
  for (const [at, remove, byte] of changes) bytes.splice(at, remove, byte);
  return bytes;
});

Deno.test("any bytes are a time or NaN, the same for an old reader and a new one", () => {
  const options = [{}, { zone: "Europe/Berlin" }, ...TIME_FORMATS.map((format) => ({ format }))];
  const readers = options.map((option) => new TimestampReader(option));
  fc.assert(
    fc.property(mutated, (middle) => {
      const bytes = Uint8Array.from([0x31, ...middle, 0x31]);
      readers.forEach((reader, at) => {
        const ms = reader.read(bytes, 1, bytes.length - 1);
        assert(Number.isNaN(ms) || Math.abs(ms) <= 8.64e15, String(ms));
        const fresh = new TimestampReader(options[at]);
        assertEquals(fresh.read(Uint8Array.from(middle), 0, middle.length), ms);
        assertEquals(fresh.isDayMonth, reader.isDayMonth);
        assertEquals(fresh.monthFirstMs, reader.monthFirstMs);
      });
    }),
    { seed: 10, numRuns: 3000 },
  );
});

Deno.test("plain are ISO 8601 and Unix time in seconds and milliseconds, if the format admits them", () => {
  const plain = (format?: TimeFormat, zone?: string) => new TimestampReader({ format, zone }).plain;
  assertEquals(plain(), { iso: true, unix: "by size" });
  assertEquals(plain("iso"), { iso: true, unix: "none" });
  assertEquals(plain("ymd"), { iso: true, unix: "none" });
  assertEquals(plain("dmy"), { iso: false, unix: "none" });
  assertEquals(plain("mdy"), { iso: false, unix: "none" });
  assertEquals(plain("s"), { iso: false, unix: "s" });
  assertEquals(plain("ms"), { iso: false, unix: "ms" });
  assertEquals(plain("us"), { iso: false, unix: "none" });
  assertEquals(plain("ns"), { iso: false, unix: "none" });
  assertEquals(plain(undefined, "UTC"), { iso: true, unix: "by size" });
  assertEquals(plain(undefined, "Asia/Kolkata"), { iso: false, unix: "by size" });
});

Deno.test("a text that is no time is told why", () => {
  const cases: [text: string, why: RegExp][] = [
    ["45292", /before 1973/],
    ["99999999999", /no Unix time from 1973 to 2199/],
    ["202401312359", /time_format: ymd.*time_format: ms/],
    ["31/13/24", /no date and time that exists/],
    ["23:59", /no date/],
    ["2024-01-31 23:59 EST", /zone/],
    ["2024-02-30", /exists/],
    ["31/31/2024", /exists/],
    ["n/a", /no known form/],
  ];
  for (const [text, why] of cases) {
    assertEquals(read(text), NaN);
    assertMatch(whyNoTime(text), why);
  }
  for (const format of TIME_FORMATS) {
    assertMatch(whyNoTime("n/a", format), new RegExp(`time_format ${format} `));
  }
});

Deno.test("the forms that the hint names are read", () => {
  const texts = [
    "2024-01-31 23:59:00",
    "31/01/2024 23:59",
    "1/31/2024 11:59 PM",
    "2024/01/31",
    "20240131 235900",
    "31 Jan 2024",
    "Jan 31, 2024",
  ];
  for (const text of texts) {
    assertMatch(formHint, new RegExp(text));
    const reader = new TimestampReader();
    const ms = read(text, reader);
    assert(!Number.isNaN(ms) || !Number.isNaN(reader.monthFirstMs), text);
  }
});
