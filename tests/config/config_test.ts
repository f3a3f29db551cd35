import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "@std/yaml/parse";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { type Config, configHash, configYaml, flatConfig } from "../../lib/config/config.ts";
import { REQUIRED, resolveText } from "./resolve_text.ts";

const FULL = `version: v1
seed: 42
experiment: rolling-mean
data: data.csv
columns: {close: Last, time: none}
max_missing: 0.01
warmup: exclude
signals: csv
window: 5
min_periods: 2
`;

async function hashOf(...args: Parameters<typeof resolveText>): Promise<string> {
  return await configHash(await resolveText(...args));
}

Deno.test("a config is flat again, with defaults and without what is unset", async () => {
  const config = await resolveText(`${REQUIRED}columns: {close: Last}\n`);
  assertEquals(Object.entries(flatConfig(config)), [
    ["version", "v1"],
    ["seed", 42],
    ["experiment", "rolling-mean"],
    ["data", config.data[0]],
    ["columns", { close: "Last" }],
    ["max_missing", 0.01],
    ["warmup", "exclude"],
    ["evaluate", {
      cost_bps: 10,
      slippage_bps: 0,
      risk_free: 0,
      bars_per_year: "auto",
      split: 0.7,
    }],
    ["signals", "csv"],
    ["keep_data", "64MB"],
    ["window", 5],
  ]);
});

Deno.test("the config hash is that of the canonical JSON, for ever", async () => {
  // Keys in code unit order, no space, no path: RFC 8785. If this changes, so does every
  // fingerprint in every registry.
  const canonical = (evaluate: string): string =>
    `{"columns":{"close":"Last","time":"none"},${evaluate}"experiment":"rolling-mean",` +
    '"max_missing":0.01,"min_periods":2,"seed":42,"signals":"csv","version":"v1",' +
    '"warmup":"exclude","window":5}';
  const sha256 = (text: string): string =>
    `sha256:${createHash("sha256").update(text).digest("hex")}`;
  assertEquals(
    await hashOf(FULL),
    sha256(canonical(
      '"evaluate":{"bars_per_year":"auto","cost_bps":10,"risk_free":0,"slippage_bps":0,"split":0.7},',
    )),
  );
  // Without an evaluation it is that of before there was any.
  const expected = sha256(canonical(""));
  assertEquals(expected, "sha256:6db0ff6b8139c655ce543ff81ff9ffd3c0d753f6b6050bff63332881af3b0ac9");
  assertEquals(await hashOf(`${FULL}evaluate: false\n`), expected);
  assertEquals(
    await hashOf(`${REQUIRED}evaluate: false\n`),
    "sha256:39bbacb24a8ca4709caf6cd248f8a752d6ffd48077b34021fca2785a225c330e",
  );
});

Deno.test("order, comments, spelt-out defaults and the folder do not enter the config hash", async () => {
  const lines = FULL.trim().split("\n");
  const reversed = `# a comment\n${lines.toReversed().join("\n")}\n`;
  const other = FULL.replace("{close: Last, time: none}", '\n  "time": none\n  close: Last')
    .replace("0.01", "1e-2").replace("data: data.csv", "data: ../other/bars.csv");
  assertEquals(await hashOf(reversed), await hashOf(FULL));
  assertEquals(await hashOf(other), await hashOf(FULL));
  assertEquals(
    await hashOf(FULL, { set: ["data=x.csv"], data: "/y.csv" }),
    await hashOf(FULL),
  );
  const defaults =
    "experiment: rolling-mean\ndata: data.csv\ncolumns: {}\nmax_missing: 0.01\nwarmup: exclude\n" +
    "evaluate: {cost_bps: 10, slippage_bps: 0, risk_free: 0, bars_per_year: auto, split: 0.7}\n" +
    "signals: csv\nkeep_data: 64MB\nwindow: 5\n";
  assertEquals(await hashOf(REQUIRED + defaults), await hashOf(REQUIRED));
});

Deno.test("which data is kept determines no result, so it does not enter the config hash", async () => {
  for (const value of ["true", "false", "0", "1GiB"]) {
    assertEquals(await hashOf(FULL, { set: [`keep_data=${value}`] }), await hashOf(FULL));
  }
});

Deno.test("every value but a path, and whether data is kept, enters the config hash", async () => {
  const changes = [
    "version=v2",
    "seed=43",
    "columns.close=Close",
    "columns.open=Open",
    "max_missing=0.02",
    "warmup=zero",
    "evaluate=false",
    "evaluate.cost_bps=5",
    "evaluate.permutations=1000",
    "signals=none",
    "window=6",
    "min_periods=3",
  ];
  const hashes = [await hashOf(FULL)];
  for (const change of changes) hashes.push(await hashOf(FULL, { set: [change] }));
  assertEquals(new Set(hashes).size, changes.length + 1);
});

Deno.test("a config written as YAML gives the very same config, from any folder", async () => {
  for (
    const text of [
      REQUIRED,
      FULL,
      `${FULL}evaluate: false\n`,
      FULL.replace("data.csv", "'bars #1: \"x\".csv'"),
    ]
  ) {
    const config = await resolveText(text);
    const again = await resolveText(configYaml(config));
    assertEquals(flatConfig(again), flatConfig(config));
    assertEquals(configYaml(again), configYaml(config));
    assertEquals(await configHash(again), await configHash(config));
  }
});

Deno.test("the YAML of a config is for people, too", async () => {
  const config = await resolveText(FULL);
  assertEquals(
    configYaml(config).replace(dirname(config.data[0]!), "/bars"),
    `version: v1
seed: 42
experiment: rolling-mean
data: /bars/data.csv
columns:
  time: none
  close: Last
max_missing: 0.01
warmup: exclude
evaluate:
  cost_bps: 10
  slippage_bps: 0
  risk_free: 0
  bars_per_year: auto
  split: 0.7
signals: csv
keep_data: 64MB
window: 5
min_periods: 2
`,
  );
});

Deno.test("labels, titles and numbers of any kind survive being written as YAML", async () => {
  const config = await resolveText(REQUIRED);
  const hard = fc.constantFrom(
    ..."1 1.0 010 0x1F 1_000 1e3 true no ~ null .inf 2024-01-01 12:30:00 = << - ? : # & * ! | > % @ `"
      .split(" "),
    "",
    " ",
    " a",
    "a ",
    "a: b",
    "a #b",
    "- a",
    "'",
    '"',
    "\n",
    "a\nb\n",
    "a\r\nb",
    "\t",
    "\u0085",
    "\u2028",
    "\ufeffa",
    "\u0000",
    "\u009b",
    "😀",
  );
  fc.assert(
    fc.property(
      fc.oneof(hard, fc.string(), fc.string({ unit: "grapheme" })),
      fc.oneof(hard, fc.string({ unit: "grapheme", minLength: 1 })),
      fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 5e-324, 1e-7, 1)),
      fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER)),
      (version, title, maxMissing, seed) => {
        const odd: Config = { ...config, version, seed, maxMissing, columns: { close: title } };
        assertEquals(parse(configYaml(odd), { schema: "core" }), flatConfig(odd));
      },
    ),
    { seed: 7, numRuns: 2000 },
  );
});

Deno.test("an experiment given by path is written by path and hashed by name", async () => {
  const source = (summary: string): string =>
    `import { defineExperiment } from "sigrun";
     export default defineExperiment({
       name: "mine", version: 1, summary: "${summary}", params: {}, columns: ["close"],
       signal: ({ bars }) => ({ positions: new Int8Array(bars.length), warmup: 0 }),
     });`;
  const configs = await Promise.all(
    ["a", "b"].map((summary) =>
      resolveText(`${REQUIRED}experiment: ./${summary}.ts\n`, {
        files: { [`${summary}.ts`]: source(summary) },
      })
    ),
  );
  const [a, b] = configs as [Config, Config];
  assertMatch(String(flatConfig(a).experiment), /^\/.*\/a\.ts$/);
  assert(a.experimentPath !== b.experimentPath);
  assertEquals(await configHash(a), await configHash(b));
});
