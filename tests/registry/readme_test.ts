import { assertEquals } from "@std/assert";
import { sql } from "drizzle-orm";
import { openMemoryRegistry } from "../../lib/registry/open.ts";

const README = new URL("../../lib/registry/README.md", import.meta.url);

Deno.test("the tables and columns of a registry are those that are documented", async () => {
  const documented: Record<string, string[]> = {};
  let table = "";
  for (const line of (await Deno.readTextFile(README)).split("\n")) {
    table = /^### (\w+)$/.exec(line)?.[1] ?? table;
    const [, column, type] = /^\| `(\w+)` +\| (\w+) +\| \S/.exec(line) ?? [];
    if (column !== undefined) (documented[table] ??= []).push(`${column} ${type}`);
  }
  const registry = await openMemoryRegistry();
  const rows = await registry.database.all<{ table: string; column: string }>(
    sql`SELECT t.name AS "table", c.name || ' ' || lower(c.type) AS "column"
      FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
      WHERE t.type = 'table' ORDER BY t.rowid, c.cid`,
  );
  registry.close();
  const actual = Object.groupBy(rows, ({ table }) => table);
  assertEquals(
    documented,
    Object.fromEntries(
      Object.entries(actual).map(([name, of]) => [name, of!.map(({ column }) => column)]),
    ),
  );
});
