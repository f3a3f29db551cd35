import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Flag } from "../../../lib/cli/commands/command.ts";
import { type ParsedWords, parseFlags } from "../../../lib/cli/flags/parse_flags.ts";
import { UserError } from "../../../lib/errors.ts";

const FLAGS: readonly Flag[] = [
  { name: "config", alias: "c", value: "FILE", help: "" },
  { name: "data", alias: "input", value: "FILE", help: "" },
  { name: "set", value: "KEY=VALUE", repeatable: true, help: "" },
  { name: "limit", alias: "n", value: "N", help: "" },
  { name: "all", help: "" },
  { name: "quiet", alias: "q", help: "" },
];

function parsed(...words: readonly string[]): ParsedWords {
  return parseFlags(words, {
    flags: FLAGS,
    operands: { usage: "REF …", min: 0, max: 100 },
  });
}

Deno.test("a flag is given by name, by letter or by its other name, with or without =", () => {
  for (const words of [["--config", "x"], ["--config=x"], ["-c", "x"], ["-c=x"]]) {
    assertEquals(parsed(...words).flags.text("config"), "x", words.join(" "));
  }
  assertEquals(parsed("--input", "a.csv").flags.text("data"), "a.csv");
  assertEquals(parsed().flags.text("data"), undefined);
});

Deno.test("a value is text, whatever it looks like", () => {
  for (
    const value of ["012345", "1e5", "0x1F", "true", "null", "-5", "--json", "a=b", " ", "=", "[1]"]
  ) {
    assertEquals(parsed(`--config=${value}`).flags.text("config"), value);
  }
});

Deno.test("operands that look like numbers stay the text that they are", () => {
  const words = [
    "012345",
    "1e5",
    "0x1F",
    "0b1",
    "1_000",
    "Infinity",
    "00",
    "1.0",
    "9007199254740993",
  ];
  assertEquals(parsed(...words).operands, words);
  assertEquals(parsed("--all", "007", "-q", "1e5").operands, ["007", "1e5"]);
});

Deno.test("any text after -- is an operand", () => {
  assertEquals(parsed("--all", "--", "--all=1", "-x", "--", "y").operands, [
    "--all=1",
    "-x",
    "--",
    "y",
  ]);
});

Deno.test("a repeatable flag keeps all values in order, another one the last", () => {
  const { flags } = parsed("--set", "a=1", "--set=b=2", "--set", "a=3", "-c", "x", "--config", "y");
  assertEquals(flags.list("set"), ["a=1", "b=2", "a=3"]);
  assertEquals(flags.text("config"), "y");
  assertEquals(parsed().flags.list("set"), []);
});

Deno.test("switches are given or not", () => {
  const { flags } = parsed("--all", "-q");
  assertEquals([flags.has("all"), flags.has("quiet"), flags.has("json")], [true, true, false]);
  assertEquals(parsed("--no-color").flags.has("no-color"), true);
  assertEquals(parsed().flags.has("no-color"), false);
});

Deno.test("a count is a whole number from 1", () => {
  assertEquals(parsed("-n", "20").flags.count("limit"), 20);
  assertEquals(parsed().flags.count("limit"), undefined);
  for (const value of ["0", "-1", "1.5", "1e3", "0x10", "x", " 1", "01", "9".repeat(10)]) {
    const { flags } = parsed(`--limit=${value}`);
    assertThrows(() => flags.count("limit"), UserError, `Cannot use --limit '${value}'`);
  }
});

Deno.test("a dash alone is a value after a flag that takes one, else an operand", () => {
  const words = "- --input - --set=- -c - --all - -- --config -";
  const { flags, operands } = parsed(...words.split(" "));
  const values = ["data", "set", "config"].map((name) => flags.text(name));
  assertEquals([values, flags.has("all")], [["-", "-", "-"], true]);
  assertEquals(operands, ["-", "-", "--config", "-"]);
});

Deno.test("words of any kind are parsed or refused, and change no prototype", () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom("--", "-", "--=", "-c", "--config", "--set", "--all", "--__proto__", "--a.b=1"),
    fc.tuple(fc.constantFrom("-", "--", "--no-"), fc.string()).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      try {
        for (const operand of parsed(...words).operands) assertEquals(typeof operand, "string");
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        assertEquals(error.exitCode, 2);
      }
      assertEquals(Object.keys(Object.prototype), []);
    }),
    { seed: 5, numRuns: 1000 },
  );
});
