import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { jsonLine, jsonText } from "../lib/json_text.ts";

/** Controls but for line feeds, and characters without a width or that turn the direction. */
const COMMANDING =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

Deno.test("JSON reads back as what it was, and holds nothing that commands a terminal", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const json = jsonText(texts);
      assertEquals(jsonLine(texts).replaceAll(/\s/g, ""), json.replaceAll(/\s/g, ""));
      assertEquals(JSON.parse(json), texts);
      assert(!COMMANDING.test(json), json);
    }),
    { seed: 1, numRuns: 500 },
  );
  assertEquals(jsonText(["a\u{e0041}"]), '[\n  "a\\udb40\\udc41"\n]\n');
  assertEquals(jsonText(["👍🏽 é 収"]), '[\n  "👍🏽 é 収"\n]\n');
});
