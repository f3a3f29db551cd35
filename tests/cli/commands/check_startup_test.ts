import { assertEquals, assertMatch } from "@std/assert";
import type { Signal } from "../../../lib/experiment.ts";
import { tableOf, TEST_CONFIG } from "../../run/test_experiment.ts";
import { withWorkspace } from "../workspace.ts";

Deno.test("a rolling mean is said not to depend on where the data starts", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    assertEquals(await call("check:startup"), {
      exit: 0,
      out: `experiment  rolling-mean  version 1
data        data.csv  5 bars
warm-up     2 bars

BARS LATER  COMPARED  DIFFERENT  LAST DIFFERENCE
         1         2          0             none
         2         1          0             none

Positions after the warm-up do not depend on where the data starts.
`,
      err: "",
    });
    assertEquals(files(), before);
  });
});

Deno.test("how long a signal depends on where the data starts is summed up in a line", async () => {
  const summaryOf = async (positionAt: (t: number) => number): Promise<string> => {
    let summary = "";
    await withWorkspace(async ({ call, write }) => {
      await write("config.yaml", TEST_CONFIG);
      await write(
        "data.csv",
        `time,close\n${Array.from({ length: 40 }, (_, t) => `${1e9 + t},10\n`).join("")}`,
      );
      const experiments = tableOf(({ bars: { length } }): Signal => ({
        positions: Int8Array.from({ length }, (_, t) => positionAt(t)),
        warmup: 0,
      }));
      const { exit, out } = await call("check:startup", { experiments });
      assertEquals(exit, 0);
      summary = out.trimEnd().split("\n").at(-1)!;
    });
    return summary;
  };
  assertEquals(
    await summaryOf((t) => t === 7 ? 1 : 0),
    "Positions depend on where the data starts for up to 8 bars, warm-up included.",
  );
  assertEquals(
    await summaryOf((t) => t % 2),
    "Positions depend on where the data starts up to the end of the data, or nearly so.",
  );
});

Deno.test("an experiment that fails on shorter data is told, and where nothing can be compared", async () => {
  await withWorkspace(async ({ call, write }) => {
    await write("config.yaml", TEST_CONFIG);
    const experiments = tableOf(({ bars: { length } }): Signal => {
      if (length < 5) throw new Error("too\u202e short");
      return { positions: new Int8Array(length), warmup: 0 };
    });
    const { exit, out } = await call("check:startup", { experiments });
    assertEquals(exit, 0);
    assertMatch(out, /^ +2 {4}failed$/m);
    assertMatch(out, /^2 bars later: Experiment test failed: too[^\u202e]* short$/m);
    assertMatch(out, /\nNothing could be compared: there are no bars after a warm-up\.\n$/);
  });
});

Deno.test("with --json the starts are data, of a recorded run too", async () => {
  await withWorkspace(async ({ call }) => {
    await call("run");
    const { exit, out } = await call("check startup latest --json");
    assertEquals(exit, 0);
    assertEquals(JSON.parse(out), {
      schema: 1,
      experiment: "rolling-mean",
      experiment_version: 1,
      bars: 5,
      warmup_bars: 2,
      bars_to_settle: 0,
      settles: true,
      summary: "Positions after the warm-up do not depend on where the data starts.",
      starts: [
        { bars_later: 1, compared: 2, different: 0, last_difference: null, failure: null },
        { bars_later: 2, compared: 1, different: 0, last_difference: null, failure: null },
      ],
    });
  });
});
