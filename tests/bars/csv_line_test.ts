import { assertEquals } from "@std/assert";
import { parse } from "@std/csv/parse";
import { csvLine } from "../../lib/bars/csv_line.ts";
import { bytesOf } from "./load_text.ts";

Deno.test("cells of any text read back as they were", () => {
  const texts = ["a,b", 'say "x"', "two\nlines", "cr\rin", '"', '""', ",", " plain ", "ü,€", "x"];
  const lines = texts.flatMap((first) =>
    texts.map((second) => new TextDecoder().decode(csvLine(bytesOf(first), bytesOf(second))))
  );
  assertEquals(
    parse(lines.join("\n")),
    texts.flatMap((first) => texts.map((second) => [first, second])),
  );
});

Deno.test("cells have quotes only where they need them", () => {
  const line = (first: string, second: string) =>
    new TextDecoder().decode(csvLine(bytesOf(first), bytesOf(second)));
  assertEquals(line("2024-01-01 00:00", " 1.50"), "2024-01-01 00:00, 1.50");
  assertEquals(line("", "1"), ",1");
  assertEquals(line("Jan 14, 2020", "1"), '"Jan 14, 2020",1');
  assertEquals(line("a".repeat(200_000), "1").length, 200_002);
});
