import { assertEquals } from "@std/assert";
import { expectedForm, shownValue, valueSchema } from "../../lib/config/expected.ts";
import { z } from "../../lib/experiment.ts";

Deno.test("the values that a type takes are said in words", () => {
  const cases: [type: z.ZodType, words: string][] = [
    [z.int(), "a whole number"],
    [z.int().min(1), "a whole number from 1"],
    [z.int().min(1).max(9).default(5), "a whole number from 1 to 9"],
    [z.int().max(9).optional(), "a whole number to 9"],
    [z.number(), "a number"],
    [z.number().min(0).max(1), "a number from 0 to 1"],
    [z.number().gt(0).lt(1), "a number above 0 below 1"],
    [z.boolean(), "true or false"],
    [z.string().min(1), "text"],
    [z.string().max(200), "text of up to 200 characters"],
    [z.string().meta({ examples: ["1s", "5min"] }), "text such as 1s or 5min"],
    [z.enum(["csv", "none"]), "one of csv, none"],
    [z.literal("csv"), "csv"],
    [z.union([z.int().min(0), z.literal("auto")]), "a whole number from 0, or auto"],
    [z.array(z.int()), "a list"],
    [z.array(z.int()).min(1), "a list of 1 or more"],
    [z.strictObject({ a: z.int() }), "keys with values"],
    [z.unknown(), "another value"],
  ];
  for (const [type, words] of cases) assertEquals(expectedForm(type), words);
});

Deno.test("a type's schema is what editors read, without a dialect of its own", () => {
  assertEquals(valueSchema(z.int().min(1).default(5).describe("bars in the rolling mean")), {
    default: 5,
    description: "bars in the rolling mean",
    type: "integer",
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
  });
});

Deno.test("a value is shown in a few printable characters, whatever it is", () => {
  const cases: [value: unknown, shown: string][] = [
    [null, "nothing"],
    [undefined, "nothing"],
    ["", "''"],
    ["a\u001b[2J\n", "'a\\u{1b}[2J\\n'"],
    ["x".repeat(1000), `'${"x".repeat(60)}…'`],
    [0.1, "0.1"],
    [NaN, "NaN"],
    [true, "true"],
    [[1, 2], "a list"],
    [[], "an empty list"],
    [{ a: 1 }, "keys with values"],
  ];
  for (const [value, shown] of cases) assertEquals(shownValue(value), shown);
});
