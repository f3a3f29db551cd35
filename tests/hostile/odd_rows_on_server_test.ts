/**
 * Odd rows of a registry on a server: an answer with text that is not UTF-8
 * stops nobody either.
 */

import { createClient } from "@libsql/client/http";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DATA, withWorkspace } from "../cli/workspace.ts";
import { serverTest } from "../registry/sqld.ts";

const NOT_UTF8 = "CAST(x'61e9ff62' AS TEXT)";

const ODD: readonly string[] = [
  ...["name", "config", "environment", "evaluation", "data_path", "result_hash", "note"]
    .map((column) => `UPDATE runs SET ${column} = ${NOT_UTF8} WHERE id = ?`),
  ...["config", "quality", "environment", "evaluation"]
    .map((column) => `UPDATE runs SET ${column} = '{' WHERE id = ?`),
  "UPDATE runs SET rows_processed = 9223372036854775807, duration_ms = 9e999 WHERE id = ?",
  `UPDATE params SET value = ${NOT_UTF8} WHERE run_id = ?`,
  `UPDATE metrics SET key = ${NOT_UTF8} WHERE key = 'ones' AND run_id = ?`,
  "UPDATE metrics SET value = 9e999 WHERE run_id = ?",
  `INSERT INTO tags (run_id, tag) VALUES (?, ${NOT_UTF8})`,
];

serverTest("an odd row on a server is one odd row, and a repair mends it", async (server) => {
  await withWorkspace(async ({ call, write }) => {
    const there = `--registry ${server.url}`;
    const machine = { system: { hostname: "test" } };
    assertEquals((await call(`run --name first ${there}`, machine)).exit, 0);
    await write("other.csv", DATA.replace("13", "14"));
    assertEquals((await call(`run --data other.csv ${there}`, machine)).exit, 0);
    const before = JSON.parse((await call(`runs:list --json ${there}`, machine)).out);
    const { id } = before.runs[0];
    const client = createClient({ url: server.url });
    for (const statement of ODD) {
      await client.execute({ sql: statement, args: [id] });
      const commands = [
        ["runs:list", 0],
        ["runs:list --all --csv", 0],
        ["runs:show latest", 0],
        ["runs:compare latest latest~1", 0],
        ["runs:sync", 0],
        ["runs:export --all --output all.tar --force", 0],
        ["runs:list --sort commit --where host=test", 0],
      ] as const;
      for (const [words, expected] of commands) {
        const { exit, out, err } = await call(`${words} ${there}`, machine);
        const said = `${statement}: ${words}: ${out}${err}`;
        assert(exit === expected && !said.includes("bug in sigrun"), said);
        if (words === "runs:list") {
          assertMatch(out, new RegExp(`${id.slice(-6)} +finished, damaged`), said);
        }
      }
      const { exit, out, err } = await call(`runs:verify --repair ${there}`, machine);
      assertEquals(exit, 0, `${statement}: ${out}${err}`);
      assertEquals(
        JSON.parse((await call(`runs:list --json ${there}`, machine)).out),
        before,
        statement,
      );
    }
    client.close();
  });
});
