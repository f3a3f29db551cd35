import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  DECIMAL,
  DecimalReader,
  MAX_DIGITS,
  MISSING_WORDS,
} from "../../../lib/bars/number/decimal.ts";

interface Read {
  readonly kind: number;
  readonly integer?: bigint;
  readonly scale?: number;
}

/** Reads `text`, with foreign bytes before and behind it. */
function read(text: string): Read {
  const bytes = new TextEncoder().encode(`9-${text}8.7`);
  const reader = new DecimalReader();
  const kind = reader.read(bytes, 2, bytes.length - 3);
  if (kind === DECIMAL.NARROW) {
    assert(Number.isSafeInteger(reader.mantissa) && !Object.is(reader.mantissa, -0));
    return { kind, integer: BigInt(reader.mantissa), scale: reader.scale };
  }
  return kind === DECIMAL.WIDE ? { kind, integer: reader.wide, scale: reader.scale } : { kind };
}

const narrow = (integer: bigint, scale: number): Read => ({ kind: DECIMAL.NARROW, integer, scale });
const wide = (integer: bigint, scale: number): Read => ({ kind: DECIMAL.WIDE, integer, scale });

Deno.test("a number is read as the integer and the smallest power of ten that make it", () => {
  const cases: [text: string, integer: bigint, scale: number][] = [
    ["1", 1n, 0],
    ["0", 0n, 0],
    ["-0", 0n, 0],
    ["+0.000", 0n, 0],
    ["007", 7n, 0],
    ["1000", 1000n, 0],
    ["1.5", 15n, 1],
    ["1.50", 15n, 1],
    ["1.000", 1n, 0],
    ["10.010", 1001n, 2],
    ["-1.25", -125n, 2],
    ["+1.25", 125n, 2],
    [".5", 5n, 1],
    ["-.5", -5n, 1],
    ["5.", 5n, 0],
    ["0.00000001", 1n, 8],
    ["00.10", 1n, 1],
    ["  1.5  ", 15n, 1],
    ["1e3", 1000n, 0],
    ["1.5E+2", 150n, 0],
    ["1.50e1", 15n, 0],
    ["1.5e-7", 15n, 8],
    ["15e-1", 15n, 1],
    ["100e-2", 1n, 0],
    ["0e999999", 0n, 0],
    ["-2.5e0", -25n, 1],
    [".5e1", 5n, 0],
    ["5.e1", 50n, 0],
    ["0." + "0".repeat(37) + "1", 1n, 38],
    ["1." + "0".repeat(300), 1n, 0],
    ["0".repeat(300) + "1.5", 15n, 1],
  ];
  for (const [text, integer, scale] of cases) {
    assertEquals(read(text), narrow(integer, scale), text);
  }
});

Deno.test("a number is narrow up to 2^53 - 1 and wide from 2^53 on", () => {
  assertEquals(read("9007199254740991"), narrow(9007199254740991n, 0));
  assertEquals(read("-9007199254740991"), narrow(-9007199254740991n, 0));
  assertEquals(read("90071.99254740991"), narrow(9007199254740991n, 11));
  assertEquals(read("9007199254740991.000"), narrow(9007199254740991n, 0));
  assertEquals(read("9007199254740992"), wide(9007199254740992n, 0));
  assertEquals(read("-9007199254740992"), wide(-9007199254740992n, 0));
  assertEquals(read("9007199254740993"), wide(9007199254740993n, 0));
  assertEquals(read("0.9007199254740993"), wide(9007199254740993n, 16));
  assertEquals(read("900719925474099.30"), wide(9007199254740993n, 1));
  assertEquals(read("18014398509481985"), wide(18014398509481985n, 0));
  assertEquals(read("1e16"), wide(10n ** 16n, 0));
  assertEquals(read("1e15"), narrow(10n ** 15n, 0));
});

Deno.test("the most digits are 38, before and after the point together", () => {
  assertEquals(MAX_DIGITS, 38);
  assertEquals(read("9".repeat(38)), wide(10n ** 38n - 1n, 0));
  assertEquals(read("9".repeat(20) + "." + "9".repeat(18)), wide(10n ** 38n - 1n, 18));
  assertEquals(read("1e37"), wide(10n ** 37n, 0));
  assertEquals(read("1e-38"), narrow(1n, 38));
  assertEquals(read("0." + "9".repeat(38)), wide(10n ** 38n - 1n, 38));
  for (
    const text of [
      "9".repeat(39),
      "9".repeat(20) + "." + "9".repeat(19),
      "0." + "0".repeat(38) + "1",
      "1e38",
      "1e-39",
      "1e999999",
      "1e-999999",
      "7".repeat(5000),
    ]
  ) {
    assertEquals(read(text), { kind: DECIMAL.TOO_LONG }, text);
  }
});

Deno.test("a field far longer than any number is never read in part", () => {
  const long = "0".repeat(1000);
  for (
    const text of [
      `${long}12345678901234567890`,
      `12345678901234567890.${long}1`,
      `0.${long}1`,
      `${long}1e3`,
    ]
  ) {
    assertEquals(read(text), { kind: DECIMAL.TOO_LONG }, text);
  }
  for (
    const text of [
      `nan${" ".repeat(1000)}x`,
      `1${long}x`,
      `12345678901234567890${" ".repeat(1000)}x`,
      "x".repeat(1000),
    ]
  ) {
    assertEquals(read(text).kind >= DECIMAL.INVALID, true, text);
  }
});

Deno.test("each word for a missing value is one in any case, with spaces around it", () => {
  for (const word of MISSING_WORDS) {
    for (const text of [word, word.toUpperCase(), ` ${word}  `, `\t${word}`]) {
      assertEquals(read(text), { kind: DECIMAL.MISSING }, JSON.stringify(text));
    }
  }
  assertEquals(read("NaN"), { kind: DECIMAL.MISSING });
  assertEquals(read("N/A"), { kind: DECIMAL.MISSING });
});

Deno.test("what is no decimal number is invalid, however near it comes", () => {
  const cases = [
    "+",
    ".",
    "-.",
    "+-1",
    "--1",
    "1-",
    "1.2.3",
    "1.2.0",
    "1..0",
    "1.-0",
    "1.5 0",
    "1,5",
    "1_000",
    "0x10",
    "1e",
    "1e+",
    "e5",
    ".e5",
    "1e1.5",
    "1e5e5",
    "inf",
    "Infinity",
    "-inf",
    "nan5",
    "n/a 5",
    "$",
    "5$5",
    "1,23",
    "1,234,5",
    "1.5X",
    "K",
    "5%",
    "1.5f",
    "１",
    "1\u0000",
    "--",
  ];
  for (const text of cases) {
    assertEquals(read(text), { kind: DECIMAL.INVALID }, JSON.stringify(text));
  }
});

Deno.test("a reader keeps nothing of the field before", () => {
  const reader = new DecimalReader();
  const bytes = new TextEncoder().encode("1.2599999999999999999999");
  reader.read(bytes, 0, bytes.length);
  assertEquals(reader.read(bytes, 0, 4), DECIMAL.NARROW);
  assertEquals([reader.mantissa, reader.scale], [125, 2]);
  assertEquals(reader.read(bytes, 2, 2), DECIMAL.MISSING);
});

/** `integer / 10^scale` without zeros that carry no value. */
function reduced(integer: bigint, scale: number): Read {
  let [rest, power] = [integer, scale];
  while (power > 0 && rest % 10n === 0n) [rest, power] = [rest / 10n, power - 1];
  const size = rest < 0n ? -rest : rest;
  return size < 2n ** 53n ? narrow(rest, power) : wide(rest, power);
}

Deno.test("any number within 38 digits is read exactly, in every spelling", () => {
  const spelt = fc.record({
    digits: fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 18n }),
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
    ),
    scale: fc.nat({ max: 8 }),
    negative: fc.boolean(),
    zeros: fc.nat({ max: 30 }),
    leading: fc.nat({ max: 30 }),
    exponent: fc.integer({ min: -20, max: 7 }),
  });
  fc.assert(
    fc.property(spelt, ({ digits, scale, negative, zeros, leading, exponent }) => {
      const all = String(digits).padStart(scale + 1, "0");
      const whole = "0".repeat(leading) + all.slice(0, all.length - scale);
      const fraction = all.slice(all.length - scale) + "0".repeat(zeros);
      const plain = `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
      const integer = negative ? -digits : digits;
      assertEquals(read(plain), reduced(integer, scale));
      const moved = scale - exponent;
      const shifted = moved < 0
        ? reduced(integer * 10n ** BigInt(-moved), 0)
        : reduced(integer, moved);
      const got = read(`${plain}e${exponent}`);
      if (digits === 0n) assertEquals(got, narrow(0n, 0));
      else assertEquals(got, shifted);
    }),
    { seed: 3, numRuns: 2000 },
  );
});

Deno.test("any text is read without an error, and a number only where Number reads one", () => {
  const text = fc.array(fc.constantFrom(..."0123456789.+-eE n/a_"), { maxLength: 12 })
    .map((characters) => characters.join(""));
  fc.assert(
    fc.property(text, (field) => {
      const { kind, integer, scale } = read(field);
      // Spaces may group thousands.
      const spaces = /(?<=^[+-]?[1-9]\d{0,2}(?: \d{3})*) (?=\d{3}(?!\d))/g;
      const number = Number(field.trim().replace(spaces, ""));
      if (kind === DECIMAL.NARROW || kind === DECIMAL.WIDE) {
        assertEquals(Number(`${integer}e-${scale}`), number === 0 ? 0 : number);
      } else if (kind === DECIMAL.INVALID) {
        assert(Number.isNaN(number) || /e[+-]?\d{7}/i.test(field), field);
      }
    }),
    { seed: 4, numRuns: 5000 },
  );
});
