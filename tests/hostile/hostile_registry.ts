/**
 * Makes a registry one that somebody else wrote to.
 *
 * @module
 */

import { type Client, createClient } from "@libsql/client/sqlite3";
import { pathToFileURL } from "node:url";
import type { Random } from "../fuzz/random.ts";
import { hostileSql } from "./hostile_values.ts";

/** Statements that change more than a value. */
const STRANGE: readonly string[] = [
  "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END",
  "CREATE TRIGGER t AFTER UPDATE ON runs BEGIN UPDATE runs SET directory = '/etc'; END",
  "ALTER TABLE runs RENAME TO others; CREATE VIEW runs AS SELECT * FROM others",
  "DROP TABLE tags; CREATE VIEW tags AS WITH RECURSIVE n(run_id, tag) AS (SELECT '1', 'x' " +
  "UNION ALL SELECT run_id + 1, tag FROM n) SELECT * FROM n",
  "CREATE VIEW best AS SELECT * FROM runs",
  "DROP TABLE metrics",
  "DROP INDEX runs_started_at",
  "DELETE FROM runs",
  "DELETE FROM metrics",
  "PRAGMA user_version = 99",
  "PRAGMA user_version = 1",
  "PRAGMA application_id = 5",
  "PRAGMA journal_mode = WAL",
];

/** Changes values, rows or tables; the result says what was done. */
export async function changeRegistry(path: string, random: Random): Promise<string> {
  const { href } = pathToFileURL(path);
  const statements = random.once(6)
    ? [random.pick(STRANGE)]
    : Array.from({ length: random.int(1, 3) }, () => "value");
  const done: string[] = [];
  for (const statement of statements) {
    done.push(
      statement === "value"
        ? await changeValue(href, random)
        : await withClient(href, async (client) => {
          await client.executeMultiple(statement);
          return statement;
        }),
    );
  }
  return done.join("; ");
}

/** Sets a column of some rows, whatever its table says of types and checks. */
async function changeValue(href: string, random: Random): Promise<string> {
  const loosened = await withClient(href, async (client) => {
    const { rows } = await client.execute(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'table'",
    );
    await client.executeMultiple(
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = " +
        "replace(replace(sql, ') STRICT, WITHOUT ROWID', ') WITHOUT ROWID'), ') STRICT', ')')",
    );
    return rows.map(({ name, sql }) => ({ name: String(name), sql: String(sql) }));
  });
  const { name } = random.pick(loosened);
  const value = hostileSql(random);
  const statement = await withClient(href, async (client) => {
    const { rows } = await client.execute(`SELECT name FROM pragma_table_info('${name}')`);
    const column = String(random.pick(rows).name);
    // Of many large values nothing is to be learned.
    const where = random.once(2) && !/0{7}/.test(value)
      ? ""
      : ` WHERE ${column} = (SELECT max(${column}) FROM ${name})`;
    const statement = `UPDATE ${name} SET ${column} = ${value}${where}`;
    await client.execute("PRAGMA foreign_keys = OFF");
    await client.execute("PRAGMA ignore_check_constraints = ON");
    // A key that is there already, or one that may not be missing.
    await client.execute(statement).catch(() => {});
    return statement.slice(0, 200);
  });
  if (!random.once(4)) {
    await withClient(href, async (client) => {
      await client.execute("PRAGMA writable_schema = ON");
      for (const { name, sql } of loosened) {
        await client.execute({
          sql: "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?",
          args: [sql, name],
        });
      }
    });
    return statement;
  }
  return `${statement} (tables not strict)`;
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = createClient({ url, concurrency: 1 });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}
