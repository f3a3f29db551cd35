/**
 * Experiments given by path, as users write them: run by a process of its own,
 * with its permissions and import map.
 */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import type { RunRecord } from "../../lib/record.ts";
import { assertComplete } from "./complete.ts";
import { type Ended, sigrun } from "./sigrun_process.ts";
import { withWorkspace, type Workspace } from "./workspace.ts";

/** A config that names an experiment of the user's. */
function configFor(experiment: string): string {
  return `version: v1\nseed: 42\ndata: data.csv\nexperiment: ${experiment}\n`;
}

/** The source of an experiment whose signal function has this body. */
function sourceOf(body: string, params = "lag: z.int().min(1).default(1)"): string {
  return `import { defineExperiment, z } from "sigrun";
    export default defineExperiment({
      name: "mine",
      version: 2,
      summary: "the close against an earlier one",
      params: { ${params} },
      columns: ["close"],
      signal({ bars, params }) { ${body} },
    });`;
}

const RISING = sourceOf(`
  const positions = new Int8Array(bars.length);
  for (let t = params.lag; t < bars.length; t++) {
    positions[t] = bars.close.units[t]! > bars.close.units[t - params.lag]! ? 1 : -1;
  }
  return { positions, warmup: params.lag, metrics: { turns: 3 } };`);

const INDICATORS = `import { defineExperiment } from "sigrun";
  import { ema } from "sigrun/signal/ema.ts";
  export default defineExperiment({
    name: "mine",
    version: 1,
    summary: "the close against its EMA",
    params: {},
    columns: ["close"],
    signal({ bars: { close: { values } } }) {
      const means = ema(values, 2);
      return { positions: Int8Array.from(values, (v, t) => v > means[t]! ? 1 : 0), warmup: 1 };
    },
  });`;

interface Attempt {
  readonly ended: Ended;
  readonly run: RunRecord;
}

/** Runs the config of a workspace, which has a mistake, in a process; the result is its error. */
async function mistake({ dir, path }: Workspace): Promise<Record<string, unknown>> {
  const places = ["--config", path("config.yaml"), "--runs-dir", path("runs")];
  const ended = await sigrun(["run", "--json", ...places], { cwd: dir });
  assertEquals(ended.code, 2, ended.err);
  assertMatch(ended.err, /^error: /);
  await assertRejects(() => Deno.stat(path("runs")), Deno.errors.NotFound);
  return JSON.parse(ended.out);
}

/** Runs the config of a workspace in a process. */
async function attempt(
  workspace: Workspace,
  words: readonly string[] = [],
  cwd: string = workspace.dir,
): Promise<Attempt> {
  const places = ["--runs-dir", workspace.path("runs")];
  const ended = await sigrun(["run", ...places, ...words], { cwd });
  const [run] = await workspace.runs();
  await assertComplete(run!);
  return { ended, run: run! };
}

Deno.test("an experiment given by path has sigrun's indicators", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("mine.ts", INDICATORS);
    await workspace.write("config.yaml", configFor("./mine.ts"));
    const { ended, run } = await attempt(workspace);
    assertEquals([ended.code, run.status], [0, "finished"], ended.err);
  });
});

Deno.test("an experiment beside its config runs, wherever it is called from", async () => {
  await withWorkspace(async (workspace) => {
    const path = await workspace.write("my signals #1/rising 100%.ts", RISING);
    await workspace.write("config.yaml", configFor("'./my signals #1/rising 100%.ts'"));
    await workspace.write("elsewhere/x", "");
    const first = await attempt(workspace, ["--set", "lag=2"]);
    assertEquals([first.ended.code, first.ended.err], [0, ""]);
    assertEquals([first.run.experiment, first.run.experiment_version], ["mine", 2]);
    assertEquals([first.run.params, first.run.signal_rate], [{ lag: 2 }, 2 / 3]);
    assertEquals(first.run.metrics.turns, 3);
    assertEquals(
      await Deno.readTextFile(join(first.run.directory, "signals.csv")),
      "timestamp,close,signal\n100000001,10.0,0\n100000002,11.00,0\n100000003,12,1\n" +
        "100000004,11,-1\n100000005,13,1\n",
    );
    // By its absolute path, from another folder, it is the same run.
    const words = ["--config", "../config.yaml", "--set", "lag=2", "--set", `experiment='${path}'`];
    const second = await attempt(workspace, words, workspace.path("elsewhere"));
    assertMatch(second.ended.out, /reproduces +\w{6}: /);
    assertEquals(second.run.hashes, first.run.hashes);
    // The config in the run directory leads back to it.
    const config = join(first.run.directory, "config.yaml");
    const third = await attempt(workspace, ["--config", config], workspace.path("elsewhere"));
    assertEquals(third.run.hashes, first.run.hashes);
  });
});

Deno.test("the code hash covers the file of an experiment given by path", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", configFor("./rising.ts"));
    await workspace.write("rising.ts", RISING);
    const first = await attempt(workspace);
    await workspace.write("rising.ts", `${RISING}\n// a comment\n`);
    const second = await attempt(workspace);
    assert(second.run.hashes.code !== first.run.hashes.code);
    assert(second.run.hashes.fingerprint !== first.run.hashes.fingerprint);
    assertEquals(second.run.hashes.config, first.run.hashes.config);
    assertEquals(second.run.hashes.result, first.run.hashes.result);
    assert(!second.ended.out.includes("reproduces"));
  });
});

Deno.test("the code hash covers what an experiment given by path imports", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", configFor("./signals/mine.ts"));
    await workspace.write("shared/side.ts", "export const side = 1;");
    const flat = "return { positions: new Int8Array(bars.length).fill(side), warmup: 0 };";
    const source = `import { side } from "../shared/side.ts";\n${sourceOf(flat)}`;
    await workspace.write("signals/mine.ts", source);
    const first = await attempt(workspace);
    assertEquals([first.ended.code, first.ended.err], [0, ""]);
    await workspace.write("shared/side.ts", "export const side = 0;");
    const second = await attempt(workspace);
    assertEquals([second.ended.code, second.ended.err], [0, ""]);
    assert(second.run.hashes.code !== first.run.hashes.code);
    assert(second.run.hashes.result !== first.run.hashes.result);
  });
});

Deno.test("an experiment that depends on more than its inputs is caught the second time", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", configFor("./counting.ts"));
    await workspace.write("count", "0");
    await workspace.write(
      "counting.ts",
      sourceOf(`
        const file = new URL("./count", import.meta.url);
        const count = Number(Deno.readTextFileSync(file));
        Deno.writeTextFileSync(file, String(count + 1));
        const positions = new Int8Array(bars.length);
        positions[count] = 1;
        return { positions, warmup: 0 };`),
    );
    const first = await attempt(workspace);
    assertEquals([first.ended.code, first.ended.err], [0, ""]);
    const second = await attempt(workspace);
    assertEquals([second.ended.code, second.run.status], [3, "finished"]);
    assertMatch(
      second.ended.err,
      new RegExp(
        `^error: The result differs from that of run ${first.run.id.slice(-6)}, ` +
          "which had the same config, data and code\n",
      ),
    );
    assertMatch(second.ended.err, /runs:compare \w{6} \w{6}/);
    assert(!second.ended.out.includes("reproduces"));
  });
});

Deno.test("an experiment that cannot be used is refused by what is wrong with it", async () => {
  const flat = "return { positions: new Int8Array(bars.length), warmup: 0 };";
  const cases: [source: string, code: string, message: RegExp][] = [
    ["export default {", "experiment_invalid", /Cannot load the experiment .*mine\.ts: /],
    ["throw new Error('at once');", "experiment_invalid", /mine\.ts: at once/],
    ["import 'no-such-package';", "experiment_invalid", /mine\.ts: .*no-such-package/],
    ["import './missing.ts';", "experiment_invalid", /mine\.ts: .*missing\.ts/],
    ["export const x = 1;", "experiment_invalid", /its default export is not an experiment/],
    ["export default null;", "experiment_invalid", /its default export is not an experiment/],
    ["export default { name: 'x' };", "experiment_invalid", /is not an experiment/],
    [sourceOf(flat).replace('"mine"', '"My Signal"'), "experiment_invalid", /named "My Signal"/],
    [sourceOf(flat, "seed: z.int()"), "experiment_invalid", /its parameter seed is a key of/],
    [sourceOf(flat, "time_zone: z.string()"), "experiment_invalid", /time_zone is a key of/],
    [sourceOf(flat, "lag: z.int()"), "config_invalid", /lag: missing: expected a whole number/],
  ];
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", configFor("./mine.ts"));
    for (const [source, code, message] of cases) {
      await workspace.write("mine.ts", source);
      const { version, run_id, error_code, error_message } = await mistake(workspace);
      assertEquals([version, run_id, error_code], ["v1", null, code]);
      assertMatch(String(error_message), message);
    }
    await Deno.remove(workspace.path("mine.ts"));
    const { error_code, error_message } = await mistake(workspace);
    assertEquals(error_code, "experiment_unknown");
    assertMatch(String(error_message), /Cannot find the experiment .*mine\.ts/);
  });
});

Deno.test("an experiment that throws fails the run, and --debug tells where", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", configFor("./mine.ts"));
    await workspace.write("mine.ts", sourceOf(`throw new RangeError("no such bar");`));
    const plain = await attempt(workspace);
    assertEquals([plain.ended.code, plain.run.error_code], [1, "experiment_failed"]);
    assertMatch(plain.ended.err, /^error: Experiment mine failed: no such bar\nhint: /);
    assert(!plain.ended.err.includes("mine.ts"));
    const debug = await attempt(workspace, ["--debug"]);
    assertMatch(debug.ended.err, /caused by: RangeError: no such bar\n.*mine\.ts:\d+:\d+/);
    const log = await Deno.readTextFile(join(plain.run.directory, "run.log"));
    assertMatch(
      log,
      /msg="Experiment mine failed: no such bar" .* cause="RangeError: no such bar"/,
    );
  });
});

Deno.test("an experiment that throws once it has returned, or ends the process, fails its run", async () => {
  const late = "return { positions: new Int8Array(bars.length), warmup: 0 };";
  const cases: [body: string, message: RegExp][] = [
    [`Promise.reject(new Error("late")); ${late}`, /^The experiment failed: late$/],
    [`setTimeout(() => { throw new Error("later"); }); ${late}`, /^The experiment failed: later$/],
    [`Deno.exit(0); ${late}`, /^Experiment mine failed: Deno\.exit was called/],
  ];
  for (const [body, message] of cases) {
    await withWorkspace(async (workspace) => {
      await workspace.write("config.yaml", configFor("./mine.ts"));
      await workspace.write("mine.ts", sourceOf(body));
      const { ended, run } = await attempt(workspace, ["--json"]);
      assertEquals([ended.code, run.status, run.error_code], [1, "failed", "experiment_failed"]);
      assertMatch(run.error_message!, message);
      assertEquals(JSON.parse(ended.out).error_message, run.error_message);
    });
  }
});

Deno.test("what an experiment says on its console does not come among the results", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", configFor("./mine.ts"));
    const body = `console.log("hello"); console.table([7]);
      return { positions: new Int8Array(bars.length), warmup: 0 };`;
    await workspace.write("mine.ts", sourceOf(body));
    const { ended } = await attempt(workspace, ["--json"]);
    assertEquals(JSON.parse(ended.out).status, "success");
    assertMatch(ended.err, /^hello\n/);
  });
});

Deno.test("an experiment cannot falsify its evaluation", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", configFor("./mine.ts"));
    const positions = "return { positions: new Int8Array(bars.length).fill(1), warmup: 0 };";
    await workspace.write("mine.ts", sourceOf(positions));
    const honest = await attempt(workspace);
    const values = "bars.close.values.forEach((_, t, all) => { all[t] = 2 ** t; });";
    await workspace.write("mine.ts", sourceOf(`${values} ${positions}`));
    const { run } = await attempt(workspace);
    assertEquals([run.status, run.hashes.result], ["finished", honest.run.hashes.result]);
    const units = "(bars.close.units as Float64Array).reverse();";
    await workspace.write("mine.ts", sourceOf(`${units} ${positions}`));
    const { run: refused } = await attempt(workspace);
    assertEquals([refused.status, refused.error_code], ["failed", "experiment_invalid"]);
  });
});
