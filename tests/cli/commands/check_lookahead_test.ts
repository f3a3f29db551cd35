import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import type { Signal } from "../../../lib/experiment.ts";
import { tableOf, TEST_CONFIG } from "../../run/test_experiment.ts";
import { withWorkspace } from "../workspace.ts";

/** 1 where the next close is higher. */
const peeking = tableOf(({ bars: { length, close: { units } } }): Signal => ({
  positions: Int8Array.from({ length }, (_, t) => (units[t + 1] ?? 0) > units[t]! ? 1 : 0),
  warmup: 0,
}));

/** Fails on fewer than five bars, and on other prices. */
const touchy = tableOf(({ bars: { length, close: { values } } }): Signal => {
  if (values.length < 5 || Math.max(...values) > 13) throw new Error("not\u001b[31m these");
  return { positions: new Int8Array(length), warmup: 0 };
});

Deno.test("a signal that does not look ahead is said to be so", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    assertEquals(await call("check:lookahead"), {
      exit: 0,
      out: `experiment    rolling-mean  version 1
data          data.csv  5 bars
bars checked  4, cut 4 times: 4 truncated, 4 perturbed
biased bars   0
look-ahead    none found
`,
      err: "",
    });
    assertEquals(files(), before);
  });
});

Deno.test("a signal that looks ahead is told with its first bar, and exits with 3", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("config.yaml", TEST_CONFIG);
    assertEquals(await call("check lookahead", { experiments: peeking }), {
      exit: 3,
      out: `experiment     test  version 3
data           data.csv  5 bars
bars checked   4, cut 4 times: 4 truncated, 4 perturbed
biased bars    4
first biased   bar 0, 1973-03-03T09:46:41.000Z
leaks through  close
look-ahead     found
`,
      err: "",
    });
  });
});

Deno.test("with --json the report is data", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("config.yaml", TEST_CONFIG);
    const { exit, out } = await call("check:lookahead --json --cuts 2", { experiments: peeking });
    const { computations, ...report } = JSON.parse(out);
    assertEquals(exit, 3);
    assertEquals(report, {
      schema: 1,
      experiment: "test",
      experiment_version: 3,
      verdict: "biased",
      bars: 5,
      bars_checked: 4,
      cuts: 2,
      biased_bars: 2,
      first_biased_bar: 0,
      first_biased_time: "1973-03-03T09:46:41.000Z",
      leaks_through: ["close"],
      tests: {
        truncation: { compared: 2, biased: 2 },
        perturbation: { compared: 2, biased: 1 },
      },
      not_compared: [],
    });
    assert(computations > 4 && computations < 6);
  });
});

Deno.test("what could not be checked is told, is no proof, and commands no terminal", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("config.yaml", TEST_CONFIG);
    const { exit, out } = await call("check:lookahead --seed 1", { experiments: touchy });
    assertEquals(exit, 3);
    assertMatch(
      out,
      /^not compared {2}truncation at 4 cuts, the first after 1 bar: Experiment test failed: not/m,
    );
    assertMatch(out, /^look-ahead {4}not checked$/m);
    assert(!out.includes("\u001b"));
    const json = JSON.parse(
      (await call("check:lookahead --seed 1 --json", { experiments: touchy })).out,
    );
    assertEquals([json.verdict, json.not_compared[0].cuts], ["not checked", 4]);
    assertEquals(json.not_compared[0].first_cut, 1);
  });
});

Deno.test("--cuts is a whole number from 1, or all", async () => {
  await withWorkspace(async ({ call }) => {
    for (const [words, cuts] of [["--cuts 1", 1], ["--cuts 3", 3], ["--cuts all", 4]]) {
      const { out } = await call(`check:lookahead --json ${words}`);
      assertEquals(JSON.parse(out).cuts, cuts);
    }
    for (const cuts of ["0", "-1", "1.5", "many"]) {
      const { exit, err } = await call(["check:lookahead", `--cuts=${cuts}`]);
      assertEquals(
        [exit, err],
        [2, `error: Cannot use --cuts '${cuts}': expected a whole number from 1, or all\n`],
      );
    }
  });
});

Deno.test("a recorded run is checked with its own config, on its own data", async () => {
  await withWorkspace(async ({ call, write, dir }) => {
    await write(
      "other.csv",
      "time,close\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n2024-01-04,4\n2024-01-05,5\n2024-01-06,6\n2024-01-07,7\n",
    );
    await call("run --data other.csv --set window=2");
    await write("config.yaml", "version: v9\nseed: 1\nwindow: 4\n");
    const { exit, out, err } = await call("check:lookahead latest");
    assertEquals([exit, err], [0, ""]);
    assertMatch(out, /^data {10}other\.csv {2}7 bars$/m);
    // Values can be laid over it.
    assertMatch((await call("check:lookahead latest --data data.csv")).out, /^data .* 5 bars$/m);
    await write(
      "other.csv",
      "time,close\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n2024-01-04,4\n2024-01-05,5\n2024-01-06,6\n",
    );
    const kept = await call("check:lookahead latest");
    assertEquals([kept.exit, kept.err], [0, ""]);
    assertMatch(kept.out, /^data {10}other\.csv, kept copy {2}7 bars$/m);
    await Deno.remove(join(dir, "runs", "data"), { recursive: true });
    const changed = await call("check:lookahead latest");
    assertEquals(
      [changed.exit, changed.err],
      [0, "warning: other.csv has changed since run 7adgkp, and no copy was kept\n"],
    );
    assertMatch(changed.out, /^data {10}other\.csv {2}6 bars$/m);
    await Deno.remove(join(dir, "other.csv"));
    assertMatch((await call("check:lookahead latest")).err, /^error: Cannot find the data file /);
  });
});

Deno.test("a recorded run is checked where its directory is now", async () => {
  await withWorkspace(async ({ call, dir }) => {
    await call("run --set window=2");
    await Deno.rename(join(dir, "runs"), join(dir, "moved"));
    await Deno.remove(join(dir, "data.csv"));
    const { exit, out, err } = await call("check:lookahead latest --runs-dir moved");
    assertEquals([exit, err], [0, ""]);
    assertMatch(out, /^data {10}data\.csv, kept copy {2}5 bars$/m);
  });
});

Deno.test("a run without a config, or that there is not, is refused", async () => {
  await withWorkspace(async ({ call }) => {
    const none = await call("check:lookahead latest");
    assertEquals([none.exit, none.out], [2, ""]);
    assertMatch(none.err, /^error: There is no registry at /);
    await call("run", {
      experiments: { "rolling-mean": () => Promise.reject(new TypeError("no function")) },
    });
    const failed = await call("check:lookahead latest");
    assertEquals([failed.exit, failed.out], [2, ""]);
    assertEquals(
      failed.err,
      "error: Cannot check run 7adgkp: it has no config\n" +
        "hint: It ended before its config was understood.\n",
    );
    const unknown = await call("check:lookahead nope");
    assertMatch(unknown.err, /^error: Cannot find run 'nope' in the registry\n/);
    const both = await call("check:lookahead latest --config config.yaml");
    assertEquals([both.exit, both.out], [2, ""]);
    assertMatch(both.err, /^error: Cannot use both --config and a run: /);
  });
});
