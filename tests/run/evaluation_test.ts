import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { EVALUATION_METRICS } from "../../lib/evaluate/metric_names.ts";
import { withWorkspace } from "./workspace.ts";

/** Forty hours of a price that goes up and down. */
const DATA = "time,close\n" + Array.from(
  { length: 40 },
  (_, t) => `${1_600_000_000 + t * 3600},${100 + (t * 37) % 11}\n`,
).join("");

const evaluated = ["evaluate=true"];

Deno.test("a run is evaluated: metrics in the registry, all else as a record, both in metrics.json", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("data.csv", DATA);
    const { run, metricsJson } = await workspace.run({ set: evaluated });
    const names = [...Object.keys(run.metrics), ...Object.keys(run.evaluation!.undefined!)];
    assertEquals(
      names.sort(),
      ["signal_rate", "ones", "valid_bars", "warmup_bars", "ties", ...EVALUATION_METRICS].sort(),
    );
    const found = JSON.parse(metricsJson);
    assertEquals(found.evaluation, run.evaluation);
    for (const [name, value] of Object.entries(found.metrics)) {
      assertEquals(value, run.metrics[name] ?? null, name);
    }
    const [stored] = await workspace.runs();
    assertEquals([stored!.evaluation, stored!.metrics], [run.evaluation, run.metrics]);
    assertEquals(run.evaluation!.bars_per_year, 8760);
    assertEquals(run.evaluation!.from, { bar: 2, time: "2020-09-13T14:26:40.000Z" });
  });
});

Deno.test("metrics that cannot be computed are null in metrics.json, absent in the registry, and explained", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("data.csv", "close\n10\n11\n12\n11\n13\n");
    const order = "columns.time=none";
    const { run, metricsJson } = await workspace.run({ set: [...evaluated, order] });
    assertEquals(JSON.parse(metricsJson).metrics.sharpe, null);
    assertEquals("sharpe" in run.metrics, false);
    const reason = "there is no time column: set evaluate.bars_per_year";
    assertEquals((run.evaluation!.undefined as Record<string, string>).sharpe, reason);
    const log = await Deno.readTextFile(join(run.directory, "run.log"));
    assertMatch(
      log,
      /msg="metrics that cannot be computed" metrics="[^"]*sharpe[^"]*" reason="there/,
    );
    const { run: other } = await workspace.run({ set: [order, "evaluate.bars_per_year=252"] });
    assert(Number.isFinite(other.metrics.sharpe));
  });
});

Deno.test("evaluate: false leaves the metrics as they are without", async () => {
  await withWorkspace(async (workspace) => {
    const { run, metricsJson } = await workspace.run({ set: ["evaluate=false"] });
    assertEquals(Object.keys(run.metrics), [
      "signal_rate",
      "ones",
      "valid_bars",
      "warmup_bars",
      "ties",
    ]);
    assertEquals([run.evaluation, JSON.parse(metricsJson).evaluation], [null, null]);
  });
});

Deno.test("an evaluation is reproduced, and costs make another result", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write("data.csv", DATA);
    const first = await workspace.run({ set: evaluated });
    const again = await workspace.run({ set: evaluated });
    assertEquals(again.reproduction, { of: first.run.id, identical: true });
    assertEquals([again.run.metrics, again.run.evaluation], [
      first.run.metrics,
      first.run.evaluation,
    ]);
    const dear = await workspace.run({ set: ["evaluate.cost_bps=50"] });
    assert(dear.run.metrics.net_return! < first.run.metrics.net_return!);
    assertEquals(dear.run.metrics.gross_return, first.run.metrics.gross_return);
    assertEquals(dear.run.hashes.signal, first.run.hashes.signal);
    assert(dear.run.hashes.result !== first.run.hashes.result);
    const seeded = await workspace.run({ set: [...evaluated, "seed=43"] });
    assert(seeded.run.metrics.sharpe_low !== first.run.metrics.sharpe_low);
    assertEquals(seeded.run.metrics.sharpe, first.run.metrics.sharpe);
  });
});

Deno.test("an experiment cannot have a metric of sigrun's", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.write(
      "own.ts",
      `import { defineExperiment } from "sigrun";
export default defineExperiment({
  name: "own", version: 1, summary: "reports a metric of sigrun's", params: {}, columns: ["close"],
  signal: ({ bars }) => ({
    positions: new Int8Array(bars.length), warmup: 0, metrics: { sharpe: 9 },
  }),
});
`,
    );
    const config = await workspace.write(
      "own.yaml",
      "version: v1\nseed: 1\nexperiment: ./own.ts\n",
    );
    const { run, error } = await workspace.run({ configPath: config });
    assertEquals([run.status, error?.code], ["failed", "experiment_invalid"]);
    assertEquals(
      error?.message,
      "Cannot use the signal of experiment own: metric sharpe is sigrun's own",
    );
    assertEquals([run.metrics, run.evaluation], [{}, null]);
    await assertRejects(() => Deno.stat(join(run.directory, "signals.csv")), Deno.errors.NotFound);
  });
});
