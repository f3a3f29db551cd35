import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { compareConfigs } from "../../lib/compare/config_difference.ts";

Deno.test("keys are changed, removed, added or equal, in the order of the first config", () => {
  assertEquals(
    compareConfigs(
      { version: "v1", window: 5, lag: 1, columns: { close: "Last", time: "t" } },
      { columns: { close: "Close", time: "t" }, window: "5", version: "v1", signals: "none" },
    ),
    [
      { key: "version", status: "equal", before: "v1", after: "v1" },
      { key: "window", status: "changed", before: 5, after: "5" },
      { key: "lag", status: "removed", before: 1, after: null },
      { key: "columns.close", status: "changed", before: "Last", after: "Close" },
      { key: "columns.time", status: "equal", before: "t", after: "t" },
      { key: "signals", status: "added", before: null, after: "none" },
    ],
  );
});

Deno.test("a key that is set to nothing is not one that is missing", () => {
  assertEquals(compareConfigs({ a: null }, {})[0]?.status, "removed");
  assertEquals(compareConfigs({ a: null }, { a: null })[0]?.status, "equal");
});

Deno.test("a config is equal to itself, and the other way round removed is added", () => {
  const config = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }));
  fc.assert(fc.property(config, config, (before, after) => {
    assertEquals(compareConfigs(before, before).filter(({ status }) => status !== "equal"), []);
    const swap = { removed: "added", added: "removed", changed: "changed", equal: "equal" };
    const sorted = (keys: readonly { key: string; status: string }[]) =>
      keys.map(({ key, status }) => `${key} ${status}`).sort();
    assertEquals(
      sorted(compareConfigs(before, after)),
      sorted(compareConfigs(after, before).map((key) => ({ ...key, status: swap[key.status] }))),
    );
  }));
});
