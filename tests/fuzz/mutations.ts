/**
 * Ways to change a text: bytes, lines and fields of it, and all of it.
 *
 * @module
 */

import { HOSTILE_NUMBERS, HOSTILE_TIMES } from "./hostile_values.ts";
import type { Random } from "./random.ts";

/** A way to change a text of one character a byte. */
export interface Mutation {
  /** What it does. */
  readonly name: string;
  /** Does it; `other` is the text of another file. */
  readonly apply: (text: string, random: Random, other: string) => string;
}

const DELIMITERS = [",", ";", "\t", "|"];

/** What structure is made of, and digits. */
const TELLING_BYTES = [...",;|\t\n\r\"' .-+0123456789eE[]{}:\\\0\x1a\x7f\x80\xbf\xc3\xef\xff"];

/** The delimiter that a text has most of. */
export function delimiterOf(text: string): string {
  const counted = DELIMITERS.map((delimiter) => text.split(delimiter).length);
  return DELIMITERS[counted.indexOf(Math.max(...counted))]!;
}

function replaced(
  text: string,
  { from, to, by }: { from: number; to: number; by: string },
): string {
  return text.slice(0, from) + by + text.slice(to);
}

/** Changes one line, its end left as it is. */
function inLine(
  text: string,
  random: Random,
  change: (line: string, random: Random) => string,
): string {
  const lines = text.split("\n");
  const at = random.int(0, lines.length - 1);
  lines[at] = change(lines[at]!, random);
  return lines.join("\n");
}

/** Changes the fields of one line. */
function inFields(
  text: string,
  random: Random,
  change: (fields: string[], at: number) => void,
): string {
  const delimiter = delimiterOf(text);
  return inLine(text, random, (line) => {
    const fields = line.split(delimiter);
    change(fields, random.int(0, fields.length - 1));
    return fields.join(delimiter);
  });
}

/** Changes the array of lines. */
function ofLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split("\n");
  change(lines);
  return lines.join("\n");
}

/** The mutations. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: "flip a bit",
    apply(text, random) {
      if (text === "") return text;
      const at = random.int(0, text.length - 1);
      const by = String.fromCharCode((text.charCodeAt(at) ^ (1 << random.int(0, 7))) & 255);
      return replaced(text, { from: at, to: at + 1, by });
    },
  },
  {
    name: "insert a byte",
    apply(text, random) {
      const at = random.int(0, text.length);
      return replaced(text, { from: at, to: at, by: random.pick(TELLING_BYTES) });
    },
  },
  {
    name: "replace a byte",
    apply(text, random) {
      const at = random.int(0, text.length);
      return replaced(text, { from: at, to: at + 1, by: random.pick(TELLING_BYTES) });
    },
  },
  {
    name: "delete bytes",
    apply(text, random) {
      const from = random.int(0, text.length);
      return replaced(text, { from, to: from + random.int(1, 20), by: "" });
    },
  },
  {
    name: "duplicate bytes",
    apply(text, random) {
      const from = random.int(0, text.length);
      const by = text.slice(from, from + random.int(1, 60));
      return replaced(text, { from, to: from, by });
    },
  },
  {
    name: "cut the end off",
    apply: (text, random) => text.slice(0, random.int(0, text.length)),
  },
  {
    name: "cut the beginning off",
    apply: (text, random) => text.slice(random.int(0, Math.min(text.length, 200))),
  },
  {
    name: "splice with another file",
    apply: (text, random, other) =>
      text.slice(0, random.int(0, text.length)) + other.slice(random.int(0, other.length)),
  },
  {
    name: "swap lines",
    apply: (text, random) =>
      ofLines(text, (lines) => {
        const [a, b] = [random.int(0, lines.length - 1), random.int(0, lines.length - 1)];
        [lines[a], lines[b]] = [lines[b]!, lines[a]!];
      }),
  },
  {
    name: "duplicate a line",
    apply: (text, random) =>
      ofLines(text, (lines) => {
        const line = random.pick(lines);
        lines.splice(random.int(0, lines.length), 0, line);
      }),
  },
  {
    name: "delete a line",
    apply: (text, random) =>
      ofLines(text, (lines) => void lines.splice(random.int(0, lines.length - 1), 1)),
  },
  {
    name: "add a line of little",
    apply: (text, random) =>
      ofLines(text, (lines) => {
        const line = random.pick(["", " ", "\r", ",,,,,", "# note", '""', "[", "}"]);
        lines.splice(random.int(0, lines.length), 0, line);
      }),
  },
  {
    name: "repeat the lines",
    apply: (text, random) =>
      ofLines(text, (lines) => void lines.push(...lines.slice(1, random.int(1, lines.length)))),
  },
  {
    name: "swap fields",
    apply: (text, random) =>
      inFields(text, random, (fields, a) => {
        const b = random.int(0, fields.length - 1);
        [fields[a], fields[b]] = [fields[b]!, fields[a]!];
      }),
  },
  {
    name: "duplicate a field",
    apply: (text, random) =>
      inFields(text, random, (fields, at) => void fields.splice(at, 0, fields[at]!)),
  },
  {
    name: "delete a field",
    apply: (text, random) => inFields(text, random, (fields, at) => void fields.splice(at, 1)),
  },
  {
    name: "quote a field",
    apply: (text, random) =>
      inFields(text, random, (fields, at) => {
        fields[at] = random.pick([
          `"${fields[at]}"`,
          `"${fields[at]}`,
          ` "${fields[at]}" `,
          `"a""b"`,
        ]);
      }),
  },
  {
    name: "a hostile number",
    apply: (text, random) =>
      inFields(text, random, (fields, at) => {
        fields[at] = random.pick(HOSTILE_NUMBERS);
      }),
  },
  {
    name: "a hostile close",
    apply: (text, random) =>
      inFields(text, random, (fields) => {
        if (fields.length > 4) fields[4] = random.pick(HOSTILE_NUMBERS);
      }),
  },
  {
    name: "hostile closes",
    apply(text, random) {
      const by = random.pick(HOSTILE_NUMBERS);
      const delimiter = delimiterOf(text);
      return ofLines(text, (lines) => {
        for (let at = 1; at < lines.length; at++) {
          const fields = lines[at]!.split(delimiter);
          if (fields.length > 4 && random.once(3)) fields[4] = by;
          lines[at] = fields.join(delimiter);
        }
      });
    },
  },
  {
    name: "a hostile time",
    apply: (text, random) =>
      inFields(text, random, (fields) => {
        fields[0] = random.pick(HOSTILE_TIMES);
      }),
  },
  {
    // Longer than the room that a block has for the end of the one before.
    name: "a field of 70,000 bytes",
    apply: (text, random) =>
      random.once(4)
        ? inFields(text, random, (fields, at) => {
          fields[random.once(2) ? at : 2] = random.pick(["x", "0", '""']).repeat(35_000).padEnd(
            70_000,
          );
        })
        : text,
  },
  {
    name: "digits replaced",
    apply: (text, random) =>
      inLine(
        text,
        random,
        (line) => line.replace(/\d/g, (d) => random.once(4) ? `${random.int(0, 9)}` : d),
      ),
  },
  {
    name: "another delimiter",
    apply: (text, random) => text.replaceAll(delimiterOf(text), random.pick(DELIMITERS)),
  },
  {
    name: "other line ends",
    apply: (text, random) =>
      text.replace(/\r?\n/g, random.pick(["\n", "\r\n", "\r", "\n\n", "\r\r\n"])),
  },
  {
    name: "some other line ends",
    apply: (text, random) =>
      text.replace(/\r?\n/g, (end) => random.once(4) ? random.pick(["\n", "\r\n", "\r"]) : end),
  },
  {
    name: "quotes around every field",
    apply(text) {
      const delimiter = delimiterOf(text);
      return text.replace(
        /[^\r\n]+/g,
        (line) =>
          line.split(delimiter).map((field) => `"${field.replaceAll('"', '""')}"`).join(delimiter),
      );
    },
  },
  {
    name: "quotes around every line",
    apply: (text) => text.replace(/[^\r\n]+/g, (line) => `"${line.replaceAll('"', '""')}"`),
  },
  { name: "no quotes", apply: (text) => text.replaceAll('"', "") },
  {
    name: "spaces after delimiters",
    apply: (text) => text.replaceAll(delimiterOf(text), `${delimiterOf(text)} `),
  },
  { name: "no header", apply: (text) => text.slice(text.indexOf("\n") + 1) },
];
