import { assertEquals, assertMatch } from "@std/assert";
import { compareRuns, type Comparison } from "../../lib/compare/compare.ts";
import { NO_HASHES, type RunHashes, type RunRecord } from "../../lib/record.ts";
import { sampleRun } from "../registry/temp_registry.ts";

const HASHES: RunHashes = {
  config: "sha256:c",
  data: "sha256:d",
  rows: "sha256:r",
  code: "sha256:x",
  signal: "sha256:s",
  result: "sha256:y",
  fingerprint: "sha256:f",
};

function run(changes: Partial<RunRecord> = {}, hashes: Partial<RunHashes> = {}): RunRecord {
  return { ...sampleRun(), ...changes, hashes: { ...HASHES, ...hashes } };
}

/** A run with these parameters, whose config says so. */
function runWith(params: Readonly<Record<string, unknown>>): RunRecord {
  return run({ params, config: { version: "v1", seed: 42, ...params } });
}

/** The names of a kind that differ. */
function differing({ rows }: Comparison, kind: string): readonly string[] {
  return rows.filter((row) => row.kind === kind && row.differs).map(({ name }) => name);
}

Deno.test("equal runs are the same in all", () => {
  const { verdict, rows } = compareRuns([run(), run({ id: "20260102-030406-other0" })]);
  assertEquals(verdict, "same data, same code, same parameters, same result");
  assertEquals(rows.filter(({ differs }) => differs), []);
});

Deno.test("the verdict names the parameters that differ", () => {
  assertEquals(
    compareRuns([runWith({ window: 5 }), runWith({ window: 6 })]).verdict,
    "same data, same code, 1 parameter differs: window, same result",
  );
  assertEquals(
    compareRuns([runWith({ window: 5 }), runWith({ window: 6, lag: 1 })]).verdict,
    "same data, same code, 2 parameters differ: window, lag, same result",
  );
});

Deno.test("the verdict names what else differs in the configs, but not where the data lies", () => {
  const config = { version: "v1", seed: 42, data: "/a.csv", window: 5 };
  const other = { ...config, seed: 43, data: "/b.csv", warmup: "zero" };
  const { verdict } = compareRuns([run({ config }), run({ config: other })]);
  assertMatch(verdict, /^same data, same code, 2 config keys differ: seed, warmup, /);
});

Deno.test("the verdict tells data files with the same rows from other data", () => {
  assertMatch(
    compareRuns([run(), run({}, { data: "sha256:d2" })]).verdict,
    /^different data files with the same rows, /,
  );
  assertMatch(
    compareRuns([run(), run({}, { data: "sha256:d2", rows: "sha256:r2" })]).verdict,
    /^different data, /,
  );
});

Deno.test("the verdict tells other code and another result", () => {
  const { verdict } = compareRuns([run(), run({}, { code: "sha256:x2", result: "sha256:y2" })]);
  assertEquals(verdict, "same data, different code, same parameters, different result");
});

Deno.test("what a failed run does not have is unknown, not different", () => {
  const failed = run(
    { status: "failed", config: null, params: {}, metrics: {} },
    { ...NO_HASHES, code: "sha256:x" },
  );
  const comparison = compareRuns([run(), failed]);
  assertEquals(
    comparison.verdict,
    "1 of 2 did not finish, data unknown for some, same code, result unknown for some",
  );
  assertEquals([differing(comparison, "param"), differing(comparison, "config")], [[], []]);
  assertEquals(
    compareRuns([failed, failed]).verdict,
    "2 of 2 did not finish, data unknown, same code, result unknown",
  );
});

Deno.test("values stand side by side, null where a run has none", () => {
  const comparison = compareRuns([
    runWith({ window: 5 }),
    runWith({ lag: 1 }),
    { ...runWith({ window: 5, lag: 1 }), metrics: { ones: 6 } },
  ]);
  const { rows } = comparison;
  assertEquals(rows.find(({ name }) => name === "window"), {
    kind: "param",
    name: "window",
    values: [5, null, 5],
    differs: true,
  });
  assertEquals(rows.find(({ name }) => name === "ones")?.values, [5, 5, 6]);
  assertEquals(differing(comparison, "metric"), ["ones", "signal_rate"]);
  assertEquals(differing(comparison, "param"), ["window", "lag"]);
});

Deno.test("parameters are compared by value", () => {
  const comparison = compareRuns([
    runWith({ list: [1, 2], text: "5" }),
    runWith({ list: [1, 2], text: 5 }),
  ]);
  assertEquals(differing(comparison, "param"), ["text"]);
});

Deno.test("every metric is told against that of the first run, by size and by share", () => {
  const { rows } = compareRuns([
    run({ metrics: { ones: 4, loss: -2, flat: 0, gone: 1 } }),
    run({ metrics: { ones: 5, loss: -1, flat: 3, fresh: 1 } }),
  ]);
  const change = (name: string) => rows.find((row) => row.name === name)?.changes?.[1];
  assertEquals(change("ones"), { absolute: 1, relative: 0.25 });
  assertEquals(change("loss"), { absolute: 1, relative: 0.5 });
  assertEquals(change("flat"), { absolute: 3, relative: null });
  assertEquals([change("gone"), change("fresh")], [null, null]);
});

Deno.test("data, code and runtime that differ are named", () => {
  const git = { commit: "a".repeat(40), branch: "main", dirty: false, diff: null };
  const environment = { sigrun: "0.1.0", deno: "2.9.6", git };
  const comparison = compareRuns([
    run({ environment, data_path: "/a.csv" }),
    run({
      environment: { ...environment, deno: "2.9.7", git: { ...git, commit: "b", dirty: true } },
      data_path: "/b.csv",
      quality: { bars: 9, first_time: "2026-01-01T00:00:00.000Z" },
    }, { data: "sha256:d2", code: "sha256:x2" }),
  ]);
  assertEquals(differing(comparison, "data"), ["data_path", "data_hash", "bars", "first_time"]);
  assertEquals(differing(comparison, "code"), ["code_hash", "commit", "uncommitted_changes"]);
  assertEquals(differing(comparison, "runtime"), ["deno"]);
});

Deno.test("metrics that differ in nothing but the rounding of their sums are equal", () => {
  const of = (loss: number, flat: number) => run({ metrics: { loss, flat } });
  const sum = 0.1 + 0.2;
  assertEquals(differing(compareRuns([of(0.3, 0), of(sum, 0)]), "metric"), []);
  assertEquals(differing(compareRuns([of(0.3, 0), of(0.3000001, 1e-20)]), "metric"), [
    "loss",
    "flat",
  ]);
  assertEquals(differing(compareRuns([of(0.3, 0), run({ metrics: {} })]), "metric"), [
    "loss",
    "flat",
  ]);
});

Deno.test("nested keys of a config are compared one by one", () => {
  const config = (cost: number) => ({ version: "v1", evaluate: { cost_bps: cost, split: 0.7 } });
  const comparison = compareRuns([run({ config: config(1) }), run({ config: config(5) })]);
  assertEquals(differing(comparison, "config"), ["evaluate.cost_bps"]);
  assertMatch(comparison.verdict, /, 1 config key differs: evaluate\.cost_bps, /);
});
