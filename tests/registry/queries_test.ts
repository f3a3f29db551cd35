import { assertEquals } from "@std/assert";
import { listRuns, type RunsQuery } from "../../lib/registry/list_runs.ts";
import { knownNamesOf } from "../../lib/registry/known_names.ts";
import { nthLatestRun, runsByPrefix } from "../../lib/registry/queries.ts";
import { COLUMNS } from "../../lib/registry/query/columns.ts";
import type { ValueTarget } from "../../lib/registry/query/names.ts";
import type { StorableRun } from "../../lib/registry/store.ts";
import { sampleRun, withRegistry } from "./temp_registry.ts";

const column = (name: string): ValueTarget => ({ kind: "column", column: COLUMNS[name]! });
const param = (key: string): ValueTarget => ({ kind: "param", key });
const metric = (key: string): ValueTarget => ({ kind: "metric", key });

/** A run named by one letter, which began in that order. */
function run(letter: string, changes: Partial<StorableRun> = {}): StorableRun {
  const second = letter.charCodeAt(0) - "a".charCodeAt(0);
  return sampleRun({
    id: `20260101-00000${second}-${letter.repeat(6)}`,
    started_at: `2026-01-01T00:00:0${second}.000Z`,
    name: letter,
    ...changes,
  });
}

/** Names of the runs that a query finds, in its order. */
function found(runs: readonly StorableRun[], query: RunsQuery): Promise<string> {
  return withRegistry(
    runs,
    async (registry) => (await listRuns(registry, query)).runs.map(({ name }) => name).join(""),
  );
}

Deno.test("runs come newest first, or oldest first", async () => {
  const runs = [run("b"), run("a"), run("c")];
  assertEquals(await found(runs, {}), "cba");
  assertEquals(await found(runs, { ascending: true }), "abc");
});

Deno.test("runs that began at once come in one order", async () => {
  const runs = ["b", "c", "a"].map((letter) => run(letter, { started_at: "2026-01-01" }));
  assertEquals(await found(runs, {}), "cba");
  assertEquals(await found(runs, { sort: column("seed"), ascending: true }), "cba");
});

Deno.test("a list is filtered by status", async () => {
  const runs = [
    run("a"),
    run("b", { status: "failed" }),
    run("c", { status: "running" }),
    run("d", { status: "interrupted" }),
    run("e"),
  ];
  assertEquals(await found(runs, { status: "finished" }), "ea");
  assertEquals(await found(runs, { status: "failed" }), "b");
  assertEquals(await found(runs, { status: "running" }), "c");
  assertEquals(await found(runs, { status: "interrupted" }), "d");
  assertEquals(await found(runs, { status: "crashed" }), "", "it is never stored");
  assertEquals(await found(runs, { status: "' OR 1 --" }), "");
});

Deno.test("a list is filtered by experiment", async () => {
  const runs = [run("a"), run("b", { experiment: "other" }), run("c", { experiment: null })];
  assertEquals(await found(runs, { experiment: "other" }), "b");
  assertEquals(await found(runs, { experiment: "rolling-mean" }), "a");
  assertEquals(await found(runs, { experiment: "%" }), "");
});

Deno.test("a list is filtered by tags: a run has all of them", async () => {
  const runs = [
    run("a", { tags: ["x"] }),
    run("b", { tags: ["x", "y"] }),
    run("c", { tags: ["y", "z", "x"] }),
    run("d"),
    run("e", { tags: ["X", "NUL\0"] }),
  ];
  assertEquals(await found(runs, { tags: [] }), "edcba");
  assertEquals(await found(runs, { tags: ["x"] }), "cba");
  assertEquals(await found(runs, { tags: ["x", "y"] }), "cb");
  assertEquals(await found(runs, { tags: ["x", "y", "z"] }), "c");
  assertEquals(await found(runs, { tags: ["x", "x"] }), "cba");
  assertEquals(await found(runs, { tags: ["%"] }), "");
  assertEquals(await found(runs, { tags: ["NUL\0"] }), "e");
  assertEquals(await found(runs, { tags: ["NUL"] }), "");
});

Deno.test("filters hold together", async () => {
  const runs = [
    run("a", { tags: ["x"], status: "failed" }),
    run("b", { tags: ["x"] }),
    run("c", { tags: ["x"], experiment: "other" }),
    run("d"),
  ];
  const query = { tags: ["x"], status: "finished", experiment: "rolling-mean" };
  assertEquals(await found(runs, query), "b");
});

Deno.test("a list is sorted by any column, largest first, runs without a value last", async () => {
  const runs = [
    run("a", { signal_rate: 0.2, latency_ms: 30, seed: 9, duration_ms: 1, rows_processed: 5 }),
    run("b", { signal_rate: null, latency_ms: null, seed: null, status: "failed" }),
    run("c", { signal_rate: 0.7, latency_ms: 4, seed: 10, duration_ms: 2, rows_processed: 100 }),
    run("d", { signal_rate: 0, latency_ms: 200, seed: 2 ** 53 - 1, experiment: "zeta" }),
  ];
  assertEquals(await found(runs, { sort: column("signal_rate") }), "cadb");
  assertEquals(await found(runs, { sort: column("signal_rate"), ascending: true }), "dacb");
  assertEquals(await found(runs, { sort: column("latency_ms") }), "dacb");
  assertEquals(await found(runs, { sort: column("latency_ms"), ascending: true }), "cadb");
  assertEquals(await found(runs, { sort: column("seed") }), "dcab", "seeds are numbers, not text");
  assertEquals(await found(runs, { sort: column("name"), ascending: true }), "abcd");
  assertEquals(await found(runs, { sort: column("id") }), "dcba");
  assertEquals(await found(runs, { sort: column("experiment") }), "dcba");
  assertEquals(await found(runs, { sort: column("status"), ascending: true }), "bdca");
  assertEquals((await found(runs, { sort: column("rows_processed"), ascending: true }))[0], "a");
  assertEquals(
    (await found(runs, { sort: column("duration_ms"), ascending: true })).slice(0, 2),
    "ac",
  );
});

Deno.test("a list is sorted by a parameter: numbers as numbers, text as text", async () => {
  const runs = [
    run("a", { params: { window: 9, mode: "slow" } }),
    run("b", { params: { window: 10, mode: "fast" } }),
    run("c", { params: {} }),
    run("d", { params: { window: 0.5, mode: "medium" } }),
    run("e", { params: { window: null } }),
  ];
  assertEquals((await found(runs, { sort: param("window") })).replace("e", ""), "badc");
  assertEquals(
    (await found(runs, { sort: param("window"), ascending: true })).replace("e", ""),
    "dabc",
  );
  assertEquals(await found(runs, { sort: param("mode"), ascending: true }), "bdaec");
});

Deno.test("a list is sorted by a metric, before a parameter of the same name", async () => {
  const runs = [
    run("a", { metrics: { ties: 3 } }),
    run("b", { metrics: { ties: 20 } }),
    run("c", { metrics: {} }),
    run("d", { metrics: { ties: -1 }, params: { ties: 100 } }),
  ];
  assertEquals(await found(runs, { sort: metric("ties") }), "badc");
  assertEquals(await found(runs, { sort: metric("ties"), ascending: true }), "dabc");
  assertEquals(await found(runs, { sort: metric("nonsense'; --") }), "dcba");
});

Deno.test("a page is no longer than its limit, and says how many there are in all", async () => {
  const runs = ["a", "b", "c", "d"].map((letter) => run(letter, { tags: ["x"] }));
  await withRegistry([...runs, run("e")], async (registry) => {
    const { total, runs: page } = await listRuns(registry, { limit: 2, tags: ["x"] });
    assertEquals([total, page.map(({ name }) => name)], [4, ["d", "c"]]);
    assertEquals((await listRuns(registry, { limit: 100 })).runs.length, 5);
    assertEquals((await listRuns(registry)).total, 5);
  });
});

Deno.test("a list of many runs has the details of each", async () => {
  const many = Array.from({ length: 300 }, (_, i) =>
    sampleRun({
      id: `20260101-000000-${String(i).padStart(6, "0")}`,
      params: { window: i },
      metrics: { ones: i },
      tags: [`t${i}`],
    }));
  await withRegistry(many, async (registry) => {
    assertEquals((await listRuns(registry)).runs, many.toReversed());
  });
});

Deno.test("a new registry has no runs and knows no names", async () => {
  await withRegistry([], async (registry) => {
    assertEquals(await listRuns(registry), { total: 0, runs: [] });
    assertEquals(await knownNamesOf(registry), { params: [], metrics: [], tags: [] });
    assertEquals(await nthLatestRun(registry, 0), undefined);
  });
});

Deno.test("the names of all parameters and metrics are known", async () => {
  const runs = [
    run("a", { params: { window: 1, lag: 2 }, metrics: { ones: 1 } }),
    run("b", { params: { window: 1 }, metrics: { ties: 1, ones: 1, lag: 0 } }),
  ];
  await withRegistry(runs, async (registry) => {
    assertEquals(await knownNamesOf(registry), {
      params: ["lag", "window"],
      metrics: ["lag", "ones", "ties"],
      tags: [],
    });
  });
});

Deno.test("the nth latest run is counted from the end", async () => {
  await withRegistry([run("a"), run("c"), run("b")], async (registry) => {
    const names = [0, 1, 2, 3].map(async (back) => (await nthLatestRun(registry, back))?.name);
    assertEquals(await Promise.all(names), ["c", "b", "a", undefined]);
  });
});

Deno.test("a prefix finds ids and suffixes that begin with it, newest first", async () => {
  await withRegistry([run("a"), run("b"), run("c")], async (registry) => {
    const names = async (prefix: string, limit = 9): Promise<string> =>
      (await runsByPrefix(registry, prefix, limit)).map(({ name }) => name).join("");
    assertEquals(await names("20260101-000001"), "b");
    assertEquals(await names("bbb"), "b");
    assertEquals(await names("2026"), "cba");
    assertEquals(await names("2026", 2), "cb");
    assertEquals(await names("000001"), "", "the time alone is neither");
  });
});
