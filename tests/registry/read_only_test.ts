import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { registryLocation } from "../../lib/registry/location.ts";
import { openRegistry } from "../../lib/registry/open.ts";
import { openReadOnly, select } from "../../lib/registry/read_only.ts";
import { singleSelect } from "../../lib/registry/single_select.ts";
import { refusalOf } from "../bars/refusal.ts";
import { withTempDir } from "../temp_dir.ts";
import { commitRun } from "../../lib/registry/store.ts";
import { serverTest } from "./sqld.ts";
import { sampleRun, withRegistryAt } from "./temp_registry.ts";

/** What changes something, or may. */
const WRITES = [
  "INSERT INTO tags VALUES ('x', 'y')",
  "UPDATE runs SET name = 'x'",
  "DELETE FROM runs",
  "REPLACE INTO tags VALUES ('x', 'y')",
  "WITH x AS (SELECT 1) DELETE FROM runs",
  "WITH x AS (SELECT 1) INSERT INTO tags SELECT 'x', 'y'",
  "WITH RECURSIVE x (n) AS (VALUES (1)), y AS (SELECT 2) UPDATE runs SET name = 'x'",
  "DROP TABLE runs",
  "CREATE TABLE x (y)",
  "ALTER TABLE runs ADD COLUMN x",
  "PRAGMA user_version = 99",
  "PRAGMA query_only = OFF",
  "PRAGMA journal_mode = WAL",
  "VACUUM",
  "VACUUM INTO 'copy.db'",
  "ATTACH 'other.db' AS other",
  "BEGIN IMMEDIATE",
  "REINDEX",
  "ANALYZE",
  "/* SELECT */ DELETE FROM runs",
  "-- SELECT\nDELETE FROM runs",
  "(SELECT 1)",
  "",
  " ; ",
  "SELECT 1; DELETE FROM runs",
  "SELECT 1 /* ; */; /* x */ SELECT 2",
  "EXPLAIN DELETE FROM runs",
];

const READS = [
  "SELECT 1",
  " select id from runs; ",
  "SELECT ';' AS \"a;b\", '--' /* ; */ -- ;\n",
  "VALUES (1, 2)",
  "WITH x AS (SELECT 1), y (a) AS (SELECT replace('a', 'a', 'b')) SELECT * FROM x, y",
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n",
  "WITH [delete] AS (SELECT 1) SELECT * FROM [delete]",
];

Deno.test("only a single SELECT is one", async () => {
  for (const statement of READS) singleSelect(statement);
  for (const statement of WRITES) {
    const error = await refusalOf(() => singleSelect(statement));
    assertMatch(error.message, /^Expected a single SELECT, got /, statement);
    assertEquals(error.exitCode, 2);
  }
});

Deno.test("a connection to read with refuses to write, whatever it is asked", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "registry.db");
    await withRegistryAt(path, (registry) => commitRun(registry, sampleRun()));
    const before = await Deno.readFile(path);
    const client = (await openReadOnly(registryLocation(path, "/")))!;
    try {
      for (
        const statement of WRITES.filter((text) =>
          /^(WITH|INSERT|UPDATE|DELETE|REPLACE|DROP|CREATE|ALTER|VACUUM$|PRAGMA user|REINDEX|ANALYZE)/
            .test(text)
        )
      ) {
        await assertRejects(() => client.execute(statement), Error);
      }
      assert((await client.execute("SELECT * FROM runs")).rows.length === 1);
    } finally {
      client.close();
    }
    assertEquals(await Deno.readFile(path), before);
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), ["registry.db"]);
  });
});

Deno.test("what a query finds comes as text, numbers and null", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "registry.db");
    await withRegistryAt(path, (registry) => commitRun(registry, sampleRun({ name: "a\0b" })));
    const location = registryLocation(path, "/");
    const client = (await openReadOnly(location))!;
    const ask = (sql: string) => select(client, { sql, location });
    try {
      assertEquals(
        await ask("SELECT name, seed, 1, 0.5, NULL, x'00ff', 9007199254740993 AS big FROM runs"),
        {
          columns: ["name", "seed", "1", "0.5", "NULL", "x'00ff'", "big"],
          rows: [["a\0b", "42", 1, 0.5, null, "00ff", "9007199254740993"]],
        },
      );
      assertEquals((await ask("SELECT 1 AS a, 2 AS a, 3 AS a")).columns, ["a", "a:1", "a:2"]);
      assertEquals(await ask("SELECT id FROM runs WHERE 0"), { columns: ["id"], rows: [] });
      assertEquals(
        await ask("SELECT cast(x'61ff' AS TEXT) AS t, cast(x'610062' AS TEXT) AS n; -- odd text"),
        { columns: ["t", "n"], rows: [["a\ufffd", "a\0b"]] },
      );
      assertEquals(
        (await ask("WITH n (i) AS (VALUES (2), (3), (1)) SELECT i FROM n ORDER BY i -- in order"))
          .rows,
        [[1], [2], [3]],
      );
      assertEquals((await ask('SELECT 1 AS "a""b", 2 AS [c d]')).columns, ['a"b', "c d"]);
      const unknown = await refusalOf(() => ask("SELECT signalrate FROM runs"));
      assertMatch(
        unknown.message,
        /^Cannot run the query: no such column: signalrate: did you mean signal_rate\?$/,
      );
      assertMatch(
        (await refusalOf(() => ask("SELECT * FROM run"))).message,
        /no such table: run: did you mean runs\?/,
      );
      assertMatch((await refusalOf(() => ask("SELECT id FRM runs"))).message, /syntax error/);
    } finally {
      client.close();
    }
  });
});

serverTest("a server is asked no more than a single SELECT", async (server) => {
  const location = server.location();
  const registry = await openRegistry(location);
  await commitRun(registry, sampleRun());
  registry.close();
  const client = (await openReadOnly(location))!;
  try {
    const { rows } = await select(client, { sql: "SELECT count(*) FROM runs", location });
    assertEquals(rows, [[1]]);
    await refusalOf(() => select(client, { sql: "DELETE FROM runs", location }));
    assertEquals((await select(client, { sql: "SELECT id FROM runs", location })).rows.length, 1);
  } finally {
    client.close();
  }
});

Deno.test("looking for a registry to read makes none", async () => {
  await withTempDir(async (dir) => {
    assertEquals(await openReadOnly(registryLocation(join(dir, "registry.db"), "/")), undefined);
    assertEquals([...Deno.readDirSync(dir)], []);
  });
});
