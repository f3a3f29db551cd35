import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "@std/csv/parse";
import stringWidth from "string-width";
import { differingParams } from "../../../lib/cli/commands/runs_list.ts";
import type { RunRecord } from "../../../lib/registry/record.ts";
import { withWorkspace, type Workspace } from "../workspace.ts";

/** Finished, finished with another window, the first again, failed, and one with a wide name. */
async function makeRuns({ call }: Workspace): Promise<void> {
  await call("run");
  await call([
    "run",
    "--set",
    "window=2",
    "--name",
    'two, "wide"\nlines',
    "--tag",
    "b",
    "--tag",
    "a",
  ]);
  await call("run --tag a");
  await call("run --set windw=3");
  await call("run --data nope.csv --name 収盤👍🏽");
}

/** The first column of a list. */
async function listed({ call }: Workspace, words: string): Promise<string> {
  const { exit, out } = await call(`runs:list ${words}`);
  assertEquals(exit, 0, words);
  return out.trimEnd().split("\n").slice(1).map((line) => line.slice(0, 6)).join(" ");
}

Deno.test("runs are listed newest first, with the parameters in which they differ", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    assertEquals(await workspace.call("runs:list"), {
      exit: 0,
      out: `\
RUN     STATUS    STARTED (UTC)        DURATION  NAME                EXPERIMENT    window  SIGNAL_RATE  LATENCY_MS  CONFIG    DATA      ERROR
3es4ft  failed    2026-11-23 08:55:04   1.25 ms  収盤👍🏽              rolling-mean       3                           18a71407            data_unreadable
w5eq09  failed    2026-11-23 08:55:03   1.25 ms                                                                                         config_invalid
nw3ahr  finished  2026-11-23 08:55:02   2.50 ms                      rolling-mean       3     0.666667         1.3  18a71407  02de8281
ekrx27  finished  2026-11-23 08:55:01   2.50 ms  two, "wide"\\nlines  rolling-mean       2     0.750000         1.3  9156abef  02de8281
7adgkp  finished  2026-11-23 08:55:00   2.50 ms                      rolling-mean       3     0.666667         1.3  18a71407  02de8281
`,
      err: "5 runs\n",
    });
  });
});

Deno.test("a parameter that is the same in all rows shown has no column", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    const { out } = await workspace.call("runs:list --tag a --asc -n 1");
    assert(!out.includes("window"), out);
  });
});

Deno.test("rows are filtered, sorted and limited, and what was left out is counted", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    const cases: [words: string, runs: string][] = [
      ["--asc", "7adgkp ekrx27 nw3ahr w5eq09 3es4ft"],
      ["--status finished", "nw3ahr ekrx27 7adgkp"],
      ["--status failed --asc", "w5eq09 3es4ft"],
      ["--status crashed", ""],
      ["--experiment rolling-mean", "3es4ft nw3ahr ekrx27 7adgkp"],
      ["--experiment nope", ""],
      ["--tag a", "nw3ahr ekrx27"],
      ["--tag a --tag b", "ekrx27"],
      ["--sort signal_rate", "ekrx27 nw3ahr 7adgkp 3es4ft w5eq09"],
      ["--sort signal_rate --asc -n 1", "nw3ahr"],
      ["--sort window --asc", "ekrx27 3es4ft nw3ahr 7adgkp w5eq09"],
      ["--sort valid_bars --limit=1", "ekrx27"],
      ["-n 2", "3es4ft w5eq09"],
      ["-n 2 --all", "3es4ft w5eq09 nw3ahr ekrx27 7adgkp"],
      ["-n 999999999", "3es4ft w5eq09 nw3ahr ekrx27 7adgkp"],
    ];
    for (const [words, runs] of cases) assertEquals(await listed(workspace, words), runs, words);
    assertEquals(
      (await workspace.call("runs:list -n 2")).err,
      "2 of 5 runs; --all shows the others\n",
    );
    assertEquals((await workspace.call("runs:list --tag b")).err, "1 run\n");
    assertEquals((await workspace.call("runs:list --tag nope")).err, "No runs fit.\n");
  });
});

Deno.test("an unknown column to sort by is refused with the nearest and all there are", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    assertEquals(await workspace.call("runs:list --sort signal-rate"), {
      exit: 2,
      out: "",
      err: "error: Cannot sort by 'signal-rate': did you mean signal_rate?\n" +
        "hint: There are: id, started, status, name, experiment, seed, duration_ms, latency_ms, " +
        "rows_processed, signal_rate, ones, ties, valid_bars, warmup_bars, window.\n",
    });
    assertMatch((await workspace.call("runs:list --sort windwo")).err, /did you mean window\?/);
    for (const sort of ["__proto__", "constructor", "x'; DROP TABLE runs; --"]) {
      assertEquals((await workspace.call(["runs:list", "--sort", sort])).exit, 2);
    }
  });
});

Deno.test("without a registry there is a word of help, and none is made", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    assertEquals(await call("runs:list"), {
      exit: 0,
      out: "",
      err: "There is no registry at $DIR/runs/registry.db yet\n" +
        "hint: The first run makes it: deno task run --config config.yaml. " +
        "If there are runs elsewhere, name their folder: --runs-dir DIR.\n",
    });
    const json = await call("runs:list --json");
    assertEquals([json.exit, json.err], [0, ""]);
    assertEquals(JSON.parse(json.out), { schema: 1, total: 0, runs: [] });
    const csv = await call("runs:list --csv");
    assertEquals([csv.exit, csv.err], [0, ""]);
    assertEquals(parse(csv.out).length, 1);
    for (const words of ["runs:show latest", "runs:compare a b"]) {
      const { exit, out, err } = await call(words);
      assertEquals([exit, out], [2, ""]);
      assertMatch(
        err,
        /^error: There is no registry at \$DIR\/runs\/registry\.db yet\nhint: The fi/,
      );
    }
    assertEquals(files(), before);
  });
});

Deno.test("with --json runs are what the registry knows, in full", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    const { schema, total, runs, ...rest } = JSON.parse(
      (await workspace.call("runs:list --json -n 4")).out,
    );
    assertEquals([schema, total, runs.length, rest], [1, 5, 4, {}]);
    assertEquals(
      runs.map(({ id }: RunRecord) => id.slice(-6)).join(" "),
      "3es4ft w5eq09 nw3ahr ekrx27",
    );
    const two: RunRecord = runs[3];
    assertEquals(
      [two.name, two.status, two.tags, two.params, two.signal_rate, two.latency_ms, two.seed],
      ['two, "wide"\nlines', "finished", ["a", "b"], { window: 2 }, 0.75, 1.25, 42],
    );
    assertMatch(two.hashes.config!, /^sha256:9156abef/);
    const failed: RunRecord = runs[1];
    assertEquals([failed.status, failed.error_code], ["failed", "config_invalid"]);
  });
});

Deno.test("CSV reads back as what it was, commas, quotes and line breaks included", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    const { out, err } = await workspace.call("runs:list --csv --all");
    const [header = [], ...rows] = parse(out);
    assertEquals(err, "");
    assertEquals(rows.length, 5);
    assertEquals(new Set(rows.map((row) => row.length)), new Set([header.length]));
    const column = (name: string): string[] => rows.map((row) => row[header.indexOf(name)]!);
    assertEquals(column("name"), ["収盤👍🏽", "", "", 'two, "wide"\nlines', ""]);
    assertEquals(column("status"), ["failed", "failed", "finished", "finished", "finished"]);
    assertEquals(column("tags"), ["", "", "a", "a b", ""]);
    assertEquals(column("param.window"), ["3", "", "3", "2", "3"]);
    assertEquals(column("metric.ones"), ["", "", "2", "3", "2"]);
    assertEquals(column("signal_rate").map(Number), [0, 0, 2 / 3, 0.75, 2 / 3]);
    assertMatch(
      column("error_message")[1]!,
      /has a problem:\n {2}--set windw=3: windw: unknown key/,
    );
    assertMatch(column("hash.fingerprint")[2]!, /^sha256:[0-9a-f]{64}$/);
    assertEquals(column("hash.fingerprint")[4], column("hash.fingerprint")[2]);
  });
});

Deno.test("names in wide scripts and emoji leave the columns aligned", async () => {
  await withWorkspace(async ({ call }) => {
    const names = ["収盤価格", "👍🏽👍🏽", "Größe", "cafe\u0301", "❤️", "नमस्ते", "plain"];
    for (const name of names) await call(["run", "-q", "--name", name]);
    const [header, ...lines] = (await call("runs:list")).out.trimEnd().split("\n");
    const before = header!.indexOf("EXPERIMENT");
    for (const line of lines) {
      assertEquals(stringWidth(line.slice(0, line.indexOf("rolling-mean"))), before, line);
    }
  });
});

Deno.test("a parameter differs if its values do, and one unknown to a failed run does not", () => {
  const run = (experiment: string | null, params: Record<string, unknown>): RunRecord =>
    ({ experiment, config: experiment && { experiment }, params }) as unknown as RunRecord;
  assertEquals(differingParams([]), []);
  assertEquals(differingParams([run("a", { w: 1, x: [1] }), run("a", { w: 1, x: [1] })]), []);
  assertEquals(differingParams([run("a", { w: 1, x: 1 }), run("a", { w: 2, x: 1 })]), ["w"]);
  assertEquals(differingParams([run("a", { w: 1 }), run(null, {})]), []);
  assertEquals(differingParams([run("a", { w: 1 }), run("b", {})]), ["w"]);
  assertEquals(differingParams([run("a", { w: 1 }), run("a", { w: "1" })]), ["w"]);
});
