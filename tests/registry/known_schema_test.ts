import { createClient } from "@libsql/client/sqlite3";
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { SCHEMA_HASH, SCHEMA_SQL } from "../../lib/registry/known_schema.ts";
import { localRegistry } from "../../lib/registry/location.ts";
import { openExisting, openMemoryRegistry, openRegistry } from "../../lib/registry/open.ts";
import { sha256 } from "../../lib/sha256.ts";
import { refusalOf } from "../bars/refusal.ts";
import { withWorkspace } from "../cli/workspace.ts";
import { withTempDir } from "../temp_dir.ts";

Deno.test("the hash of the schema is that of the tables that are made", async () => {
  const registry = await openMemoryRegistry();
  const { rows } = await registry.client.execute(`SELECT ${SCHEMA_SQL} AS tables`);
  registry.close();
  assertEquals(await sha256(new Uint8Array(rows[0]![0] as ArrayBuffer)), SCHEMA_HASH);
});

/** Statements that have others decide what is read or written. */
const STRANGE: readonly string[] = [
  "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END",
  "CREATE TRIGGER t BEFORE UPDATE ON RUNS BEGIN SELECT raise(IGNORE); END",
  "CREATE TRIGGER t AFTER DELETE ON tags BEGIN DELETE FROM metrics; END",
  "DROP INDEX runs_status",
  "DROP INDEX runs_status; CREATE INDEX runs_status ON runs (status) WHERE status <> 'finished'",
  "ALTER TABLE runs RENAME TO others; CREATE VIEW runs AS SELECT * FROM others",
  "DROP TABLE tags; CREATE VIEW tags AS WITH RECURSIVE n(run_id, tag) AS (SELECT '1', 'x' UNION " +
  "ALL SELECT run_id + 1, tag FROM n) SELECT * FROM n",
  "ALTER TABLE runs ADD COLUMN evil TEXT DEFAULT 'x'",
  "DROP TABLE damage",
];

Deno.test("a registry whose tables were changed is refused, and a repair makes a new one", async () => {
  for (const statement of STRANGE) {
    await withWorkspace(async ({ dir, call }) => {
      assertEquals((await call("run")).exit, 0);
      const before = await call("runs:list --json");
      const location = localRegistry(join(dir, "runs", "registry.db"));
      const client = createClient({ url: location.url, concurrency: 1 });
      await client.executeMultiple(statement);
      client.close();
      for (const open of [openRegistry, openExisting]) {
        const error = await refusalOf(() => open(location));
        assertEquals(error.code, "registry_unavailable", statement);
        assertMatch(error.message, /its tables are not as sigrun makes them$/);
      }
      for (const words of ["run", "runs:list", "runs:gc --yes", "runs:sync", "runs:tag latest x"]) {
        const { exit, err } = await call(words);
        assertEquals(exit, 1, `${statement}: ${words}`);
        assertMatch(err, /its tables are not as sigrun makes them\nhint: /);
      }
      assertMatch((await call("doctor")).out, /problem +registry health/);
      assertEquals(
        (await call("runs:sql 'SELECT count(*) FROM runs'".split("'"))).exit === 0,
        false,
      );
      assertEquals((await call("runs:verify")).exit, 3, statement);
      assertEquals((await call("runs:verify --repair")).exit, 0, statement);
      assertEquals(await call("runs:list --json"), before, statement);
    });
  }
});

Deno.test("views and tables of the user's own beside those of sigrun do no harm", async () => {
  await withTempDir(async (dir) => {
    const location = localRegistry(join(dir, "registry.db"));
    const registry = await openRegistry(location);
    await registry.client.executeMultiple(
      "CREATE VIEW best AS SELECT * FROM runs ORDER BY signal_rate; CREATE TABLE mine (x);" +
        "CREATE INDEX mine_too ON metrics (value)",
    );
    registry.close();
    (await openRegistry(location)).close();
  });
});
