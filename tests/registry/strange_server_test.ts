/**
 * What answers where a libsql server should, and is none, or none that works.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { RemoteRegistry } from "../../lib/registry/location.ts";
import { openRegistry } from "../../lib/registry/open.ts";
import { listRuns } from "../../lib/registry/list_runs.ts";
import { commitRun } from "../../lib/registry/store.ts";
import { refusalOf } from "../bars/refusal.ts";
import { SecretToken } from "../../lib/registry/secret_token.ts";
import { serverTest } from "./sqld.ts";
import { sampleRun } from "./temp_registry.ts";

/** Calls `use` with the location of a server that answers as it is told. */
async function withAnswers(
  answer: (request: Request) => Response | Promise<Response>,
  use: (location: RemoteRegistry) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const url = `http://127.0.0.1:${server.addr.port}`;
  try {
    await use({ kind: "remote", url, token: null, timeoutMs: 5000 });
  } finally {
    await server.shutdown();
  }
}

Deno.test("what is no libsql server is told by what it answers", async () => {
  const json = { "content-type": "application/json" };
  const answers: readonly (readonly [() => Response, RegExp])[] = [
    [() => new Response("<html>welcome"), /no libsql server \(HTTP status 200\)/],
    [() => new Response("nothing here", { status: 404 }), /no libsql server \(HTTP status 404\)/],
    [() => Response.redirect("http://127.0.0.1:9/"), /redirects to another URL/],
    [() => new Response("no", { status: 403 }), /does not let you in \(HTTP status 403\)/],
    [
      () => new Response('{"error":"too \\u001b[2Jbusy"}', { status: 503 }),
      /HTTP status 503: too \\u\{1b\}\[2Jbusy$/,
    ],
    [() => new Response("<html>bad gateway", { status: 502 }), /HTTP status 502$/],
    [() => new Response("{", { headers: json }), /its answers are not understood/],
    [() => new Response("{}", { headers: json }), /its answers are not understood/],
    [() => new Response('{"results":[]}', { headers: json }), /its answers are not understood/],
  ];
  for (const [answer, expected] of answers) {
    await withAnswers(answer, async (location) => {
      const error = await refusalOf(() => openRegistry(location));
      assertEquals([error.code, error.exitCode], ["registry_unavailable", 1]);
      assertMatch(error.message, expected);
      assert(error.hint !== undefined);
    });
  }
});

Deno.test("a host that has no name is told as such", async () => {
  const url = "http://no-such-host.invalid:8080";
  const location = { kind: "remote", url, token: null, timeoutMs: 20_000 } as const;
  const error = await refusalOf(() => openRegistry(location));
  assertEquals(error.code, "registry_unavailable");
  assertMatch(error.message, /there is no host of that name|no connection|no answer within/);
});

serverTest("a batch that is refused as others are writing is sent again", async (server) => {
  let busy = 0;
  await withAnswers(async (request) => {
    const body = await request.text();
    const { requests } = JSON.parse(body);
    const isBatch = requests.some(({ type }: { type: string }) => type === "batch");
    if (isBatch && busy++ < 2) {
      const error = { message: "SQLite error: database is locked", code: "SQLITE_BUSY" };
      const results = requests.map(({ type }: { type: string }) =>
        type === "batch" ? { type: "error", error } : { type: "ok", response: { type } }
      );
      return Response.json({ baton: null, base_url: null, results });
    }
    const { pathname } = new URL(request.url);
    const headers = { "content-type": "application/json" };
    return await fetch(server.url + pathname, { method: "POST", body, headers });
  }, async (location) => {
    (await openRegistry(server.location())).close();
    const registry = await openRegistry(location);
    await commitRun(registry, sampleRun());
    assertEquals([(await listRuns(registry)).total, busy >= 3], [1, true]);
    registry.close();
  });
});

Deno.test("an answer without end is left after a few megabytes", async () => {
  const headers = { "content-type": "application/json" };
  const pieces: readonly (readonly [string, number])[] = [
    [" ".repeat(1 << 20), 3000],
    ["[],".repeat(1 << 18), 3000],
  ];
  for (const [piece, count] of pieces) {
    for (const status of [200, 500]) {
      let sent = 0;
      const bytes = new TextEncoder().encode(piece);
      const answer = (): Response => {
        const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
          pull(controller) {
            if (sent++ >= count) controller.close();
            else controller.enqueue(bytes);
          },
        });
        return new Response(body, { headers, status });
      };
      await withAnswers(answer, async (location) => {
        const error = await refusalOf(() => openRegistry(location));
        assertEquals(error.code, "registry_unavailable");
        assertMatch(error.message, /its answer is larger than 16 MiB, or has too many values$/);
        assert(sent < 100, `${sent} MiB were sent`);
      });
    }
  }
});

Deno.test("an answer that comes drop by drop is waited for no longer than any", async () => {
  const headers = { "content-type": "application/json" };
  let timer: ReturnType<typeof setInterval>;
  const answer = (): Response => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        timer = setInterval(() => controller.enqueue(new TextEncoder().encode(" ")), 20);
      },
      cancel: () => clearInterval(timer),
    });
    return new Response(body, { headers });
  };
  await withAnswers(answer, async (location) => {
    const error = await refusalOf(() => openRegistry({ ...location, timeoutMs: 300 }));
    assertMatch(error.message, /the server gave no answer within 0\.3 s$/);
  });
});

Deno.test("a server that sends on to another, in whatever way, is not followed there with the token", async () => {
  const json = { "content-type": "application/json" };
  let asked = 0;
  await withAnswers(() => {
    asked++;
    return new Response("{}", { headers: json });
  }, async ({ url: other }) => {
    const answer = { baton: "b", base_url: other, results: [] };
    const answers = [
      () => new Response(JSON.stringify(answer), { headers: json }),
      () =>
        new Response(
          JSON.stringify({
            ...answer,
            results: [{
              type: "ok",
              response: {
                type: "execute",
                result: { cols: [], rows: [], affected_row_count: 0, last_insert_rowid: null },
              },
            }],
          }),
          { headers: json },
        ),
      () => Response.redirect(other, 307),
    ];
    for (const answer of answers) {
      await withAnswers(answer, async (location) => {
        const error = await refusalOf(() =>
          openRegistry({ ...location, token: new SecretToken("secret") })
        );
        assertEquals(error.code, "registry_unavailable");
        assert(!error.message.includes("secret"));
      });
    }
    assertEquals(asked, 0);
  });
});

Deno.test("a failure of TLS is told in words of our own", async () => {
  await withAnswers(() => new Response("plain"), async (location) => {
    const url = location.url.replace("http:", "https:");
    const error = await refusalOf(() => openRegistry({ ...location, url }));
    assertMatch(error.message, /no secure connection: the server does not speak TLS$/);
  });
});
