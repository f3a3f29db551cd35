import { assertEquals } from "@std/assert";
import stringWidth from "string-width";
import { table } from "../../../lib/cli/text/table.ts";

Deno.test("columns are as wide as their widest cell, two spaces apart, with no space at the end", () => {
  assertEquals(
    table([{ title: "RUN" }, { title: "RATE", align: "right" }, { title: "NAME" }], [
      ["k3f9x2", "0.5", "wide"],
      ["a", "0.25", ""],
    ]),
    "RUN     RATE  NAME\n" +
      "k3f9x2   0.5  wide\n" +
      "a       0.25\n",
  );
});

Deno.test("missing cells are empty, and no rows are a line of titles", () => {
  assertEquals(table([{ title: "A" }, { title: "B" }], [["1"]]), "A  B\n1\n");
  assertEquals(table([{ title: "A" }, { title: "B" }], []), "A  B\n");
});

Deno.test("wide characters, emoji and combining marks are aligned by what they take on a screen", () => {
  const names = [
    "収盤価格",
    "👍🏽",
    "Größe",
    "e\u0301te\u0301",
    "❤️",
    "ＡＢＣ",
    "plain",
    "🇯🇵",
    "नमस्ते",
  ];
  const text = table([{ title: "NAME" }, { title: "END" }], names.map((name) => [name, "|"]));
  const ends = text.trimEnd().split("\n").slice(1).map((line) => stringWidth(line));
  assertEquals(new Set(ends), new Set([11]));
});

Deno.test("cells and titles are made printable, and cannot break the line", () => {
  const hostile = "a\u001b[31m\nb\u202e";
  assertEquals(
    table([{ title: hostile }], [[hostile], [{ text: hostile }]]),
    "a\\u{1b}[31m\\nb\\u{202e}\n".repeat(3),
  );
});

Deno.test("paint goes around the text, after it is measured", () => {
  const paint = (text: string): string => `\u001b[1m${text}\u001b[22m`;
  assertEquals(
    table([{ title: "A" }, { title: "B", align: "right" }], [
      [{ text: "x\u001b", paint }, { text: "1", paint }],
      ["long enough", "23"],
    ], { paintTitle: paint }),
    "\u001b[1mA\u001b[22m             \u001b[1mB\u001b[22m\n" +
      "\u001b[1mx\\u{1b}\u001b[22m       \u001b[1m1\u001b[22m\n" +
      "long enough  23\n",
  );
});

Deno.test("a cell is cut at the limit, between characters", () => {
  assertEquals(
    table([{ title: "A" }], [["👍".repeat(50)], ["x".repeat(40)], ["x".repeat(41)]]),
    `A\n${"👍".repeat(39)}…\n${"x".repeat(40)}\n${"x".repeat(39)}…\n`,
  );
  assertEquals(table([{ title: "A" }], [["abc"]], { maxCell: 2 }), "A\na…\n");
  const long = "x".repeat(500);
  assertEquals(table([{ title: "A" }], [[long]], { maxCell: Infinity }), `A\n${long}\n`);
});
