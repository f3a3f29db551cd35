import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { defineExperiment } from "../../../lib/experiment.ts";
import { CONFIG, DATA, withWorkspace } from "../workspace.ts";

const RUN = "runs/20261123-085500-7adgkp";

Deno.test("a run is summed up in a few lines, with what to do next", async () => {
  await withWorkspace(async ({ call, dir }) => {
    assertEquals(await call("run"), {
      exit: 0,
      out: `run          20261123-085500-7adgkp  finished
experiment   rolling-mean, window 3
data         data.csv: 5 bars, 1973-03-03 09:46:41 to 1973-03-03 09:46:45, every 1 s
read         oldest first, no gaps; close 'close' and time 'time' by their titles
signal rate  0.666667  (2 of 3 valid bars)
rows         5
latency      1.25 ms
files        ${RUN}
next         deno task runs:show 7adgkp
`,
      err: "",
    });
    assertEquals(
      [...Deno.readDirSync(join(dir, RUN))].map(({ name }) => name).sort(),
      ["config.yaml", "manifest.json", "metrics.json", "run.log", "signals.csv"],
    );
  });
});

Deno.test("a run with equal inputs says what it reproduces, and how to compare the two", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    const { out } = await call("run --name again");
    assertEquals(
      out,
      `run          20261123-085501-ekrx27  finished  again
experiment   rolling-mean, window 3
data         data.csv: 5 bars, 1973-03-03 09:46:41 to 1973-03-03 09:46:45, every 1 s
read         oldest first, no gaps; close 'close' and time 'time' by their titles
signal rate  0.666667  (2 of 3 valid bars)
rows         5
latency      1.25 ms
files        runs/20261123-085501-ekrx27
reproduces   7adgkp: same config, data and code, same result
next         deno task runs:compare 7adgkp ekrx27
`,
    );
  });
});

Deno.test("what to do next is done on the runs that the flags named", async () => {
  await withWorkspace(async ({ call }) => {
    const next = async (words: string[], options = {}): Promise<string> =>
      /^next +(.*)$/m.exec((await call(["run", ...words], options)).out)![1]!;
    const shown = "deno task runs:show 7adgkp --runs-dir 'my runs/it'\\''s'";
    assertEquals(await next(["--runs-dir", "my runs/it's"]), shown);
    const words = ["runs:show", "7adgkp", "--runs-dir", "my runs/it's"];
    assertEquals((await call(words)).exit, 0);
    assertEquals(
      await next(["--runs-dir=-x", "--registry", "own.db"]),
      "deno task runs:show ekrx27 --runs-dir=-x --registry own.db",
    );
    const env = { SIGRUN_RUNS_DIR: "elsewhere" };
    assertMatch(await next([], { env }), /^deno task runs:show \w+$/);
    const deleted = await call("runs:delete ekrx27 --yes --runs-dir=-x --registry own.db");
    assertEquals(
      deleted.err,
      "To bring back: deno task runs:restore --runs-dir=-x --registry own.db REF. " +
        "To remove for good: deno task runs:gc --runs-dir=-x --registry own.db\n",
    );
    assertMatch(
      (await call("runs:show latest --runs-dir none")).err,
      /^hint: The first run makes it: deno task run --config config\.yaml --runs-dir none\. /m,
    );
  });
});

Deno.test("a run whose code alone is another says whether the result is", async () => {
  await withWorkspace(async ({ call, write }) => {
    await call("run");
    await write(".program/main.ts", "changed");
    const { exit, out, err } = await call("run");
    assertEquals([exit, err], [0, ""]);
    assertMatch(out, /^other code +7adgkp: same config and data, same result$/m);
    assertMatch(out, /^next +deno task runs:compare 7adgkp ekrx27\n$/m);
  });
});

Deno.test("warm-up bars that count are told from those that do not", async () => {
  await withWorkspace(async ({ call }) => {
    const { out } = await call("run --set warmup=zero");
    assertMatch(out, /^signal rate {2}0\.400000 {2}\(2 of 5 bars, 2 of them warm-up\)$/m);
  });
});

Deno.test("with --quiet a run prints nothing, an error it does", async () => {
  await withWorkspace(async ({ call }) => {
    for (const flag of ["--quiet", "-q"]) {
      assertEquals(await call(["run", flag]), { exit: 0, out: "", err: "" });
    }
    const failed = await call("run --quiet --data nope.csv");
    assertEquals([failed.exit, failed.out], [1, ""]);
    assertMatch(failed.err, /^error: Cannot find the data file \$DIR\/nope\.csv\nhint: /);
  });
});

Deno.test("with --json standard output is exactly the metrics.json, after success and failure", async () => {
  await withWorkspace(async ({ call, dir }) => {
    const cases: [words: string, run: string, exit: number][] = [
      ["run --json", RUN, 0],
      ["run --json --quiet --name x", "runs/20261123-085501-ekrx27", 0],
      ["run --json --data nope.csv", "runs/20261123-085502-nw3ahr", 1],
    ];
    for (const [words, run, exit] of cases) {
      const called = await call(words);
      const file = await Deno.readTextFile(join(dir, run, "metrics.json"));
      assertEquals([called.exit, called.out], [exit, file.replaceAll(dir, "$DIR")], words);
      assertEquals(called.err === "", exit === 0, words);
      assertEquals(JSON.parse(file).run_id, run.slice("runs/".length));
    }
  });
});

Deno.test("the JSON of a success has the documented fields first and in order", async () => {
  await withWorkspace(async ({ call }) => {
    const result = JSON.parse((await call("run --json")).out);
    assertEquals(Object.keys(result), [
      ..."version rows_processed metric value latency_ms seed status".split(" "),
      ..."schema run_id experiment params metrics evaluation hashes quality".split(" "),
    ]);
    assertEquals(
      [result.version, result.rows_processed, result.metric, result.value, result.latency_ms],
      ["v1", 5, "signal_rate", 2 / 3, 1.25],
    );
    assertEquals([result.seed, result.status, result.schema], [42, "success", 1]);
    assertEquals(result.value, result.metrics.signal_rate);
  });
});

Deno.test("a run that cannot be recorded still answers in JSON", async () => {
  await withWorkspace(async ({ call, write, dir }) => {
    await write("file", "");
    const called = await call("run --json --runs-dir file/runs --output out.json");
    assertEquals(called.exit, 1);
    const result = JSON.parse(called.out);
    assertEquals(
      [result.version, result.status, result.error_code, result.run_id],
      ["v1", "error", "runs_dir_unusable", null],
    );
    assertMatch(called.err, /^error: Cannot make the run directory \$DIR\/file\/runs: /);
    const copy = await Deno.readTextFile(join(dir, "out.json"));
    assertEquals(copy.replaceAll(dir, "$DIR"), called.out);
  });
});

Deno.test("the JSON of such a run has the version of its config, if that can be read", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("file", "");
    await write("problem.yaml", "version: v2\nwindw: 3\n");
    await write("number.yaml", "version: 2.0\n");
    await write("half.yaml", String.raw`version: "\uD800"`);
    const cases: [words: string, version: string][] = [
      ["--set version=v9", "v9"],
      ["--config problem.yaml", "v2"],
      ["--config number.yaml", "2.0"],
      ["--config half.yaml", "unknown"],
      ["--config none.yaml", "unknown"],
      ["--set a.b.c=1", "unknown"],
    ];
    for (const [words, version] of cases) {
      const isMistake = !words.includes("version=");
      for (const place of ["--runs-dir file/runs", "--registry ./file/registry.db"]) {
        const { exit, out } = await call(`run --json ${place} ${words}`);
        const { version: label, run_id } = JSON.parse(out);
        assertEquals(
          [exit, label, run_id],
          [isMistake ? 2 : 1, version, null],
          `${place} ${words}`,
        );
      }
    }
  });
});

Deno.test("a failed run names its error, what to do, and where its files are", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("bad.csv", "time,close\n100000001,10\n100000002,n.a.\n");
    const called = await call("run --data bad.csv");
    assertEquals([called.exit, called.out], [1, ""]);
    assertMatch(
      called.err,
      /^error: [^\n]*bad\.csv:3[^\n]*close[^\n]*'n\.a\.'\nhint: .*\n {2}run: {2}runs\/20261123-085500-7adgkp \(failed\)\n$/,
    );
  });
});

Deno.test("--config, --data, --set and --seed say what is run", async () => {
  await withWorkspace(async ({ call, write, dir }) => {
    await Deno.mkdir(join(dir, "configs"));
    await write("configs/other.yaml", "version: v2\nseed: 1\ndata: ../data.csv\nwindow: 2\n");
    const run = async (words: string): Promise<Record<string, unknown>> =>
      JSON.parse((await call(`run --json ${words}`)).out);
    const plain = await run("--config configs/other.yaml");
    assertEquals([plain.version, plain.seed, plain.params], ["v2", 1, { window: 2 }]);
    const set = await run("-c configs/other.yaml --set seed=3 --seed 5 --set window=4");
    assertEquals([set.seed, set.params], [5, { window: 4 }]);
    await write("short.csv", "time,close\n2024-01-01,1\n2024-01-02,2\n2024-01-03,4\n");
    for (const flag of ["--data", "--input"]) {
      assertEquals((await run(`-c configs/other.yaml ${flag} short.csv`)).rows_processed, 3);
    }
  });
});

Deno.test("a form of times that there is not is refused with those that there are", async () => {
  await withWorkspace(async ({ call }) => {
    const { exit, err } = await call("run --set time_format=xyz");
    assertEquals(exit, 2);
    assertMatch(
      err,
      /^ {2}--set time_format=xyz: time_format: expected one of iso, dmy, mdy, ymd, s, ms, us, ns, excel, got 'xyz'$/m,
    );
  });
});

Deno.test("flags win over the environment, the environment over the defaults", async () => {
  await withWorkspace(async ({ call, files }) => {
    const env = { SIGRUN_RUNS_DIR: "env-runs", SIGRUN_REGISTRY: "file:env.db" };
    await call("run", { env });
    await call("run --runs-dir flag-runs --registry flag.db", { env });
    await call("run --runs-dir own", { env: { SIGRUN_RUNS_DIR: "env-runs", SIGRUN_REGISTRY: "" } });
    const top = files().filter((path) => /^[^/]+$|registry\.db$/.test(path));
    assertEquals(top, [
      "config.yaml",
      "data.csv",
      "env-runs",
      "env.db",
      "flag-runs",
      "flag.db",
      "own",
      "own/registry.db",
    ]);
    assertMatch((await call("runs:list", { env })).err, /^1 run$/m);
    assertMatch((await call("runs:list --registry own/registry.db", { env })).err, /^1 run$/m);
  });
});

Deno.test("copies of metrics.json and run.log go where --output and --log-file say", async () => {
  await withWorkspace(async ({ call, dir }) => {
    const read = (path: string): Promise<string> => Deno.readTextFile(join(dir, path));
    const { exit } = await call("run -q --output new/folder/m.json --log-file l.log");
    assertEquals(exit, 0);
    assertEquals(await read("new/folder/m.json"), await read(`${RUN}/metrics.json`));
    assertEquals(await read("l.log"), await read(`${RUN}/run.log`));
    await call("run -q --data nope.csv --output new/folder/m.json --log-file l.log");
    assertEquals(JSON.parse(await read("new/folder/m.json")).status, "error");
    assertMatch(await read("l.log"), /nope\.csv/);
  });
});

Deno.test("a copy follows links, and has a name as long as any", async () => {
  await withWorkspace(async ({ call, dir, files }) => {
    await Deno.mkdir(join(dir, "far"));
    await Deno.writeTextFile(join(dir, "far/there.json"), "old");
    await Deno.symlink("there.json", join(dir, "far/link.json"));
    await Deno.symlink("far/link.json", join(dir, "m.json"));
    await Deno.symlink("far/new/l.log", join(dir, "l.log"));
    const linked = await call("run -q --output m.json --log-file l.log");
    assertEquals([linked.exit, linked.err], [0, ""]);
    const metrics = await Deno.readTextFile(join(dir, RUN, "metrics.json"));
    for (const path of ["m.json", "far/link.json", "l.log"]) {
      assert((await Deno.lstat(join(dir, path))).isSymlink, path);
    }
    assertEquals(await Deno.readTextFile(join(dir, "far/there.json")), metrics);
    assertMatch(await Deno.readTextFile(join(dir, "far/new/l.log")), /\n/);
    const both = await call("run --output m.json --log-file far/there.json");
    assertMatch(
      both.err,
      /^error: Cannot write both metrics\.json and run\.log to \$DIR\/m\.json\n/,
    );
    await Deno.symlink("loop", join(dir, "loop"));
    assertMatch(
      (await call("run -q --output loop")).err,
      /^error: Cannot write \$DIR\/loop: too many levels of symbolic links/,
    );
    for (const name of ["m".repeat(255), "é".repeat(127) + "m"]) {
      const { exit, err } = await call(["run", "-q", "--output", name]);
      assertEquals([exit, err], [0, ""]);
      assert(files().includes(name));
    }
    assertEquals(files().filter((path) => path.endsWith(".tmp")), []);
  });
});

Deno.test({
  name: "a copy is written to what is no regular file, and does not replace it",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withWorkspace(async ({ call, dir }) => {
      await new Deno.Command("mkfifo", { args: [join(dir, "pipe")] }).output();
      const [{ exit, err }, read] = await Promise.all([
        call("run -q --output pipe --log-file /dev/null"),
        Deno.readTextFile(join(dir, "pipe")),
      ]);
      assertEquals([exit, err], [0, ""]);
      assertEquals(read, await Deno.readTextFile(join(dir, RUN, "metrics.json")));
      assertEquals((await Deno.lstat(join(dir, "pipe"))).isFifo, true);
    });
  },
});

Deno.test("a copy to standard output has it for itself", async () => {
  await withWorkspace(async ({ call, dir, files }) => {
    const { exit, out, err } = await call("run --output -");
    assertEquals(exit, 0);
    assertEquals(out, await Deno.readTextFile(join(dir, RUN, "metrics.json")));
    assertMatch(err, /^run +20261123-085500-7adgkp {2}finished$/m);
    assertEquals(JSON.parse((await call("run -q --output /dev/stdout")).out).status, "success");
    const failed = await call("run --data nope.csv --output - --log-file /dev/stderr");
    assertEquals([failed.exit, JSON.parse(failed.out).status], [1, "error"]);
    assertMatch(failed.err, /^error: .*nope\.csv[^]*\n\S+ .*nope\.csv/);
    assertMatch((await call("run -q --log-file -")).out, /\bfinished\b/);
    const before = files();
    for (const words of ["--output -", "--log-file /dev/stdout"]) {
      const refused = await call(`run --json ${words}`);
      assertEquals([refused.exit, refused.out], [2, ""]);
      assertMatch(
        refused.err,
        new RegExp(
          `^error: Cannot print both ${words} and --json to standard output\nhint: Leave `,
        ),
      );
    }
    const both = await call("run --output - --log-file -");
    assertMatch(
      both.err,
      /^error: Cannot write both metrics\.json and run\.log to standard output/,
    );
    assertEquals(files(), before);
  });
});

Deno.test("a copy overwrites no file that the run needs, and the run does not begin", async () => {
  await withWorkspace(async ({ call, write, files, dir }) => {
    await write("mine.ts", "export default 5;\n");
    await write("other.csv", DATA);
    await Deno.symlink(join(dir, "data.csv"), join(dir, "link.csv"));
    await call("run -q");
    const before = files();
    const needed: [words: string, target: string][] = [
      ["--output config.yaml", "config.yaml"],
      ["--output data.csv", "data.csv"],
      ["--log-file data.csv", "data.csv"],
      ["--output link.csv", "link.csv"],
      ["--output runs/registry.db", "runs/registry.db"],
      ["--set data=other.csv --output other.csv", "other.csv"],
      ["--data other.csv --log-file ./other.csv", "other.csv"],
      ["--set experiment=./mine.ts --output mine.ts", "mine.ts"],
      // The config has a problem, and the data is still not to be lost.
      ["--set windw=1 --output data.csv", "data.csv"],
    ];
    for (const [words, target] of needed) {
      const { exit, out, err } = await call(`run ${words}`);
      const flag = /--output|--log-file/.exec(words)![0];
      assertEquals([exit, out], [2, ""], words);
      assertEquals(
        err,
        `error: Cannot write ${flag} to $DIR/${target}: the run needs that file\n` +
          "hint: The run directory has these files in any case; name another path for the copy.\n",
      );
    }
    assertEquals(files(), before);
    assertEquals(await Deno.readTextFile(join(dir, "data.csv")), DATA);
    assertEquals(await Deno.readTextFile(join(dir, "config.yaml")), CONFIG);
  });
});

Deno.test("copies to a folder, or both to one file, are refused before the run", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    const folder = await call("run --output .");
    assertMatch(folder.err, /^error: Cannot write --output to \$DIR: it is a directory\nhint: /);
    const both = await call("run --output x --log-file ./x");
    assertMatch(both.err, /^error: Cannot write both metrics\.json and run\.log to \$DIR\/x\n/);
    assertEquals([folder.exit, both.exit], [2, 2]);
    assertEquals(files(), before);
  });
});

Deno.test("a copy that cannot be written fails the command, not the run", async () => {
  await withWorkspace(async ({ call }) => {
    const { exit, out, err } = await call("run --output data.csv/m.json");
    assertEquals(exit, 1);
    assertMatch(out, /^run +20261123-085500-7adgkp {2}finished$/m);
    assertMatch(err, /^error: Cannot write \$DIR\/data\.csv\/m\.json: /);
    assertMatch((await call("runs:list")).out, /^7adgkp {2}finished/m);
  });
});

Deno.test("an experiment that depends on more than its inputs is found out, with exit status 3", async () => {
  let calls = 0;
  const fickle = defineExperiment({
    name: "fickle",
    version: 1,
    summary: "another result every time",
    params: {},
    columns: ["close"],
    signal: ({ bars }) => ({
      positions: new Int8Array(bars.length).fill(calls++ % 2),
      warmup: 0,
    }),
  });
  const experiments = { fickle: () => Promise.resolve({ default: fickle }) };
  await withWorkspace(async ({ call, write }) => {
    await write("config.yaml", "version: v1\nseed: 1\nexperiment: fickle\n");
    assertEquals((await call("run", { experiments })).exit, 0);
    const second = await call("run", { experiments });
    assertEquals(second.exit, 3);
    assertMatch(
      second.err,
      /^error: The result differs from that of run 7adgkp, which had the same config, data and code\nhint: .* Compare: deno task runs:compare 7adgkp ekrx27\n$/,
    );
  });
});

Deno.test("a dry run shows config and data and leaves nothing behind", async () => {
  await withWorkspace(async ({ call, files, dir }) => {
    const before = files();
    const { exit, out, err } = await call("run --dry-run --set window=4");
    assertEquals([exit, err], [0, ""]);
    assertEquals(
      out.replaceAll(/sha256:[0-9a-f]{64}/g, "sha256:…"),
      `Config
version: v1
seed: 42
experiment: rolling-mean
data: $DIR/data.csv
columns: {}
max_missing: 0.01
warmup: exclude
evaluate: false
signals: csv
keep_data: 64MB
window: 4

Data
path              $DIR/data.csv
form              commas, header in line 1; time, close
sha256            sha256:…
rows              5
dropped           none
columns           close
order             oldest first
first             1973-03-03 09:46:41
last              1973-03-03 09:46:45
interval          1 s
gaps              none
repeated times    none
zero prices       0
negative prices   0
unchanged closes  0 (0 %)
largest move      +18.18 % at 1973-03-03 09:46:45

Dry run: config and data are fine, nothing was run or recorded.
`,
    );
    const json = JSON.parse((await call("run --dry-run --json")).out);
    assertEquals(Object.keys(json), ["schema", "config", "config_hash", "data"]);
    assertEquals(Object.keys(json.data), [
      "path",
      "files",
      "form",
      "hash",
      "rows_hash",
      "quality",
    ]);
    assertEquals([json.schema, json.config.window, json.data.quality.rows_read], [1, 3, 5]);
    for (const wrong of ["--set windw=1", "--data nope.csv", "--config nope.yaml"]) {
      const called = await call(`run --dry-run ${wrong}`);
      assert(called.exit > 0 && called.out === "" && called.err.startsWith("error: "), wrong);
      const asJson = await call(`run --dry-run --json ${wrong}`);
      assertEquals([asJson.exit, asJson.err], [called.exit, called.err]);
      const { status, error_message, run_id } = JSON.parse(asJson.out);
      assertEquals([status, run_id], ["error", null]);
      assert(called.err.startsWith(`error: ${error_message}\n`), wrong);
    }
    for (const copy of ["--output", "--log-file"]) {
      assertEquals(await call(`run --dry-run --json ${copy} x`), {
        exit: 2,
        out: "",
        err: `error: Cannot use both --dry-run and ${copy}: a dry run leaves nothing behind\n` +
          "hint: Leave out one of them; --dry-run --json prints what would run as JSON.\n",
      });
    }
    assertEquals(files(), before);
    assertEquals(await Deno.readTextFile(join(dir, "config.yaml")), CONFIG);
  });
});

Deno.test("a dry run tells the hashes of the run that it stands for", async () => {
  await withWorkspace(async ({ call }) => {
    const dry = JSON.parse((await call("run --dry-run --json")).out);
    const { hashes } = JSON.parse((await call("run --json")).out);
    assertEquals(
      [dry.config_hash, dry.data.hash, dry.data.rows_hash],
      [hashes.config, hashes.data, hashes.rows],
    );
  });
});

Deno.test("with --check-lookahead the summary says that none was found", async () => {
  await withWorkspace(async ({ call }) => {
    const { exit, out } = await call("run --check-lookahead");
    assertEquals(exit, 0);
    assertMatch(out, /^look-ahead {3}none found$/m);
    assert(!(await call("run")).out.includes("look-ahead"));
  });
});

Deno.test("with --check-lookahead a signal that knows the future fails the run", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("config.yaml", "version: v1\nseed: 1\nexperiment: peeking\n");
    const peeking = defineExperiment({
      name: "peeking",
      version: 1,
      summary: "1 where the next close is higher",
      params: {},
      columns: ["close"],
      signal: ({ bars: { length, close: { units } } }) => ({
        positions: Int8Array.from({ length }, (_, t) => (units[t + 1] ?? 0) > units[t]! ? 1 : 0),
        warmup: 0,
      }),
    });
    const experiments = { peeking: () => Promise.resolve({ default: peeking }) };
    assertEquals((await call("run", { experiments })).exit, 0);
    const { exit, out, err } = await call("run --check-lookahead", { experiments });
    assertEquals([exit, out], [3, ""]);
    assertMatch(
      err,
      /^error: Experiment peeking looks ahead: 4 biased bars found, the first bar 0, /,
    );
    assertMatch(err, /^hint: .* check:lookahead tells more/m);
    assertMatch(err, /^ {2}run: {2}runs\/\S+ \(failed\)$/m);
  });
});

Deno.test("a close of zero or below is a price to the signal, and what has no return says why", async () => {
  await withWorkspace(async ({ call, write }) => {
    const closes = [20.43, 18.27, -37.63, 0, 10.01, 13.78, 16.5];
    await write(
      "oil.csv",
      `time,close\n${closes.map((c, t) => `${1587340800 + 86400 * t},${c}\n`).join("")}`,
    );
    const { exit, out } = await call("run --data oil.csv --json --set evaluate=true");
    const { status, metrics } = JSON.parse(out);
    assertEquals([exit, status, metrics.ones, metrics.valid_bars], [0, "success", 4, 5]);
    assertEquals([metrics.net_return, metrics.sharpe, metrics.edge], [null, null, null]);
    const { out: summary } = await call("run --data oil.csv --set evaluate=true");
    assertMatch(summary, /^net return +none: the close of bar 2 is not above 0 /m);
    assertMatch((await call("data:check oil.csv")).out, /^ {2}negative prices +1$/m);
  });
});
