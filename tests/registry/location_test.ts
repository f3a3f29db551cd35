import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { registryLocation } from "../../lib/registry/location.ts";
import { refusalOf } from "../bars/refusal.ts";

Deno.test("a registry is named by a path, file:PATH or a file URL", () => {
  const paths: Readonly<Record<string, string>> = {
    "/data/r.db": "/data/r.db",
    "r.db": "/work/r.db",
    "../r.db": "/r.db",
    "file:/data/r.db": "/data/r.db",
    "file:r.db": "/work/r.db",
    "FILE:r.db": "/work/r.db",
    "file:///data/r.db": "/data/r.db",
    "file:///a%20b/%25.db": "/a b/%.db",
    "file:a%20b.db": "/work/a%20b.db",
    "x y/r.db": "/work/x y/r.db",
  };
  for (const [text, path] of Object.entries(paths)) {
    assertEquals(registryLocation(text, "/work").path, path, text);
  }
});

Deno.test("the URL of a registry leads to its path, whatever characters are in it", () => {
  for (
    const name of ["a b", "100%", "a#b", "a?b=c", "%20", "größe-日本-🎲", "a&b;c", "'q\"", "a:b"]
  ) {
    const { path, url } = registryLocation(`/data/${name}.db`, "/work");
    assertEquals(path, `/data/${name}.db`);
    assertEquals(fileURLToPath(url), path);
    assertEquals(new URL(url).search + new URL(url).hash, "");
  }
});

Deno.test("a registry on a server is refused by its kind", async () => {
  for (const scheme of ["http", "https", "libsql", "postgres", "WSS"]) {
    const error = await refusalOf(() => registryLocation(`${scheme}://host/db`, "/work"));
    assertEquals([error.code, error.exitCode], ["usage", 2]);
    assertMatch(error.message, new RegExp(`${scheme.toLowerCase()} registries are not supported`));
  }
});

Deno.test("a file URL that names another machine is refused", async () => {
  const error = await refusalOf(() => registryLocation("file://host/r.db", "/work"));
  assertEquals([error.code, error.exitCode], ["usage", 2]);
});
