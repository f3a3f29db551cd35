import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { printable, printableLines, quote, shortened } from "../lib/quote.ts";

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
      "\u00ad",
      "\u034f",
      "\u061c",
      "\u115f",
      "\u1160",
      "\u180e",
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
      "\u3164",
      "\ufeff",
      "\uffa0",
      "\ufff9",
      "\ud800",
      "\udfff",
    ]
  ) {
    const code = character.charCodeAt(0).toString(16);
    assertEquals(printable(`a${character}b`), `a\\u{${code}}b`);
  }
});

Deno.test("letters that are there in secret, as tags, are written as escapes", () => {
  assertEquals(
    printable("ok\u{e0001}\u{e0041}\u{e007f}"),
    "ok\\u{e0001}\\u{e0041}\\u{e007f}",
  );
});

Deno.test("variation selectors stay with the character that they vary", () => {
  for (const text of ["❤️", "✈︎", "1️⃣", "葛\u{e0100}"]) assertEquals(printable(text), text);
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

Deno.test("shortened text has no quotes", () => {
  assertEquals(shortened("a\u001b", 3), "a\\u{1b}");
  assertEquals(shortened("abcdef", 3), "abc…");
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
