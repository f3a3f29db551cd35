import { assertEquals, assertRejects } from "@std/assert";
import { sql } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Registry } from "../../lib/registry/open.ts";
import { RUN_STATUSES, STORED_STATUSES } from "../../lib/record.ts";
import * as schema from "../../lib/registry/schema.ts";
import { sampleRun, withRegistry } from "./temp_registry.ts";

const TABLES: Readonly<Record<string, SQLiteTable>> = {
  runs: schema.runs,
  params: schema.params,
  metrics: schema.metrics,
  tags: schema.tags,
  artifacts: schema.artifacts,
  damage: schema.damage,
};

type Row = Readonly<Record<string, unknown>>;

function pragma(registry: Registry, name: string, argument: string): Promise<readonly Row[]> {
  return registry.database.all<Row>(sql.raw(`PRAGMA ${name}("${argument}")`));
}

Deno.test("the registry has the tables of the schema, and no others", async () => {
  await withRegistry([], async ({ database }) => {
    const rows = await database.all<Row>(
      sql`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid`,
    );
    assertEquals(rows.map(({ name }) => name), Object.keys(TABLES));
    const others = await database.all(
      sql`SELECT name FROM sqlite_schema WHERE type NOT IN ('table', 'index')`,
    );
    assertEquals(others, []);
  });
});

Deno.test("every table is strict", async () => {
  await withRegistry([], async ({ database }) => {
    const rows = await database.all<Row>(
      sql`SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'`,
    );
    assertEquals(
      Object.fromEntries(rows.map(({ name, strict }) => [name, strict])),
      Object.fromEntries(Object.keys(TABLES).map((name) => [name, 1])),
    );
    await assertRejects(() =>
      database.run(sql`INSERT INTO runs (id, status, started_at, directory, environment, latency_ms)
        VALUES ('x', 'running', '', '', '{}', 'soon')`)
    );
  });
});

for (const [name, table] of Object.entries(TABLES)) {
  const { columns, indexes, primaryKeys, foreignKeys } = getTableConfig(table);

  Deno.test(`the columns of ${name} are the same in the schema and in SQL`, async () => {
    await withRegistry([], async (registry) => {
      const primary = columns.filter((column) => column.primary).map((column) => column.name);
      const key = primaryKeys[0]?.columns.map((column) => column.name) ?? primary;
      assertEquals(
        (await pragma(registry, "table_info", name)).map((row) => [
          row.name,
          row.type,
          row.notnull === 1,
          row.pk,
          row.dflt_value,
        ]),
        columns.map((column) => [
          column.name,
          column.getSQLType().toUpperCase(),
          column.notNull,
          key.indexOf(column.name) + 1,
          null,
        ]),
      );
    });
  });

  Deno.test(`the indexes of ${name} are the same in the schema and in SQL`, async () => {
    await withRegistry([], async (registry) => {
      const found: [unknown, boolean, readonly unknown[]][] = [];
      for (const row of await pragma(registry, "index_list", name)) {
        if (row.origin !== "c") continue;
        const parts = await pragma(registry, "index_info", String(row.name));
        found.push([row.name, row.unique === 1, parts.map((part) => part.name)]);
      }
      assertEquals(
        found.sort(),
        indexes.map(({ config }): [unknown, boolean, readonly unknown[]] => [
          config.name,
          config.unique,
          config.columns.map((column) => (column as { readonly name: string }).name),
        ]).sort(),
      );
    });
  });

  Deno.test(`the foreign keys of ${name} are the same in the schema and in SQL`, async () => {
    await withRegistry([], async (registry) => {
      assertEquals(
        (await pragma(registry, "foreign_key_list", name)).map((row) => [
          row.from,
          row.table,
          row.to,
          String(row.on_delete).toLowerCase(),
        ]),
        foreignKeys.map((key) => {
          const { columns, foreignColumns, foreignTable } = key.reference();
          const target = getTableConfig(foreignTable).name;
          return [columns[0]!.name, target, foreignColumns[0]!.name, key.onDelete ?? "no action"];
        }),
      );
    });
  });
}

Deno.test("the registry stores every status but crashed", async () => {
  await withRegistry([sampleRun()], async ({ database }) => {
    for (const status of RUN_STATUSES) {
      const update = () => database.run(sql`UPDATE runs SET status = ${status}`);
      if (status === "crashed") await assertRejects(update);
      else await update();
    }
    assertEquals([...STORED_STATUSES, "crashed"], [...RUN_STATUSES]);
  });
});

Deno.test("details cannot be without their run, and go with it", async () => {
  await withRegistry([sampleRun({ tags: ["x"] })], async ({ database }) => {
    await assertRejects(() => database.run(sql`INSERT INTO tags VALUES ('nobody', 'x')`));
    await database.run(sql`DELETE FROM runs`);
    for (const name of Object.keys(TABLES)) {
      const rows = await database.all<Row>(sql.raw(`SELECT count(*) AS count FROM ${name}`));
      assertEquals(rows.map(({ count }) => count), [0], name);
    }
  });
});
