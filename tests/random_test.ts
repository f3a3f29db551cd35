import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { randomStreams } from "../lib/random.ts";

function floats(seed: number, stream: string, count = 5): number[] {
  const { float } = randomStreams(seed)(stream);
  return Array.from({ length: count }, float);
}

function ints(seed: number, { min, max, count }: {
  readonly min: number;
  readonly max: number;
  readonly count: number;
}): number[] {
  const { int } = randomStreams(seed)("ints");
  return Array.from({ length: count }, () => int(min, max));
}

Deno.test("a seed and a name give these numbers, on every machine and in every version", () => {
  // If these change, so does every run that draws random numbers.
  assertEquals(floats(42, "shuffle", 3), [
    0.9857458108951652,
    0.2521844194470635,
    0.7338147590072567,
  ]);
  assertEquals(ints(42, { min: 1, max: 6, count: 12 }), [5, 3, 1, 1, 3, 1, 2, 2, 5, 6, 5, 1]);
});

Deno.test("a stream begins anew whenever it is asked for", () => {
  const random = randomStreams(7);
  const first = random("a");
  const numbers = [first.float(), first.float()];
  const again = random("a");
  assertEquals([again.float(), again.float()], numbers);
  assert(first.float() !== numbers[0]);
});

Deno.test("streams of other seeds and names are others, and drawing from one moves no other", () => {
  const keys: [seed: number, stream: string][] = [
    [0, ""],
    [0, "a"],
    [0, "b"],
    [0, "ab"],
    [1, "a"],
    [10, "a"],
    [Number.MAX_SAFE_INTEGER, "a"],
    [Number.MAX_SAFE_INTEGER - 1, "a"],
  ];
  assertEquals(new Set(keys.map((key) => floats(...key).join())).size, keys.length);
  const random = randomStreams(1);
  const [a, b] = [random("a"), random("b")];
  const mixed = [a.float(), b.float(), a.float(), b.float(), a.float()];
  assertEquals([mixed[0], mixed[2], mixed[4]], floats(1, "a", 3));
});

Deno.test("a seed and the name after it are not run together", () => {
  assert(floats(1, "1")[0] !== floats(11, "")[0]);
  assert(floats(1, "2a")[0] !== floats(12, "a")[0]);
});

Deno.test("floats are from 0 up to but not 1, integers within both limits", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.string(), fc.integer(), fc.nat(), (seed, name, min, span) => {
      const random = randomStreams(seed)(name);
      const max = min + span;
      for (let draw = 0; draw < 20; draw++) {
        const float = random.float();
        assert(float >= 0 && float < 1, `${float}`);
        const int = random.int(min, max);
        assert(Number.isInteger(int) && int >= min && int <= max, `${int} of ${min}..${max}`);
      }
    }),
    { seed: 11, numRuns: 200 },
  );
});

Deno.test("the numbers are spread evenly", () => {
  const draws = 20_000;
  const { float } = randomStreams(5)("spread");
  const mean = Array.from({ length: draws }, float).reduce((sum, x) => sum + x, 0) / draws;
  // Five standard errors: of 2 million seeds about one would fail.
  assert(Math.abs(mean - 0.5) < 5 * Math.sqrt(1 / 12 / draws), `${mean}`);
  const faces = Map.groupBy(ints(5, { min: 1, max: 6, count: draws }), (face) => face);
  assertEquals([...faces.keys()].sort(), [1, 2, 3, 4, 5, 6]);
  for (const [face, rolls] of faces) {
    const error = Math.sqrt(draws * (1 / 6) * (5 / 6));
    assert(Math.abs(rolls.length - draws / 6) < 5 * error, `${face}: ${rolls.length}`);
  }
});
