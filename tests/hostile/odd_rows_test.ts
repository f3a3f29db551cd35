import { createClient } from "@libsql/client/sqlite3";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DATA, withWorkspace, type Workspace } from "../cli/workspace.ts";

const NOT_UTF8 = "CAST(x'61e9ff62' AS TEXT)";
const DEEP = "'" + "[".repeat(5000) + "]".repeat(5000) + "'";

/** Columns that hold text, and values that sigrun does not write there. */
const TEXTS = [
  ...["name", "experiment", "config_version", "seed", "data_path", "config", "quality"],
  ...["config_hash", "data_hash", "result_hash", "fingerprint", "error_code", "error_message"],
  ...["environment", "directory", "evaluation", "note", "started_at", "labels_at"],
];
const JSON_COLUMNS = ["config", "quality", "environment", "evaluation"];

/** Statements that make one run odd. */
const ODD: readonly string[] = [
  ...TEXTS.map((column) => `UPDATE runs SET ${column} = ${NOT_UTF8}`),
  ...JSON_COLUMNS.flatMap((column) =>
    ["'{'", "'[]'", "'5'", `'"x"'`, DEEP, "''"]
      .map((value) => `UPDATE runs SET ${column} = ${value}`)
  ),
  "UPDATE runs SET environment = 'null'",
  ...["quality", "environment", "evaluation"].map((column) =>
    `UPDATE runs SET ${column} = '{"git":5,"split":5,"hostname":{},"bars":{}}'`
  ),
  "UPDATE runs SET started_at = 'yesterday'",
  "UPDATE runs SET seed = 'many'",
  "UPDATE runs SET experiment_version = 9223372036854775807",
  "UPDATE runs SET rows_processed = -9223372036854775808",
  "UPDATE runs SET duration_ms = 9e999, latency_ms = -9e999, signal_rate = 9e999",
  "UPDATE runs SET note = printf('%.*c', 20000000, 'x')",
  "UPDATE runs SET evaluation = '{\"from\":5}'",
  "UPDATE runs SET quality = '{\"bars\":{}}'",
  ...["'{'", "''", NOT_UTF8, DEEP].map((value) => `UPDATE params SET value = ${value}`),
  `UPDATE params SET key = ${NOT_UTF8}`,
  `UPDATE metrics SET key = ${NOT_UTF8} WHERE key = 'ones'`,
  "UPDATE metrics SET value = 9e999",
  `INSERT INTO tags SELECT id, ${NOT_UTF8} FROM runs`,
  `UPDATE artifacts SET path = ${NOT_UTF8} WHERE path = 'run.log'`,
  `UPDATE artifacts SET sha256 = ${NOT_UTF8}, bytes = 9223372036854775807`,
  `INSERT INTO damage SELECT id, ${NOT_UTF8} FROM runs`,
];

/** Commands that look at runs, and their exit status. */
const LOOKS: readonly (readonly [words: string, exit: number])[] = [
  ["runs:list", 0],
  ["runs:list --json", 0],
  ["runs:list --all --csv", 0],
  ["runs:list --sort commit --where host=test", 0],
  ["runs:best --max signal_rate", 0],
  ["runs:show latest", 0],
  ["runs:show latest --json", 0],
  ["runs:compare latest latest~1", 0],
  ["runs:sync", 0],
  ["runs:export --all --with-data --output all.tar --force", 0],
  ["runs:gc --dry-run", 0],
];

async function change({ dir }: Workspace, statement: string, id: string): Promise<void> {
  const { href } = pathToFileURL(join(dir, "runs", "registry.db"));
  const client = createClient({ url: href, concurrency: 1 });
  try {
    const key = statement.includes("UPDATE runs") || statement.startsWith("INSERT")
      ? "id"
      : "run_id";
    const where = statement.includes("WHERE") ? "AND" : "WHERE";
    await client.execute(`${statement} ${where} ${key} = '${id}'`);
  } finally {
    client.close();
  }
}

Deno.test("an odd row stops no command: its run is shown as damaged, and a repair mends it", async () => {
  await withWorkspace(async (workspace) => {
    const { dir, call, write } = workspace;
    assertEquals((await call("run --name first")).exit, 0);
    await write("other.csv", DATA.replace("13", "14"));
    assertEquals((await call("run --data other.csv --set evaluate=true")).exit, 0);
    const before = JSON.parse((await call("runs:list --json")).out);
    const { id } = before.runs[0];
    const registry = join(dir, "runs", "registry.db");
    const sound = await Deno.readFile(registry);
    for (const statement of ODD) {
      await Deno.writeFile(registry, sound);
      await change(workspace, statement, id);
      for (const [words, expected] of LOOKS) {
        const { exit, out, err } = await call(words);
        const said = `${statement.slice(0, 100)}: ${words}: ${out.slice(0, 300)}${err}`;
        assert(exit === expected || words.startsWith("runs:compare") && exit === 2, said);
        assert(!`${out}${err}`.includes("bug in sigrun"), said);
        if (words === "runs:list" && !statement.startsWith("UPDATE runs SET started_at")) {
          assertMatch(out, new RegExp(`${id.slice(-6)} +finished, damaged`), said);
        }
      }
      const { exit, out, err } = await call("runs:verify --repair");
      assertEquals(
        [exit, out.includes("bug")],
        [0, false],
        `${statement.slice(0, 100)}: ${out}${err}`,
      );
      assertEquals(
        JSON.parse((await call("runs:list --json")).out),
        before,
        statement.slice(0, 100),
      );
    }
  });
});
