import { assertEquals } from "@std/assert";
import { commaMeaning, plainNumber } from "../../../lib/bars/number/number_forms.ts";

Deno.test("thousands separators, currency signs and magnitudes are taken off", () => {
  const cases: [text: string, plain: string][] = [
    ["1,234", "1234"],
    ["12,345,678.90", "12345678.90"],
    ["$1,234.5", "1234.5"],
    ["-€5", "-5"],
    ["5 €", "5"],
    ["1.38M", "1.38e6"],
    ["2.5k", "2.5e3"],
    ["3B", "3e9"],
    ["1.5", "1.5"],
    ["1e-8", "1e-8"],
  ];
  for (const [text, plain] of cases) assertEquals(plainNumber(text, "thousands"), plain);
});

Deno.test("what is grouped wrongly stays as it is, to be refused", () => {
  for (
    const text of ["1,23", "12,34,567", "1,234,5", ",123", "1234,567", "1_000", "0x10", "1.5MM"]
  ) {
    assertEquals(plainNumber(text, "thousands"), text);
  }
});

Deno.test("a comma that begins the fraction makes points and spaces separators", () => {
  const cases: [text: string, plain: string][] = [
    ["135,3", "135.3"],
    ["1.234,50", "1234.50"],
    ["1 234 567,8", "1234567.8"],
    ["1.234", "1234"],
    ["12", "12"],
    ["-,5", "-.5"],
  ];
  for (const [text, plain] of cases) assertEquals(plainNumber(text, "fraction"), plain);
});

Deno.test("a comma whose meaning cannot be told makes no number, unless it can only group", () => {
  assertEquals(plainNumber("1,234", "unknown"), "1,234");
  assertEquals(plainNumber("1,234,567", "unknown"), "1234567");
  assertEquals(plainNumber("1,234.5", "unknown"), "1234.5");
});

Deno.test("the cells of a file tell what a comma means", () => {
  assertEquals(commaMeaning(["1,5", "2,234"]), "fraction");
  assertEquals(commaMeaning(["1,234.5", "2,234"]), "thousands");
  assertEquals(commaMeaning(["1,234", "text", "5.5"]), "unknown");
});
