import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "@std/yaml/parse";
import { experiments } from "../../experiments/mod.ts";
import rollingMean from "../../experiments/rolling_mean.ts";
import { configSchema } from "../../lib/config/json_schema.ts";
import { isReserved, reservedShape } from "../../lib/config/reserved.ts";
import { defineExperiment, z } from "../../lib/experiment.ts";
import { runCli } from "../../lib/cli/cli.ts";
import { fakeHost } from "../fake_host.ts";
import { schemaProblems } from "./schema_problems.ts";

const ROOT = new URL("../..", import.meta.url);
const COMMITTED = new URL("experiments/config.schema.json", ROOT);

const other = defineExperiment({
  name: "other",
  version: 1,
  summary: "another one",
  params: { lag: z.int().min(2), side: z.enum(["long", "short"]).default("long") },
  columns: ["close"],
  signal: ({ bars }) => ({ positions: new Int8Array(bars.length), warmup: 0 }),
});

const schema = configSchema([rollingMean, other]);
const REQUIRED = { version: "v1", seed: 42 };

Deno.test("the committed schema is what config:schema prints", async () => {
  const host = fakeHost({ args: ["config:schema"], cwd: "/" });
  assertEquals(await runCli(host, experiments), 0);
  assertEquals(
    await Deno.readTextFile(COMMITTED),
    host.out,
    "It is out of date: deno task config:schema > experiments/config.schema.json",
  );
});

Deno.test("the project's own config names the schema and fits it", async () => {
  const text = await Deno.readTextFile(new URL("config.yaml", ROOT));
  assertStringIncludes(text, "# yaml-language-server: $schema=./experiments/config.schema.json\n");
  const committed = JSON.parse(await Deno.readTextFile(COMMITTED));
  const config = parse(text, { schema: "core" }) as Record<string, unknown>;
  assertEquals(schemaProblems(committed, config), []);
  const bundled = await experiments[String(config.experiment)]!();
  const documented = Object.entries({ ...reservedShape, ...bundled.default.params })
    .filter(([key, type]) => key !== "columns" && !(type instanceof z.ZodOptional))
    .map(([key]) => key);
  assertEquals(
    documented.filter((key) => !(key in config)),
    [],
    "every key that is required or has a default is in config.yaml",
  );
});

Deno.test("version and seed are required, and nothing else", () => {
  assertEquals(schema.required, ["version", "seed"]);
  assertEquals(schemaProblems(schema, REQUIRED), []);
  assertEquals(schemaProblems(schema, {}), ["version: missing", "seed: missing"]);
});

Deno.test("the schema knows the keys of each experiment, those of the default one if none is named", () => {
  const fits = (config: Record<string, unknown>): readonly string[] =>
    schemaProblems(schema, { ...REQUIRED, ...config });
  assertEquals(fits({ window: 5, min_periods: 1 }), []);
  assertEquals(fits({ experiment: "rolling-mean", window: 5 }), []);
  assertEquals(fits({ experiment: "other", lag: 2, side: "short" }), []);
  assertEquals(fits({ lag: 2 }), ["lag: not allowed"]);
  assertEquals(fits({ experiment: "other", window: 5 }), ["window: not allowed"]);
  assertEquals(fits({ experiment: "./mine.ts", anything: [1] }), []);
});

Deno.test("the schema refuses what the config check refuses", () => {
  const cases: Record<string, unknown>[] = [
    { window: 0 },
    { window: 1.5 },
    { window: "5" },
    { version: 1 },
    { version: "" },
    { seed: -1 },
    { seed: 2 ** 53 },
    { max_missing: 1.5 },
    { warmup: "skip" },
    { signals: "CSV" },
    { columns: { clse: "x" } },
    { columns: { close: 5 } },
    { columns: "close" },
    { data: "" },
    { data: [] },
    { data: ["a.csv", 5] },
    { windw: 5 },
    { keep_data: "much" },
    { keep_data: "64 000" },
    { keep_data: -1 },
    { keep_data: 1.5 },
    { evaluate: "x" },
    { evaluate: { cost_bps: -1 } },
    { evaluate: { costs: 1 } },
  ];
  for (const wrong of cases) {
    const problems = schemaProblems(schema, { ...REQUIRED, ...wrong });
    assertEquals(problems.length, 1, JSON.stringify(wrong));
    assert(problems[0]!.startsWith(Object.keys(wrong)[0]!), problems[0]);
  }
});

Deno.test("every key has a description, for the editor to show", () => {
  const { properties, allOf } = schema as {
    readonly properties: Record<string, { readonly description?: string }>;
    readonly allOf: readonly {
      readonly then: { readonly properties: Record<string, true | { description?: string }> };
    }[];
  };
  const described = [properties, ...allOf.map(({ then }) => then.properties)];
  for (const [key, value] of described.flatMap((all) => Object.entries(all))) {
    const text = value === true || key === "lag" || key === "side" ? "-" : value.description;
    assert(text !== undefined && text !== "", `${key} has no description`);
  }
});

Deno.test("reserved keys are no parameters' names", () => {
  assertEquals(
    ["seed", "keep_data", "evaluate"].map(isReserved),
    [true, true, true],
  );
  assertEquals(["window", "toString", "__proto__", ""].map(isReserved), [
    false,
    false,
    false,
    false,
  ]);
});
