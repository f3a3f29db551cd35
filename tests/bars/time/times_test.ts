import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { TimeColumnBuilder } from "../../../lib/bars/time/time_column.ts";
import { RunTimes, SingleTimes, type Times } from "../../../lib/bars/time/times.ts";

const MINUTE = 60_000;

/** Steps in runs: mostly of one size, as in files of bars. */
const steps = fc.array(
  fc.tuple(
    fc.oneof(
      fc.constant(MINUTE),
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: -MINUTE, max: 9e9 }),
    ),
    fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
  ),
  { maxLength: 40 },
).map((runs) => runs.flatMap(([step, count]) => Array<number>(count).fill(step)));

function valuesOf(first: number, between: readonly number[]): number[] {
  const values = [first];
  for (const step of between) values.push(values.at(-1)! + step);
  return values;
}

function stepsOf(times: Times): [number, number, number][] {
  const found: [number, number, number][] = [];
  times.eachStep((step, count, after) => found.push([step, count, after]));
  return found;
}

function runTimes(values: readonly number[]): RunTimes {
  const times = new RunTimes();
  for (const ms of values) times.push(ms);
  return times;
}

Deno.test("runs give back every time, one by one, in pieces and all at once", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1e12, max: 4e12 }),
      steps,
      fc.nat(),
      fc.nat(),
      (first, between, a, b) => {
        const values = valuesOf(first, between);
        const times = runTimes(values);
        assertEquals(times.length, values.length);
        assertEquals(values.map((_, t) => times.at(t)), values);
        assertEquals([...times.values], values);
        const [from, to] = [a % values.length, b % values.length].sort((x, y) => x - y);
        const piece = new Float64Array(to! - from! + 1);
        times.fill(piece, from!);
        assertEquals([...piece], values.slice(from, to! + 1));
      },
    ),
    { seed: 21, numRuns: 2000 },
  );
});

Deno.test("the steps of runs are those of the times one by one, equal ones together", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 4e12 }), steps, (first, between) => {
      const values = valuesOf(first, between);
      const expected: [number, number, number][] = [];
      for (const [t, step] of between.entries()) {
        if (step === expected.at(-1)?.[0]) expected.at(-1)![1]++;
        else expected.push([step, 1, t]);
      }
      assertEquals(stepsOf(new SingleTimes(Float64Array.from(values))), expected);
      assertEquals(stepsOf(runTimes(values)), expected);
    }),
    { seed: 22, numRuns: 2000 },
  );
  assertEquals(stepsOf(new RunTimes()), []);
  assertEquals(stepsOf(runTimes([5])), []);
});

Deno.test("a year of minutes is one run, with a gap two", () => {
  const minutes = Array.from({ length: 525_600 }, (_, t) => t * MINUTE);
  assertEquals(runTimes(minutes).runs, 1);
  assertEquals(runTimes(minutes.map((ms, t) => t < 1000 ? ms : ms + MINUTE)).runs, 2);
});

Deno.test("a column gives back its times however it was filled, regular or not", () => {
  let runs = 0;
  let single = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        steps,
        fc.array(fc.integer({ min: 1, max: 9e6 }), { minLength: 600, maxLength: 900 }),
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 30 }),
      ),
      fc.array(fc.nat({ max: 900 }), { maxLength: 5 }),
      (between, cuts) => {
        const values = valuesOf(1.5e12, between);
        const column = new TimeColumnBuilder(4);
        let from = 0;
        for (const [at, cut] of [...cuts.sort((a, b) => a - b), values.length].entries()) {
          const piece = values.slice(from, cut);
          if (at % 2 === 0) column.append(Float64Array.from(piece));
          else for (const ms of piece) column.push(ms);
          from = Math.max(from, cut);
        }
        const times = column.build("bars.csv");
        assertEquals([...times.values], values);
        if (times instanceof RunTimes) runs++;
        else single++;
      },
    ),
    { seed: 23, numRuns: 600 },
  );
  assert(runs > 100 && single > 100, `${runs} as runs, ${single} one by one`);
});

Deno.test("a date that may be read both ways leaves the times before as they were", () => {
  const column = new TimeColumnBuilder(0);
  const day = Date.UTC(2024, 0, 13);
  column.push(day);
  column.pushDayMonth(day + 86_400_000, NaN);
  column.append(Float64Array.of(day + 2 * 86_400_000));
  assertEquals([...column.build("bars.csv").values], [0, 1, 2].map((n) => day + n * 86_400_000));
});
