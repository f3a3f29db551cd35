import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { printable, printableLines, quote } from "../lib/quote.ts";

Deno.test("ordinary text is left as it is, in any script", () => {
  for (const text of ["", "n/a", "Größe 12,5 €", "收盘价", "👍🏽", 'it\'s "so" \\']) {
    assertEquals(printable(text), text);
    assertEquals(quote(text), `'${text}'`);
  }
});

Deno.test("controls are written as escapes", () => {
  assertEquals(printable("a\n\r\tb"), "a\\n\\r\\tb");
  assertEquals(printable("\u001b[31mred\u0007"), "\\u{1b}[31mred\\u{7}");
  assertEquals(printable("\u0000\u007f\u009b2J"), "\\u{0}\\u{7f}\\u{9b}2J");
});

Deno.test("characters that reorder or hide text are written as escapes", () => {
  for (
    const character of [
      "\u061c",
      "\u200b",
      "\u200e",
      "\u200f",
      "\u2028",
      "\u2029",
      "\u202a",
      "\u202e",
      "\u2060",
      "\u2066",
      "\u2069",
      "\ufeff",
      "\ud800",
      "\udfff",
    ]
  ) {
    const code = character.charCodeAt(0).toString(16);
    assertEquals(printable(`a${character}b`), `a\\u{${code}}b`);
  }
});

Deno.test("of several lines only the line breaks are kept", () => {
  assertEquals(printableLines("a\u001bb\nc\r\n\nd"), "a\\u{1b}b\nc\\r\n\nd");
});

Deno.test("a long text is cut between characters, and says so", () => {
  assertEquals(quote("abcdef", 3), "'abc…'");
  assertEquals(quote("abc", 3), "'abc'");
  assertEquals(quote("👍👍👍", 2), "'👍👍…'");
  assertEquals(quote("👍👍", 2), "'👍👍'");
  assertEquals(quote("x".repeat(60)), `'${"x".repeat(60)}'`);
  assertEquals(quote("x".repeat(61)), `'${"x".repeat(60)}…'`);
  assertEquals(quote("👍".repeat(100_000)), `'${"👍".repeat(60)}…'`);
  assertEquals(quote(`a${"👍".repeat(60)}`), `'a${"👍".repeat(59)}…'`);
});

Deno.test("no text whatever leaves a control, bidi or lone surrogate character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat({ max: 20 }), (text, limit) => {
      for (const shown of [printable(text), quote(text, limit)]) {
        assert(!/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(shown), shown);
      }
      assert(Array.from(quote(text, limit)).length <= limit * 10 + 3);
    }),
    { seed: 18, numRuns: 1000 },
  );
});
