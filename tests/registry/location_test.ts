import { assert, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { type LocalRegistry, registryLocation } from "../../lib/registry/location.ts";
import { refusalOf } from "../bars/refusal.ts";

function fileAt(text: string): LocalRegistry {
  const location = registryLocation(text, "/work");
  assert(location.kind === "local", text);
  return location;
}

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
  for (const [text, path] of Object.entries(paths)) assertEquals(fileAt(text).path, path, text);
});

Deno.test("the URL of a registry leads to its path, whatever characters are in it", () => {
  for (
    const name of ["a b", "100%", "a#b", "a?b=c", "%20", "größe-日本-🎲", "a&b;c", "'q\"", "a:b"]
  ) {
    const { path, url } = fileAt(`/data/${name}.db`);
    assertEquals(path, `/data/${name}.db`);
    assertEquals(fileURLToPath(url), path);
    assertEquals(new URL(url).search + new URL(url).hash, "");
  }
});

Deno.test("a registry on a libsql server is named by its URL", () => {
  const urls: Readonly<Record<string, string>> = {
    "http://host:8080": "http://host:8080",
    "http://host:8080/": "http://host:8080",
    "HTTPS://Host": "https://host",
    "https://host:443/": "https://host",
    "https://host/prefix/": "https://host/prefix",
    "libsql://team.example.com": "libsql://team.example.com",
    "libsql://host:8080?tls=0": "libsql://host:8080?tls=0",
    "http://[::1]:8080": "http://[::1]:8080",
  };
  for (const [text, url] of Object.entries(urls)) {
    const location = registryLocation(text, "/work");
    assertEquals([location.kind, location.url], ["remote", url], text);
  }
});

Deno.test("a registry on a server of another kind is refused by its kind", async () => {
  for (const scheme of ["ws", "postgres", "WSS", "ftp"]) {
    const error = await refusalOf(() => registryLocation(`${scheme}://host/db`, "/work"));
    assertEquals([error.code, error.exitCode], ["usage", 2]);
    assertMatch(error.message, new RegExp(`${scheme.toLowerCase()} registries are not supported`));
    assertMatch(error.hint!, /libsql server: http:\/\//);
  }
});

Deno.test("a URL of a server that names none, or holds more than the place, is refused", async () => {
  const reasons: Readonly<Record<string, RegExp>> = {
    "http:host": /names no host/,
    "http://": /malformed|names no host/,
    "http://ho st": /malformed/,
    "http://me@host": /user or a password/,
    "http://me:hunter2@host": /user or a password/,
    "libsql://host?authToken=hunter2": /a token in it/,
    "https://host?authToken=hunter2&tls=1": /a token in it/,
    "https://host?tls=0": /nothing may follow/,
    "libsql://host?hunter2=1": /nothing may follow/,
    "http://host#hunter2": /nothing may follow/,
  };
  for (const [text, reason] of Object.entries(reasons)) {
    const error = await refusalOf(() => registryLocation(text, "/work"));
    assertEquals([error.code, error.exitCode], ["usage", 2], text);
    assertMatch(error.message, reason, text);
    assert(!`${error.message} ${error.hint} ${error.stack}`.includes("hunter2"), text);
  }
});

Deno.test("a token is asked for only where there is a server, and nothing prints it", async () => {
  registryLocation("r.db", "/work", {
    token: () => {
      throw new Error("a file needs no token");
    },
  });
  const location = registryLocation("http://host", "/work", { token: () => " hunter2\n" });
  assert(location.kind === "remote");
  assertEquals(location.token?.reveal(), "hunter2");
  for (const text of [JSON.stringify(location), Deno.inspect(location), `${location.token}`]) {
    assert(!text.includes("hunter2"), text);
  }
  for (const token of ["hunter2 x", "hunter2\nx", "hunter2é", " "]) {
    const error = await refusalOf(() =>
      registryLocation("http://host", "/work", { token: () => token })
    );
    assertMatch(error.message, /SIGRUN_REGISTRY_TOKEN/);
    assert(!`${error.message} ${error.hint}`.includes("hunter2"));
  }
});

Deno.test("a file URL that names another machine is refused", async () => {
  const error = await refusalOf(() => registryLocation("file://host/r.db", "/work"));
  assertEquals([error.code, error.exitCode], ["usage", 2]);
});
