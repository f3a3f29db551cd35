import { assertEquals } from "@std/assert";
import { plainNumber } from "../../../lib/bars/number/number_forms.ts";

Deno.test("thousands separators, currency signs and magnitudes are taken off", () => {
  const cases: [text: string, plain: string][] = [
    ["1,234", "1234"],
    ["12,345,678.90", "12345678.90"],
    ["1,23,456.70", "123456.70"],
    ["12,34,56,789", "123456789"],
    ["42'107.2", "42107.2"],
    ["42’107.2", "42107.2"],
    ["42\u00a0107.2", "42107.2"],
    ["42\u202f107.2", "42107.2"],
    ["1\u2009042\u2009107", "1042107"],
    ["$1,234.5", "1234.5"],
    ["-€5", "-5"],
    ["−37.63", "-37.63"],
    ["5 €", "5"],
    ["1.38M", "1.38e6"],
    ["1,234.5K", "1234.5e3"],
    ["2.5k", "2.5e3"],
    ["3B", "3e9"],
    ["1.5", "1.5"],
    [".5", ".5"],
    ["1.", "1."],
    ["1e-8", "1e-8"],
  ];
  for (const [text, plain] of cases) assertEquals(plainNumber(text, "point"), plain, text);
});

Deno.test("what is grouped wrongly is no number", () => {
  for (
    const text of [
      "1,23",
      "12,34,567,8",
      "1,234,5",
      ",123",
      "1234,567",
      "0,502",
      "0,123.5",
      "00,123",
      "123,45,678",
      "1'234,567",
      "1,234'567",
      "1''234",
      "1\u2009042 107",
      "1_000",
      "0x10",
      "1.5MM",
      "1e3K",
      "1.234.567",
      "",
      ".",
      "-",
    ]
  ) {
    assertEquals(plainNumber(text, "point"), null, text);
  }
});

Deno.test("a comma that begins the fraction makes points, spaces and apostrophes separators", () => {
  const cases: [text: string, plain: string][] = [
    ["135,3", "135.3"],
    ["1.234,50", "1234.50"],
    ["1 234 567,8", "1234567.8"],
    ["1\u202f234,5", "1234.5"],
    ["1'234,5", "1234.5"],
    ["1.234", "1234"],
    ["1.234.567", "1234567"],
    ["0,502", "0.502"],
    ["12", "12"],
    ["-,5", "-.5"],
    ["38,45K", "38.45e3"],
    ["1,5E-08", "1.5E-08"],
  ];
  for (const [text, plain] of cases) assertEquals(plainNumber(text, "comma"), plain, text);
  for (const text of ["1.5", "0.502", "1234.567", "1,234.5", "1,234,567", "1.23,4"]) {
    assertEquals(plainNumber(text, "comma"), null, text);
  }
});
