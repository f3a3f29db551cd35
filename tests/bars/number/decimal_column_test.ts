import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DECIMAL, DecimalReader } from "../../../lib/bars/number/decimal.ts";
import {
  decimalColumn,
  DecimalColumnBuilder,
  reorderColumn,
} from "../../../lib/bars/number/decimal_column.ts";
import type { Column } from "../../../lib/experiment.ts";

/** The column of these numbers, as the reader reads them. */
function columnOf(texts: readonly string[], capacity?: number): Column {
  const builder = new DecimalColumnBuilder(capacity);
  const reader = new DecimalReader();
  for (const text of texts) {
    const bytes = new TextEncoder().encode(text);
    const kind = reader.read(bytes, 0, bytes.length);
    if (kind === DECIMAL.NARROW) builder.push(reader.mantissa, reader.scale);
    else {
      assertEquals(kind, DECIMAL.WIDE, text);
      builder.pushWide(reader.wide, reader.scale);
    }
  }
  return builder.build();
}

/** Units and decimals, in one form for both kinds of units. */
function exactly(column: Column): { units: bigint[]; decimals: number } {
  return { units: [...column.units].map(BigInt), decimals: column.decimals };
}

const isNarrow = ({ units }: Column): boolean => units instanceof Float64Array;

Deno.test("an empty column has no units and no decimals", () => {
  const column = columnOf([]);
  assertEquals(exactly(column), { units: [], decimals: 0 });
  assertEquals(column.values.length, 0);
});

Deno.test("a row with more decimals than those before raises all of them", () => {
  const column = columnOf(["3", "-1.5", "0", "2.25", "7", "0.00000001"]);
  assertEquals(exactly(column), {
    units: [300_000_000n, -150_000_000n, 0n, 225_000_000n, 700_000_000n, 1n],
    decimals: 8,
  });
  assert(isNarrow(column));
  assertEquals([...column.values], [3, -1.5, 0, 2.25, 7, 1e-8]);
});

Deno.test("a column steps up to bigints in its middle and keeps what it had", () => {
  const texts = ["1.5", "9007199254740991", "2", "0.25", "9007199254740993.125", "3"];
  const column = columnOf(texts);
  assert(!isNarrow(column));
  assertEquals(exactly(column), {
    units: [1500n, 9007199254740991000n, 2000n, 250n, 9007199254740993125n, 3000n],
    decimals: 3,
  });
  assertEquals([...column.values], texts.map(Number));
});

Deno.test("a raise that no longer fits one earlier row steps up, the row itself being small", () => {
  const column = columnOf(["9007199254740991", "1", "0.1"]);
  assert(!isNarrow(column));
  assertEquals(exactly(column), { units: [90071992547409910n, 10n, 1n], decimals: 1 });
});

Deno.test("a row that no longer fits at the decimals so far steps up", () => {
  const column = columnOf(["0.0001", "900719925474.0991", "900719925474.0992", "0.1"]);
  assert(!isNarrow(column));
  assertEquals(exactly(column), {
    units: [1n, 9007199254740991n, 9007199254740992n, 1000n],
    decimals: 4,
  });
  assert(isNarrow(columnOf(["0.0001", "900719925474.0991", "-900719925474.0991"])));
});

Deno.test("decimals rise again after the step up", () => {
  const column = columnOf(["12345678901234567890", "0.5", "0.125", "7", "1e-38"]);
  assertEquals(column.decimals, 38);
  assertEquals(exactly(column).units, [
    12345678901234567890n * 10n ** 38n,
    5n * 10n ** 37n,
    125n * 10n ** 35n,
    7n * 10n ** 38n,
    1n,
  ]);
});

Deno.test("zeros fit any power of ten", () => {
  const column = columnOf(["0", "1e-38", "0", "0.00"]);
  assert(isNarrow(column));
  assertEquals(exactly(column), { units: [0n, 1n, 0n, 0n], decimals: 38 });
  assertEquals([...column.values], [0, 1e-38, 0, 0]);
});

Deno.test("a column outgrows the capacity that was guessed", () => {
  const texts = Array.from({ length: 1000 }, (_, t) => `${t}.${t % 10}`);
  const column = columnOf(texts, 1);
  assertEquals(column.units.length, 1000);
  assertEquals([...column.values], texts.map(Number));
});

const price = fc.oneof(
  fc.tuple(fc.bigInt({ min: -(10n ** 4n), max: 10n ** 4n }), fc.nat({ max: 4 })),
  fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 3n }), fc.nat({ max: 38 })),
  fc.tuple(fc.bigInt({ min: 2n ** 53n - 20n, max: 2n ** 53n + 20n }), fc.nat({ max: 20 })),
  fc.tuple(fc.bigInt({ min: 10n ** 17n, max: 10n ** 30n }), fc.nat({ max: 12 })),
);

const text = ([integer, scale]: [bigint, number]): string => {
  const digits = String(integer < 0n ? -integer : integer).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? "" : `.${digits.slice(digits.length - scale)}`;
  return `${integer < 0n ? "-" : ""}${whole}${fraction}`;
};

Deno.test("units over their power of ten are the numbers, whatever was mixed", () => {
  fc.assert(
    fc.property(fc.array(price, { maxLength: 30 }), fc.nat({ max: 40 }), (prices, capacity) => {
      const column = columnOf(prices.map(text), capacity);
      const { units, decimals } = exactly(column);
      const least = Math.max(
        0,
        ...prices.map(([integer, scale]) => {
          let [rest, power] = [integer, scale];
          while (power > 0 && rest % 10n === 0n) [rest, power] = [rest / 10n, power - 1];
          return power;
        }),
      );
      assertEquals(decimals, least);
      for (const [t, [integer, scale]] of prices.entries()) {
        assertEquals(units[t]! * 10n ** BigInt(scale), integer * 10n ** BigInt(decimals));
      }
      const fits = units.every((unit) => unit < 2n ** 53n && unit > -(2n ** 53n));
      assertEquals(isNarrow(column), fits);
    }),
    { seed: 5, numRuns: 1500 },
  );
});

Deno.test("values are the doubles nearest to the numbers, as Number reads them", () => {
  fc.assert(
    fc.property(fc.array(price, { maxLength: 12 }), (prices) => {
      const texts = prices.map(text);
      assertEquals([...columnOf(texts).values], texts.map((field) => Number(field) + 0));
    }),
    { seed: 6, numRuns: 1500 },
  );
});

Deno.test("values are rounded once at every number of decimals", () => {
  for (let decimals = 0; decimals <= 38; decimals++) {
    for (const unit of [1, 3, 7, 123456789, 2 ** 53 - 1, 2 ** 52 + 1, -(2 ** 53 - 1)]) {
      const expected = Number(`${unit}e-${decimals}`);
      assertEquals(decimalColumn(Float64Array.of(unit), decimals).values[0], expected);
      assertEquals(decimalColumn([BigInt(unit)], decimals).values[0], expected);
    }
  }
});

Deno.test("values are computed once", () => {
  const column = columnOf(["1.5"]);
  assert(column.values === column.values);
});

Deno.test("a reordered column has the same numbers in the new order", () => {
  const order = Uint32Array.of(2, 0, 1);
  for (const texts of [["1.5", "2", "3"], ["1.5", "12345678901234567890", "3"]]) {
    const column = columnOf(texts);
    const { values } = column;
    const reordered = reorderColumn(column, order);
    assertEquals(isNarrow(reordered), isNarrow(column));
    assertEquals(reordered.decimals, 1);
    assertEquals([...reordered.values], [values[2], values[0], values[1]]);
    assertEquals([...column.values], texts.map(Number));
  }
});
