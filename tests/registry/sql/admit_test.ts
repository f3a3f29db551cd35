import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import Database from "libsql";
import { admittedSelect } from "../../../lib/registry/sql/admit.ts";
import { FUNCTIONS } from "../../../lib/registry/sql/allowed.ts";
import { refusalOf } from "../../bars/refusal.ts";
import { READS } from "./statements.ts";

/** What leaves the registry, whatever it is dressed in. */
const REACHES: readonly string[] = [
  "SELECT writefile('../x', 'owned')",
  "SELECT readfile('/etc/hostname')",
  "SELECT load_extension('x')",
  "SELECT edit('x')",
  "SELECT zeroblob(1000000000)",
  "SELECT randomblob(1000000000)",
  "SELECT fts3_tokenizer('x')",
  "SELECT sqlite_log(1, 'x')",
  "SELECT \"readfile\"('x')",
  "SELECT [readfile]('x')",
  "SELECT `readfile`('x')",
  "SELECT 'readfile'('x')",
  "SELECT ReadFile /* ( */ ('x')",
  "SELECT readfile-- (\n('x')",
  "SELECT readfile\n('x')",
  'SELECT "count"(*) FROM runs',
  "SELECT count\u00a0(*) FROM runs",
  "SELECT \u212ah(1)",
  "SELECT 1 WHERE readfile('x') IS NULL",
  "SELECT 1 ORDER BY readfile('x')",
  "SELECT 1 LIMIT readfile('x')",
  "SELECT (SELECT readfile('x'))",
  "SELECT max(readfile('x')) OVER (ORDER BY readfile('x'))",
  "SELECT CASE readfile('x') WHEN 1 THEN 2 END",
  "VALUES (readfile('x'))",
  "SELECT 1 IN (readfile('x'))",
  "SELECT * FROM json_each(readfile('x'))",
  "WITH readfile (a) AS (SELECT 1) SELECT readfile('x')",
  "WITH a AS (SELECT readfile('x')) SELECT * FROM a",
  "SELECT * FROM fsdir('.')",
  "SELECT * FROM fsdir",
  "SELECT * FROM \"fsdir\"('.')",
  "SELECT * FROM 'fsdir'('.')",
  "SELECT * FROM [fsdir]",
  "SELECT * FROM main.fsdir",
  "SELECT * FROM runs, fsdir('.')",
  "SELECT * FROM runs r, fsdir",
  "SELECT * FROM runs AS window, fsdir",
  "SELECT * FROM runs window, fsdir",
  "SELECT * FROM runs JOIN fsdir('.')",
  "SELECT * FROM runs NATURAL LEFT OUTER JOIN fsdir",
  "SELECT * FROM runs JOIN tags ON (1, 2) = (1, 2), fsdir",
  "SELECT * FROM (fsdir('.'))",
  "SELECT * FROM (runs, fsdir)",
  "SELECT * FROM ((runs) JOIN (fsdir))",
  "SELECT * FROM (SELECT * FROM fsdir)",
  "SELECT 1 IN fsdir",
  "SELECT 1 NOT IN fsdir('.')",
  'SELECT 1 IN main."fsdir"',
  "SELECT EXISTS (SELECT 1 FROM fsdir)",
  "SELECT 1 UNION SELECT name FROM fsdir",
  "SELECT 1 FROM runs WINDOW w AS (ORDER BY (SELECT 1 FROM fsdir))",
  "SELECT * FROM dbstat",
  "SELECT * FROM sqlite_dbpage",
  "SELECT * FROM sqlite_temp_schema",
  "SELECT * FROM pragma_database_list",
  "SELECT * FROM pragma_table_info('runs')",
  "SELECT * FROM temp.runs",
  "SELECT * FROM other.runs",
  "SELECT * FROM runs('x')",
  "SELECT * FROM main.json_each('[1]')",
  "SELECT * FROM bytecode('SELECT 1')",
  "SELECT * FROM generate_series(1, 10)",
  // Names of WITH count where they are known, and nowhere else.
  "SELECT * FROM (WITH dbstat AS (SELECT 1) SELECT * FROM dbstat), dbstat",
  "SELECT (WITH dbstat AS (SELECT 1) SELECT 1 FROM dbstat) FROM dbstat",
  "WITH a AS (WITH dbstat AS (SELECT 1) SELECT * FROM dbstat) SELECT * FROM dbstat",
  "WITH dbstat AS (SELECT 1) SELECT * FROM main.dbstat",
  'WITH "pragma_foreign_\u212aey_list" AS (SELECT 1) SELECT * FROM pragma_foreign_key_list',
];

/** What is no single SELECT, or no statement at all. */
const OTHERS: readonly string[] = [
  "INSERT INTO tags VALUES ('x', 'y')",
  "UPDATE runs SET name = 'x'",
  "DELETE FROM runs",
  "WITH x AS (SELECT 1) DELETE FROM runs",
  "WITH x AS (SELECT 1) INSERT INTO tags SELECT 'x', 'y'",
  "WITH x AS (DELETE FROM runs RETURNING *) SELECT * FROM x",
  "DROP TABLE runs",
  "PRAGMA query_only = OFF",
  "VACUUM INTO 'copy.db'",
  "ATTACH 'other.db' AS other",
  "BEGIN IMMEDIATE",
  "/* SELECT */ DELETE FROM runs",
  "-- SELECT\nDELETE FROM runs",
  "(SELECT 1)",
  "",
  " ; ",
  "SELECT 1; DELETE FROM runs",
  "SELECT 1 /* ; */; /* x */ SELECT 2",
  "EXPLAIN SELECT 1",
  "SELECT 1) FROM fsdir('.') --",
  "SELECT 1 FROM (SELECT 1",
  "SELECT (1",
  "SELECT 1\0",
  "SELECT 'abc",
  'SELECT "abc',
  "SELECT [abc",
  "SELECT `abc",
  "SELECT 1 /* abc",
  "SELECT /*/",
  "SELECT ?",
  "SELECT ?1, :a, @a, $a",
  `SELECT ${"(".repeat(5000)}1${")".repeat(5000)}`,
  `SELECT * FROM ${"(SELECT * FROM ".repeat(500)}runs${")".repeat(500)}`,
];

Deno.test("what reads the registry is admitted", () => {
  for (const statement of READS) {
    const admitted = admittedSelect(statement);
    assert(statement.startsWith(admitted), statement);
    assert(!admitted.includes(";") || /';'/.test(admitted), admitted);
  }
});

Deno.test("what calls or reads anything else is refused, with the place", async () => {
  for (const statement of REACHES) {
    const { message, exitCode } = await refusalOf(() => admittedSelect(statement));
    assertEquals(exitCode, 2, statement);
    assertMatch(
      message,
      /^Cannot (?:call|read) '.*': only reading the registry is possible/,
      statement,
    );
    assertMatch(message, /\n +\^+$/);
  }
});

Deno.test("what is no single SELECT is refused", async () => {
  for (const statement of OTHERS) {
    assertEquals((await refusalOf(() => admittedSelect(statement))).exitCode, 2, statement);
  }
});

/** A line of EXPLAIN. */
interface Instruction {
  readonly opcode: string;
  readonly p4: unknown;
}

Deno.test("no arrangement of words, signs and comments gets another function or table compiled", () => {
  const part = fc.constantFrom(
    ...[
      "SELECT",
      "FROM",
      "WITH",
      "AS",
      "IN",
      "JOIN",
      "WINDOW",
      "ON",
      "VALUES",
      "UNION",
      "DISTINCT",
    ],
    ...["(", ")", ",", ".", "'a'", '"a"', "[a]", "1", "*", "IS", "NOT", "runs", "a", "main", "x"],
    ...["\n", "/* */", "--\n", "count", "OVER", "FILTER", "EXISTS", "RECURSIVE", "LEFT", "USING"],
    ...["(SELECT 1)", "SELECT 1 FROM runs", "WITH a AS (SELECT 1)", "WITH dbstat AS (SELECT 1)"],
  );
  const reach = fc.constantFrom(
    ...["fsdir('.')", "readfile('x')", '"readfile"(1)', "dbstat", "[dbstat]", "main.dbstat"],
    ...["'dbstat'", "(SELECT 1 FROM dbstat)", "IN dbstat", ", dbstat", "(readfile('x'))"],
  );
  const parts = fc.tuple(
    fc.constantFrom("SELECT", "SELECT 1 FROM runs", "WITH a AS (SELECT 1) SELECT 1 FROM a"),
    fc.array(part, { maxLength: 4 }),
    reach,
    fc.array(part, { maxLength: 4 }),
  );
  const database = new Database(":memory:");
  database.exec("CREATE TABLE runs (id, name); CREATE TABLE tags (run_id)");
  let compiled = 0;
  fc.assert(
    fc.property(parts, ([begin, before, reached, after]) => {
      const statement = [begin, ...before, reached, ...after].join(" ");
      let admitted: string;
      let instructions: readonly Instruction[];
      try {
        admitted = admittedSelect(statement);
        instructions = database.prepare(`EXPLAIN SELECT * FROM (\n${admitted}\n)`)
          .all() as Instruction[];
      } catch {
        return;
      }
      compiled++;
      for (const { opcode, p4 } of instructions) {
        assert(opcode !== "VOpen", admitted);
        assert(!/^(?:readfile|fsdir)/.test(String(p4)) || !/Function/.test(opcode), admitted);
      }
    }),
    { numRuns: 20_000 },
  );
  database.close();
  assert(compiled > 20, `${compiled} were compiled`);
});

Deno.test("no function that is allowed is one that reads, writes, loads or fills the memory", () => {
  for (const name of FUNCTIONS) {
    assert(!/file|load|edit|blob$|fsdir|tokenizer|_log$/.test(name), name);
  }
});
