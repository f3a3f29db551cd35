import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type RowOrder, timeOrder } from "../../../lib/bars/time/time_order.ts";
import { SingleTimes } from "../../../lib/bars/time/times.ts";

interface Found {
  readonly found: RowOrder;
  readonly order: number[] | null;
  readonly repeatedTimes: number;
}

function orderOf(times: readonly number[] | null): Found {
  const result = timeOrder(times === null ? null : new SingleTimes(Float64Array.from(times)));
  return { ...result, order: result.order === null ? null : [...result.order] };
}

Deno.test("rows without times stay as they stand", () => {
  assertEquals(orderOf(null), { found: "unknown", order: null, repeatedTimes: 0 });
});

Deno.test("rows that ascend stay as they stand, repeated times included", () => {
  assertEquals(orderOf([]), { found: "ascending", order: null, repeatedTimes: 0 });
  assertEquals(orderOf([5]), { found: "ascending", order: null, repeatedTimes: 0 });
  assertEquals(orderOf([1, 2, 3]), { found: "ascending", order: null, repeatedTimes: 0 });
  assertEquals(orderOf([1, 1, 2, 2, 2]), { found: "ascending", order: null, repeatedTimes: 3 });
  assertEquals(orderOf([7, 7]), { found: "ascending", order: null, repeatedTimes: 1 });
});

Deno.test("rows that descend are reversed, those of one time too", () => {
  assertEquals(orderOf([3, 2, 1]), { found: "descending", order: [2, 1, 0], repeatedTimes: 0 });
  assertEquals(orderOf([2, 2, 1]), { found: "descending", order: [2, 1, 0], repeatedTimes: 1 });
});

Deno.test("unsorted rows are sorted, those of one time in the order of the file", () => {
  assertEquals(orderOf([2, 1, 2, 1, 2]), {
    found: "unsorted",
    order: [1, 3, 0, 2, 4],
    repeatedTimes: 3,
  });
  assertEquals(orderOf([-1, 5, 0]), { found: "unsorted", order: [0, 2, 1], repeatedTimes: 0 });
});

Deno.test("in order, times never fall, every row is there once, and equal times keep their order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 }), (times) => {
      const { found, order, repeatedTimes } = orderOf(times);
      const rows = order ?? times.map((_, row) => row);
      assertEquals(rows.toSorted((a, b) => a - b), times.map((_, row) => row));
      let repeated = 0;
      for (let t = 1; t < rows.length; t++) {
        const [before, now] = [times[rows[t - 1]!]!, times[rows[t]!]!];
        assertEquals(before <= now, true);
        if (before !== now) continue;
        repeated++;
        assertEquals(rows[t - 1]! < rows[t]!, found !== "descending");
      }
      assertEquals(repeatedTimes, repeated);
    }),
    { seed: 10, numRuns: 1000 },
  );
});
