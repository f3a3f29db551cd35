import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withWorkspace } from "../workspace.ts";

Deno.test("two runs differ in a key, and at the bars that this changed", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run --set window=2");
    assertEquals(await call("runs:diff latest~1 latest"), {
      exit: 0,
      out: `Config  - 7adgkp  + ekrx27
- window: 3
+ window: 2
  10 other keys are equal

Signal
  bars       5, the same bars
  equal      0.800000  (4 of 5 bars)
  different  0 → 1  1 bar

  BAR  TIME                      CLOSE  7adgkp  ekrx27
    1  1973-03-03T09:46:42.000Z     11       0       1
`,
      err: "",
    });
  });
});

Deno.test("each half can be asked for alone, and configs in whole", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run --set window=2");
    const both = await call("runs:diff latest~1 latest");
    assertEquals(await call("runs:diff latest~1 latest --config --signals"), both);
    const [config, signals] = await Promise.all(
      ["--config", "--signals"].map((flag) => call(`runs:diff latest~1 latest ${flag}`)),
    );
    assertEquals(`${config!.out}\n${signals!.out}`, both.out);
    const all = await call("runs:diff latest~1 latest --config --all");
    assertEquals(
      all.out,
      `Config  - 7adgkp  + ekrx27
  version: v1
  seed: 42
  experiment: rolling-mean
  data: $DIR/data.csv
  columns: {}
  max_missing: 0.01
  warmup: exclude
  evaluate: false
  signals: csv
  keep_data: "64MB"
- window: 3
+ window: 2
`,
    );
  });
});

Deno.test("the exit status tells of a difference only if it is asked to", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run --name again");
    await call("run --set window=2");
    const exit = async (words: string): Promise<number> => (await call(words)).exit;
    assertEquals(await exit("runs:diff latest~1 latest"), 0);
    assertEquals(await exit("runs:diff latest~1 latest --exit-code"), 1);
    assertEquals(await exit("runs:diff latest~2 latest~1 --exit-code"), 0);
    // What cannot be told is not the same.
    await call("run --set window=100");
    assertEquals(await exit("runs:diff latest~1 latest --signals --exit-code"), 1);
    assertEquals(await exit("runs:diff latest~1 latest --signals"), 0);
  });
});

Deno.test("with --json differences are data, with shares in full", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run --set window=2 --set columns.close=close");
    const json = JSON.parse((await call("runs:diff latest~1 latest --json -n 1")).out);
    assertEquals(json, {
      schema: 1,
      runs: ["20261123-085500-7adgkp", "20261123-085501-ekrx27"],
      config: {
        status: "compared",
        equal: 9,
        differences: [
          { key: "columns", status: "removed", before: {}, after: null },
          { key: "window", status: "changed", before: 3, after: 2 },
          { key: "columns.close", status: "added", before: null, after: "close" },
        ],
      },
      signals: {
        status: "compared",
        aligned: "bar",
        bars: 5,
        alone: [0, 0],
        equal: 4,
        share: 0.8,
        changes: [{ positions: [0, 1], bars: 1 }],
        first: [{
          time: "1973-03-03T09:46:42.000Z",
          bars: [1, 1],
          closes: ["11", "11"],
          positions: [0, 1],
        }],
      },
    });
    const alone = JSON.parse((await call("runs:diff latest~1 latest --json --config")).out);
    assertEquals(alone.signals, null);
  });
});

Deno.test("a run that failed has no signal, and maybe no config", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run", {
      experiments: { "rolling-mean": () => Promise.reject(new TypeError("no function")) },
    });
    const { exit, out } = await call("runs:diff latest~1 latest");
    assertEquals(exit, 0);
    assertMatch(out, /^Config\n {2}\w{6} ended before the config was understood\.\n/);
    assertMatch(out, /\nSignal\n {2}Run \w{6} has no signal \(failed\)\.\n$/);
  });
});

Deno.test("a terminal sees what went in red and what came in green", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    await call("run --set window=2");
    const { out } = await call("runs:diff latest~1 latest --config", { isTerminal: true });
    assertStringIncludes(
      out,
      "\u001b[31m- window: 3\u001b[39m\n\u001b[32m+ window: 2\u001b[39m\n",
    );
  });
});
