/**
 * What somebody may have put where sigrun expects something else.
 *
 * @module
 */

import type { Random } from "../fuzz/random.ts";

/** Texts that are odd as names, paths, JSON or times. */
const TEXTS: readonly string[] = [
  ...[
    "",
    " ",
    ".",
    "..",
    "../..",
    "../../victim",
    "/",
    "/etc/hostname",
    "C:\\x",
    "CON",
    "-rf",
    "~",
  ],
  ...["__proto__", "constructor", "null", "true", "0", "-1", "1e999", "NaN", "latest", "latest~1"],
  ...["{", "[]", "5", '""', '{"a":', "[[[[", '{"__proto__":{"x":1}}', '{"git":[]}', '{"run":null}'],
  ...["2099-01-01T00:00:00.000Z", "2099-13-45T99:99:99Z", "20991301-000000-000000", "yesterday"],
  ...[
    "a\0b",
    "\0",
    "\u001b[2J\r\u202e",
    "\uffff",
    "\ud83c\udfb2",
    "=1+1",
    "sha256:",
    "%00",
    "a\nb",
  ],
  ...[
    "running",
    "finished",
    "deleted",
    "file:../x",
    "http://127.0.0.1:9/",
    "'; DROP TABLE runs; --",
  ],
];

/** A value in SQL that is odd in any column. */
export function hostileSql(random: Random): string {
  return random.pick<() => string>([
    () => "NULL",
    () => "CAST(x'61e9ff62' AS TEXT)",
    () => "CAST(x'eda080' AS TEXT)",
    () => "x'00ff'",
    () => "zeroblob(0)",
    () => "9223372036854775807",
    () => "-9223372036854775808",
    () => "9e999",
    () => "0.1",
    () => `'${"[".repeat(3000)}${"]".repeat(3000)}'`,
    () => `'${'{"a":'.repeat(900)}1${"}".repeat(900)}'`,
    () => `printf('%.*c', ${random.pick([1000, 1_000_000, 40_000_000])}, 'x')`,
    () => `zeroblob(${random.pick([1000, 1_000_000, 40_000_000])})`,
    () =>
      `replace('${
        random.pick(TEXTS).replaceAll("'", "''").replaceAll("\0", "\u0001")
      }', char(1), char(0))`,
    () => `'${random.pick(TEXTS).replaceAll("'", "''").replaceAll("\0", "")}'`,
  ])();
}

/** Bytes that are odd in any file. */
export function hostileBytes(random: Random, original: Uint8Array): Uint8Array {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  return random.pick<() => Uint8Array>([
    () => new Uint8Array(),
    () => Uint8Array.of(0x61, 0xe9, 0xff, 0x00),
    () => text(random.pick(TEXTS)),
    () => text("[".repeat(100_000)),
    () => text('{"a":'.repeat(20_000) + "1" + "}".repeat(20_000)),
    () => original.slice(0, random.int(0, original.length)),
    () => text(new TextDecoder().decode(original) + "\n{}"),
    () => flipped(original, random),
    () => text(withHostileValue(new TextDecoder().decode(original), random)),
    () => text(withHostileValue(new TextDecoder().decode(original), random)),
  ])();
}

function flipped(original: Uint8Array, random: Random): Uint8Array {
  if (original.length === 0) return original;
  const copy = original.slice();
  copy[random.int(0, copy.length - 1)]! ^= 1 << random.int(0, 7);
  return copy;
}

/** JSON, one value of which is another one; of other texts a word. */
function withHostileValue(text: string, random: Random): string {
  const values = [...text.matchAll(/(?<=": ?)(?:"(?:[^"\\]|\\.)*"|[-\w.]+|\[\]|\{\})|\w+/g)];
  if (values.length === 0) return text;
  const { index, 0: value } = random.pick(values);
  const other = random.pick([
    ...["null", "[]", "{}", "5", '""', "1e999", "-1", "true", '"x"', '{"__proto__": 1}', "[[[]]]"],
    ...TEXTS.map((value) => JSON.stringify(value)),
  ]);
  return text.slice(0, index) + other + text.slice(index + value.length);
}
