import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import {
  type LocalRegistry,
  localRegistry,
  registryLocation,
} from "../../lib/registry/location.ts";
import { openRegistry } from "../../lib/registry/open.ts";
import { openReadOnly, type QueryValue, select } from "../../lib/registry/read_only.ts";
import { openFileReader } from "../../lib/registry/sql/file_reader.ts";
import { sigrun } from "../run/sigrun_process.ts";
import { withWorkspace } from "../run/workspace.ts";
import type { SqlReader } from "../../lib/registry/sql/reader.ts";
import { commitRun } from "../../lib/registry/store.ts";
import { refusalOf } from "../bars/refusal.ts";
import { snapshotOf } from "../hostile/folder_snapshot.ts";
import { withTempDir } from "../temp_dir.ts";
import { serverTest } from "./sqld.ts";
import { READS } from "./sql/statements.ts";
import { sampleRun, withRegistryAt } from "./temp_registry.ts";

/** What a statement finds, all of it. */
type Ask = (
  sql: string,
) => Promise<
  { readonly columns: readonly string[]; readonly rows: readonly (readonly QueryValue[])[] }
>;

/** Calls `use` with what asks the registry of one run, in a folder that must not change. */
function withRun(
  use: (
    ask: Ask,
    place: { readonly dir: string; readonly location: LocalRegistry },
  ) => Promise<void>,
): Promise<void> {
  return withTempDir(async (dir) => {
    const location = localRegistry(join(dir, "registry.db"));
    await withRegistryAt(
      location.path,
      (registry) => commitRun(registry, sampleRun({ name: "a\0b" })),
    );
    const before = await snapshotOf(dir);
    const reader = (await openReadOnly(location))!;
    try {
      await use((sql) => found(reader, sql), { dir, location });
    } finally {
      reader.close();
    }
    assertEquals(await snapshotOf(dir), before);
  });
}

async function found(reader: SqlReader, sql: string): ReturnType<Ask> {
  const { columns, rows } = await select(reader, { sql, location: localRegistry("/registry.db") });
  return { columns, rows: (await Array.fromAsync(rows)).flat() };
}

/** What is refused by the connection and the compiled statement, whatever was admitted. */
const UNFIT = [
  "SELECT writefile('x', 'owned')",
  "SELECT readfile('/etc/hostname')",
  "SELECT 1 WHERE readfile('/etc/hostname') IS NULL",
  "SELECT max(readfile('/etc/hostname')) OVER () FROM runs",
  "SELECT zeroblob(1)",
];

Deno.test("a connection to read with refuses to write, whatever it is asked", async () => {
  await withRun(async (_, { location }) => {
    const reader = openFileReader(location);
    try {
      for (
        const statement of [
          "INSERT INTO tags VALUES ('20260102-030405-k3f9x2', 'y')",
          "UPDATE runs SET name = 'x'",
          "DELETE FROM runs",
          "WITH x AS (SELECT 1) DELETE FROM runs",
          "DROP TABLE runs",
          "CREATE TABLE x (y)",
          "PRAGMA user_version = 99",
          "ALTER TABLE runs ADD COLUMN x",
        ]
      ) {
        await refusedBy(
          () => Array.fromAsync(reader.rows(statement, 1000)),
          /readonly|READONLY|raw\(\) method/,
        );
      }
      for (const statement of UNFIT) {
        await refusedBy(() => reader.columns(statement), /not authorized to use function/);
      }
    } finally {
      reader.close();
    }
  });
});

async function refusedBy(work: () => Promise<unknown>, reason: RegExp): Promise<void> {
  const error = await work().then(() => undefined, (error) => error);
  assertMatch(String(error), reason);
}

Deno.test("all that is admitted can be asked", async () => {
  await withRun(async (ask) => {
    for (const statement of READS) {
      try {
        await ask(statement);
      } catch (error) {
        // Columns that are not there are no matter here.
        assertMatch(
          String(error),
          /no such column|is not a table|cannot join|sub-select/,
          statement,
        );
      }
    }
  });
});

Deno.test("what a query finds comes as text, numbers and null", async () => {
  await withRun(async (ask) => {
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
    const ordered = "WITH n (i) AS (VALUES (2), (3), (1)) SELECT i FROM n ORDER BY i -- in order";
    assertEquals((await ask(ordered)).rows, [[1], [2], [3]]);
    const many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1234) " +
      "SELECT i FROM n";
    assertEquals((await ask(many)).rows, Array.from({ length: 1234 }, (_, at) => [at + 1]));
    assertEquals((await ask('SELECT 1 AS "a""b", 2 AS [c d]')).columns, ['a"b', "c d"]);
  });
});

Deno.test("a wrong name is told with the nearest one that is another", async () => {
  await withRun(async (ask, { location }) => {
    const said = async (sql: string): Promise<string> => (await refusalOf(() => ask(sql))).message;
    assertMatch(
      await said("SELECT signalrate FROM runs"),
      /^Cannot run the query: no such column: signalrate: did you mean signal_rate\?$/,
    );
    assertMatch(await said("SELECT * FROM run"), /Cannot read 'run': .*; did you mean runs\?/);
    assertMatch(
      await said("SELECT cuont(*) FROM runs"),
      /Cannot call 'cuont': .*did you mean count\?/,
    );
    assertMatch(await said("SELECT id FRM runs"), /syntax error/);
    await withRegistryAt(location.path, async ({ client }) => {
      await client.execute("ALTER TABLE tags DROP COLUMN tag").catch(() => {});
    });
    const missing = await said("SELECT found FROM runs");
    assertEquals(missing, "Cannot run the query: no such column: found");
  });
});

Deno.test("a query that fills the memory of its process ends with its reason", async () => {
  const endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) ";
  await withWorkspace(async (workspace) => {
    await workspace.run();
    for (
      const statement of [
        `${endless} SELECT hex(i) || 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' FROM n`,
        "SELECT printf('%999999999d', 1)",
        "SELECT replace(printf('%9999999d', 1), ' ', printf('%9999999d', 1))",
      ]
    ) {
      const { code, err } = await sigrun(["runs:sql", statement], { cwd: workspace.dir });
      assertEquals(code, 2, err);
      assertMatch(err, /too much memory/, statement);
    }
  });
});

Deno.test("a query ends when its time is over, in whichever row it is", async () => {
  const endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) ";
  await withRun(async (_, { location }) => {
    const reader = openFileReader(location);
    try {
      for (const statement of [`${endless} SELECT max(i) FROM n`]) {
        await refusedBy(() => Array.fromAsync(reader.rows(statement, 50)), /interrupted/);
      }
    } finally {
      reader.close();
    }
    const client = (await openReadOnly(location))!;
    const rows = client.rows;
    try {
      // The time that a query has, shortened.
      client.rows = (sql) => rows.call(client, sql, 50);
      const late = `${endless} SELECT 1 UNION ALL SELECT max(i) FROM n`;
      const { message } = await refusalOf(() => found(client, late));
      assertEquals(message, "Cannot run the query: it takes longer than 8 s");
    } finally {
      client.close();
    }
  });
});

serverTest("a server is asked no more than a single SELECT of the registry", async (server) => {
  const location = server.location();
  const registry = await openRegistry(location);
  await commitRun(registry, sampleRun());
  registry.close();
  const reader = (await openReadOnly(location))!;
  const ask = async (sql: string) => {
    const { rows } = await select(reader, { sql, location });
    return (await Array.fromAsync(rows)).flat();
  };
  try {
    assertEquals(await ask("SELECT count(*) FROM runs"), [[1]]);
    for (const sql of ["DELETE FROM runs", "SELECT * FROM fsdir('.')", ...UNFIT]) {
      await refusalOf(() => ask(sql));
    }
    assertEquals(await ask("SELECT cast(x'61ff' AS TEXT), cast(x'610062' AS TEXT)"), [
      ["a\ufffd", "a\0b"],
    ]);
    assertEquals((await ask("SELECT id, seed, 9007199254740993 FROM runs"))[0]!.length, 3);
    assert((await ask("SELECT * FROM sqlite_schema")).length > 5);
    const long = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000000) " +
      "SELECT hex(i) FROM n";
    assertMatch((await refusalOf(() => ask(long))).message, /too much memory/);
  } finally {
    reader.close();
  }
});

Deno.test("looking for a registry to read makes none", async () => {
  await withTempDir(async (dir) => {
    assertEquals(await openReadOnly(registryLocation(join(dir, "registry.db"), "/")), undefined);
    assertEquals([...Deno.readDirSync(dir)], []);
  });
});
