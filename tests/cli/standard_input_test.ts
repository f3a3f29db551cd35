import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DATA, withWorkspace } from "./workspace.ts";

Deno.test("a run reads standard input where --data or the config says -", async () => {
  await withWorkspace(async ({ call, write }) => {
    const named = JSON.parse((await call("run --json")).out);
    await write("piped.yaml", "version: v1\nseed: 42\nwindow: 3\nevaluate: false\ndata: '-'\n");
    for (
      const words of ["run --data - --json", "run --input=- --json", "run -c piped.yaml --json"]
    ) {
      const { exit, out, err } = await call(words, { stdin: DATA });
      assertEquals([exit, err], [0, ""]);
      assertEquals(JSON.parse(out).hashes, named.hashes, words);
    }
    const shown = JSON.parse((await call("runs:show latest --json")).out);
    assertEquals([shown.data_path, shown.config.data], ["-", "-"]);
    assertMatch((await call("runs:show latest")).out, /^ +path +standard input$/m);
    assertMatch(
      (await call("runs:compare latest~3 latest --all")).out,
      /^data +data_path +data\.csv +standard input$/m,
    );
  });
});

Deno.test("a file named - is a file when it is named as one", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("-", DATA);
    const { exit } = await call("run --data ./- --quiet");
    assertEquals(exit, 0);
    const { data_path } = JSON.parse((await call("runs:show latest --json")).out);
    assertMatch(data_path, /\/-$/);
  });
});

Deno.test("a dry run reads standard input, too", async () => {
  await withWorkspace(async ({ call }) => {
    const { exit, out } = await call("run --data - --dry-run", { stdin: DATA });
    assertEquals(exit, 0);
    assertMatch(out, /^data: '-'$/m);
    assertMatch(out, /^path +standard input$/m);
    const json = JSON.parse((await call("run --data - --dry-run --json", { stdin: DATA })).out);
    assertEquals([json.data.path, json.data.quality.bars], ["-", 5]);
  });
});

Deno.test("a run that is left without standard input is a failed run", async () => {
  await withWorkspace(async ({ call }) => {
    const terminal = await call("run --data -", { isTerminal: true });
    assertEquals(terminal.exit, 1);
    assertStringIncludes(terminal.err, "Cannot read data from standard input: it is a terminal");
    const empty = await call("run --data -");
    assertEquals(empty.exit, 1);
    assertStringIncludes(empty.err, "error: Cannot read standard input: it is empty\n");
    const warm = await call("run --data -", { stdin: "time,close\n100000001,1\n" });
    assertStringIncludes(warm.err, "all 1 bars of standard input are warm-up");
  });
});

Deno.test("copies may be written beside standard input, under any name", async () => {
  await withWorkspace(async ({ call, files }) => {
    const { exit } = await call("run --data - --output ./- --quiet", { stdin: DATA });
    assertEquals([exit, files().includes("-")], [0, true]);
  });
});

Deno.test("data:check reads standard input as often as it needs to", async () => {
  await withWorkspace(async ({ call }) => {
    const sparse = "time,close,volume\n100000001,1,\n100000002,2,\n100000003,3,\n";
    const { exit, out } = await call("data:check data.csv -", { stdin: sparse });
    assertEquals(exit, 0);
    assertMatch(out, /^standard input$/m);
    assertMatch(out, /^ +left out +volume: missing in more rows than max_missing allows$/m);
    const twice = JSON.parse((await call("data:check - - --json", { stdin: sparse })).out);
    assertEquals(twice.files[0], twice.files[1]);
    const conflict = await call("data:check -", { stdin: "time,close\n1e8,1\n1e8,2\n" });
    assertStringIncludes(conflict.err, "standard input");
    assertEquals(conflict.exit, 1);
  });
});
