import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  applyOverrides,
  type Override,
  parseOverride,
  scalarOverride,
} from "../../lib/config/overrides.ts";
import { EXIT_USAGE, UserError } from "../../lib/errors.ts";

function refusal(text: string): UserError {
  const error = assertThrows(() => parseOverride(text), UserError);
  assertEquals([error.code, error.exitCode], ["usage", EXIT_USAGE]);
  return error;
}

function applied(
  values: Readonly<Record<string, unknown>>,
  ...texts: readonly string[]
): [string, unknown][] {
  return Object.entries(applyOverrides(values, texts.map(parseOverride)));
}

Deno.test("a value is typed as YAML types it", () => {
  const cases: [text: string, value: unknown][] = [
    ["window=20", 20],
    ["window= 20 ", 20],
    ["window=20 # bars", 20],
    ["max_missing=1e-3", 0.001],
    ["signals=none", "none"],
    ["version='20'", "20"],
    ['version="a: b"', "a: b"],
    ["version=2024-01-01", "2024-01-01"],
    ["version=yes", "yes"],
    ["version=a=b", "a=b"],
    ["flag=true", true],
    ["window=null", null],
    ["window=~", null],
    ["window=", null],
    ["window=  ", null],
    ["window=# nothing", null],
    ["data=C:\\bars.csv", "C:\\bars.csv"],
    ["version=收盘", "收盘"],
  ];
  for (const [text, value] of cases) {
    assertEquals(parseOverride(text).value, value, text);
  }
});

Deno.test("an override knows its key, dotted where nested, and how it was said", () => {
  assertEquals(parseOverride("window=20"), {
    key: ["window"],
    value: 20,
    origin: "--set window=20",
  });
  assertEquals(parseOverride("columns.close=Adj Close").key, ["columns", "close"]);
  assertEquals(parseOverride(" window =5").key, ["window"]);
  assertEquals(scalarOverride(["seed"], "7", "--seed 7"), {
    key: ["seed"],
    value: 7,
    origin: "--seed 7",
  });
});

Deno.test("words without a key, or without an equals sign, are refused", () => {
  for (const text of ["window", "", "=5", " =5", ".=5", "a..b=5", ".a=5", "a.=5"]) {
    const { message, hint } = refusal(text);
    assertEquals(message, `Cannot use --set '${text}': expected key=value`);
    assertEquals(hint, "For example: --set window=20");
  }
});

Deno.test("what is no single value is refused with how to quote it", () => {
  for (
    const value of ["[1, 2]", "{a: 1}", "a: b", "- a", "*a", "@x", "[1", '"a', "!!set x", "!!x y"]
  ) {
    const { message, hint } = refusal(`version=${value}`);
    assertMatch(message, /Cannot use '--set version=.*': the value is not a single number, word/);
    assertMatch(hint!, /--set 'version="…"'/);
  }
});

Deno.test("a hostile override is quoted in its refusal", () => {
  assertEquals(
    refusal("\u001b[31mx").message,
    "Cannot use --set '\\u{1b}[31mx': expected key=value",
  );
  assertMatch(refusal("\u202ex=[1]").message, /'--set \\u\{202e\}x=\[1\]'/);
});

Deno.test("overrides are laid over the values, the last of a key winning", () => {
  assertEquals(applied({ seed: 1, window: 5 }, "window=6", "window=7", "signals=none"), [
    ["seed", 1],
    ["window", 7],
    ["signals", "none"],
  ]);
});

Deno.test("a nested override leaves its neighbours, and gives way to nothing that is no mapping", () => {
  const columns = { open: "O", close: "C" };
  assertEquals(applied({ columns }, "columns.close=Last"), [
    ["columns", { open: "O", close: "Last" }],
  ]);
  assertEquals(columns.close, "C");
  for (const parent of [undefined, null, "x", 5, ["a"]]) {
    assertEquals(applied({ columns: parent }, "columns.close=Last"), [
      ["columns", { close: "Last" }],
    ]);
  }
});

Deno.test("nothing is nested more than one deep", () => {
  const overrides: Override[] = [parseOverride("columns.close.x=1")];
  const error = assertThrows(() => applyOverrides({}, overrides), UserError);
  assertEquals(
    error.message,
    "Cannot use '--set columns.close.x=1': no key is nested that deep",
  );
  assertEquals([error.code, error.exitCode], ["usage", EXIT_USAGE]);
});

Deno.test("keys of the object prototype are set like any other and change no prototype", () => {
  for (const key of ["__proto__", "constructor", "toString"]) {
    assertEquals(applied({}, `${key}=5`), [[key, 5]]);
    const [[name, nested]] = applied({}, `${key}.polluted=5`) as [[string, object]];
    assertEquals([name, Object.entries(nested)], [key, [["polluted", 5]]]);
  }
  assertEquals(({} as Record<string, unknown>).polluted, undefined);
  const file = JSON.parse('{"__proto__": {"x": 1}, "columns": {"__proto__": "y"}}');
  assertEquals(applied(file, "columns.close=Last").map(([key]) => key), ["__proto__", "columns"]);
});
