import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { unclearNumber } from "../../lib/config/number_text.ts";
import { yamlValues } from "../../lib/config/yaml_values.ts";

Deno.test("what YAML reads as a number that is no plain decimal has another reading, or is refused", () => {
  const characters = fc.constantFrom(..."0123456789_.xobeEaf+-:");
  fc.assert(
    fc.property(fc.string({ unit: characters, minLength: 1, maxLength: 8 }), (text) => {
      let value: unknown;
      try {
        value = yamlValues(`k: ${text}`).value;
      } catch {
        return;
      }
      const number = (value as { readonly k: unknown }).k;
      if (typeof number !== "number" || !Number.isFinite(number)) return;
      const readings = unclearNumber(text, number);
      // Only where a decimal says the same as YAML is there one reading.
      if (readings.length === 0) assertEquals(Number(text), number, text);
      else assert(readings.includes(number), `${text}: ${readings} without ${number}`);
    }),
    { numRuns: 20_000 },
  );
});
