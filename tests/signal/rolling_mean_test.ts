import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { detectDialect } from "../../lib/bars/delimited/dialect.ts";
import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import { planColumns } from "../../lib/bars/plan_columns.ts";
import { loadBars } from "../../lib/bars/load.ts";
import { RowParser } from "../../lib/bars/rows.ts";
import { type AboveMean, aboveRollingMean } from "../../lib/signal/rolling_mean.ts";
import type { Column } from "../../lib/experiment.ts";

const SAMPLE = fileURLToPath(new URL("../../data.csv", import.meta.url));

/** `integer / 10^scale` */
type Decimal = readonly [integer: bigint, scale: number];

interface Expected {
  readonly positions: number[];
  readonly ties: number;
}

interface Windowed {
  readonly window: number;
  readonly minPeriods: number;
}

/** The definition, word for word, on fractions of bigints. */
function byDefinition(closes: readonly Decimal[], { window, minPeriods }: Windowed): Expected {
  let ties = 0;
  const positions = closes.map(([integer, scale], t) => {
    const bars = closes.slice(Math.max(0, t + 1 - window), t + 1);
    if (bars.length < minPeriods) return 0;
    // The sum as a fraction, over the product of all denominators.
    let [numerator, denominator] = [0n, 1n];
    for (const [other, otherScale] of bars) {
      const power = 10n ** BigInt(otherScale);
      [numerator, denominator] = [numerator * power + other * denominator, denominator * power];
    }
    const left = integer * BigInt(bars.length) * denominator;
    const right = numerator * 10n ** BigInt(scale);
    if (left === right) ties++;
    return left > right ? 1 : 0;
  });
  return { positions, ties };
}

function decimalText([integer, scale]: Decimal): string {
  const digits = String(integer).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
}

/** The column that the reader makes of a CSV text, handed over in blocks of `blockBytes`. */
function closeOf(text: string, blockBytes: number): Column {
  const bytes = new TextEncoder().encode(text);
  const dialect = detectDialect(bytes, { path: "bars.csv", whole: true });
  const plan = planColumns(dialect.header, {
    wanted: ["close"],
    overrides: { time: "none" },
    path: "bars.csv",
  });
  const parser = new RowParser({ dialect, plan, keepLines: false, capacity: 0, path: "bars.csv" });
  let from = dialect.dataOffset;
  for (let end = from; end < bytes.length;) {
    end = Math.min(end + blockBytes, bytes.length);
    const block = bytes.slice(from, end);
    const padded = new Uint8Array(block.length + 64);
    padded.set(block);
    from += parser.take(padded, { from: 0, to: block.length, final: end === bytes.length });
  }
  return parser.finish().columns.get("close")!;
}

function shown({ positions, ties }: AboveMean): Expected {
  return { positions: [...positions], ties };
}

const decimal = (max: bigint, scale: number): fc.Arbitrary<Decimal> =>
  fc.tuple(fc.bigInt({ min: 1n, max }), fc.nat({ max: scale }));

/** Prices of one kind a column, so that ties are frequent, or of any kind. */
const closes: fc.Arbitrary<Decimal[]> = fc.oneof(
  ...[
    // Coarse ticks, near one another.
    fc.bigInt({ min: 1n, max: 6n }).map((ticks): Decimal => [ticks, 4]),
    fc.bigInt({ min: 99_998n, max: 100_003n }).map((ticks): Decimal => [ticks, 2]),
    // The smallest prices in the wild.
    decimal(30n, 8),
    // Around the edge of 53 bits, alone or once the window is summed.
    fc.bigInt({ min: 2n ** 53n - 4n, max: 2n ** 53n + 4n }).map((units): Decimal => [units, 12]),
    fc.bigInt({ min: 2n ** 51n - 3n, max: 2n ** 51n + 3n }).map((units): Decimal => [units, 0]),
    // Sixteen and more digits, of which only the last differ.
    fc.bigInt({ min: 0n, max: 5n }).map((
      last,
    ): Decimal => [12345678901234567890n * 10n + last, 17]),
    decimal(10n ** 22n, 16),
    fc.oneof(
      decimal(9n, 0),
      decimal(10n ** 6n, 8),
      decimal(10n ** 20n, 2),
      decimal(10n ** 24n, 20),
    ),
  ].map((price) => fc.array(price, { minLength: 1, maxLength: 24 })),
);

const windowed: fc.Arbitrary<Windowed> = fc.tuple(
  fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 30 })),
  fc.nat({ max: 1000 }),
  fc.boolean(),
).map(([window, at, full]) => ({ window, minPeriods: full ? window : 1 + at % window }));

/** How a row is written; each spelling leaves the value as it is. */
const spelling = fc.record({
  zeros: fc.nat({ max: 3 }),
  quoted: fc.boolean(),
  exponent: fc.constantFrom(0, 0, 0, 2, -3),
  end: fc.constantFrom("\n", "\r\n", "\n\n"),
});

const csv = fc.record({
  closes,
  spellings: fc.array(spelling, { minLength: 24, maxLength: 24 }),
  blockBytes: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 600 })),
  windowed,
}).map(({ closes, spellings, ...rest }) => {
  const rows = closes.map(([integer, scale], t) => {
    const { zeros, quoted, exponent, end } = spellings[t]!;
    // `1.5` as `0.015e2` or `1500e-3`.
    const moved: Decimal = exponent < 0
      ? [integer * 10n ** BigInt(-exponent), scale]
      : [integer, scale + exponent];
    const plain = decimalText(moved) + (moved[1] > 0 ? "0".repeat(zeros) : "");
    const field = exponent === 0 ? plain : `${plain}e${exponent}`;
    return `${10 ** 8 + t},${quoted ? `"${field}"` : field},"a, ""b"""${end}`;
  });
  return { closes, text: `time,Close,note\n${rows.join("")}`, ...rest };
});

Deno.test("the signal is that of exact fractions, whatever the decimals, windows and blocks", () => {
  fc.assert(
    fc.property(csv, ({ closes, text, blockBytes, windowed }) => {
      const above = aboveRollingMean(closeOf(text, blockBytes), windowed);
      assertEquals(shown(above), byDefinition(closes, windowed));
      assertEquals(above.warmup, Math.min(windowed.minPeriods - 1, closes.length));
    }),
    { seed: 13, numRuns: 3000 },
  );
});

Deno.test("the signal of a file is that of exact fractions, whatever its blocks", async () => {
  const directory = await Deno.makeTempDir({ prefix: "sigrun-test-" });
  const path = join(directory, "data.csv");
  try {
    await fc.assert(
      fc.asyncProperty(csv, async ({ closes, text, blockBytes, windowed }) => {
        await Deno.writeTextFile(path, text);
        const { bars } = await loadBars({
          path,
          columns: ["close"],
          overrides: {},
          maxMissing: 0,
          keepLines: false,
          // The header has to fit the first block.
          blockBytes: blockBytes + 16,
        });
        assertEquals(
          shown(aboveRollingMean(bars.close, windowed)),
          byDefinition(closes, windowed),
        );
      }),
      { seed: 14, numRuns: 250 },
    );
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

/** The usual way: a sum of doubles that slides along, divided by the window. */
function bySlidingDoubles(values: Float64Array, window: number): Int8Array {
  const positions = new Int8Array(values.length);
  let sum = 0;
  for (let t = 0; t < values.length; t++) {
    sum += t < window ? values[t]! : values[t]! - values[t - window]!;
    if (t >= window - 1 && values[t]! > sum / window) positions[t] = 1;
  }
  return positions;
}

Deno.test("a close that equals its mean is no signal, where a sliding sum of doubles trades", () => {
  // 0.4 + 0.1 + (0.1 - 0.4) is a little less than 0.2 in doubles.
  const closes: Decimal[] = [[4n, 1], [1n, 1], [1n, 1], [1n, 1]];
  const column = closeOf(`close\n${closes.map(decimalText).join("\n")}\n`, 1);
  const options = { window: 2, minPeriods: 2 };
  const exact = byDefinition(closes, options);
  assertEquals(exact, { positions: [0, 0, 0, 0], ties: 2 });
  assertEquals(shown(aboveRollingMean(column, options)), exact);
  assertEquals([...bySlidingDoubles(column.values, 2)], [0, 0, 1, 1]);
});

Deno.test("on coarse ticks a sliding sum of doubles goes wrong on hundreds of bars", () => {
  // A walk in ticks of 0.0001 that mostly stands still, as a cheap coin's minute bars do.
  const closes: Decimal[] = [];
  let ticks = 2_500n;
  let state = 42n;
  for (let t = 0; t < 20_000; t++) {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    const step = state >> 61n;
    ticks += step === 0n ? 1n : step === 1n ? -1n : 0n;
    if (ticks < 1000n) ticks = 1000n;
    closes.push([ticks, 4]);
  }
  const column = closeOf(`close\n${closes.map(decimalText).join("\n")}\n`, 4096);
  for (const window of [3, 5]) {
    const options = { window, minPeriods: window };
    const exact = byDefinition(closes, options);
    assertEquals(shown(aboveRollingMean(column, options)), exact);
    const sliding = bySlidingDoubles(column.values, window);
    const wrong = sliding.reduce(
      (sum, position, t) => sum + Math.abs(position - exact.positions[t]!),
      0,
    );
    assert(wrong > 300, `only ${wrong} bars are wrong at window ${window}`);
    assert(exact.ties >= wrong);
  }
});

Deno.test("the sample file has these signals", async () => {
  const { bars } = await loadBars({
    path: SAMPLE,
    columns: ["close"],
    overrides: {},
    maxMissing: 0,
    keepLines: false,
  });
  const cases: [
    window: number,
    ones: number,
    valid: number,
    ties: number,
    onesFromFirst: number,
  ][] = [
    [1, 0, 10_000, 10_000, 0],
    [2, 5036, 9999, 31, 5036],
    [5, 5051, 9996, 8, 5052],
    [10, 5090, 9991, 0, 5095],
    [200, 4965, 9801, 0, 5098],
    [10_000, 1, 1, 0, 4533],
    [10_001, 0, 0, 0, 4533],
    [Number.MAX_SAFE_INTEGER, 0, 0, 0, 4533],
  ];
  const count = (positions: Int8Array): number => positions.reduce((sum, one) => sum + one, 0);
  for (const [window, ones, valid, ties, onesFromFirst] of cases) {
    const above = aboveRollingMean(bars.close, { window, minPeriods: window });
    assertEquals(
      [count(above.positions), bars.length - above.warmup, above.ties],
      [ones, valid, ties],
      `window ${window}`,
    );
    assertEquals(above.exactForm, "double");
    const early = aboveRollingMean(bars.close, { window, minPeriods: 1 });
    assertEquals([count(early.positions), early.warmup], [onesFromFirst, 0]);
  }
});

Deno.test("doubles are used up to a window sum of 2^53 - 1, bigints from 2^53", () => {
  const formOf = (units: Float64Array | bigint[], window: number): string =>
    aboveRollingMean(decimalColumn(units, 0), { window, minPeriods: 1 }).exactForm;
  const most = Number.MAX_SAFE_INTEGER;
  assertEquals(formOf(Float64Array.of(most, 1), 1), "double");
  assertEquals(formOf(Float64Array.of(most, 1), 2), "bigint");
  assertEquals(formOf(Float64Array.of(-most, 1), 2), "bigint");
  assertEquals(formOf(Float64Array.of((most - 1) / 2, 1), 2), "double");
  assertEquals(formOf(Float64Array.of((most + 1) / 2, 1), 2), "bigint");
  assertEquals(formOf([1n, 2n], 1), "bigint");
  // A window beyond the end sums no more bars than there are.
  assertEquals(formOf(Float64Array.of(1, 2), most), "double");
});

Deno.test("doubles and bigints decide alike, on negative numbers too", () => {
  const units = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 20 });
  fc.assert(
    fc.property(units, windowed, (units, options) => {
      const narrow = aboveRollingMean(decimalColumn(Float64Array.from(units), 1), options);
      const wide = aboveRollingMean(decimalColumn(units.map(BigInt), 1), options);
      assertEquals(
        { ...narrow, exactForm: "" },
        { ...wide, exactForm: "" } as unknown as AboveMean,
      );
      assertEquals(shown(narrow), byDefinition(units.map((unit) => [BigInt(unit), 1]), options));
    }),
    { seed: 15, numRuns: 1000 },
  );
});

Deno.test("a column without bars has no signal and no warm-up", () => {
  const above = aboveRollingMean(decimalColumn(new Float64Array(0), 0), {
    window: 3,
    minPeriods: 3,
  });
  assertEquals([above.positions.length, above.warmup, above.ties], [0, 0, 0]);
});

Deno.test("the position at a bar depends on no later bar", () => {
  fc.assert(
    fc.property(closes, windowed, fc.nat(), (prices, options, at) => {
      const kept = 1 + at % prices.length;
      const text = (rows: readonly Decimal[]): string =>
        `close\n${rows.map(decimalText).join("\n")}\n`;
      const whole = aboveRollingMean(closeOf(text(prices), 999), options);
      const part = aboveRollingMean(closeOf(text(prices.slice(0, kept)), 999), options);
      assertEquals([...part.positions], [...whole.positions.subarray(0, kept)]);
    }),
    { seed: 16, numRuns: 500 },
  );
});

Deno.test("a window or a minimum that is no whole number in range is refused", () => {
  const column = decimalColumn(Float64Array.of(1, 2), 0);
  for (const window of [0, -1, 1.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(
      () => aboveRollingMean(column, { window, minPeriods: 1 }),
      RangeError,
      "window is",
    );
  }
  for (const minPeriods of [0, -1, 1.5, NaN, Infinity, 4]) {
    const error = assertThrows(
      () => aboveRollingMean(column, { window: 3, minPeriods }),
      RangeError,
      "minPeriods is a whole number from 1 to 3",
    );
    assert(error.message.endsWith(`got ${minPeriods}`));
  }
});
