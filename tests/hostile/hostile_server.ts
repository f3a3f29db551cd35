/**
 * A server that answers what it wants, in the form of libsql's protocol or in
 * none.
 *
 * @module
 */

import type { Random } from "../fuzz/random.ts";
import { SCHEMA_VERSION } from "../../lib/registry/migrate.ts";

/** A value as libsql's protocol has it, or nearly so. */
function value(random: Random): unknown {
  return random.pick<() => unknown>([
    () => ({ type: "null" }),
    () => ({
      type: "text",
      value: random.pick(["", "x", "../..", "{", "20260102-030405-k3f9x2", "\0"]),
    }),
    () => ({ type: "integer", value: random.pick(["1", "0", "9223372036854775807", "x", ""]) }),
    () => ({ type: "float", value: random.pick([0.5, 1e308, null, "x"]) }),
    () => ({
      type: "blob",
      base64: random.pick(["", "AAAA", "W10", "WyJ4Il0=", "!!", btoa('["a",null]')]),
    }),
    () => ({ type: random.pick(["", "blob", "text", "what", "__proto__"]) }),
    () => random.pick([null, 5, "x", [], {}]),
  ])();
}

function list<T>(random: Random, most: number, one: () => T): T[] {
  return Array.from({ length: random.int(0, most) }, one);
}

/** The result of a statement. */
function result(random: Random): unknown {
  const width = random.int(0, 12);
  return {
    cols: Array.from({ length: random.once(5) ? random.int(0, 12) : width }, (_, at) => ({
      name: random.once(4) ? `c${at}` : random.pick(["id", "total", "version", "text", "", null]),
      decltype: null,
    })),
    rows: list(random, 6, () => Array.from({ length: width }, () => value(random))),
    affected_row_count: random.pick([0, 1, -1, null]),
    last_insert_rowid: random.pick(["1", null, "x", 5]),
  };
}

/** What the first question of each command is answered with, so that more are asked. */
function sound(): unknown {
  const [version, none] = [String(SCHEMA_VERSION), "0"];
  return {
    cols: ["version", "application", "objects", "marks", "tables"].map((name) => ({ name })),
    rows: [[
      ...[version, none, "9", "1"].map((value) => ({ type: "integer", value })),
      { type: "blob", base64: SCHEMA_BASE64 },
    ]],
    affected_row_count: 0,
    last_insert_rowid: null,
  };
}

/** The tables as they have to be, in bytes as SQLite tells them; set by whoever has a registry. */
let SCHEMA_BASE64 = "";

/** Says what a sound registry answers about its tables. */
export function setSchema(schema: Uint8Array): void {
  SCHEMA_BASE64 = schema.toBase64();
}

/** The answer to a request of libsql's client. */
export async function hostileAnswer(request: Request, random: Random): Promise<Response> {
  const body = await request.text();
  const json = { "content-type": "application/json" };
  if (random.once(12)) {
    return random.pick<() => Response>([
      () => new Response("", { headers: json }),
      () => new Response("{", { headers: json }),
      () => new Response("[".repeat(100_000), { headers: json }),
      () => new Response('{"a":'.repeat(20_000) + "1" + "}".repeat(20_000), { headers: json }),
      () => new Response('{"results":[{"type":"ok"}]}', { headers: json }),
      () => new Response("x".repeat(40_000_000), { headers: json }),
      () => new Response(body, { status: random.pick([200, 301, 400, 401, 404, 500, 503]) }),
      () => Response.redirect("http://127.0.0.1:9/"),
      () => new Response(Uint8Array.of(0xff, 0xfe, 0), { headers: json }),
    ])();
  }
  let requests: { type: string; batch?: { steps: unknown[] }; stmt?: { sql?: string } }[] = [];
  try {
    requests = JSON.parse(body).requests ?? [];
  } catch {
    // No request of libsql's client.
  }
  const results = requests.map((asked) => {
    if (random.once(20)) {
      const code = random.pick(["SQLITE_BUSY", "SQLITE_FULL", "", "\u001b[2J", "HRANA_X"]);
      return { type: "error", error: { message: "\u001b[2J no", code } };
    }
    const isFirst = /pragma_user_version/.test(JSON.stringify(asked));
    const one = (): unknown => isFirst && !random.once(10) ? sound() : result(random);
    const steps = asked.batch?.steps.length ?? 0;
    return {
      type: "ok",
      response: {
        type: random.once(20) ? random.pick(["execute", "batch", "what"]) : asked.type,
        result: asked.type === "batch"
          ? {
            step_results: Array.from({ length: random.once(8) ? random.int(0, 9) : steps }, one),
            step_errors: Array.from({ length: steps }, () => null),
          }
          : one(),
        is_autocommit: true,
      },
    };
  });
  const base_url = random.once(8) ? "http://127.0.0.1:9" : null;
  return new Response(JSON.stringify({ baton: random.pick([null, "b"]), base_url, results }), {
    headers: json,
  });
}
