import { assertEquals, assertMatch } from "@std/assert";
import { withWorkspace } from "../workspace.ts";

Deno.test("the registry answers in a table, JSON, JSON Lines, CSV and Markdown", async () => {
  await withWorkspace(async ({ call, files }) => {
    await call("run -q --name =1+1");
    await call("run -q --set window=2");
    const before = files();
    const sql = "SELECT name, signal_rate, (SELECT number FROM params WHERE run_id = id) AS w " +
      "FROM runs ORDER BY id";
    const ask = (...words: string[]) => call(["runs:sql", sql, ...words]);
    assertEquals(await ask(), {
      exit: 0,
      out:
        "name         signal_rate  w\n=1+1  0.6666666666666666  3\n                    0.75  2\n",
      err: "2 rows\n",
    });
    assertEquals(
      (await ask("--csv")).out,
      "name,signal_rate,w\r\n'=1+1,0.6666666666666666,3\r\n,0.75,2\r\n",
    );
    assertMatch((await ask("--md")).out, /^\| name \| +signal_rate \| +w \|\n/);
    assertEquals(
      (await ask("--jsonl")).out,
      '{"name":"=1+1","signal_rate":0.6666666666666666,"w":3}\n' +
        '{"name":null,"signal_rate":0.75,"w":2}\n',
    );
    const { schema, total, columns, rows } = JSON.parse((await ask("--json")).out);
    assertEquals([schema, total, columns], [1, 2, ["name", "signal_rate", "w"]]);
    assertEquals(rows[1], { name: null, signal_rate: 0.75, w: 2 });
    assertEquals(files(), before);
  });
});

Deno.test("what is no query, or a wrong one, is refused", async () => {
  await withWorkspace(async ({ call }) => {
    const ask = (sql: string) => call(["runs:sql", sql]);
    assertMatch((await ask("SELECT 1")).err, /^error: There is no registry/);
    await call("run -q");
    const cases: Readonly<Record<string, RegExp>> = {
      "DELETE FROM runs":
        /^error: Expected a single SELECT, got 'DELETE'\nhint: The registry is only/,
      "SELECT 1; DROP TABLE runs":
        /^error: Expected a single SELECT, got more than one statement\n/,
      "SELECT nmae FROM runs":
        /^error: Cannot run the query: no such column: nmae: did you mean name\?/,
      "SELECT 'x\u001b[2J": /^error: This is not closed\n/,
    };
    for (const [sql, message] of Object.entries(cases)) {
      const { exit, out, err } = await ask(sql);
      assertEquals([exit, out], [2, ""], sql);
      assertMatch(err, message);
    }
    assertMatch((await ask("SELECT count(*) AS n FROM runs")).out, /^n\n1\n$/);
  });
});
