import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { experiments as bundled } from "../../../experiments/mod.ts";
import type { ExperimentTable } from "../../../lib/experiment.ts";
import { startTask } from "../../program.ts";
import { tableOf } from "../../run/test_experiment.ts";
import { DATA, withWorkspace, type Workspace } from "../workspace.ts";

const RUN = "runs/20261123-085500-7adgkp";
const KEPT = "$DIR/runs/data";

/** Removes the copies of the data. */
function forget({ dir }: Workspace): Promise<void> {
  return Deno.remove(join(dir, "runs/data"), { recursive: true });
}

/** An experiment whose signal is another one whenever `state` is. */
function moody(state: { mood: number }): ExperimentTable {
  return tableOf(({ bars }) => ({
    positions: Int8Array.from({ length: bars.length }, (_, t) => t < state.mood ? 1 : 0),
    warmup: 0,
    metrics: { mood: state.mood },
  }));
}

Deno.test("a run that gives the same result again is identical", async () => {
  await withWorkspace(async ({ call, files }) => {
    await call("run");
    const before = files();
    assertEquals(await call("runs:reproduce latest"), {
      exit: 0,
      out: `RUN     DATA  CONFIG  CODE  RUNTIME  RESULT  VERDICT
7adgkp  same  same    same  same     same    identical

1 run: 1 identical
`,
      err: "",
    });
    assertEquals(files(), before, "nothing is recorded");
  });
});

Deno.test("a run is executed from its own config, whatever config.yaml and data.csv are by now", async () => {
  await withWorkspace(async (workspace) => {
    const { call, write } = workspace;
    await call("run --set window=2 --set signals=none");
    await write("config.yaml", "nothing of this");
    await write("data.csv", "nor this");
    const { exit, out } = await call("runs:reproduce latest");
    assertEquals(exit, 0);
    assertMatch(out, /^7adgkp {2}same, kept {2}same .* identical$/m);
    await write("moved.csv", DATA);
    assertMatch(
      (await call("runs:reproduce latest --data moved.csv")).out,
      /^7adgkp {2}same, --data {2}same .* identical$/m,
    );
    await forget(workspace);
    assertEquals((await call("runs:reproduce latest --data moved.csv")).exit, 0);
  });
});

Deno.test("data that is another by now, or nowhere, is told with both hashes", async () => {
  await withWorkspace(async (workspace) => {
    const { call, write, dir } = workspace;
    await call("run");
    const { data } = JSON.parse((await call("runs:show latest --json")).out).hashes;
    const [unchanged] = JSON.parse((await call("runs:reproduce latest --json")).out).runs;
    await forget(workspace);
    await write("data.csv", DATA.replace("13", "14"));
    const changed = await call("runs:reproduce latest");
    const actual = /actual +(sha256:[0-9a-f]{64})/.exec(changed.out)![1]!;
    assert(actual !== data);
    assertEquals(changed, {
      exit: 3,
      out: `RUN     DATA     CONFIG  CODE  RUNTIME  RESULT  VERDICT
7adgkp  changed  same    same  same             data-changed

7adgkp  data-changed
  data      data.csv: not the data of the run
  expected  ${data}
  actual    ${actual}
  next      name the file, if it is somewhere else: --data FILE

1 run: 1 data-changed
`,
      err: "",
    });
    const json = async () => JSON.parse((await call("runs:reproduce latest --json")).out).runs[0];
    assertEquals(
      await json(),
      {
        id: "20261123-085500-7adgkp",
        verdict: "data-changed",
        data: {
          status: "changed",
          place: "recorded",
          paths: ["$DIR/data.csv"],
          expected: data,
          actual,
        },
        config: unchanged.config,
        code: unchanged.code,
        runtime: [],
        result: null,
        error: null,
      },
    );
    await Deno.remove(join(dir, "data.csv"));
    const missing = await call("runs:reproduce latest");
    assertEquals(missing.exit, 3);
    assertStringIncludes(
      missing.out,
      `7adgkp  data-missing
  data      not in data.csv, and no copy was kept
  expected  ${data}
  actual    none
`,
    );
    const { status, place, paths, actual: none } = (await json()).data;
    assertEquals([status, place, paths, none], ["missing", null, [], null]);
  });
});

Deno.test("a run that read standard input is executed on a file that has the same bytes", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run --data -", { stdin: DATA });
    const missing = await call("runs:reproduce latest");
    assertEquals(missing.exit, 3);
    assertMatch(missing.out, /^ {2}data +not in standard input, and no copy was kept$/m);
    assertEquals((await call("runs:reproduce latest --data data.csv")).exit, 0);
    const { exit, err } = await call("runs:reproduce latest --data -", { stdin: DATA });
    assertEquals(exit, 2);
    assertMatch(err, /^error: Cannot use --data -: data is looked for by its hash, in files\n/);
  });
});

Deno.test("the files of a series are found by their pattern, or among what was kept", async () => {
  await withWorkspace(async (workspace) => {
    const { call, write, dir } = workspace;
    const rows = DATA.split("\n");
    await write("a.csv", `${rows.slice(0, 3).join("\n")}\n`);
    await write("b.csv", [rows[0], ...rows.slice(3)].join("\n"));
    await call(["run", "--data", "?.csv"]);
    assertEquals((await call("runs:reproduce latest")).exit, 0);
    await Deno.mkdir(join(dir, "old"));
    for (const name of ["a.csv", "b.csv"]) {
      await Deno.rename(join(dir, name), join(dir, "old", name));
    }
    assertMatch((await call("runs:reproduce latest")).out, /^7adgkp {2}same, kept .* identical$/m);
    await forget(workspace);
    assertMatch(
      (await call(["runs:reproduce", "latest", "--data", "old/*.csv"])).out,
      /^7adgkp {2}same, --data .* identical$/m,
    );
    const none = await call("runs:reproduce latest --data data.csv --data config.yaml");
    assertEquals(none.exit, 3);
    assertMatch(none.out, /^ {2}data +data\.csv, config\.yaml: not the data of the run$/m);
    assertMatch(none.out, /^ {2}actual +none, as they are no series$/m);
    assertMatch(
      (await call("runs:reproduce latest")).out,
      /^ {2}data +not in \?\.csv, and no copy was kept$/m,
    );
  });
});

Deno.test("a copy of the data that was damaged is not taken for the data", async () => {
  await withWorkspace(async ({ call, dir }) => {
    await call("run");
    await Deno.remove(join(dir, "data.csv"));
    const [{ name }] = [...Deno.readDirSync(join(dir, "runs/data"))] as [Deno.DirEntry];
    await Deno.writeTextFile(join(dir, "runs/data", name), DATA.replace("13", "14"));
    const { exit, out } = await call("runs:reproduce latest --json");
    assertEquals(exit, 3);
    const [{ verdict, data }] = JSON.parse(out).runs;
    assertEquals([verdict, data.place, data.paths], ["data-changed", "kept", [`${KEPT}/${name}`]]);
  });
});

Deno.test("a result that differs with equal inputs is told as what it is, with what to look at", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("config.yaml", "version: v1\nseed: 42\nexperiment: test\nevaluate: false\n");
    const state = { mood: 0 };
    const experiments = moody(state);
    for (const signals of ["csv", "parquet", "none"]) {
      await call(`run --set signals=${signals}`, { experiments });
    }
    state.mood = 4;
    const { exit, out } = await call("runs:reproduce latest~2", { experiments });
    assertEquals(exit, 3);
    assertEquals(
      out,
      `RUN     DATA  CONFIG  CODE  RUNTIME  RESULT  VERDICT
7adgkp  same  same    same  same     other   differs

7adgkp  differs
  result       not deterministic: config, data and code are the same
  signal_rate  0 → 0.8
  ones         0 → 4
  mood         0 → 4
  positions    4 of 5 differ
               bar 0, 1973-03-03T09:46:41.000Z: 0 → 1
               bar 1, 1973-03-03T09:46:42.000Z: 0 → 1
               bar 2, 1973-03-03T09:46:43.000Z: 0 → 1
  look at      what the experiment reads besides its bars, parameters and seed:
               a clock (Date, performance), Math.random, environment variables, files

1 run: 1 differs
`.replace(/ {2}signal_rate[^]*? {2}positions/, metricsOf(out)),
    );
    const json = JSON.parse((await call("runs:reproduce latest~2 --json", { experiments })).out);
    const [{ result }] = json.runs;
    assertEquals([json.schema, json.total, json.identical, json.not_reproduced], [1, 1, 0, []]);
    assertEquals(result.same, false);
    assertEquals(
      result.metrics.toSorted((a: { name: string }, b: { name: string }) =>
        a.name < b.name ? -1 : 1
      ),
      [
        { name: "mood", expected: 0, actual: 4 },
        { name: "ones", expected: 0, actual: 4 },
        { name: "signal_rate", expected: 0, actual: 0.8 },
      ],
    );
    assertEquals(result.positions.differing, 4);
    assertEquals(result.positions.first[0], {
      bar: 0,
      expected: 0,
      actual: 1,
      time: "1973-03-03T09:46:41.000Z",
    });
    assertMatch((await call("runs:reproduce latest~1", { experiments })).out, /4 of 5 differ/);
    assertMatch(
      (await call("runs:reproduce latest", { experiments })).out,
      /^ {2}positions +not compared: the run directory has no signals file that is the run's$/m,
    );
    // In red, where there are colours.
    const painted = await call("runs:reproduce latest", { experiments, isTerminal: true });
    assertStringIncludes(painted.out, "\u001b[31mnot deterministic: config, data and code are the");
    assertStringIncludes(painted.out, "\u001b[31mdiffers\u001b[39m");
  });
});

/** The lines of the metrics, whose order is the registry's. */
function metricsOf(out: string): string {
  const [lines] = /(?: {2}(?:signal_rate|ones|mood) +0 → \S+\n){3} {2}positions/.exec(out)!;
  return lines;
}

Deno.test("other code is executed all the same, and whether the result is the same is said", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("config.yaml", "version: v1\nseed: 42\nexperiment: test\nevaluate: false\n");
    const state = { mood: 1 };
    const experiments = moody(state);
    await call("run", { experiments });
    await write(".program/main.ts", "changed");
    const same = await call("runs:reproduce latest", { experiments });
    assertEquals(same, {
      exit: 3,
      out: `RUN     DATA  CONFIG  CODE   RUNTIME  RESULT  VERDICT
7adgkp  same  same    other  same     same    code-changed

7adgkp  code-changed
  code  other code, the same result all the same

1 run: 1 code-changed
`,
      err: "",
    });
    state.mood = 2;
    const other = await call("runs:reproduce latest", { experiments });
    assertEquals(other.exit, 3);
    assertMatch(other.out, /^7adgkp {2}same {2}same +other +same +other +code-changed$/m);
    assertMatch(
      other.out,
      /^ {2}code +other code, another result\n[^]* positions +1 of 5 differ$/m,
    );
    assert(!other.out.includes("deterministic"));
  });
});

Deno.test("a config that was changed in the run directory is no non-determinism", async () => {
  await withWorkspace(async ({ call, dir }) => {
    await call("run");
    const path = join(dir, RUN, "config.yaml");
    await Deno.writeTextFile(
      path,
      (await Deno.readTextFile(path)).replace("window: 3", "window: 2"),
    );
    const { exit, out } = await call("runs:reproduce latest");
    assertEquals(exit, 3);
    assertMatch(out, /^7adgkp {2}same {2}other +same +same +other +config-changed$/m);
    assertMatch(
      out,
      /^ {2}config +config\.yaml of the run directory is not the config of the run$/m,
    );
    assert(!out.includes("deterministic"));
  });
});

Deno.test("a run that cannot be executed any more says why", async () => {
  await withWorkspace(async ({ call, dir }) => {
    await call("run");
    const path = join(dir, RUN, "config.yaml");
    const text = await Deno.readTextFile(path);
    const cases: [config: string | null, message: RegExp][] = [
      [text.replace("rolling-mean", "roling-mean"), /Cannot find experiment 'roling-mean'/],
      [
        text.replace("rolling-mean", join(dir, "gone.ts")),
        /Cannot find the experiment \$DIR\/gone\.ts/,
      ],
      [text.replace("rolling-mean", "./gone.ts"), /it lies in a run directory/],
      [text.replace("window: 3", "window: 9"), /all 5 bars of .* are warm-up/],
      [null, /config\.yaml/],
    ];
    for (const [config, message] of cases) {
      if (config === null) await Deno.remove(path);
      else await Deno.writeTextFile(path, config);
      const { exit, out, err } = await call("runs:reproduce latest");
      assertEquals([exit, err], [3, ""]);
      assertMatch(out, /^7adgkp .* failed$/m);
      assertMatch(out, message);
      const [run] = JSON.parse((await call("runs:reproduce latest --json")).out).runs;
      assertEquals([run.verdict, run.result], ["failed", null]);
      assertMatch(run.error.message, message);
    }
  });
});

Deno.test("versions that are not those of the run are named", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("config.yaml", "version: v1\nseed: 42\nexperiment: test\nevaluate: false\n");
    const state = { mood: 1 };
    const experiments = moody(state);
    await call("run", { experiments });
    const system = { deno: "2.0.1", v8: "13.0.1" };
    const same = await call("runs:reproduce latest", { experiments, system });
    assertEquals(same.exit, 0);
    assertMatch(same.out, /^7adgkp {2}same {2}same {4}same {2}deno, v8 {2}same +identical$/m);
    state.mood = 0;
    const { out } = await call("runs:reproduce latest", { experiments, system });
    assertMatch(
      out,
      /^ {2}deno +2\.0\.0 → 2\.0\.1\n {2}v8 +13\.0\.0 → 13\.0\.1\n {2}look at +deno, v8: /m,
    );
    const [{ runtime }] = JSON.parse(
      (await call("runs:reproduce latest --json", { experiments, system })).out,
    ).runs;
    assertEquals(runtime, [
      { name: "deno", expected: "2.0.0", actual: "2.0.1" },
      { name: "v8", expected: "13.0.0", actual: "13.0.1" },
    ]);
  });
});

Deno.test("runs that did not finish are left out, and said so", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run --data none.csv");
    const alone = await call("runs:reproduce latest");
    assertEquals(alone, {
      exit: 3,
      out: "Not reproduced, as they did not finish: 7adgkp (failed)\n\nNothing was reproduced.\n",
      err: "",
    });
    await call("run");
    await call("run --set window=2");
    const all = await call("runs:reproduce --all");
    assertEquals(all, {
      exit: 0,
      out: `RUN     DATA  CONFIG  CODE  RUNTIME  RESULT  VERDICT
nw3ahr  same  same    same  same     same    identical
ekrx27  same  same    same  same     same    identical

Not reproduced, as they did not finish: 7adgkp (failed)

2 runs: 2 identical
`,
      err: "",
    });
    const json = JSON.parse((await call("runs:reproduce --all --json")).out);
    assertEquals([json.total, json.identical], [2, 2]);
    assertEquals(json.not_reproduced, [{ id: "20261123-085500-7adgkp", status: "failed" }]);
  });
});

Deno.test("a run or --all is wanted, and a registry", async () => {
  await withWorkspace(async ({ call }) => {
    const cases: [words: string, message: RegExp][] = [
      ["runs:reproduce", /^error: Expected a run, or --all\nhint: For example: /],
      ["runs:reproduce latest --all", /^error: Cannot use both a run and --all/],
      ["runs:reproduce latest", /^error: There is no registry at \$DIR\/runs\/registry\.db yet/],
      ["runs:reproduce --all", /^error: There is no registry at /],
    ];
    for (const [words, message] of cases) {
      const { exit, out, err } = await call(words);
      assertEquals([exit, out], [2, ""]);
      assertMatch(err, message);
    }
    await call("run");
    assertMatch((await call("runs:reproduce xxxxxx")).err, /^error: Cannot find run 'xxxxxx'/);
    await call("run --set experiment=none");
    assertEquals((await call("runs:reproduce --all", { experiments: bundled })).exit, 0);
  });
});

Deno.test("with the permissions of its task, what reads a clock or rolls dice is caught", async () => {
  await withWorkspace(async ({ write, dir }) => {
    const sources: [name: string, position: string][] = [
      ["sound", "1"],
      ["dice", "Math.random() < 0.5 ? 0 : 1"],
      ["clock", "1"],
    ];
    await write(
      "data.csv",
      `time,close\n${
        Array.from({ length: 200 }, (_, t) => `${100000001 + t},${1 + t % 3}\n`).join("")
      }`,
    );
    for (const [name, position] of sources) {
      await write(
        `${name}.ts`,
        `import { defineExperiment } from "sigrun";
        const started = Date.now();
        export default defineExperiment({
          name: "${name}", version: 1, summary: "${name}", params: {}, columns: ["close"],
          signal({ bars }) {
            const positions = Int8Array.from({ length: bars.length }, (_, t) => ${position});
            return { positions, warmup: 0, metrics: { at: ${name === "clock" ? "started" : "0"} } };
          },
        });`,
      );
      await write("config.yaml", `version: v1\nseed: 42\nexperiment: ./${name}.ts\n`);
      const first = await startTask("run", { cwd: dir });
      assertEquals([first.exit, first.err], [0, ""], name);
      const again = await startTask("runs:reproduce", { words: ["latest", "--json"], cwd: dir });
      assertEquals([again.exit, again.err], [name === "sound" ? 0 : 3, ""], name);
      const [{ verdict }] = JSON.parse(again.out).runs;
      assertEquals(verdict, name === "sound" ? "identical" : "differs", name);
    }
  });
});
