import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { withWorkspace } from "./workspace.ts";

const [HEADER, ...ROWS] = [
  "time,close",
  ...[10, 11, 12, 11, 13].map((close, at) => `${100000001 + at},${close}`),
];

/** Rows `from` to `to` of the workspace's data, with a header. */
function part(from: number, to: number): string {
  return [HEADER, ...ROWS.slice(from, to)].join("\n") + "\n";
}

Deno.test("a pattern, several flags and a list in the config are one series", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("p-2.csv", part(0, 2));
    await write("p-1.csv", part(2, 5));
    await write(
      "sub.yaml",
      "version: v1\nseed: 42\nwindow: 3\nevaluate: false\ndata: [p-2.csv, 'p-[1].csv']\n",
    );
    const whole = JSON.parse((await call("run --json")).out);
    const given: [words: string, data_path: string][] = [
      ["--data p-*.csv", "$DIR/p-*.csv"],
      ["--data p-1.csv --data p-2.csv", '["$DIR/p-1.csv","$DIR/p-2.csv"]'],
      ["--input ./p-2.csv --data p-1.csv", '["$DIR/p-2.csv","$DIR/p-1.csv"]'],
      ["-c sub.yaml", '["$DIR/p-2.csv","$DIR/p-[1].csv"]'],
    ];
    const hashes = new Set<string>();
    for (const [words, data_path] of given) {
      const { exit, out, err } = await call(`run --json ${words}`);
      assertEquals([exit, err], [0, ""], words);
      const run = JSON.parse(out);
      assertEquals([run.rows_processed, run.value], [5, whole.value]);
      assertEquals(run.hashes.rows, whole.hashes.rows);
      assertEquals(run.hashes.config, whole.hashes.config);
      hashes.add(run.hashes.data);
      const shown = JSON.parse((await call("runs:show latest --json")).out);
      assertEquals(shown.data_path, data_path);
      assertEquals(shown.config.data.toSorted(), ["$DIR/p-1.csv", "$DIR/p-2.csv"]);
    }
    assertEquals([hashes.size, hashes.has(whole.hashes.data)], [1, false]);
    const page = (await call("runs:show latest")).out;
    assertMatch(page, /^ +data +2 files$/m);
    assertMatch(page, /^ +path +\$DIR\/p-2\.csv, \$DIR\/p-\[1\]\.csv$/m);
    const compared = (await call("runs:compare latest latest~3 --all")).out;
    assertMatch(compared, /^data +data_path +p-2\.csv, p-\[1\]\.csv +p-\*\.csv$/m);
  });
});

Deno.test("the log has a line for each file, and says which was named twice", async () => {
  await withWorkspace(async ({ call, write, dir }) => {
    await write("b.csv", part(0, 2));
    await write("a b.csv", part(2, 5));
    const { exit } = await call(["run", "--data", "[ab]*.csv", "--data", "b.csv", "-q"]);
    assertEquals(exit, 0);
    const { directory } = JSON.parse((await call("runs:show latest --json")).out);
    const log = await Deno.readTextFile(directory.replace("$DIR", dir) + "/run.log");
    const lines = log.split("\n").filter((line) => line.includes('msg="data file"'));
    assertEquals(lines.length, 2);
    assertMatch(
      lines[0]!,
      / path=\S+\/b\.csv bytes=37 rows=2 form="commas.*" hash=sha256:[0-9a-f]{64}$/,
    );
    assertStringIncludes(lines[1]!, "a b.csv");
    assertMatch(log, /msg="data loaded" files=2 bytes=\d+ rows=5 /);
    assertMatch(log, /level=warning .*named more than once are counted once" files=1 /);
  });
});

Deno.test("a run can be repeated from its own config when more files match", async () => {
  await withWorkspace(async ({ call, write, dir }) => {
    await write("p-1.csv", part(0, 2));
    await write("p-2.csv", part(2, 5));
    const first = JSON.parse((await call("run --json --data p-*.csv")).out);
    await write("p-3.csv", `${HEADER}\n100000009,1\n`);
    const config = join(dir, "runs", first.run_id, "config.yaml");
    const again = await call(["run", "-c", config]);
    assertMatch(again.out, /^reproduces +/m);
    const more = JSON.parse((await call("run --json --data p-*.csv")).out);
    assertEquals(more.rows_processed, 6);
  });
});

Deno.test("a pattern that gives one file gives what naming it gives", async () => {
  await withWorkspace(async ({ call }) => {
    const named = JSON.parse((await call("run --json")).out);
    const { out } = await call("run --json --data dat?.csv");
    assertEquals(JSON.parse(out).hashes, named.hashes);
    const shown = JSON.parse((await call("runs:show latest --json")).out);
    assertEquals([shown.data_path, shown.config.data], ["$DIR/dat?.csv", "$DIR/data.csv"]);
  });
});

Deno.test("words that a shell made of a pattern are answered with how to quote it", async () => {
  await withWorkspace(async ({ call }) => {
    const { exit, err } = await call("run --data a.csv b.csv c.csv");
    assertEquals(exit, 2);
    assertStringIncludes(err, "error: Unexpected word 'b.csv'\n");
    assertStringIncludes(err, "put their pattern in quotes");
    assertStringIncludes(err, "--data 'BTC-*.csv'");
    const other = await call("run b.csv");
    assertStringIncludes(other.err, "-h shows the usage.");
  });
});

Deno.test("a pattern that matches nothing fails the run, and is recorded with it", async () => {
  await withWorkspace(async ({ call }) => {
    const { exit, err } = await call("run --data dta*.csv");
    assertEquals(exit, 1);
    assertStringIncludes(
      err,
      "Cannot find data files that match 'dta*.csv' in $DIR: the nearest is",
    );
    const shown = JSON.parse((await call("runs:show latest --json")).out);
    assertEquals([shown.data_path, shown.config.data], ["$DIR/dta*.csv", "$DIR/dta*.csv"]);
  });
});

Deno.test("no copy may overwrite a file that a pattern matches", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("p-1.csv", part(0, 2));
    await write("p-2.csv", part(2, 5));
    await write("list.yaml", "version: v1\nseed: 42\ndata: ['nope*', 'p-*.csv', data.csv]\n");
    for (const words of ["--data p-*.csv", "--data nope --data p-[0-9].csv", "-c list.yaml"]) {
      const { exit, err } = await call(`run ${words} --output p-2.csv`);
      assertEquals(exit, 2, words);
      assertStringIncludes(err, "p-2.csv: the run needs that file");
    }
  });
});

Deno.test("a dry run lists the files of a series, as many as fit", async () => {
  await withWorkspace(async ({ call, write, files }) => {
    for (let at = 0; at < 25; at++) await write(`q-${at}.csv`, `time,close\n${100000001 + at},1\n`);
    const before = files();
    const { exit, out } = await call("run --data q-*.csv --dry-run");
    assertEquals(exit, 0);
    assertMatch(out, /^data: \$DIR\/q-\*\.csv$/m);
    assertMatch(out, /^files +\$DIR\/q-0\.csv: 1 rows\n +\$DIR\/q-1\.csv: 1 rows$/m);
    assertMatch(out, /^ +… and 5 more$/m);
    const { data } = JSON.parse((await call("run --data q-*.csv --dry-run --json")).out);
    assertEquals([data.files.length, data.files[0].rows, data.quality.bars], [25, 1, 25]);
    assertEquals(files(), before);
  });
});

Deno.test("names that could command a terminal are shown without", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("\u001b[2Ja\n.csv", part(0, 2));
    await write("b\u202e.csv", part(2, 5).replace(",12", ","));
    const { exit, out } = await call("run --data *[!a].csv --set max_missing=0.5");
    assertEquals(exit, 0, out);
    const outputs = [
      await call("run --data *[!a].csv"),
      await call("run --data *[!a].csv --set max_missing=0.5 --dry-run"),
      await call("runs:show latest~1"),
      await call(["run", "--data", "\u001b[2J*x"]),
      await call(["data:check", "*[!a].csv", "*\u001b[2J?x"]),
    ];
    for (const { out, err } of outputs) {
      // deno-lint-ignore no-control-regex
      assert(!/[\u0000-\u0009\u000b-\u001f\u202e]/.test(out + err), out + err);
    }
  });
});

Deno.test("data:check takes patterns, and checks each file alone", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("p-1.csv", part(0, 2));
    await write("p-2.csv", part(2, 5));
    const { exit, out } = await call("data:check p-?.csv data.csv --json");
    assertEquals(exit, 0);
    const { total, files } = JSON.parse(out);
    assertEquals(total, 3);
    assertEquals(
      files.map((file: { path: string; quality: { bars: number } }) => [
        file.path,
        file.quality.bars,
      ]),
      [["$DIR/p-1.csv", 2], ["$DIR/p-2.csv", 3], ["$DIR/data.csv", 5]],
    );
    const some = await call("data:check z* data.csv");
    assertEquals(some.exit, 1);
    assertStringIncludes(some.err, "Cannot find data files that match 'z*'");
    assertMatch(some.out, /^\$DIR\/data\.csv$/m);
  });
});

Deno.test("config:check shows patterns as they stand, and reads nothing", async () => {
  await withWorkspace(async ({ call }) => {
    const { exit, out } = await call("config:check --data none-*.csv --data - --json");
    assertEquals(exit, 0);
    assertEquals(JSON.parse(out).config.data, ["$DIR/none-*.csv", "-"]);
  });
});
