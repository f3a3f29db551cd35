import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isTimeZone, TimeZone } from "../../../lib/bars/time/time_zone.ts";

/** A local time as the milliseconds it would be in UTC. */
function local(text: string): number {
  return Date.parse(`${text}Z`);
}

function utc(zone: string, text: string): string {
  return new Date(new TimeZone(zone).toUtc(local(text))).toISOString().slice(0, 16);
}

Deno.test("names of zones and offsets are known from what is neither", () => {
  const zones = [
    "UTC",
    "Z",
    "GMT",
    "America/New_York",
    "america/new_york",
    "Asia/Kolkata",
    "EST5EDT",
  ];
  const offsets = ["+02:00", "-0330", "+05", "Etc/GMT+5", "America/Argentina/Buenos_Aires"];
  for (const text of [...zones, ...offsets]) assertEquals(isTimeZone(text), true, text);
  const others = [
    "",
    " ",
    "Mars/Olympus",
    "+2",
    "+24:00",
    "+02:60",
    "2024-01-01T00:00Z",
    "UTC ",
    "Local",
  ];
  for (const text of [...others, "/", "Europe/", "\0", "America/New_York\n", "__proto__"]) {
    assertEquals(isTimeZone(text), false, JSON.stringify(text));
    assertThrows(() => new TimeZone(text), RangeError, "no time zone");
  }
});

Deno.test("a local time is given in UTC, by the clock of its day", () => {
  assertEquals(utc("America/New_York", "2024-01-15T09:30"), "2024-01-15T14:30");
  assertEquals(utc("America/New_York", "2024-07-15T09:30"), "2024-07-15T13:30");
  assertEquals(utc("Asia/Kolkata", "2024-07-15T09:15"), "2024-07-15T03:45");
  assertEquals(utc("+02:00", "2024-07-15T09:15"), "2024-07-15T07:15");
  assertEquals(utc("Z", "2024-07-15T09:15"), "2024-07-15T09:15");
  assertEquals(new TimeZone("Europe/Berlin").toUtc(NaN), NaN);
});

Deno.test("a time that the clock skipped is taken as if it had not been set yet", () => {
  assertEquals(utc("America/New_York", "2024-03-10T01:59"), "2024-03-10T06:59");
  assertEquals(utc("America/New_York", "2024-03-10T02:00"), "2024-03-10T07:00");
  assertEquals(utc("America/New_York", "2024-03-10T02:59"), "2024-03-10T07:59");
  assertEquals(utc("America/New_York", "2024-03-10T03:00"), "2024-03-10T07:00");
});

Deno.test("of a time that came twice the first is meant", () => {
  assertEquals(utc("America/New_York", "2024-11-03T00:59"), "2024-11-03T04:59");
  assertEquals(utc("America/New_York", "2024-11-03T01:00"), "2024-11-03T05:00");
  assertEquals(utc("America/New_York", "2024-11-03T01:59"), "2024-11-03T05:59");
  assertEquals(utc("America/New_York", "2024-11-03T02:00"), "2024-11-03T07:00");
});

const ZONES = [
  "America/New_York",
  "Europe/Berlin",
  "Europe/Dublin",
  "Africa/Casablanca",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Asia/Tehran",
  "America/Sao_Paulo",
  "+05:45",
];

/** What Temporal says, without what is remembered of other times. */
function oracle(zone: string, localMs: number): number {
  return Temporal.Instant.fromEpochMilliseconds(localMs).toZonedDateTimeISO("UTC").toPlainDateTime()
    .toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds;
}

Deno.test("local times in any sequence are those of Temporal", () => {
  const minute = fc.integer({ min: Date.UTC(1883, 0) / 60_000, max: Date.UTC(2300, 0) / 60_000 });
  for (const zone of ZONES) {
    const times = new TimeZone(zone);
    fc.assert(
      fc.property(minute, (at) => {
        assertEquals(times.toUtc(at * 60_000), oracle(zone, at * 60_000));
      }),
      { seed: 12, numRuns: 600 },
    );
  }
});

Deno.test("local times around every change of the clock are those of Temporal", () => {
  for (const zone of ZONES) {
    const times = new TimeZone(zone);
    let at = Temporal.Instant.fromEpochMilliseconds(Date.UTC(2000, 0)).toZonedDateTimeISO(zone);
    for (let changes = 0; changes < 24; changes++) {
      const next = at.getTimeZoneTransition("next");
      if (next === null) break;
      at = next;
      const middle = at.epochMilliseconds + at.offsetNanoseconds / 1e6;
      for (let minutes = -26 * 60; minutes <= 26 * 60; minutes += 15) {
        for (const off of [-1, 0, 1]) {
          const time = middle + minutes * 60_000 + off;
          assertEquals(times.toUtc(time), oracle(zone, time), `${zone} ${time}`);
        }
      }
    }
  }
});

Deno.test("the local time of a UTC time is that of Intl", () => {
  const instant = fc.integer({ min: Date.UTC(1975, 0) / 1000, max: Date.UTC(2037, 0) / 1000 });
  for (const timeZone of ["America/New_York", "Europe/Berlin", "Asia/Kolkata"]) {
    const format = new Intl.DateTimeFormat("sv-SE", {
      timeZone,
      dateStyle: "short",
      timeStyle: "medium",
    });
    const times = new TimeZone(timeZone);
    fc.assert(
      fc.property(instant, (second) => {
        const text = format.format(second * 1000).replace(" ", "T");
        const found = times.toUtc(local(text));
        // An hour that comes twice is told apart by nothing in its text.
        if (found !== second * 1000) assertEquals(format.format(found).replace(" ", "T"), text);
      }),
      { seed: 13, numRuns: 300 },
    );
  }
});
