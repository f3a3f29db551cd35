import { assertEquals, assertMatch } from "@std/assert";
import { withWorkspace } from "../workspace.ts";

/** Forty hours of a price that goes up and down, then only down. */
const DATA = "time,close\n" + Array.from(
  { length: 40 },
  (_, t) =>
    `${1_600_000_000 + t * 3600},${t < 28 ? 100 + (t % 8) * (t % 8 < 4 ? 1 : -1) : 128 - t}\n`,
).join("");

const CONFIG = "version: v1\nseed: 42\nwindow: 3\n";

Deno.test("a run tells in a few lines what its signal earned, and against what", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("data.csv", DATA);
    await write("config.yaml", CONFIG);
    const { out, exit } = await call("run");
    assertEquals(exit, 0);
    const lines = out.split("\n").map((line) => line.split(/ {2,}/)[0]);
    assertEquals(lines.slice(0, 12), [
      "run",
      "experiment",
      "data",
      "read",
      "signal rate",
      "rows",
      "latency",
      "net return",
      "sharpe",
      "drawdown",
      "p-value",
      "annualised",
    ]);
    assertMatch(
      out,
      /\nnet return +-?[\d.]+ % {2}\(-?[\d.]+ % before costs of 10 bps, buy and hold -?[\d.]+ %\)\n/,
    );
    assertMatch(
      out,
      /\nsharpe +-?[\d.]+ {2}\(95 %: -?[\d.]+ to -?[\d.]+; buy and hold -?[\d.]+\)\n/,
    );
  });
});

Deno.test("an edge that does not survive is warned of: in the summary, in the log and by runs:show", async () => {
  await withWorkspace(async ({ call, write, files, dir }) => {
    await write(
      "data.csv",
      DATA.replaceAll(
        /^(\d+),(\d+)$/gm,
        (_, time, close) => `${time},${100 + (Number(close) % 5) * 2 + (Number(time) / 3600) % 3}`,
      ),
    );
    await write("config.yaml", CONFIG);
    // Long whenever the price will rise, until it would have to be known.
    await write(
      "seer.ts",
      `import { defineExperiment } from "sigrun";
export default defineExperiment({
  name: "seer", version: 1, summary: "for a test", params: {}, columns: ["close"],
  signal({ bars }) {
    const positions = new Int8Array(bars.length);
    const { values } = bars.close;
    for (let t = 0; t + 1 < bars.length; t++) {
      const rises = values[t + 1] > values[t];
      positions[t] = (t < 28 ? rises : !rises) ? 1 : 0;
    }
    return { positions, warmup: 0 };
  },
});
`,
    );
    const warning = "the edge turns negative out of sample: \\+[\\d.]+ → −[\\d.]+ bps a bar";
    await write("seer.yaml", "version: v1\nseed: 42\nexperiment: ./seer.ts\n");
    const { out } = await call("run --config seer.yaml");
    assertMatch(out, new RegExp(`\\nwarning +${warning}\\n`));
    assertMatch((await call("runs:show latest")).out, new RegExp(`\\n +warning +${warning}\\n`));
    const log = files().find((path) => path.endsWith("run.log"))!;
    assertMatch(
      await Deno.readTextFile(`${dir}/${log}`),
      /level=warn\w* logger=sigrun msg="the edge does not survive out of sample" in_sample_edge=/,
    );
  });
});

Deno.test("runs:show has an evaluation with both samples side by side", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("data.csv", DATA);
    await write("config.yaml", CONFIG);
    await call("run");
    const { out } = await call("runs:show latest");
    const section = /^Evaluation\n((?: .*\n)+)/m.exec(out)![1]!;
    assertMatch(section, / annualised +at 8,760 bars a year; 0\.00\d+ years of data\n/);
    assertMatch(section, / +in sample +out of sample\n +net_return +-?[\d.]+ % +-?[\d.]+ %\n/);
    assertMatch(
      section,
      / resampled +(all )?\d+ permutations; block bootstrap of \d+ samples, block \d+/,
    );
    assertMatch(section, /\n +deflated Sharpe +[\d.e-]+ {2}\(after 1 trial\)\n/);
    await call("run --set window=4");
    const tried = JSON.parse((await call("runs:show latest --json")).out).deflated_sharpe;
    assertEquals([tried.trials, tried.evaluated, tried.reason], [2, 2, null]);
    assertMatch(
      (await call("runs:show latest")).out,
      /deflated Sharpe .*after 2 trials; best Sharpe ratio expected by chance [\d.]+/,
    );
    const listed = await call("runs:list --cols id,window,deflated_sharpe");
    assertEquals(listed.out.split("\n")[0], "RUN     window  deflated_sharpe");
    assertMatch(listed.out, /\n\w{6} +4 +[\d.e-]+\n\w{6} +3 +[\d.e-]+\n$/);
    const { runs } = JSON.parse((await call("runs:list --cols deflated_sharpe --json")).out);
    assertEquals(runs[0].deflated_sharpe, tried.value);
    await call("run --set evaluate=false");
    assertMatch((await call("runs:list -n 1 --cols id,deflated_sharpe")).out, /\n\w{6}\n$/);
    assertEquals(/^Evaluation/m.test((await call("runs:show latest")).out), false);
  });
});

Deno.test("a run with an evaluation is intact and reproduced", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("data.csv", DATA);
    await write("config.yaml", CONFIG);
    await call("run");
    assertEquals((await call("runs:verify")).exit, 0);
    assertMatch((await call("runs:reproduce latest")).out, /identical/);
  });
});

Deno.test("check:seeds shows how far an evaluation depends on the seed, without resampling", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("data.csv", DATA);
    await write("config.yaml", CONFIG);
    const { out } = await call("check:seeds --n 3");
    assertMatch(out, /\nsharpe +-?[\d.]+ +0 /);
    assertEquals(/p_value|sharpe_low/.test(out), false);
    assertMatch(out, /The seed has no effect/);
  });
});
