import { assertEquals } from "@std/assert";
import { defineExperiment, z } from "../../../lib/experiment.ts";
import { printableLines } from "../../../lib/quote.ts";
import { withWorkspace } from "../workspace.ts";

Deno.test("experiments are listed with their parameters, defaults, limits and meaning", async () => {
  await withWorkspace(async ({ call, files }) => {
    const before = files();
    assertEquals(await call("experiments:list"), {
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

Deno.test("with --json parameters are JSON Schemas", async () => {
  await withWorkspace(async ({ call }) => {
    const { schema, total, experiments } = JSON.parse((await call("experiments list --json")).out);
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
