import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { alignPositions } from "../../lib/compare/aligned_positions.ts";

const position = fc.constantFrom(-1, 0, 1);

/** Bars at some distinct times, each with a position. */
const bars = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 40 }), position), {
  maxLength: 30,
  selector: ([time]) => time,
}).map((bars) => bars.sort(([a], [b]) => a - b));

Deno.test("bars of one time stand side by side, as a plain search finds them", () => {
  fc.assert(fc.property(bars, bars, fc.nat(5), (before, after, limit) => {
    const found = alignPositions(
      [
        Int8Array.from(before, ([, position]) => position),
        Int8Array.from(after, ([, position]) => position),
      ],
      { times: [before.map(([time]) => time), after.map(([time]) => time)], limit },
    );
    const pairs = before.flatMap(([time, first], i) => {
      const j = after.findIndex(([other]) => other === time);
      return j === -1 ? [] : [{ bars: [i, j], positions: [first, after[j]![1]] }];
    });
    const differing = pairs.filter(({ positions: [first, second] }) => first !== second);
    assertEquals(found.bars, pairs.length);
    assertEquals(found.alone, [before.length - pairs.length, after.length - pairs.length]);
    assertEquals(found.equal, pairs.length - differing.length);
    assertEquals(found.differing as unknown, differing.slice(0, limit));
    for (const { positions, bars } of found.changes) {
      const same = differing.filter((pair) => `${pair.positions}` === `${positions}`);
      assertEquals(bars, same.length);
    }
    assertEquals(found.changes.reduce((sum, { bars }) => sum + bars, 0), differing.length);
  }));
});

Deno.test("without times bar stands by bar, and what is longer is alone", () => {
  const found = alignPositions([Int8Array.of(0, 1, -1, 0), Int8Array.of(0, 0, 1)], {
    times: null,
    limit: 1,
  });
  assertEquals(found, {
    bars: 3,
    alone: [1, 0],
    equal: 1,
    changes: [{ positions: [-1, 1], bars: 1 }, { positions: [1, 0], bars: 1 }],
    differing: [{ bars: [1, 1], positions: [1, 0] }],
  });
});
