import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { experiments } from "../../experiments/mod.ts";
import { findExperiment, isExperimentPath, loadExperiment } from "../../lib/config/experiments.ts";
import { EXIT_USAGE, type UserError } from "../../lib/errors.ts";
import { type Experiment, z } from "../../lib/experiment.ts";
import { refusalOf } from "../bars/refusal.ts";
import { withTempDir } from "../temp_dir.ts";

/** How an experiment whose file holds this source is refused. */
function refusedSource(source: string): Promise<UserError> {
  return withTempDir(async (dir) => {
    const path = join(dir, "mine.ts");
    await Deno.writeTextFile(path, source);
    return await refusalOf(() => loadExperiment(path));
  });
}

Deno.test("a bundled experiment is found by its name", async () => {
  const { experiment, path } = await findExperiment("rolling-mean", experiments);
  assertEquals([experiment.name, path], ["rolling-mean", null]);
});

Deno.test("a bundled experiment of another name is refused with the nearest", async () => {
  const error = await refusalOf(() => findExperiment("rolling_maen", experiments));
  assertEquals(
    [error.code, error.exitCode, error.message],
    [
      "experiment_unknown",
      EXIT_USAGE,
      "Cannot find experiment 'rolling_maen': did you mean rolling-mean?",
    ],
  );
});

Deno.test("a path is told from a name by a slash or the ending of a module", () => {
  for (const path of ["./mine.ts", "mine.ts", "mine.js", "mine.mts", "a/mine", "C:\\mine"]) {
    assertEquals(isExperimentPath(path), true, path);
  }
  for (const name of ["rolling-mean", "mine", "ts", "v1.2", "mine.py"]) {
    assertEquals(isExperimentPath(name), false, name);
  }
});

Deno.test("an experiment is loaded from a path with any characters", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "mine #1 100% ünï?.ts");
    await Deno.writeTextFile(
      path,
      `import { defineExperiment, z } from "sigrun";
       export default defineExperiment({
         name: "mine", version: 1, summary: "", params: { lag: z.int() }, columns: ["close"],
         signal: ({ bars }) => ({ positions: new Int8Array(bars.length), warmup: 0 }),
       });`,
    );
    const found = await loadExperiment(path);
    assertEquals([found.experiment.name, found.path], ["mine", path]);
  });
});

Deno.test("a file that is not there is refused with where paths begin", async () => {
  const error = await refusalOf(() => loadExperiment("/no/such/mine.ts"));
  assertEquals(
    [error.code, error.exitCode, error.message, error.hint],
    [
      "experiment_unknown",
      EXIT_USAGE,
      "Cannot find the experiment /no/such/mine.ts",
      "A path in a config is relative to the config file.",
    ],
  );
});

Deno.test("a directory is refused with what to name", async () => {
  await withTempDir(async (dir) => {
    const error = await refusalOf(() => loadExperiment(dir));
    assertEquals(
      [error.code, error.exitCode, error.message, error.hint],
      [
        "experiment_invalid",
        EXIT_USAGE,
        `Cannot load the experiment ${dir}: it is a directory`,
        "Name the file in it, for example: experiment: ./my_signal.ts",
      ],
    );
  });
});

Deno.test("a file that cannot be loaded is refused with the reason", async () => {
  const cases: [source: string, reason: RegExp][] = [
    ["export default {", /mine\.ts: /],
    ['throw new Error("not today");', /mine\.ts: not today$/],
    ['Deno.readTextFileSync("/no/such");', /mine\.ts: No such file/],
    ['import "./missing.ts";', /mine\.ts: .*missing\.ts/],
    [
      'import { defineExperiment } from "sigrun"; defineExperiment({ name: "Not A Name" });',
      /mine\.ts: Cannot define an experiment named "Not A Name"/,
    ],
  ];
  for (const [source, reason] of cases) {
    const error = await refusedSource(source);
    assertEquals([error.code, error.exitCode], ["experiment_invalid", EXIT_USAGE]);
    assertMatch(error.message, /^Cannot load the experiment /);
    assertMatch(error.message, reason);
  }
});

Deno.test("what is no experiment is refused with what to write", async () => {
  const nearly = "name: 'x', params: {}, columns: ['close'], signal() {}, check() {}";
  for (
    const source of [
      "export const x = 1;",
      "export default null;",
      "export default 5;",
      "export default { signal() {} };",
      `export default { ${nearly.replace("name: 'x', ", "")} };`,
      `export default { ${nearly.replace("params: {}, ", "")} };`,
      `export default { ${nearly.replace("params: {}", "params: null")} };`,
      `export default { ${nearly.replace("params: {}", "params: { window: 5 }")} };`,
      `export default { ${nearly.replace("columns: ['close']", "columns: 'close'")} };`,
    ]
  ) {
    const error = await refusedSource(source);
    assertEquals([error.code, error.exitCode], ["experiment_invalid", EXIT_USAGE]);
    assertMatch(error.message, /mine\.ts: its default export is not an experiment$/);
    assertMatch(error.hint!, /export default defineExperiment/);
  }
});

Deno.test("a parameter named like a key of sigrun's own is refused, now and for later", async () => {
  for (const key of ["seed", "columns", "time_zone"]) {
    const table = {
      mine: () =>
        Promise.resolve({
          default: {
            name: "mine",
            params: { [key]: z.int() },
            columns: ["close"],
            signal: () => {},
            check: () => {},
          } as unknown as Experiment,
        }),
    };
    const error = await refusalOf(() => findExperiment("mine", table));
    assertEquals(error.message, `Cannot use mine: its parameter ${key} is a key of sigrun's own`);
    assertEquals([error.code, error.exitCode], ["experiment_invalid", EXIT_USAGE]);
  }
});

Deno.test("a relative path is a mistake of the caller", async () => {
  await assertRejects(() => loadExperiment("./mine.ts"), TypeError, "not absolute");
});
