import { assert, assertEquals, assertMatch } from "@std/assert";
import { createClient } from "@libsql/client/http";
import { hostname } from "node:os";
import type { UserError } from "../../lib/errors.ts";
import { damageMarks, markDamage } from "../../lib/registry/audit.ts";
import type { RegistryLocation, RemoteRegistry } from "../../lib/registry/location.ts";
import { SCHEMA_VERSION } from "../../lib/registry/migrate.ts";
import { openExisting, openRegistry, type Registry } from "../../lib/registry/open.ts";
import { listRuns } from "../../lib/registry/list_runs.ts";
import { runById, runsByPrefix } from "../../lib/registry/queries.ts";
import { sqliteVersion } from "../../lib/registry/run_queries.ts";
import { commitRun, reserveRun } from "../../lib/registry/store.ts";
import { refusalOf } from "../bars/refusal.ts";
import { serverTest, type Sqld } from "./sqld.ts";
import { sampleRun } from "./temp_registry.ts";

async function withOpened<T>(
  location: RegistryLocation,
  use: (registry: Registry) => Promise<T>,
): Promise<T> {
  const registry = await openRegistry(location);
  try {
    return await use(registry);
  } finally {
    registry.close();
  }
}

/** Executes statements on a server, past sigrun. */
async function execute({ url }: Sqld, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = createClient({ url });
  try {
    const results = await client.batch(statements, "write");
    return results.at(-1)!.rows.map((row) => ({ ...row }));
  } finally {
    client.close();
  }
}

function openingFails(location: RemoteRegistry): Promise<UserError> {
  return refusalOf(() => openRegistry(location));
}

serverTest(
  "a run on a server comes back as it was stored, whatever text is in it",
  async (server) => {
    await withOpened(server.location(), async (registry) => {
      const hostile = "a\0b\u001b[2J\u202e'\"; DROP TABLE runs; --\r\n=1+1\uffff🎲 ";
      const run = sampleRun({
        name: hostile,
        seed: 2 ** 53 + 2,
        tags: [hostile, "x"],
        note: "long ".repeat(200_000),
        params: { window: 5, text: hostile, none: null, list: [1, "a"] },
        metrics: { tiny: 5e-324, third: 1 / 3, big: 1.7976931348623157e308, whole: 3 },
        environment: { hostname: hostname(), git: null },
      });
      await reserveRun(registry, { ...run, status: "running" });
      await commitRun(registry, run);
      await commitRun(registry, run);
      const { total, runs } = await listRuns(registry);
      // U+FFFF, which is no character, stands for a NUL.
      const text = hostile.replaceAll("\uffff", "\0");
      assertEquals([total, runs], [1, [{ ...run, name: text, tags: [text, "x"] }]]);
      assertEquals((await runsByPrefix(registry, "k3f9", 6)).length, 1);
      assertMatch(await sqliteVersion(registry), /^3\.\d+\.\d+$/);
      await markDamage(registry, { id: run.id, found: "metrics.json sha256 differs" });
      assertEquals((await damageMarks(registry)).size, 1);
    });
  },
);

serverTest("half of a surrogate pair does not keep a run from being recorded", async (server) => {
  await withOpened(server.location(), async (registry) => {
    await commitRun(registry, sampleRun({ name: "a\ud800b", tags: ["\udfff"] }));
    const { name, tags } = (await listRuns(registry)).runs[0]!;
    assertEquals([name, tags], ["a\ufffdb", ["\ufffd"]]);
  });
});

serverTest(
  "an id is reserved once, and nothing is stored of a run that is refused",
  async (server) => {
    await withOpened(server.location(), async (registry) => {
      const run = sampleRun({ status: "running" });
      await reserveRun(registry, run);
      assertEquals((await refusalOf(() => reserveRun(registry, run))).code, "registry_unavailable");
      const twice = sampleRun({
        id: "20260102-030406-aaaaaa",
        artifacts: [
          { path: "a", sha256: "x", bytes: 1 },
          { path: "a", sha256: "y", bytes: 2 },
        ],
      });
      assertEquals(
        (await refusalOf(() => commitRun(registry, twice))).code,
        "registry_unavailable",
      );
      assertEquals(await runById(registry, twice.id), undefined);
    });
  },
);

serverTest("looking makes no registry on a server, opening it does", async (server) => {
  assertEquals(await openExisting(server.location()), undefined);
  const objects = "SELECT count(*) AS n FROM sqlite_schema";
  assertEquals(await execute(server, objects), [{ n: 0 }]);
  await withOpened(server.location(), async (registry) => {
    assertEquals((await listRuns(registry)).total, 0);
  });
  (await openExisting(server.location()))!.close();
  assertEquals(await execute(server, "PRAGMA user_version"), [{ user_version: SCHEMA_VERSION }]);
});

serverTest("another program's database on a server is refused, and not changed", async (server) => {
  for (const made of ["CREATE TABLE theirs (a)", "PRAGMA user_version = 1"]) {
    await execute(server, "DROP TABLE IF EXISTS theirs", made);
    const error = await openingFails(server.location());
    assertEquals([error.code, error.exitCode], ["registry_incompatible", 1]);
    assertMatch(error.message, /^Cannot use http:\S+ as a registry: it is another program's/);
    const names = await execute(server, "SELECT name FROM sqlite_schema WHERE name <> 'theirs'");
    assertEquals(names, []);
  }
});

serverTest("a registry on a server of a newer sigrun is refused by its version", async (server) => {
  await withOpened(server.location(), () => Promise.resolve());
  await execute(server, `PRAGMA user_version = ${SCHEMA_VERSION + 7}`);
  for (const open of [openRegistry, openExisting]) {
    const error = await refusalOf(() => open(server.location()));
    assertEquals(error.code, "registry_incompatible");
    assertMatch(error.message, new RegExp(`schema is version ${SCHEMA_VERSION + 7}`));
  }
});

serverTest("a registry on a server of an older sigrun is brought up to date", async (server) => {
  const init = await Deno.readTextFile(
    new URL("../../lib/registry/migrations/0001_init.sql", import.meta.url),
  );
  const statements = init.split(";").filter((text) => text.trim() !== "");
  await execute(
    server,
    ...statements,
    "CREATE TABLE sigrun_registry (application_id INTEGER) STRICT",
    "INSERT INTO runs (id, status, started_at, directory, environment) " +
      "VALUES ('20260102-030405-k3f9x2', 'finished', '2026-01-02', '/runs/x', '{}')",
    "PRAGMA user_version = 1",
  );
  await withOpened(server.location(), async (registry) => {
    assertEquals((await listRuns(registry)).runs[0]!.note, null);
    await commitRun(registry, sampleRun({ note: "new" }));
    assertEquals((await listRuns(registry)).runs[0]!.note, "new");
  });
});

serverTest("of machines that open a new registry at once, one makes the tables", async (server) => {
  const opened = await Promise.all(
    Array.from({ length: 12 }, () => openRegistry(server.location())),
  );
  await Promise.all(
    opened.map((registry, at) =>
      commitRun(registry, sampleRun({ id: `20260102-0304${10 + at}-k3f9x2` }))
    ),
  );
  assertEquals((await listRuns(opened[0]!)).total, 12);
  for (const registry of opened) registry.close();
});

serverTest("a server that stores nothing is named as the reason", async (server) => {
  await withOpened(server.location(), async (registry) => {
    await server.configure({ block_writes: true, block_reason: "quota exceeded" });
    const error = await refusalOf(() => commitRun(registry, sampleRun()));
    assertEquals(error.code, "registry_unavailable");
    assertMatch(error.message, /quota exceeded|blocked/);
    assertMatch(error.hint!, /takes no writes/);
    assertEquals((await listRuns(registry)).total, 0);
  });
});

Deno.test("a server that is not there is told with the reason", async () => {
  const at = (url: string): RemoteRegistry => ({
    kind: "remote",
    url,
    token: null,
    timeoutMs: 5000,
  });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const refused = await openingFails(at(`http://127.0.0.1:${port}`));
  assertEquals([refused.code, refused.exitCode], ["registry_unavailable", 1]);
  assertEquals(
    refused.message,
    `Cannot use the registry http://127.0.0.1:${port}: connection refused`,
  );
  assert(refused.hint !== undefined);
});
