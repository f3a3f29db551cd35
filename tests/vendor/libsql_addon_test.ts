import { assert, assertEquals, assertThrows } from "@std/assert";
import { loadAddon } from "../../lib/vendor/libsql_addon.ts";

const LIBSQL = import.meta.resolve("libsql");

Deno.test("the addon of libsql is the one beside its package", () => {
  const addon = loadAddon() as Record<string, unknown>;
  assertEquals(typeof addon["databaseOpen"], "function");
});

Deno.test("where it does not lie beside it, Node's loader finds it", () => {
  // In its own folder, but not at the path that tells where the addon is.
  const elsewhere = LIBSQL.replace(/index\.js$/, "promise.js");
  assert(elsewhere !== LIBSQL);
  assertEquals(
    Object.keys(loadAddon(elsewhere) as object),
    Object.keys(loadAddon() as object),
  );
});

Deno.test("where there is none, the error says which is missing", () => {
  assertThrows(() => loadAddon("file:///nowhere/libsql/index.js"), Error, "@libsql/");
});
