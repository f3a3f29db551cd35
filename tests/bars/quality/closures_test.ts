import { assertEquals } from "@std/assert";
import { holesOf, intervalChanges } from "../../../lib/bars/quality/closures.ts";
import { SingleTimes } from "../../../lib/bars/time/times.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONDAY = Date.UTC(2024, 0, 1);

/** Times in order, those that `isOpen` leaves. */
function times(
  { step, days, isOpen }: {
    readonly step: number;
    readonly days: number;
    readonly isOpen: (ms: number) => boolean;
  },
): SingleTimes {
  const all = Array.from({ length: days * DAY / step }, (_, t) => MONDAY + t * step);
  return new SingleTimes(Float64Array.from(all.filter(isOpen)));
}

const isWeekday = (ms: number) => ![0, 6].includes(new Date(ms).getUTCDay());
const isSession = (ms: number) => isWeekday(ms) && ms % DAY >= 14.5 * HOUR && ms % DAY < 21 * HOUR;

Deno.test("weekends, nights and holidays are closures", () => {
  const holiday = Date.UTC(2024, 0, 15);
  const independence = Date.UTC(2024, 2, 27);
  const isTraded = (ms: number) => ![holiday, independence].includes(ms - ms % DAY);
  for (
    const [step, isOpen] of [[DAY, isWeekday], [5 * MINUTE, isSession], [HOUR, isWeekday]] as const
  ) {
    const traded = times({ step, days: 120, isOpen: (ms) => isOpen(ms) && isTraded(ms) });
    assertEquals(
      holesOf(traded, step),
      { count: 0, missingBars: 0, marketCloses: true },
      `${step}`,
    );
  }
});

Deno.test("bars that are missing while the market is open are holes", () => {
  const at = Date.UTC(2024, 1, 7, 16);
  const isThere = (ms: number) => ms < at || ms >= at + HOUR;
  const session = times({
    step: 5 * MINUTE,
    days: 120,
    isOpen: (ms) => isSession(ms) && isThere(ms),
  });
  assertEquals(holesOf(session, 5 * MINUTE), { count: 1, missingBars: 12, marketCloses: true });
  const always = times({ step: HOUR, days: 60, isOpen: isThere });
  assertEquals(holesOf(always, HOUR), { count: 1, missingBars: 1, marketCloses: false });
  const never = times({ step: HOUR, days: 60, isOpen: () => true });
  assertEquals(holesOf(never, HOUR), { count: 0, missingBars: 0, marketCloses: false });
});

Deno.test("an interval that changes is told from gaps", () => {
  const hours = times({ step: HOUR, days: 30, isOpen: () => true });
  assertEquals(intervalChanges(hours), false);
  const session = times({ step: 5 * MINUTE, days: 30, isOpen: isSession });
  assertEquals(intervalChanges(session), false);
  const half = MONDAY + 6 * DAY;
  const mixed = times({ step: HOUR, days: 30, isOpen: (ms) => ms < half || ms % (4 * HOUR) === 0 });
  assertEquals(intervalChanges(mixed), true);
});
