import { assertEquals } from "@std/assert";
import {
  columnEvidence,
  evidenceOf,
  type MarkEvidence,
  markOf,
} from "../../../lib/bars/number/decimal_mark.ts";

Deno.test("a cell tells its decimal mark where it is a number with that one only", () => {
  const cases: Readonly<Record<MarkEvidence, readonly string[]>> = {
    point: ["1.5", "1234.567", "0.502", "1,234.5", "1,234,567", "1,23,456", "42'107.2", "$1.50"],
    comma: ["1,5", "1234,567", "0,502", "-0,502", "1.234,5", "1.234.567", ",5", "42 107,2"],
    "open comma": ["1,234", "12,345", "-999,999", "$1,234", "1,234K"],
    "open point": ["1.234", "12.345", "999.000"],
    none: ["", "12", "42'107", "42 107", "text", "1,2,3", "11.01.2024", "1.38.2", "null"],
  };
  for (const [evidence, cells] of Object.entries(cases)) {
    for (const cell of cells) assertEquals(evidenceOf(cell), evidence, cell);
  }
});

Deno.test("all cells of a column decide, wherever the one stands that tells", () => {
  assertEquals(columnEvidence(["1,234", "5", "1,5", "2,345"]), "comma");
  assertEquals(columnEvidence(["1.234", "1,234", "999.5"]), "point");
  assertEquals(columnEvidence(["1.234", "1,234"]), "open comma");
  assertEquals(columnEvidence(["7", "1.234"]), "open point");
  assertEquals(columnEvidence(["7", "n/a"]), "none");
});

Deno.test("where a column does not tell, the others of its file do, if they agree", () => {
  assertEquals(markOf("comma", ["point"]), "comma");
  assertEquals(markOf("open comma", ["none", "point", "open comma"]), "point");
  assertEquals(markOf("open comma", ["comma", "open comma"]), "comma");
  assertEquals(markOf("open comma", ["comma", "point"]), null);
  assertEquals(markOf("open comma", ["open comma"]), null);
  assertEquals(markOf("none", ["comma"]), "comma");
  assertEquals(markOf("open point", ["comma", "open point"]), "doubtful");
  assertEquals(markOf("open point", ["none"]), null);
});
