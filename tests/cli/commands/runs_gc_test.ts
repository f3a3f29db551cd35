import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { timeSpan } from "../../../lib/cli/flags/time_span.ts";
import { DATA, withWorkspace, type Workspace } from "../workspace.ts";

/** Two runs, of which the first, on data of its own, is deleted. */
async function withDeleted(
  use: (workspace: Workspace, id: string) => Promise<void>,
): Promise<void> {
  await withWorkspace(async (workspace) => {
    await workspace.write("other.csv", DATA.replace("13", "14"));
    await workspace.call("run --data other.csv --name first");
    const { id } = JSON.parse((await workspace.call("runs:show latest --json")).out);
    await workspace.call("run");
    assertEquals((await workspace.call(`runs:delete ${id} --yes`)).exit, 0);
    await use(workspace, id);
  });
}

Deno.test("garbage is listed, and removed after a question", async () => {
  await withDeleted(async ({ call, files }, id) => {
    const before = files();
    const planned = await call("runs:gc --dry-run");
    assertEquals([planned.exit, planned.err], [0, ""]);
    assertMatch(
      planned.out,
      /^WHAT +NAME +DELETED \(UTC\) +SIZE\nrun +\w{6} first +2026-11-23 \S+ +\d+ bytes\ndata +\w{8} +76 bytes\n\nWould remove 1 run, 1 data file: \d+ bytes\.\n$/,
    );
    const unasked = await call("runs:gc");
    assertEquals([unasked.exit, unasked.out], [2, ""]);
    assertMatch(unasked.err, /^WHAT[^]*error: Cannot ask whether to remove for good 1 run, 1 data/);
    const declined = await call("runs:gc", { stdin: "n\n", isTerminal: true });
    assertEquals([declined.exit, declined.out], [1, ""]);
    assertEquals(files(), before);
    const done = await call("runs:gc", { stdin: "yes\n", isTerminal: true });
    assertEquals(done.exit, 0);
    assertMatch(done.out, /^Removed 1 run, 1 data file: \d+ bytes freed\.\n$/);
    assertEquals((await call(`runs:show ${id}`)).exit, 2);
    assert(!files().some((path) => path.includes(id)));
    assertEquals(await call("runs:gc"), {
      exit: 0,
      out: "Removed nothing: 0 bytes freed.\n",
      err: "",
    });
    assertMatch((await call("runs:verify")).out, /^1 run: 1 intact; the registry is sound\n$/);
  });
});

Deno.test("with --json what would be removed, and what was, is data of one form", async () => {
  await withDeleted(async ({ call }, id) => {
    const planned = JSON.parse((await call("runs:gc --dry-run --json")).out);
    const done = JSON.parse((await call("runs:gc --yes --json")).out);
    assertEquals(planned.dry_run, true);
    assertEquals(done, { ...planned, dry_run: false });
    assertEquals([done.schema, done.runs[0].id, done.data[0].bytes], [2, id, 76]);
    assertEquals(done.bytes, done.runs[0].bytes + 76);
    assertEquals(done.left_alone, {
      elsewhere: 0,
      running: 0,
      unclear: 0,
      damaged: 0,
      data_busy: false,
    });
  });
});

Deno.test("--older-than keeps what was deleted later", async () => {
  await withDeleted(async ({ call }) => {
    // The clock of a test goes on by a second at every look.
    assertMatch((await call("runs:gc --older-than 1h --yes")).out, /^Removed nothing/);
    assertMatch((await call("runs:gc --older-than 0s --yes")).out, /^Removed 1 run/);
    for (const span of ["30", "x", "-1d", "1y", "1e9d"]) {
      const { exit, err } = await call(["runs:gc", `--older-than=${span}`, "--yes"]);
      assertEquals(exit, 2);
      assertMatch(err, /^error: Cannot use --older-than '.*': expected a span of time\n/);
    }
  });
});

Deno.test("a deleted run that is left alone is counted", async () => {
  await withDeleted(async ({ call, dir }, id) => {
    await Deno.writeTextFile(join(dir, "runs", id, "labels.json"), "{");
    const { exit, out, err } = await call("runs:gc --yes");
    assertEquals([exit, out], [0, "Removed nothing: 0 bytes freed.\n"]);
    assertMatch(err, /^Left alone: 1 deleted run with a damaged labels\.json/);
    assertEquals((await call("runs:verify --repair")).exit, 0);
    assertMatch((await call("runs:gc --yes")).out, /^Removed 1 run/);
  });
});

Deno.test("spans of time have a unit", () => {
  assertEquals(["90s", "5m", "12h", "30d", "2w", "0.5 D"].map(timeSpan), [
    90_000,
    300_000,
    43_200_000,
    2_592_000_000,
    1_209_600_000,
    43_200_000,
  ]);
  assertEquals(["", "d", "1", "1 month", "٣d", "1d2"].map(timeSpan), Array(6).fill(undefined));
});
