import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { markdownTable, markdownText } from "../../../lib/cli/text/markdown.ts";
import { printable } from "../../../lib/quote.ts";

Deno.test("markup of any kind is text", () => {
  const cases: [text: string, markdown: string][] = [
    ["signal_rate", "signal_rate"],
    ["_x_ __y__", "\\_x\\_ \\_\\_y\\_\\_"],
    ["*x* ~~y~~", "\\*x\\* \\~\\~y\\~\\~"],
    ["a|b \\| `c`", "a\\|b \\\\\\| \\`c\\`"],
    ["[x](http://y)", "\\[x\\](http&#58;//y)"],
    ["<img src=x> &amp;", "&lt;img src=x&gt; &amp;amp;"],
    ["@octocat #1 a@b", "@&#8203;octocat #&#8203;1 a@&#8203;b"],
    ["www.example.com $x$", "www&#46;example.com &#36;x&#36;"],
    ["a\nb\u202e\u001b[2J", "a\\\\nb\\\\u{202e}\\\\u{1b}\\[2J"],
  ];
  for (const [text, markdown] of cases) assertEquals(markdownText(text), markdown);
});

Deno.test("whatever a cell holds, a row stays one line of as many cells", () => {
  const cell = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.string({ unit: fc.constantFrom("|", "\\", "`", "\n", "\r", "\u2028", "\u202e", "a") }),
  );
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), (rows) => {
    const lines = markdownTable([{ title: "a" }, { title: "b", align: "right" }], rows)
      .split("\n");
    assertEquals(lines.pop(), "");
    assertEquals(lines.length, rows.length + 2);
    for (const line of lines) {
      // A pipe ends a cell unless an odd number of backslashes stands before it.
      const ends = line.match(/(?<!\\)(?:\\\\)*\|/g) ?? [];
      assertEquals(ends.length, 3, line);
      assertEquals(printable(line), line);
    }
  }));
});

Deno.test("what is long is cut before it is escaped", () => {
  const table = markdownTable([{ title: "x" }], [["|".repeat(200)]], { maxCell: 4 });
  assertEquals(table, "| x       |\n| ------- |\n| \\|\\|\\|… |\n");
  assert(!table.includes("…\\"));
});
