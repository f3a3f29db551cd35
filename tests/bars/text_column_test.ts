import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  reorderText,
  textAt,
  type TextColumn,
  TextColumnBuilder,
} from "../../lib/bars/text_column.ts";

function columnOf(texts: readonly string[], capacity?: number): TextColumn {
  const builder = new TextColumnBuilder(capacity);
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  // One by one, then many at once.
  const single = Math.floor(texts.length / 2);
  const kept = texts.slice(0, single).map(bytesOf);
  for (const bytes of kept) builder.push(bytes);
  const joined = bytesOf(texts.slice(single).join(""));
  let end = 0;
  builder.append(
    joined,
    Uint32Array.from(texts.slice(single), (text) => end += bytesOf(text).length),
  );
  // What is kept is a copy: the block is used again for the next rows.
  for (const bytes of [...kept, joined]) bytes.fill(0x21);
  return builder;
}

function textsOf(column: TextColumn): string[] {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return Array.from({ length: column.length }, (_, t) => decoder.decode(textAt(column, t)));
}

Deno.test("texts come back as they were put in, whatever their number and length", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme", maxLength: 60 }), { maxLength: 60 }),
      fc.nat({ max: 64 }),
      (texts, capacity) => assertEquals(textsOf(columnOf(texts, capacity)), texts),
    ),
    { seed: 9, numRuns: 500 },
  );
});

Deno.test("a text longer than all the room there is is kept whole", () => {
  const texts = ["", "a".repeat(100_000), "", "b"];
  assertEquals(textsOf(columnOf(texts, 1)), texts);
});

Deno.test("a reordered column has the same texts in the new order", () => {
  const reordered = reorderText(columnOf(["a", "", "ccc"]), Uint32Array.of(2, 0, 1));
  assertEquals(reordered.length, 3);
  assertEquals(textsOf(reordered), ["ccc", "a", ""]);
  const shorter = reorderText(columnOf(["a", "", "ccc"]), Uint32Array.of(2, 0));
  assertEquals([shorter.length, textsOf(shorter)], [2, ["ccc", "a"]]);
});
