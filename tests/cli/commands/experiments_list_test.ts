import { assertEquals, assertStringIncludes } from "@std/assert";
import { experiments } from "../../../experiments/mod.ts";
import { defineExperiment, z } from "../../../lib/experiment.ts";
import { printableLines } from "../../../lib/quote.ts";
import { withWorkspace } from "../workspace.ts";

const ONE = { "rolling-mean": () => import("../../../experiments/rolling_mean.ts") };

Deno.test("experiments are listed with their parameters, defaults, limits and meaning", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    assertEquals(await call("experiments:list", { experiments: ONE }), {
      exit: 0,
      out: `rolling-mean  version 1
  1 while the close is above its rolling mean, else 0
  PARAMETER    DEFAULT  EXPECTED               MEANING
  window       5        a whole number from 1  bars in the rolling mean
  min_periods           a whole number from 1  bars needed before there is a mean; default: window

`,
      err: "",
    });
    assertEquals(files(), before);
  });
});

Deno.test("every bundled experiment is listed with its sentence, without parameters too", async () => {
  await withWorkspace(async ({ call }) => {
    const { exit, out } = await call("experiments:list");
    assertEquals(exit, 0);
    for (const [name, load] of Object.entries(experiments)) {
      const { version, summary } = (await load()).default;
      assertStringIncludes(out, `${name}  version ${version}\n  ${summary}\n`);
    }
    assertStringIncludes(
      out,
      "\n  a baseline: 1 at every bar\n  no parameters\n\ndonchian-breakout  version 1\n",
    );
  });
});

Deno.test("with --json parameters are JSON Schemas", async () => {
  await withWorkspace(async ({ call }) => {
    const { out } = await call("experiments list --json", { experiments: ONE });
    const { schema, total, experiments } = JSON.parse(out);
    assertEquals([schema, total, experiments.length], [1, 1, 1]);
    const [{ name, version, columns, params }] = experiments;
    assertEquals([name, version, columns], ["rolling-mean", 1, ["close"]]);
    assertEquals(params.window, {
      default: 5,
      description: "bars in the rolling mean",
      type: "integer",
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
    });
  });
});

Deno.test("an experiment's own words cannot command the terminal", async () => {
  const hostile = "a\u001b[2J\u202eb";
  const experiment = defineExperiment({
    name: "probe",
    version: 1,
    summary: hostile,
    params: { side: z.enum([hostile, "x"]).default(hostile).describe(hostile) },
    columns: ["close"],
    signal: ({ bars }) => ({ positions: new Int8Array(bars.length), warmup: 0 }),
  });
  const experiments = { probe: () => Promise.resolve({ default: experiment }) };
  await withWorkspace(async ({ call }) => {
    const { exit, out } = await call("experiments:list", { experiments });
    assertEquals([exit, printableLines(out)], [0, out]);
    assertEquals(out.split("a\\u{1b}[2J\\u{202e}b").length, 5);
  });
});
