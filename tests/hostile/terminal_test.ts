import { assert, assertEquals, assertMatch } from "@std/assert";
import { withWorkspace } from "../cli/workspace.ts";

/** What clears a screen, overwrites a line, and turns text around. */
const NAME = "a\u001b[2J\rb\u202ec\u0007\u009b1m";

Deno.test("names that command a terminal are escaped there, in every format", async () => {
  await withWorkspace(async ({ call }) => {
    assertEquals((await call(["run", "--name", NAME, "--tag", NAME])).exit, 0);
    assertEquals((await call("run --set window=4")).exit, 0);
    assertEquals((await call(["runs:note", "latest~1", NAME])).exit, 0);
    const commands = [
      ...["", " --csv", " --json", " --jsonl", " --md", " --all --csv", " --all-columns"]
        .map((format) => `runs:list${format}`),
      ...["runs:best --max ones --csv", "runs:show latest~1", "runs:compare latest latest~1 --all"],
      ...[
        "runs:compare latest latest~1 --all --csv",
        "runs:diff latest latest~1",
        "runs:note latest~1",
      ],
      "runs:tag latest~1 x",
    ].map((words) => words.split(" "));
    commands.push(["runs:sql", "--csv", "SELECT name FROM runs"], [
      "runs:sql",
      "SELECT name FROM runs",
    ]);
    for (const words of commands) {
      const { exit, out, err } = await call(words, { isTerminal: true, env: { NO_COLOR: "1" } });
      assert(exit < 4, words.join(" "));
      const raw = [..."\u001b\r\u202e\u0007\u009b"].filter((character) =>
        // The ends of lines in CSV are CRLF.
        (out + err).replaceAll("\r\n", "\n").includes(character)
      );
      assertEquals(raw, [], words.join(" "));
    }
  });
});

Deno.test("a column that a table lacks is never said to be meant by itself", async () => {
  await withWorkspace(async ({ call }) => {
    assertEquals((await call("run")).exit, 0);
    const { exit, err } = await call(["runs:sql", "SELECT * FROM metrics WHERE name = 'x'"]);
    assertEquals(exit, 2);
    assertMatch(err, /no such column: name(?!: did you mean name\b)/);
  });
});
