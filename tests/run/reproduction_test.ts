import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import type { RunRecord } from "../../lib/record.ts";
import type { RunOutcome } from "../../lib/run/publish.ts";
import { assertComplete } from "./complete.ts";
import { flat, tableOf, TEST_CONFIG } from "./test_experiment.ts";
import { DATA, withWorkspace, type Workspace } from "./workspace.ts";

/** Names of the hashes in which two runs differ. */
function differing(a: RunRecord, b: RunRecord): readonly string[] {
  return Object.entries(a.hashes)
    .filter(([name, hash]) => b.hashes[name as keyof typeof b.hashes] !== hash)
    .map(([name]) => name);
}

Deno.test("runs with equal inputs have equal hashes, and the second reproduces the first", async () => {
  await withWorkspace(async (workspace) => {
    const first = await workspace.run();
    const second = await workspace.run({ name: "again", tags: ["x"] });
    const third = await workspace.run();
    for (const hash of Object.values(first.run.hashes)) assertMatch(hash!, /^sha256:[0-9a-f]{64}$/);
    assertEquals(second.run.hashes, first.run.hashes);
    assertEquals(first.reproduction, null);
    const reproduction = { of: first.run.id, identical: true };
    assertEquals([second.reproduction, third.reproduction], [reproduction, reproduction]);
    const log = await Deno.readTextFile(join(second.run.directory, "run.log"));
    assertMatch(log, new RegExp(`msg="reproduces an earlier run" run=${first.run.id}`));
  });
});

Deno.test("where the files lie and how the config is written changes no hash", async () => {
  const first = await withWorkspace((workspace) => workspace.run());
  await withWorkspace(async (workspace) => {
    await workspace.write("deep/other bars.csv", DATA);
    const config =
      "# a comment\nevaluate: false\ndata: other bars.csv\nwindow:   3\nseed:    42\nversion: 'v1'\n";
    const configPath = await workspace.write("deep/other.yaml", config);
    const { run } = await workspace.run({ configPath });
    assertEquals(run.hashes, first.run.hashes);
    const spelledOut = await workspace.run({
      set: ["warmup=exclude", "signals=csv", "max_missing=0.01", "experiment=rolling-mean"],
    });
    assertEquals(spelledOut.run.hashes, first.run.hashes);
  });
});

Deno.test("each input has its hash", async () => {
  await withWorkspace(async (workspace) => {
    const { run } = await workspace.run();
    const other = async (set: readonly string[]): Promise<readonly string[]> =>
      differing(run, (await workspace.run({ set })).run);
    const computed = ["signal", "result", "fingerprint"];
    assertEquals(await other(["window=2"]), ["config", ...computed]);
    assertEquals(await other(["seed=43"]), ["config", "fingerprint"]);
    assertEquals(await other(["version=v2"]), ["config", "fingerprint"]);
    assertEquals(await other(["warmup=zero"]), ["config", "result", "fingerprint"]);
    await workspace.write("data.csv", DATA.replaceAll("\n", "\r\n").replace("11.00", '"11"'));
    assertEquals(await other([]), ["data", "fingerprint"], "other bytes, the same rows");
    await workspace.write("data.csv", DATA.replace("13", "14"));
    assertEquals(await other([]), ["data", "rows", "fingerprint"], "other rows, the same signal");
    await workspace.write("data.csv", DATA.replace("13", "1"));
    assertEquals(await other([]), ["data", "rows", ...computed]);
  });
});

Deno.test("the config in a run directory gives the same run again", async () => {
  await withWorkspace(async (workspace) => {
    const { run } = await workspace.run({ set: ["version='1e3'", "min_periods=2", "seed=0"] });
    await workspace.write("config.yaml", "nothing: of this\n");
    const again = await workspace.run({ configPath: join(run.directory, "config.yaml") });
    assertEquals(again.run.config, run.config);
    assertEquals(again.reproduction, { of: run.id, identical: true });
  });
});

Deno.test("an experiment that gives another result with equal inputs is caught", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", TEST_CONFIG);
    let calls = 0;
    const experiments = tableOf(({ bars }) => {
      const positions = new Int8Array(bars.length);
      positions[calls++] = 1;
      return { positions, warmup: 0 };
    });
    const outcomes: RunOutcome[] = [];
    for (let i = 0; i < 3; i++) outcomes.push(await workspace.run({ experiments }));
    const [first, second, third] = outcomes.map(({ run }) => run);
    assertEquals(outcomes.map(({ exitCode }) => exitCode), [0, 3, 3]);
    const reproduction = { of: first!.id, identical: false };
    assertEquals(outcomes.map((outcome) => outcome.reproduction), [
      null,
      reproduction,
      reproduction,
    ]);
    assertEquals(differing(first!, second!), ["signal", "result"]);
    // It ended as it should: what it is worth is another question.
    assertEquals([second!.status, third!.status], ["finished", "finished"]);
    const log = await Deno.readTextFile(join(second!.directory, "run.log"));
    assertMatch(log, /level=error .*"result differs from an earlier run with equal config, data/);
    assert(log.includes(`expected=${first!.hashes.result} actual=${second!.hashes.result}`));
    for (const run of await workspace.runs()) await assertComplete(run);
  });
});

Deno.test("a metric that differs is another result, though the signal is the same", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", TEST_CONFIG);
    let calls = 0;
    const experiments = tableOf((input) => ({ ...flat(input), metrics: { calls: calls++ } }));
    const first = await workspace.run({ experiments });
    const second = await workspace.run({ experiments });
    assertEquals(differing(first.run, second.run), ["result"]);
    assertEquals(second.exitCode, 3);
  });
});

Deno.test("random streams are equal for equal seeds, so that a seeded run reproduces", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", TEST_CONFIG);
    await workspace.write(
      "data.csv",
      `time,close\n${Array.from({ length: 200 }, (_, t) => `${1e9 + t},1\n`).join("")}`,
    );
    const experiments = tableOf(({ bars, random }) => {
      const coin = random("coin");
      return {
        positions: Int8Array.from({ length: bars.length }, () => coin.int(-1, 1)),
        warmup: 0,
      };
    });
    const first = await workspace.run({ experiments });
    const second = await workspace.run({ experiments });
    assertEquals(second.reproduction, { of: first.run.id, identical: true });
    const other = await workspace.run({ experiments, set: ["seed=43"] });
    assertEquals(differing(first.run, other.run), ["config", "signal", "result", "fingerprint"]);
  });
});

/** Writes as much of a program as has a code hash; the result is its folder. */
async function program(workspace: Workspace, text: string): Promise<string> {
  for (const file of ["main.ts", "deno.json", "deno.lock", "lib/a.ts", "experiments/b.ts"]) {
    await workspace.write(`program/${file}`, text);
  }
  return workspace.path("program");
}

Deno.test("if only the code differs, a run says whether the result stayed the same", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", TEST_CONFIG);
    let position = 0;
    const experiments = tableOf(({ bars }) => ({
      positions: new Int8Array(bars.length).fill(position),
      warmup: 0,
    }));
    const run = async (code: string, set: readonly string[] = []): Promise<RunOutcome> =>
      await workspace.run({
        experiments,
        set,
        machine: { programRoot: await program(workspace, code) },
      });
    const logOf = (outcome: RunOutcome) =>
      Deno.readTextFile(join(outcome.run.directory, "run.log"));
    const first = await run("1");
    assertEquals([first.reproduction, first.otherCode], [null, null]);
    // Other inputs are no measure.
    const seed = await run("2", ["seed=43"]);
    assertEquals([seed.reproduction, seed.otherCode], [null, null]);
    await workspace.write("data.csv", DATA.replace("13", "14"));
    const data = await run("2");
    assertEquals([data.reproduction, data.otherCode], [null, null]);
    await workspace.write("data.csv", DATA);

    const same = await run("2");
    assertEquals(
      [same.reproduction, same.otherCode, same.exitCode],
      [null, { of: first.run.id, identical: true }, 0],
    );
    assertEquals(differing(first.run, same.run), ["code", "fingerprint"]);
    assertMatch(
      await logOf(same),
      new RegExp(`level=info .* msg="other code gave the same result" run=${first.run.id}\n`),
    );
    position = 1;
    const other = await run("3");
    // Against the latest, and it is no failure.
    assertEquals([other.otherCode, other.exitCode], [{ of: same.run.id, identical: false }, 0]);
    assertMatch(
      await logOf(other),
      /level=warning .* msg="other code gave another result" run=\S+ expected=\S+ actual=\S+\n/,
    );
    // What ran before with this very code is the measure, whatever came later.
    const again = await run("3");
    assertEquals(
      [again.reproduction, again.otherCode],
      [{ of: other.run.id, identical: true }, null],
    );
  });
});

Deno.test("a run that failed is no measure for those that come after it", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", TEST_CONFIG);
    let broken = true;
    const experiments = tableOf((input) => {
      if (broken) throw new Error("not yet");
      return flat(input);
    });
    assertEquals((await workspace.run({ experiments })).exitCode, 1);
    broken = false;
    const { exitCode, reproduction, otherCode } = await workspace.run({ experiments });
    assertEquals([exitCode, reproduction, otherCode], [0, null, null]);
  });
});
