import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { UserError } from "../../../lib/errors.ts";
import { loadText } from "../load_text.ts";
import { refusalOf } from "../refusal.ts";

const ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Havana"];

/** A moment as a clock of that zone shows it, to the minute. */
function local(ms: number, zone: string): string {
  const time = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  return time.toPlainDateTime().toString({ smallestUnit: "minute" }).replace("T", " ");
}

/** When the clock of that zone is set back in 2024. */
function setBack(zone: string): number {
  let at = Temporal.ZonedDateTime.from(`2024-01-01T00:00[${zone}]`);
  for (;;) {
    const next = at.getTimeZoneTransition("next")!;
    if (next.offsetNanoseconds < next.subtract({ seconds: 1 }).offsetNanoseconds) {
      return next.epochMilliseconds;
    }
    at = next;
  }
}

function file(times: readonly string[]): string {
  return `time,close\n${times.map((time, at) => `${time},${at + 1}\n`).join("")}`;
}

Deno.test("bars around a clock that is set back are read as they were, in order and reversed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ZONES),
      fc.constantFrom(1, 5, 15, 30),
      fc.integer({ min: 3, max: 90 }),
      fc.integer({ min: 3, max: 90 }),
      fc.boolean(),
      async (zone, minutes, before, after, isReversed) => {
        const step = minutes * 60_000;
        const times = Array.from(
          { length: before + after },
          (_, at) => setBack(zone) + (at - before) * step,
        );
        if (isReversed) times.reverse();
        const texts = times.map((ms) => local(ms, zone));
        // A row that was read twice, or one that stands alone, is another matter.
        const { bars } = await loadText(file(texts), { timeZone: zone });
        const found = [...bars.times!];
        const expected = times.toSorted((a, b) => a - b);
        if (new Set(texts).size < texts.length) assertEquals(found, expected);
        else {for (const [at, ms] of found.entries()) {
            assertEquals(local(ms, zone), local(expected[at]!, zone));
          }}
        assertEquals(bars.length, times.length);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("hours that happen twice are told by their distance where each stands there", async () => {
  const zone = "America/New_York";
  const times = Array.from({ length: 6 }, (_, at) => setBack(zone) + (at - 3) * 3_600_000);
  const { bars } = await loadText(file(times.map((ms) => local(ms, zone))), { timeZone: zone });
  assertEquals([...bars.times!], times);
});

Deno.test("whatever the order, times that happen twice are read right or refused, and none is dropped", async () => {
  const zone = "Europe/Berlin";
  const times = Array.from({ length: 12 }, (_, at) => setBack(zone) + (at - 6) * 1_800_000);
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(times, { minLength: 12 }), async (shuffled) => {
      try {
        const { bars } = await loadText(file(shuffled.map((ms) => local(ms, zone))), {
          timeZone: zone,
        });
        assertEquals([...bars.times!], times);
        assertEquals([...bars.close.values], times.map((ms) => shuffled.indexOf(ms) + 1));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        refused++;
      }
    }),
    { seed: 2, numRuns: 200 },
  );
  assert(refused > 150, `${refused} refused`);
});

Deno.test("two rows for each of several times that happen twice are not in order", async () => {
  const times = ["00:30", "01:00", "01:00", "01:30", "01:30", "02:00"].map((clock) =>
    `2024-11-03 ${clock}`
  );
  const refusal = await refusalOf(() =>
    loadText(file(times), { timeZone: "America/New_York", duplicates: "first" })
  );
  assertMatch(
    refusal.message,
    /bar 2 may be at 2024-11-03T05:00:00\.000Z or 2024-11-03T06:00:00\.000Z, as its hour happens twice/,
  );
});

Deno.test("a time that the clock skips does not exist, but a date does", async () => {
  const refusal = await refusalOf(() =>
    loadText(file(["2024-03-10 01:30", "2024-03-10 02:30"]), { timeZone: "America/New_York" })
  );
  assertMatch(
    refusal.message,
    /csv:3 \(row 2\): time is '2024-03-10 02:30', which does not exist: the clock is set forward/,
  );
  const { bars } = await loadText(file(["2018-11-03", "2018-11-04", "2018-11-05"]), {
    timeZone: "America/Sao_Paulo",
  });
  assertEquals([...bars.times!].map((ms) => new Date(ms).toISOString().slice(0, 13)), [
    "2018-11-03T03",
    "2018-11-04T03",
    "2018-11-05T02",
  ]);
});

Deno.test("rows that step back as where a clock is set back are refused until the zone is known", async () => {
  const clocks = ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"];
  for (const rows of [clocks, clocks.toReversed()]) {
    const text = file(rows.map((clock) => `2024-11-03 ${clock}`));
    for (const duplicates of [undefined, "first", "last", "keep"] as const) {
      const refusal = await refusalOf(() => loadText(text, { duplicates }));
      assertMatch(refusal.message, /its rows step back at 2024-11-03 01:\d0, as they do where a/);
      assertMatch(refusal.hint!, /--set time_zone=America\/New_York,/);
    }
    const { bars } = await loadText(text, { timeZone: "America/New_York" });
    assertEquals(bars.length, 6);
  }
  const records = clocks.map((clock, at) => ({ time: `2024-11-03T${clock}`, close: at + 1 }));
  assertMatch(
    (await refusalOf(() => loadText(JSON.stringify(records)))).message,
    /its rows step back at 2024-11-03 01:00/,
  );
  const utc = records.map(({ time, close }) => ({ time: `${time}Z`, close: close % 3 }));
  assertMatch(
    (await refusalOf(() => loadText(JSON.stringify(utc)))).hint!,
    /--set duplicates=first/,
  );
  const hours = file(["00:00", "01:00", "01:00", "02:00"].map((clock) => `2024-11-03 ${clock}`));
  const refusal = await refusalOf(() => loadText(hours));
  assertMatch(refusal.hint!, /^The clock may have been set back then, so that both count\. Say in/);
  const others = file(["00:30", "01:00", "00:45", "02:00"].map((clock) => `2024-11-05 ${clock}`));
  assertEquals((await loadText(others)).quality.order, "unsorted");
});
