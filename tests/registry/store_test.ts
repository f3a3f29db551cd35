import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import fc from "fast-check";
import { listRuns } from "../../lib/registry/list_runs.ts";
import { NO_HASHES } from "../../lib/record.ts";
import { runningRuns } from "../../lib/registry/run_queries.ts";
import {
  commitIfRunning,
  commitRun,
  reserveRun,
  type StorableRun,
} from "../../lib/registry/store.ts";
import { refusalOf } from "../bars/refusal.ts";
import { sampleRun, withRegistry } from "./temp_registry.ts";

/** The runs as the registry gives them back. */
function storedAgain(...runs: readonly StorableRun[]): Promise<unknown> {
  return withRegistry(runs, async (registry) => (await listRuns(registry)).runs);
}

Deno.test("a run comes back as it was stored", async () => {
  const full = sampleRun({
    name: "wide",
    tags: ["a", "b"],
    environment: { sigrun: "0.1.0", nested: { list: [1, "two", null], "": false } },
    params: {
      columns: ["a"],
      deep: { x: { y: 1 } },
      flag: false,
      ratio: 0.1,
      text: "x",
      window: 5,
    },
    metrics: { ones: 5051, sharpe_ratio: -0.25, signal_rate: 0.5053021208483394, tiny: 5e-324 },
    hashes: {
      config: "sha256:1",
      data: "sha256:2",
      rows: "sha256:3",
      code: "sha256:4",
      signal: "sha256:5",
      result: "sha256:6",
      fingerprint: "sha256:7",
    },
    artifacts: [
      { path: "a.csv", sha256: "sha256:8", bytes: 0 },
      { path: "b.csv", sha256: "sha256:9", bytes: 2 ** 40 },
    ],
    evaluation: { sharpe_ratio: { reason: "too few bars", bars: [1, null] } },
    note: "looks \0 odd",
    labels_at: "2026-01-03T00:00:00.000Z",
    error_code: "internal",
    error_message: "none",
  });
  assertEquals(await storedAgain(full), [full]);
});

Deno.test("a run without anything but an id comes back without anything else", async () => {
  const bare = sampleRun({
    experiment: null,
    experiment_version: null,
    config_version: null,
    seed: null,
    status: "failed",
    duration_ms: null,
    latency_ms: null,
    rows_processed: null,
    signal_rate: null,
    data_path: null,
    config: null,
    environment: {},
    params: {},
    metrics: {},
    hashes: NO_HASHES,
    artifacts: [],
  });
  assertEquals(await storedAgain(bare), [bare]);
});

Deno.test("text of any kind comes back whole", async () => {
  const long = "0123456789abcdef".repeat(1 << 16);
  const texts = [
    "",
    " ",
    "NUL \0 in the middle",
    "\0",
    "ends in NUL\0",
    "'; DROP TABLE runs; --",
    `"double", 'single', \`back\` and \\`,
    "👩‍👩‍👧 🇩🇪 日本語 עברית é e\u0301",
    "line\nbreak\r\ntab\t\u0001\u001b[31m\u202e",
    "\ufeffbyte order mark, \ufffe and \ufffd",
    "?1 $1 :name @name %s %00",
    long,
  ];
  const runs = texts.map((text, i) =>
    sampleRun({
      id: `20260102-030405-${String(i).padStart(6, "0")}`,
      name: text,
      config_version: text,
      data_path: text,
      error_message: text,
      environment: { text, [text]: 1 },
      config: { version: text, [text]: [text] },
      params: { text, list: [text], object: { [text]: text } },
      tags: [text],
      artifacts: [{ path: text, sha256: "sha256:1", bytes: 1 }],
    })
  );
  assertEquals(await storedAgain(...runs), runs.toReversed());
});

Deno.test("text of any kind comes back whole, whatever it is", async () => {
  await withRegistry([], async (registry) => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", maxLength: 20 }).filter((text) => !text.includes("\uffff")),
        fc.jsonValue(),
        async (text, value) => {
          // JSON has no -0; a parameter comes from YAML or JSON.
          const params = JSON.parse(JSON.stringify({ value }));
          const run = sampleRun({ name: text, error_message: text, tags: [text], params });
          await commitRun(registry, run);
          assertEquals((await listRuns(registry)).runs, [run]);
        },
      ),
      { seed: 1, numRuns: 100 },
    );
  });
});

Deno.test("a parameter that is null stays null", async () => {
  const run = sampleRun({ params: { low: null, window: 5 } });
  assertEquals(await storedAgain(run), [run]);
});

Deno.test("numbers past 2^53 come back, as a seed, a parameter or a metric", async () => {
  const run = sampleRun({
    seed: Number.MAX_SAFE_INTEGER,
    rows_processed: Number.MAX_SAFE_INTEGER,
    params: { huge: 2 ** 80, negative: -(2 ** 63), small: -1e-300 },
    metrics: { huge: Number.MAX_VALUE, negative: -(2 ** 63), small: 5e-324 },
  });
  assertEquals(await storedAgain(run), [run]);
});

Deno.test("a number that is none is refused, and nothing of its run is stored", async () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    await withRegistry([sampleRun()], async (registry) => {
      const wrong = { metrics: { signal_rate: value }, params: { window: 6 } };
      await assertRejects(() => commitRun(registry, sampleRun(wrong)), RangeError, "finite");
      await assertRejects(() => commitRun(registry, sampleRun({ signal_rate: value })), RangeError);
      assertEquals((await listRuns(registry)).runs, [sampleRun()]);
    });
  }
});

Deno.test("a run is reserved as running, then replaced by what it became", async () => {
  const begun = sampleRun({
    status: "running",
    params: {},
    metrics: {},
    artifacts: [],
    tags: ["draft"],
    duration_ms: null,
  });
  await withRegistry([], async (registry) => {
    await reserveRun(registry, begun);
    assertEquals((await listRuns(registry)).runs, [begun]);
    assertEquals(await runningRuns(registry), [
      { id: begun.id, directory: begun.directory, hostname: null },
    ]);
    await commitRun(registry, sampleRun({ tags: ["final"] }));
    assertEquals((await listRuns(registry)).runs, [sampleRun({ tags: ["final"] })]);
    assertEquals(await runningRuns(registry), []);
  });
});

Deno.test("a run that is still stored as running is recorded, and no other", async () => {
  const running = sampleRun({ status: "running", tags: [] });
  await withRegistry([running], async (registry) => {
    await commitIfRunning(registry, sampleRun({ tags: ["sealed"] }));
    assertEquals((await listRuns(registry)).runs, [sampleRun({ tags: ["sealed"] })]);
    await commitIfRunning(registry, sampleRun({ tags: ["late"] }));
    assertEquals((await listRuns(registry)).runs, [sampleRun({ tags: ["sealed"] })]);
    await commitIfRunning(registry, sampleRun({ id: "20260102-030405-000000" }));
    assertEquals((await listRuns(registry)).total, 1);
  });
});

Deno.test("recording a run twice changes nothing", async () => {
  assertEquals(await storedAgain(sampleRun(), sampleRun()), [sampleRun()]);
});

Deno.test("an id can be reserved once", async () => {
  await withRegistry([sampleRun()], async (registry) => {
    const error = await refusalOf(() =>
      reserveRun(registry, sampleRun({ status: "running", tags: ["x"] }))
    );
    assertEquals(error.code, "registry_unavailable");
    assertMatch(error.message, /Cannot use the registry .*registry\.db: .*runs\.id/);
    assertEquals((await listRuns(registry)).runs, [sampleRun()]);
  });
});

Deno.test("what a run was does not stay with what it became", async () => {
  const before = sampleRun({
    params: { a: 1, b: 2 },
    metrics: { x: 1 },
    tags: ["t"],
    artifacts: [{ path: "x", sha256: "sha256:1", bytes: 1 }],
  });
  const after = sampleRun({ params: { b: 3 }, metrics: {}, tags: [], artifacts: [] });
  assertEquals(await storedAgain(before, after), [after]);
});

Deno.test("a write to a registry that was closed is an error, not a loss", async () => {
  await withRegistry([], async (registry) => {
    registry.close();
    const error = await refusalOf(() => commitRun(registry, sampleRun()));
    assertEquals(error.code, "registry_unavailable");
    assert(error.cause !== undefined);
  });
});
