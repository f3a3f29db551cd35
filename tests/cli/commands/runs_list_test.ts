import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "@std/csv/parse";
import stringWidth from "string-width";
import { differs, runColumn } from "../../../lib/cli/text/run_columns.ts";
import type { RunRecord } from "../../../lib/record.ts";
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
  await call("run --set window=6");
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
w5eq09  failed    2026-11-23 08:55:03   1.25 ms                      rolling-mean       6                           850a1c01            no_valid_bars
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
      ["--experiment rolling-mean", "3es4ft w5eq09 nw3ahr ekrx27 7adgkp"],
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
      "2 of 5 runs; --page 2 shows the next, --all all\n",
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
      err: "error: Unknown name 'signal-rate': did you mean signal_rate?\n" +
        "hint: There are: window, ones, signal_rate, ties, valid_bars, warmup_bars, id, name, " +
        "status, started, experiment, experiment_version, version, seed, duration_ms, latency_ms, " +
        "rows_processed, data, error_code, error_message, directory, note, tags, host, commit, " +
        "deleted, labelled, config_hash, data_hash, rows_hash, code_hash, signal_hash, " +
        "result_hash, fingerprint.\n",
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
    // Whether there are columns of these names only a registry tells.
    assertEquals((await call("runs:list --csv --cols id,sharpe")).out, "");
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

Deno.test("a directory in place of the registry is an error, not a registry without runs", async () => {
  await withWorkspace(async ({ call, dir }) => {
    await call("run");
    for (const words of ["runs:list", "runs:list --json", "runs:best --max ones"]) {
      assertEquals(await call(`${words} --registry ${dir}/runs`), {
        exit: 1,
        out: "",
        err: "error: Cannot use the registry $DIR/runs: it is a directory\n" +
          "hint: Name a file: --registry file:PATH. " +
          "A folder of runs is named with --runs-dir DIR.\n",
      }, words);
    }
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
    assertEquals([failed.status, failed.error_code], ["failed", "no_valid_bars"]);
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
    assertEquals(column("param.window"), ["3", "6", "3", "2", "3"]);
    assertEquals(column("metric.ones"), ["", "", "2", "3", "2"]);
    assertEquals(column("signal_rate").map(Number), [0, 0, 2 / 3, 0.75, 2 / 3]);
    assertMatch(column("error_message")[1]!, /^Cannot compute a signal rate: all 5 bars of /);
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
  const w = runColumn({ kind: "param", key: "w" }, "w");
  assert(!differs(w, []));
  assert(!differs(w, [run("a", { w: [1] }), run("a", { w: [1] })]));
  assert(differs(w, [run("a", { w: 1, x: 1 }), run("a", { w: 2, x: 1 })]));
  assert(!differs(w, [run("a", { w: 1 }), run(null, {})]));
  assert(differs(w, [run("a", { w: 1 }), run("b", {})]));
  assert(differs(w, [run("a", { w: 1 }), run("a", { w: "1" })]));
});

Deno.test("an expression, pages and chosen columns", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    const cases: [words: string[], runs: string][] = [
      [["--where", "window = 2 or error_code = data_unreadable"], "3es4ft ekrx27"],
      [["--where", "ones > 1", "--where", "not tag = a"], "7adgkp"],
      [["--where", "status = failed", "--sort", "started", "--asc"], "w5eq09 3es4ft"],
      [["-n", "2", "--page", "2"], "nw3ahr ekrx27"],
      [["-n", "2", "--page", "3"], "7adgkp"],
      [["--sort", "metric.ones"], "ekrx27 nw3ahr 7adgkp 3es4ft w5eq09"],
      [["--sort", "param.window", "--asc"], "ekrx27 3es4ft nw3ahr 7adgkp w5eq09"],
    ];
    for (const [words, runs] of cases) {
      const { exit, out, err } = await workspace.call(["runs:list", ...words]);
      assertEquals(exit, 0, err);
      const shown = out.trimEnd().split("\n").slice(1).map((line) => line.slice(0, 6)).join(" ");
      assertEquals(shown, runs, words.join(" "));
    }
    assertEquals(
      (await workspace.call("runs:list -n 2 --page 2")).err,
      "3 to 4 of 5 runs; --page 3 shows the next, --all all\n",
    );
    const beyond = await workspace.call("runs:list -n 2 --page 9");
    assertEquals(beyond, { exit: 0, out: "", err: "There is no page 9: 5 runs fit on 3 pages.\n" });
    const { out } = await workspace.call([
      "runs:list",
      ...["--cols", "id, window,metric.ones,tags,note,config_hash", "--where", "window = 2"],
    ]);
    assertEquals(
      out,
      "RUN     window  ones  TAGS  NOTE  CONFIG\nekrx27       2     3  a b         9156abef\n",
    );
  });
});

Deno.test("only columns that differ, or all of them", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    const where = ["--where", "status = finished and started < 2026-11-23T08:55:02"];
    const header = async (...words: string[]) =>
      (await workspace.call(["runs:list", ...where, ...words])).out.split("\n")[0];
    assertEquals(
      await header("--only-changed"),
      "RUN     STARTED (UTC)        NAME                window  SIGNAL_RATE  CONFIG",
    );
    assertEquals(
      await header("--only-changed", "--cols", "name,id,seed,ones"),
      "NAME                RUN     ones",
    );
    const all = (await header("--all-columns"))!.split(/ {2,}/);
    assertEquals(all.slice(0, 3), ["RUN", "NAME", "STATUS"]);
    for (const title of ["window", "ones", "DIRECTORY", "FINGERPRINT", "HOST", "TAGS"]) {
      assert(all.includes(title), title);
    }
    const lines = async (...words: string[]) =>
      (await workspace.call(["runs:list", ...where, "--cols", "id,name,window", ...words])).out;
    assertEquals(
      await lines("--md"),
      "| RUN    | NAME                | window |\n| ------ | ------------------- | -----: |\n" +
        '| ekrx27 | two, "wide"\\\\nlines |      2 |\n| 7adgkp |                     |      3 |\n',
    );
    assertEquals(
      await lines("--csv"),
      'id,name,window\r\n20261123-085501-ekrx27,"two, ""wide""\nlines",2\r\n' +
        "20261123-085500-7adgkp,,3\r\n",
    );
    const [first, second] = (await lines("--jsonl")).trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    );
    assertEquals([first.params, second.params], [{ window: 2 }, { window: 3 }]);
  });
});

Deno.test("flags that contradict each other, and names that are none, are refused", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    const cases: Readonly<Record<string, RegExp>> = {
      "--json --csv": /^error: Cannot print --json and --csv at once\n/,
      "--all --page 2": /^error: Cannot use --all and --page at once\n/,
      "--cols id --all-columns": /^error: Cannot use --cols and --all-columns at once\n/,
      "--cols id,windw": /^error: Unknown name 'windw': did you mean window\?\n/,
      "--cols ,": /^error: --cols needs names/,
      "--cols a": /^error: 'a' is a tag/,
      "--sort tags": /^error: Cannot sort by 'tags'/,
      "--sort deflated_sharpe":
        /^error: Cannot find or sort runs by 'deflated_sharpe': it is computed when it is shown\n/,
      "--where deflated_sharpe>0.9": /^error: Cannot find or sort runs by 'deflated_sharpe'/,
      "--sort metric.onse": /^error: Unknown metric 'onse': did you mean ones\?\n/,
      "--where windw=1":
        /^error: Unknown name 'windw': did you mean window\?\n {2}windw=1\n {2}\^{5}\n/,
    };
    for (const [words, message] of Object.entries(cases)) {
      const { exit, out, err } = await workspace.call(`runs:list ${words}`);
      assertEquals([exit, out], [2, ""], words);
      assertMatch(err, message);
    }
  });
});

Deno.test("deleted runs are listed when they are asked for", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    await workspace.call("runs:delete ekrx27 --yes");
    assertEquals(await listed(workspace, "-n 9"), "3es4ft w5eq09 nw3ahr 7adgkp");
    assertEquals(await listed(workspace, "--deleted"), "ekrx27");
    assertEquals(await listed(workspace, "--deleted --where window=3"), "");
  });
});

Deno.test("text that a spreadsheet would take for a formula is kept text", async () => {
  await withWorkspace(async ({ call }) => {
    const names = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "-5", "a=b", "'x"];
    for (const name of names) await call(["run", "-q", `--name=${name}`]);
    const rows = parse((await call("runs:list --csv --cols name,latency_ms --asc")).out);
    assertEquals(
      rows.slice(1).map(([name]) => name),
      ["'=1+1", "'+cmd", "'-2+3", "'@SUM(A1)", "-5", "a=b", "'x"],
    );
  });
});

Deno.test("a line of JSON Lines commands no terminal, and reads back as what it was", async () => {
  await withWorkspace(async ({ call }) => {
    const name = "a\u202eb\x9b31m\r\n";
    await call(["run", "-q", "--name", name]);
    for (
      const words of [["runs:list"], ["runs:list", "--all"], ["runs:sql", "SELECT * FROM runs"]]
    ) {
      const { out } = await call([...words, "--jsonl"]);
      assertEquals(out.split("\n").length, 2, words.join(" "));
      assert(!/[\p{Bidi_Control}\x7f-\x9f\r]/u.test(out), words.join(" "));
      assertEquals(JSON.parse(out).name, name);
    }
  });
});

Deno.test("all runs are printed as they are read, and are the same as page by page", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    for (const words of ["--jsonl", "--csv --cols id,window,name", "--jsonl --where window=2"]) {
      const [all, page] = [
        await workspace.call(`runs:list --all ${words}`),
        await workspace.call(`runs:list -n 9 ${words}`),
      ];
      assertEquals(all, page, words);
    }
    const titles = async (words: string) => (await workspace.call(`runs:list ${words}`)).out;
    assertEquals(await titles("--csv --all --cols id,ones --tag nope"), "id,ones\r\n");
    assert((await titles("--csv --all --tag nope")).includes("param.window,metric.ones"));
    assertEquals(await titles("--jsonl --all --tag nope"), "");
    assertMatch(await titles("--csv --all --only-changed"), /^id,name,status,started_at/);
  });
});
