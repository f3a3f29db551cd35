import { assertEquals } from "@std/assert";
import { nearest } from "../lib/nearest.ts";

const KEYS = ["version", "seed", "window", "min_periods", "warmup"];

Deno.test("a misspelt word finds the one that was meant", () => {
  assertEquals(nearest("windw", KEYS), "window");
  assertEquals(nearest("windwo", KEYS), "window");
  assertEquals(nearest("minperiods", KEYS), "min_periods");
  assertEquals(nearest("seeds", KEYS), "seed");
  assertEquals(nearest("warm_up", KEYS), "warmup");
});

Deno.test("two letters that changed places are one mistake", () => {
  assertEquals(nearest("clsoe", ["open", "high", "low", "close", "volume"]), "close");
  assertEquals(nearest("sede", KEYS), "seed");
  assertEquals(nearest("josn", ["json", "name"]), "json");
  assertEquals(nearest("ab", ["xy", "ba"]), "ba");
  assertEquals(nearest("dees", KEYS), undefined);
});

Deno.test("one letter is near no other letter", () => {
  assertEquals(nearest("x", ["y", "z"]), undefined);
  assertEquals(nearest("", ["y"]), undefined);
  assertEquals(nearest("X", ["y", "x"]), "x");
});

Deno.test("case does not count, and the candidate comes back as it is written", () => {
  assertEquals(nearest("CLOSE", ["Open", "Close"]), "Close");
});

Deno.test("a word within a longer one is near, in either direction", () => {
  assertEquals(nearest("close", ["timestamp", "close_price_usd"]), "close_price_usd");
  assertEquals(nearest("adjusted close", ["timestamp", "close"]), "close");
});

Deno.test("the nearest of several wins, the first of equals", () => {
  assertEquals(nearest("close", ["adj close", "closed", "close"]), "close");
  assertEquals(nearest("runs:lst", ["runs:list", "runs:last"]), "runs:list");
});

Deno.test("a word that is far from all finds none", () => {
  assertEquals(nearest("zebra", KEYS), undefined);
  assertEquals(nearest("close", ["a", "", "open"]), undefined);
  assertEquals(nearest("x", []), undefined);
  assertEquals(nearest("", KEYS), undefined);
});

Deno.test("words of any length and script are compared", () => {
  assertEquals(nearest("收盘价格", ["最高价格", "收盘价"]), "收盘价");
  assertEquals(nearest("x".repeat(1e6), ["y".repeat(1e6)]), undefined);
});
