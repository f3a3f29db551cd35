import { assert, assertEquals } from "@std/assert";
import { createClient } from "@libsql/client/sqlite3";
import { sql } from "drizzle-orm";
import { registryLocation } from "../../lib/registry/location.ts";
import { withRegistryAt } from "../registry/temp_registry.ts";
import { type Audited, isIntact, withAudited, wrongOf } from "./audited.ts";

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Every column of every table of the registry. */
function columnsOf(path: string): Promise<readonly Column[]> {
  return withRegistryAt(path, (registry) =>
    registry.database.all<Column>(
      sql`SELECT t.name AS "table", c.name AS "column", c.type AS type
        FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'
        ORDER BY t.name, c.cid`,
    ));
}

/** Statements that each change a value a little. */
function changesOf({ table, column, type }: Column): readonly string[] {
  if (column === "status") {
    return ["running", "finished", "failed", "interrupted"]
      .map((status) => `UPDATE runs SET status = '${status}' WHERE status <> '${status}'`);
  }
  const to = (value: string, where = ""): string =>
    `UPDATE ${table} SET ${column} = ${value} WHERE ${column} IS NOT NULL ${where}`;
  const isNullable = `UPDATE ${table} SET ${column} = ${type === "TEXT" ? "'x'" : 1}
    WHERE ${column} IS NULL`;
  if (type === "TEXT") {
    return [
      isNullable,
      to(`${column} || ' '`),
      to(`${column} || char(0) || 'x'`),
      to(`CAST(CAST(${column} AS BLOB) || x'ff' AS TEXT)`),
      to(`'x' || substr(${column}, 2)`, `AND ${column} <> ''`),
      to(`substr(${column}, 1, length(${column}) - 1)`, `AND ${column} <> ''`),
      to("NULL"),
    ];
  }
  return [
    isNullable,
    to(`${column} + 1`),
    to(`${column} * (1 + 1e-15)`),
    to(`-${column}`),
    to("NULL"),
  ];
}

/** Makes a change in a copy of the registry, audits, and puts the registry back. */
async function withChange(
  { registryPath }: Audited,
  statement: string,
  use: (rowsAffected: number) => Promise<void>,
): Promise<boolean> {
  const bytes = await Deno.readFile(registryPath);
  const client = createClient({ url: registryLocation(registryPath, "/").url, concurrency: 1 });
  let rowsAffected = 0;
  try {
    await client.execute("PRAGMA foreign_keys = OFF");
    ({ rowsAffected } = await client.execute(statement));
    if (rowsAffected === 0) return false;
  } catch (error) {
    // What no registry can hold need not be found.
    assert(/constraint|cannot store/.test(`${error}`), `${statement}: ${error}`);
    return false;
  } finally {
    client.close();
  }
  await use(rowsAffected);
  await Deno.writeFile(registryPath, bytes);
  return true;
}

async function assertFound(audited: Audited, statement: string): Promise<boolean> {
  return await withChange(audited, statement, async (rowsAffected) => {
    const report = await audited.verify();
    assert(!isIntact(report), statement);
    if (!statement.startsWith("UPDATE runs")) return;
    const damaged = report.runs.filter(({ state }) => state === "damaged");
    assert(damaged.length >= rowsAffected, statement);
  });
}

Deno.test("a change of any stored value of a run is found, in every column of every table", async () => {
  await withAudited(async (audited) => {
    await audited.run({ name: "first", tags: ["a", "b"] });
    await audited.run({ set: ["window=100"] });
    const labelled = await audited.run({ name: "second" });
    const deleted_at = "2026-11-24T00:00:00.000Z";
    await audited.label(labelled.run.id, { tags: ["c"], note: "text", deleted_at });
    const columns = await columnsOf(audited.registryPath);
    assert(new Set(columns.map(({ table }) => table)).size >= 6);
    for (const column of columns) {
      let changes = 0;
      for (const statement of changesOf(column)) {
        if (await assertFound(audited, statement)) changes++;
      }
      const isMark = column.table === "damage";
      assert(isMark || changes > 0, `${column.table}.${column.column} was not changed`);
    }
    assertEquals(wrongOf(await audited.verify()), []);
  });
});

Deno.test("rows that were deleted or added are found, whichever table they are of", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run({ name: "first", tags: ["a", "b"] });
    const { id } = run;
    const tables = ["runs", "params", "metrics", "tags", "artifacts"];
    for (const table of tables) {
      assert(await assertFound(audited, `DELETE FROM ${table}`), table);
    }
    for (
      const statement of [
        `DELETE FROM tags WHERE tag = 'b'`,
        `DELETE FROM metrics WHERE key = 'ties'`,
        `INSERT INTO params VALUES ('${id}', 'lag', '1', 1)`,
        `INSERT INTO metrics VALUES ('${id}', 'x', 0)`,
        `INSERT INTO tags VALUES ('${id}', '')`,
        `INSERT INTO tags VALUES ('nobody', 'x')`,
        `INSERT INTO artifacts VALUES ('${id}', '../x', 'sha256:0', 0)`,
        `INSERT INTO damage VALUES ('${id}', 'x')`,
        `INSERT INTO damage VALUES ('nobody', 'x')`,
        `INSERT INTO runs (id, status, started_at, directory, environment)
           SELECT 'x' || id, status, started_at, directory, environment FROM runs`,
      ]
    ) {
      assert(await assertFound(audited, statement), statement);
    }
    assertEquals(wrongOf(await audited.verify()), []);
  });
});
