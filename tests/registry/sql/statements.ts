/**
 * Statements that runs:sql answers.
 *
 * @module
 */

/** What reads the registry, in every form. */
export const READS: readonly string[] = [
  "SELECT 1",
  " select id from runs; ",
  "SELECT ';' AS \"a;b\", '--' /* ; */ -- ;\n",
  "VALUES (1, 2), (3, 4)",
  "WITH x AS (SELECT 1), y (a) AS (SELECT replace('a', 'a', 'b')) SELECT * FROM x, y",
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n",
  "WITH [delete] AS (SELECT 1) SELECT * FROM [delete]",
  "WITH a AS NOT MATERIALIZED (SELECT 1), b AS MATERIALIZED (SELECT * FROM a) SELECT * FROM b",
  'SELECT * FROM "runs", `tags`, [metrics] m, main.params AS p, "main"."damage"',
  "SELECT * FROM (runs JOIN tags ON run_id = id), ((SELECT 1)), (VALUES (1))",
  "SELECT * FROM runs LEFT JOIN tags USING (run_id) WHERE id IN (SELECT run_id FROM damage)",
  "SELECT * FROM runs r, json_each(r.config) AS c, json_tree(r.quality, '$.a')",
  "SELECT id IN tags, id NOT IN metrics, 1 IN (1, 2), 'a' IN json_each('[\"a\"]') FROM runs",
  "SELECT count(*) FILTER (WHERE 1), sum(1) OVER (PARTITION BY id ORDER BY name) FROM runs",
  "SELECT rank() OVER w FROM runs WINDOW w AS (ORDER BY id), v AS (w)",
  "SELECT a.id IS NOT DISTINCT FROM b.id FROM runs a, runs b",
  "SELECT CASE WHEN (1) THEN (2) ELSE (3) END, CAST(id AS BLOB), EXISTS (SELECT 1), NOT (1)",
  "SELECT config ->> '$.window', date('now', '-1 day'), \"text\" FROM runs GROUP BY (id) HAVING (1)",
  "SELECT 1 FROM runs ORDER BY (SELECT max(value) FROM metrics WHERE run_id = id) LIMIT (1) OFFSET (0)",
  "SELECT id FROM runs UNION SELECT run_id FROM tags EXCEPT SELECT run_id FROM damage",
  "SELECT group_concat(name, ', ' ORDER BY id) FROM runs WHERE name LIKE '%(%' ESCAPE '('",
  "SELECT window, first, with, replace FROM (SELECT 1 AS window, 2 AS first, 3 AS with, 4 AS replace)",
  "SELECT * FROM runs window, tags",
  "SELECT 0x1F, 1e3, .5, 1., x'00ff'",
  "SELECT name, sql FROM sqlite_schema",
];
