import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { UserError } from "../../../lib/errors.ts";
import { loadText } from "../load_text.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The parts of a moment in UTC, as text. */
function parts(ms: number) {
  const date = new Date(ms);
  const [year, month, day] = date.toISOString().slice(0, 10).split("-") as [string, string, string];
  const [weekday] = date.toUTCString().split(",") as [string];
  const hour = date.getUTCHours();
  return {
    year,
    month,
    day,
    weekday,
    name: MONTHS[date.getUTCMonth()]!,
    clock: date.toISOString().slice(11, 19),
    half: `${hour % 12 === 0 ? 12 : hour % 12}:${date.toISOString().slice(14, 19)} ${
      hour < 12 ? "AM" : "PM"
    }`,
  };
}

type Notation = (ms: number) => string;

/** Ways to write a moment, each to the second. */
const NOTATIONS: Readonly<Record<string, Notation>> = {
  iso: (ms) => new Date(ms).toISOString(),
  "with a space": (ms) => new Date(ms).toISOString().slice(0, 19).replace("T", " "),
  "without separators": (ms) =>
    new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", " "),
  "day first": (ms) => `${parts(ms).day}/${parts(ms).month}/${parts(ms).year} ${parts(ms).clock}`,
  "month first": (ms) => `${parts(ms).month}/${parts(ms).day}/${parts(ms).year} ${parts(ms).half}`,
  points: (ms) => `${parts(ms).day}.${parts(ms).month}.${parts(ms).year} ${parts(ms).clock}`,
  "month by name": (ms) =>
    `${parts(ms).day}-${parts(ms).name}-${parts(ms).year} ${parts(ms).clock}`,
  "two digits, day first": (ms) =>
    `${parts(ms).day}/${parts(ms).month}/${parts(ms).year.slice(2)} ${parts(ms).clock}`,
  "two digits, month first": (ms) =>
    `${parts(ms).month}/${parts(ms).day}/${parts(ms).year.slice(2)} ${parts(ms).clock}`,
  "two digits, year first": (ms) =>
    `${parts(ms).year.slice(2)}/${parts(ms).month}/${parts(ms).day} ${parts(ms).clock}`,
  "RFC 2822": (ms) =>
    `"${parts(ms).weekday}, ${parts(ms).day} ${parts(ms).name} ${parts(ms).year} ${
      parts(ms).clock
    } +0000"`,
  JavaScript: (ms) =>
    `${parts(ms).weekday} ${parts(ms).name} ${parts(ms).day} ${parts(ms).year} ${
      parts(ms).clock
    } GMT+0000 (Coordinated Universal Time)`,
  "offset of two hours": (ms) => `${new Date(ms + 7_200_000).toISOString().slice(0, 19)}+02:00`,
  "Unix seconds": (ms) => String(ms / 1000),
  "Unix milliseconds": (ms) => String(ms),
};

const notation = fc.constantFrom(...Object.keys(NOTATIONS));
/** First time, distance, and how many there are. */
const series = fc.tuple(
  fc.integer({ min: Date.UTC(2001, 0, 1) / 1000, max: Date.UTC(2028, 0, 1) / 1000 }),
  fc.constantFrom(60, 3600, 86_400),
  fc.integer({ min: 2, max: 60 }),
).map(([first, step, count]) =>
  Array.from({ length: count }, (_, at) => (first + at * step) * 1000)
);

async function timesOf(texts: readonly string[]): Promise<readonly number[] | null> {
  const rows = texts.map((text, at) => `${text},${at + 1}\n`);
  try {
    return [...(await loadText(`time,close\n${rows.join("")}`)).bars.times!];
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

Deno.test("times of each notation are read as they were written, or refused where dates are open", async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(series, notation, async (times, name) => {
      const found = await timesOf(times.map(NOTATIONS[name]!));
      if (found !== null) assertEquals(found, times, name);
      else {
        refused++;
        assert(/first/.test(name), name);
      }
    }),
    { seed: 1, numRuns: 600 },
  );
  assert(refused < 120, `${refused} refused`);
});

Deno.test("times of two notations in one column are read right or refused", async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(
      series,
      fc.tuple(notation, notation),
      fc.nat({ max: 60 }),
      async (times, [one, other], from) => {
        // Nothing tells a single day from a month among dates that are written alike.
        if ([one, other].every((name) => /first|points/.test(name)) && one !== other) return;
        const texts = times.map((ms, row) => NOTATIONS[row < from ? one : other]!(ms));
        const found = await timesOf(texts);
        if (found === null) return;
        read++;
        assertEquals(found, times, `${one}, then ${other}`);
      },
    ),
    { seed: 2, numRuns: 600 },
  );
  assert(read > 300, `${read} read`);
});
