import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { basename, dirname, join } from "node:path";
import { experiments as bundled } from "../../experiments/mod.ts";
import { EXIT_USAGE } from "../../lib/errors.ts";
import { defineExperiment, type Experiment, type ParamsShape, z } from "../../lib/experiment.ts";
import { type Refusal, refusedText, REQUIRED, resolveText } from "./resolve_text.ts";

const README_HINT = "The README lists all keys with their values.";

/** The lines of a refusal, below the one that counts them. */
function problems({ message }: Refusal): readonly string[] {
  return message.split("\n").slice(1).map((line) => line.trim());
}

async function problemsOf(
  ...args: Parameters<typeof refusedText>
): Promise<readonly string[]> {
  const refusal = await refusedText(...args);
  assertEquals([refusal.code, refusal.exitCode], ["config_invalid", EXIT_USAGE]);
  return problems(refusal);
}

/** A table of one experiment with these parameters. */
function experimentWith(
  params: ParamsShape,
): { readonly probe: () => Promise<{ readonly default: Experiment }> } {
  const experiment = defineExperiment({
    name: "probe",
    version: 1,
    summary: "for tests",
    params,
    columns: ["close"],
    signal: ({ bars }) => ({ positions: new Int8Array(bars.length), warmup: 0 }),
  });
  return { probe: () => Promise.resolve({ default: experiment }) };
}

Deno.test("the smallest config is filled in with the defaults", async () => {
  const { experiment, data, ...config } = await resolveText("version: v1\nseed: 42\nwindow: 5\n");
  assertEquals(config, {
    version: "v1",
    seed: 42,
    experimentPath: null,
    columns: {},
    symbol: undefined,
    timeFormat: undefined,
    timeZone: undefined,
    decimalMark: undefined,
    duplicates: undefined,
    maxMissing: 0.01,
    warmup: "exclude",
    evaluate: {
      costBps: 10,
      slippageBps: 0,
      riskFree: 0,
      barsPerYear: "auto",
      permutations: undefined,
      split: 0.7,
    },
    signals: "csv",
    keepData: "64MB",
    params: { window: 5, min_periods: undefined },
  });
  assertEquals([experiment.name, basename(data[0]!)], ["rolling-mean", "data.csv"]);
});

Deno.test("every key can be set in the file", async () => {
  const config = await resolveText(`
version: "2"
seed: 0
experiment: rolling-mean
data: bars/btc.csv
columns: {time: none, close: Last}
time_format: dmy
time_zone: America/New_York
decimal_mark: comma
duplicates: last
max_missing: 1
warmup: zero
evaluate:
  cost_bps: 2.5
  slippage_bps: 1
  risk_free: 0.03
  bars_per_year: 252
  permutations: 0
  split: 1
signals: parquet
keep_data: true
window: 20
min_periods: 1
`);
  const { experiment: _, data, ...rest } = config;
  assertEquals(rest, {
    version: "2",
    seed: 0,
    experimentPath: null,
    columns: { time: "none", close: "Last" },
    symbol: undefined,
    timeFormat: "dmy",
    timeZone: "America/New_York",
    decimalMark: "comma",
    duplicates: "last",
    maxMissing: 1,
    warmup: "zero",
    evaluate: {
      costBps: 2.5,
      slippageBps: 1,
      riskFree: 0.03,
      barsPerYear: 252,
      permutations: 0,
      split: 1,
    },
    signals: "parquet",
    keepData: true,
    params: { window: 20, min_periods: 1 },
  });
  assert(data[0]!.endsWith(join("bars", "btc.csv")), data[0]);
});

Deno.test("a misspelt key is refused with its place and the nearest key", async () => {
  assertEquals(await refusedText(`${REQUIRED}windw: 5\n`), {
    code: "config_invalid",
    message: "The config config.yaml has a problem:\n" +
      "  config.yaml:3:1: windw: unknown key; did you mean window?",
    hint: README_HINT,
    exitCode: EXIT_USAGE,
  });
});

Deno.test("a key that is near no other is refused with all there are", async () => {
  assertEquals(await problemsOf(`${REQUIRED}zebra: 5\n`), [
    "config.yaml:3:1: zebra: unknown key; known are version, seed, experiment, data, columns, " +
    "symbol, time_format, time_zone, decimal_mark, duplicates, max_missing, warmup, evaluate, signals, keep_data, window, min_periods",
  ]);
});

Deno.test("a missing key is refused with what it has to be", async () => {
  assertEquals(await problemsOf("window: 5\n"), [
    "config.yaml: version: missing: expected text of up to 200 characters",
    "config.yaml: seed: missing: expected a whole number from 0",
  ]);
});

Deno.test("a value of the wrong type or out of range is refused with what was expected and got", async () => {
  const cases: [line: string, problem: string][] = [
    ["window: x", "window: expected a whole number from 1, got 'x'"],
    ["window: 0", "window: expected a whole number from 1, got 0"],
    ["window: -1.5", "window: expected a whole number from 1, got -1.5"],
    ["window: 2.5", "window: expected a whole number from 1, got 2.5"],
    ['window: "5"', "window: expected a whole number from 1, got '5'; write it without quotes"],
    ["window: true", "window: expected a whole number from 1, got true"],
    ["window:", "window: expected a whole number from 1, got nothing"],
    ["window: [5]", "window: expected a whole number from 1, got a list"],
    ["window: {a: 5}", "window: expected a whole number from 1, got keys with values"],
    ["window: .inf", "window: expected a whole number from 1, got Infinity"],
    ["min_periods: 0", "min_periods: expected a whole number from 1, got 0"],
    ["max_missing: 1.01", "max_missing: expected a number from 0 to 1, got 1.01"],
    ["max_missing: -0.1", "max_missing: expected a number from 0 to 1, got -0.1"],
    ["max_missing: 1e+308", "max_missing: expected a number from 0 to 1, got 1e+308"],
    ["window: -1e+308", "window: expected a whole number from 1, got -1e+308"],
    ["max_missing: .nan", "max_missing: expected a number from 0 to 1, got NaN"],
    ["warmup: skip", "warmup: expected one of exclude, zero, got 'skip'"],
    ["signals: CSV", "signals: expected one of csv, parquet, none, got 'CSV'"],
    ["columns: close", "columns: expected keys with values, got 'close'"],
    ["columns: [close]", "columns: expected keys with values, got a list"],
    ["data: ''", "data: expected text, or a list of 1 or more, got ''"],
    ["data: []", "data: expected text, or a list of 1 or more, got an empty list"],
    ["data: [a.csv, '']", "data.1: expected text, got ''"],
    ["data: [[a.csv]]", "data.0: expected text, got a list"],
    [
      "window: 9007199254740993",
      "window: expected a whole number from 1, got 9007199254740992; " +
      "the largest is 9007199254740991",
    ],
  ];
  for (const [line, problem] of cases) {
    assertEquals(await problemsOf(`${REQUIRED}${line}\n`), [`config.yaml:3:1: ${problem}`]);
  }
});

Deno.test("a key that takes text has the text as it was written", async () => {
  const texts = ["1", "1.0", "010", "0x10", "1_000", "1e5", "12e03", "+5", "true", "True", "NO"];
  for (const text of [...texts, "1:30", "0o17", "2024-01-31", ".5", "-0", "1e400", ".inf"]) {
    assertEquals((await resolveText(`version: ${text}\nseed: 1\n`)).version, text);
    const set = [`version=${text}`, `columns.close=${text}`];
    const config = await resolveText(REQUIRED, { set });
    assertEquals([config.version, config.columns.close], [text, text]);
  }
  const { data } = await resolveText(`${REQUIRED}data: [2024, 007.csv, 010]\n`);
  assertEquals(data.map((path) => basename(path)), ["2024", "007.csv", "010"]);
  assertEquals((await resolveText("version: '1.0'\nseed: 1\n")).version, "1.0");
  assertEquals(await problemsOf("version: ~\nseed: 1\n"), [
    "config.yaml:1:1: version: expected text of up to 200 characters, got nothing",
  ]);
});

Deno.test("a number that has more than one reading is refused with what to write", async () => {
  const cases: [text: string, readings: string][] = [
    ["010", "is 10 to some readers of YAML and 8 to others: write 10 or 8"],
    ["042", "is 42 to some readers of YAML and 34 to others: write 42 or 34"],
    ["007", "is 7 to some readers of YAML and text to others: write 7"],
    ["1_000", "is 1000 to some readers of YAML and text to others: write 1000"],
    ["0x10", "is 16 to some readers of YAML and text to others: write 16"],
    ["0b11", "is 3 to some readers of YAML and text to others: write 3"],
    ["+010", "is 10 to some readers of YAML and 8 to others: write 10 or 8"],
    ["0_1", "is 1 to some readers of YAML and text to others: write 1"],
    ["00", "is 0 to some readers of YAML and text to others: write 0"],
  ];
  for (const [text, readings] of cases) {
    const problem = `window: '${text}' ${readings}`;
    assertEquals(await problemsOf(`${REQUIRED}window: ${text}\n`), [
      `config.yaml:3:1: ${problem}`,
    ]);
    assertEquals(await problemsOf(REQUIRED, { set: [`window=${text}`] }), [
      `--set window=${text}: ${problem}`,
    ]);
  }
  assertEquals(await problemsOf(`${REQUIRED}evaluate: { cost_bps: 010, split: 2 }\n`), [
    "config.yaml:3:1: evaluate.cost_bps: '010' is 10 to some readers of YAML and 8 to others: " +
    "write 10 or 8",
    "config.yaml:3:1: evaluate.split: expected a number from 0.01 to 1, got 2",
  ]);
  for (const [text, write] of [["08", "8"], ["0o17", "15"], ["09.5", "9.5"]]) {
    assertEquals(await problemsOf(`${REQUIRED}window: ${text}\n`), [
      `config.yaml:3:1: window: expected a whole number from 1, got '${text}'; ` +
      `that is ${write} to some readers of YAML and text to others: write ${write}`,
    ]);
  }
  for (const text of ["1:30", "1,000", "5 000", "٣"]) {
    assertEquals(await problemsOf(`${REQUIRED}window: ${text}\n`), [
      `config.yaml:3:1: window: expected a whole number from 1, got '${text}'`,
    ]);
  }
});

Deno.test("decimals that every reader takes for the same number are numbers", async () => {
  const cases: [text: string, window: number][] = [["+5", 5], ["5.", 5], ["1e3", 1000], [
    "1.0E+1",
    10,
  ]];
  for (const [text, window] of cases) {
    assertEquals((await resolveText(`${REQUIRED}window: ${text}\n`)).params.window, window);
  }
  assertEquals((await resolveText(`${REQUIRED}max_missing: .5\n`)).maxMissing, 0.5);
});

Deno.test("an override is written as it says, not as the file does", async () => {
  const set = ["window=10"];
  assertEquals((await resolveText(`${REQUIRED}window: 010\n`, { set })).params.window, 10);
});

Deno.test("parameters are typed as the experiment types them", async () => {
  const experiments = experimentWith({
    label: z.string().default(""),
    size: z.union([z.number(), z.string()]).default(0),
    flag: z.boolean().default(false),
    mode: z.enum(["1", "2"]).default("1"),
    steps: z.array(z.union([z.literal("all"), z.int()])).default([]),
    by: z.record(z.string(), z.string()).default({}),
  });
  const text = "label: 1.10\nsize: 1.10\nflag: true\nmode: 2\nsteps: [3, all]\nby: { a: 0x10 }\n";
  assertEquals(
    (await resolveText(`${REQUIRED}experiment: probe\n${text}`, { experiments })).params,
    {
      label: "1.10",
      size: 1.1,
      flag: true,
      mode: "2",
      steps: [3, "all"],
      by: { a: "0x10" },
    },
  );
  assertEquals(
    await problemsOf(`${REQUIRED}experiment: probe\nsize: 010\nsteps: [all, 010]\n`, {
      experiments,
    }),
    [
      "config.yaml:4:1: size: '010' is 10 to some readers of YAML and 8 to others: write 10 or 8",
      "config.yaml:5:1: steps.1: '010' is 10 to some readers of YAML and 8 to others: write 10 or 8",
    ],
  );
});

Deno.test("a label is text of 1 to 200 characters", async () => {
  assertEquals((await resolveText(`version: ${"x".repeat(200)}\nseed: 1\n`)).version.length, 200);
  for (const version of ["''", "x".repeat(201)]) {
    const [problem] = await problemsOf(`version: ${version}\nseed: 1\n`);
    assertMatch(
      problem!,
      /^config\.yaml:1:1: version: expected text of up to 200 characters, got '/,
    );
    assert(problem!.length < 200);
  }
});

Deno.test("seeds go from 0 to the largest exact integer", async () => {
  for (const seed of [0, Number.MAX_SAFE_INTEGER]) {
    assertEquals((await resolveText(`version: v1\nseed: ${seed}\n`)).seed, seed);
  }
  assertEquals(await problemsOf("version: v1\nseed: -1\n"), [
    "config.yaml:2:1: seed: expected a whole number from 0, got -1",
  ]);
  assertEquals(await problemsOf("version: v1\nseed: 12345678901234567890\n"), [
    "config.yaml:2:1: seed: expected a whole number from 0, got 12345678901234567000; " +
    "the largest is 9007199254740991",
  ]);
});

Deno.test("all problems are told at once, each with its place", async () => {
  const text = "version: [1]\nwindw: 5\nsignals: cvs\ncolumns:\n  clse: Last\n  open: [5]\n";
  assertEquals(await refusedText(text, { set: ["max_missing=2"] }), {
    code: "config_invalid",
    message: `The config config.yaml has 7 problems:
  config.yaml:2:1: windw: unknown key; did you mean window?
  config.yaml:1:1: version: expected text of up to 200 characters, got a list
  config.yaml: seed: missing: expected a whole number from 0
  config.yaml:6:3: columns.open: expected text, got a list
  config.yaml:5:3: columns.clse: unknown key; did you mean close?
  --set max_missing=2: max_missing: expected a number from 0 to 1, got 2
  config.yaml:3:1: signals: expected one of csv, parquet, none, got 'cvs'`,
    hint: README_HINT,
    exitCode: EXIT_USAGE,
  });
});

Deno.test("more problems than fit on a screen are counted, and found without delay", async () => {
  const keys = Array.from({ length: 9_000 }, (_, at) => `k${at}: ${at}\n`).join("");
  const { message } = await refusedText(keys + REQUIRED);
  const lines = message.split("\n");
  assertEquals(lines.length, 22);
  assertEquals(lines[0], "The config config.yaml has 9000 problems:");
  assertEquals(lines.at(-1), "  … and 8980 more");
});

Deno.test("keep_data is true, false or a size", async () => {
  for (const [text, value] of [["false", false], ["1000", 1000], ["1.5 gib", "1.5 gib"]] as const) {
    assertEquals((await resolveText(`${REQUIRED}keep_data: ${text}\n`)).keepData, value);
  }
  const expected = "true or false, or a whole number from 0, or text such as 64MB or 1GiB";
  for (
    const [text, shown] of [
      ["much", "'much'"],
      ["-1", "-1"],
      ["1.5", "1.5"],
      ["", "nothing"],
      [
        "[1]",
        "a list",
      ],
      ["64 M B", "'64 M B'"],
      ["-1MB", "'-1MB'"],
    ]
  ) {
    assertEquals(await problemsOf(`${REQUIRED}keep_data: ${text}\n`), [
      `config.yaml:3:1: keep_data: expected ${expected}, got ${shown}`,
    ]);
  }
});

Deno.test("an evaluation is left out by false, and has its defaults for true or any of its keys", async () => {
  const evaluateOf = async (value: string, set: readonly string[] = []) =>
    (await resolveText(`${REQUIRED}evaluate: ${value}\n`, { set })).evaluate;
  const defaults = (await resolveText(REQUIRED)).evaluate;
  assertEquals(await evaluateOf("true"), defaults);
  assertEquals(await evaluateOf("{}"), defaults);
  assertEquals(await evaluateOf("false"), null);
  assertEquals(await evaluateOf("{cost_bps: 0}"), { ...defaults!, costBps: 0 });
  assertEquals(await evaluateOf("false", ["evaluate.split=0.5"]), { ...defaults!, split: 0.5 });
  assertEquals(await evaluateOf("{split: 0.6}", ["evaluate.cost_bps=5"]), {
    ...defaults!,
    split: 0.6,
    costBps: 5,
  });
});

Deno.test("what is wrong inside an evaluation is refused with its place", async () => {
  assertEquals(
    await problemsOf(`${REQUIRED}evaluate:\n  cost_bps: -1\n  slipage_bps: 1\n  split: 0\n`),
    [
      "config.yaml:4:3: evaluate.cost_bps: expected a number from 0 to 5000, got -1",
      "config.yaml:6:3: evaluate.split: expected a number from 0.01 to 1, got 0",
      "config.yaml:5:3: evaluate.slipage_bps: unknown key; did you mean slippage_bps?",
    ],
  );
  assertEquals(await problemsOf(`${REQUIRED}evaluate: 5\n`), [
    "config.yaml:3:1: evaluate: expected true or false, or keys with values, got 5",
  ]);
  assertEquals(await problemsOf(REQUIRED, { set: ["evaluate.bars_per_year=monthly"] }), [
    "--set evaluate.bars_per_year=monthly: evaluate.bars_per_year: expected auto, or a number " +
    "from 0.001 to 1000000000, got 'monthly'",
  ]);
  assertEquals(await problemsOf(REQUIRED, { set: ["evaluate.permutations=1.5"] }), [
    "--set evaluate.permutations=1.5: evaluate.permutations: expected a whole number from 0 to " +
    "1000000, got 1.5",
  ]);
});

Deno.test("min_periods beyond the window is refused, whichever of the two was overridden", async () => {
  assertEquals(await problemsOf(`${REQUIRED}window: 5\nmin_periods: 6\n`), [
    "config.yaml:4:1: min_periods: expected at most window (5), got 6",
  ]);
  assertEquals(await problemsOf(`${REQUIRED}window: 5\n`, { set: ["min_periods=6"] }), [
    "--set min_periods=6: min_periods: expected at most window (5), got 6",
  ]);
  assertEquals(await problemsOf(`${REQUIRED}min_periods: 4\n`, { set: ["window=3"] }), [
    "config.yaml:3:1: min_periods: expected at most window (3), got 4",
  ]);
});

Deno.test("an unknown experiment is refused with its place, the nearest name and all there are", async () => {
  assertEquals(await refusedText(`${REQUIRED}experiment: roling-mean\nwindw: 1\nsignals: cvs\n`), {
    code: "experiment_unknown",
    message: "The config config.yaml has 2 problems:\n" +
      "  config.yaml:3:1: experiment: Cannot find experiment 'roling-mean': " +
      "did you mean rolling-mean?\n" +
      "  config.yaml:5:1: signals: expected one of csv, parquet, none, got 'cvs'",
    hint: `There are: ${Object.keys(bundled).join(", ")}. ` +
      "One of your own is given by its path: experiment: ./my_signal.ts",
    exitCode: EXIT_USAGE,
  });
});

Deno.test("another experiment over a config with parameters is told to take a config of its own", async () => {
  const hint = async (set: readonly string[], keys = "window: 5\n") =>
    (await refusedText(REQUIRED + keys, { set })).hint;
  assertEquals(
    await hint(["experiment=macd"]),
    "The file has parameters of another experiment; macd has fast, slow, smooth. " +
      "Give it a config of its own.",
  );
  assertEquals(
    await hint(["experiment=buy-and-hold"]),
    "The file has parameters of another experiment; buy-and-hold has none. " +
      "Give it a config of its own.",
  );
  assertEquals(await hint(["experiment=macd", "window=5"], ""), README_HINT);
  assertEquals(await hint(["experiment=macd", "fast=0"], ""), README_HINT);
  assertEquals(await hint([], "windw: 5\n"), README_HINT);
});

Deno.test("names of the object prototype are no experiments", async () => {
  for (const name of ["constructor", "__proto__", "toString"]) {
    const { code, message } = await refusedText(`${REQUIRED}experiment: ${name}\n`);
    assertEquals(code, "experiment_unknown");
    assertMatch(message, new RegExp(`:3:1: experiment: Cannot find experiment '${name}'$`));
  }
});

Deno.test("an experiment that is no name is told once", async () => {
  for (const [value, got] of [["{}", "keys with values"], ["[a]", "a list"], ["''", "''"]]) {
    assertEquals(await problemsOf(`${REQUIRED}experiment: ${value}\n`), [
      `config.yaml:3:1: experiment: expected the name or path of an experiment, got ${got}`,
    ]);
  }
  assertEquals(await problemsOf(`${REQUIRED}experiment:\n`), [
    "config.yaml:3:1: experiment: expected text, got nothing",
  ]);
});

Deno.test("an experiment given by path is relative to the config", async () => {
  const mine = `import { defineExperiment, z } from "sigrun";
export default defineExperiment({
  name: "mine",
  version: 3,
  summary: "for a test",
  params: { lag: z.int().min(1).default(2) },
  columns: ["close"],
  signal: ({ bars }) => ({ positions: new Int8Array(bars.length), warmup: 0 }),
});
`;
  const config = await resolveText(`${REQUIRED}experiment: ./mine.ts\nlag: 3\n`, {
    files: { "mine.ts": mine },
  });
  assertEquals([config.experiment.name, config.experiment.version], ["mine", 3]);
  assertEquals(config.params, { lag: 3 });
  assertEquals(config.experimentPath, join(dirname(config.data[0]!), "mine.ts"));
  assertEquals(
    await problemsOf(`${REQUIRED}experiment: ./mine.ts\nlagg: 3\n`, { files: { "mine.ts": mine } }),
    ["config.yaml:3:1: lagg: unknown key; did you mean lag?".replace("3:1", "4:1")],
  );
});

Deno.test("an error in the table of experiments is no fault of the config", async () => {
  const experiments = {
    "rolling-mean": () => Promise.reject(new TypeError("x is not a function")),
  };
  await assertRejects(() => resolveText(REQUIRED, { experiments }), TypeError, "not a function");
});

Deno.test("the file gives way to --set, and --set to --data", async () => {
  const text = `${REQUIRED}window: 5\ndata: file.csv\n`;
  const set = ["seed=7", "window=8", "window=9", "data=set.csv", "columns.close=Last"];
  const config = await resolveText(text, { set });
  assertEquals([config.seed, config.params.window, config.columns], [7, 9, { close: "Last" }]);
  assertEquals(basename(config.data[0]!), "set.csv");
  const named = await resolveText(text, { set, data: "/elsewhere/named.csv" });
  assertEquals(named.data, ["/elsewhere/named.csv"]);
});

Deno.test("a wrong override is refused in the words in which it was said", async () => {
  const cases: [set: string, problem: string][] = [
    ["windw=5", "--set windw=5: windw: unknown key; did you mean window?"],
    ["window=", "--set window=: window: expected a whole number from 1, got nothing"],
    [
      "window.x=1",
      "--set window.x=1: window: expected a whole number from 1, got keys with values",
    ],
    ["columns=x", "--set columns=x: columns: expected keys with values, got 'x'"],
    ["columns.clse=x", "--set columns.clse=x: columns.clse: unknown key; did you mean close?"],
    [
      "clsoe=x",
      "--set clsoe=x: clsoe: unknown key; known are version, seed, experiment, data, " +
      "columns, symbol, time_format, time_zone, decimal_mark, duplicates, max_missing, warmup, evaluate, signals, keep_data, window, min_periods",
    ],
    [
      "time_format=xyz",
      "--set time_format=xyz: time_format: expected one of iso, dmy, mdy, ymd, s, ms, us, ns, excel, " +
      "got 'xyz'",
    ],
    [
      "duplicates=both",
      "--set duplicates=both: duplicates: expected one of first, last, keep, got 'both'",
    ],
    [
      "time_zone=Mars/Olympus",
      "--set time_zone=Mars/Olympus: time_zone: no such time zone; expected text, " +
      "got 'Mars/Olympus'",
    ],
    ["sede=1", "--set sede=1: sede: unknown key; did you mean seed?"],
  ];
  for (const [set, problem] of cases) {
    assertEquals(await problemsOf(`${REQUIRED}window: 5\n`, { set: [set] }), [problem]);
  }
});

Deno.test("prototype keys are unknown keys in --set, too", async () => {
  for (const key of ["__proto__", "constructor", "toString"]) {
    for (const set of [`${key}=1`, `${key}.x=1`]) {
      const [problem] = await problemsOf(REQUIRED, { set: [set] });
      assert(problem!.startsWith(`--set ${set}: ${key}: unknown key; known are version`), problem);
    }
    const [nested] = await problemsOf(REQUIRED, { set: [`columns.${key}=x`] });
    assertEquals(
      nested,
      `--set columns.${key}=x: columns.${key}: unknown key; known are time, symbol, open, high, low, ` +
        "close, volume",
    );
  }
});

Deno.test("hostile keys and values are shown without what commands a terminal", async () => {
  const [problem] = await problemsOf(`${REQUIRED}"win\\e[31m\\u202Edow": "\\e[2J"\n`);
  assertMatch(problem!, /win\\u\{1b\}\[31m\\u\{202e\}dow: unknown key/);
  const [value] = await problemsOf(`${REQUIRED}window: "\\e[2J\\u00AD\\nok"\n`);
  assertMatch(value!, /got '\\u\{1b\}\[2J\\u\{ad\}\\nok'$/);
  const [set] = await problemsOf(REQUIRED, { set: [`w\u009b\u3164=${"y".repeat(500)}`] });
  assertMatch(set!, /^--set w\\u\{9b\}\\u\{3164\}=y+…: w\\u\{9b\}\\u\{3164\}: unknown key/);
});

Deno.test("text with half a surrogate pair is refused with its place, wherever it is", async () => {
  const refusal = await refusedText(
    String.raw`version: "a\uD800b"
seed: 42
columns:
  close: "\uDC00"
  "\uD83D": x
data: [a.csv, "\uD800"]
"win\uD800": 3
`,
    { set: [String.raw`min_periods="\uD83C"`, String.raw`columns.open="\uD83C"`] },
  );
  assertEquals([refusal.code, refusal.exitCode], ["config_invalid", 2]);
  const half = "half a surrogate pair";
  assertEquals(refusal.message.split("\n  ").slice(1), [
    `config.yaml:1:1: version: expected Unicode text, got 'a\\u{d800}b', which has ${half}`,
    `config.yaml:4:3: columns.close: expected Unicode text, got '\\u{dc00}', which has ${half}`,
    `config.yaml:3:1: columns.\\u{d83d}: expected Unicode text, got a key with ${half}`,
    String.raw`--set columns.open="\uD83C": columns.open: expected Unicode text, ` +
    `got '\\u{d83c}', which has ${half}`,
    `config.yaml:6:1: data.1: expected Unicode text, got '\\u{d800}', which has ${half}`,
    `config.yaml: win\\u{d800}: expected Unicode text, got a key with ${half}`,
    String.raw`--set min_periods="\uD83C": min_periods: expected Unicode text, ` +
    `got '\\u{d83c}', which has ${half}`,
  ]);
});

Deno.test("a surrogate pair is a character, written as two escapes, too", async () => {
  const config = await resolveText(String.raw`version: "\uD83C\uDFB2"` + "\nseed: 42\nwindow: 5\n");
  assertEquals(config.version, "🎲");
});

Deno.test("an experiment's own limits are told in its own words", async () => {
  const experiments = experimentWith({
    side: z.string().refine((side) => side !== "both", { message: "both\u001b is not built" }),
    bands: z.strictObject({ upper: z.number().optional(), lower: z.number() }).optional(),
    lags: z.array(z.int()).optional(),
  });
  const of = (text: string): Promise<readonly string[]> =>
    problemsOf(`${REQUIRED}experiment: probe\n${text}`, { experiments });
  assertEquals(await of("side: both\n"), [
    "config.yaml:4:1: side: both\\u{1b} is not built; expected text, got 'both'",
  ]);
  assertEquals(await of("side: long\nbands:\n  uper: 1\n  lower: x\n"), [
    "config.yaml:7:3: bands.lower: expected a number, got 'x'",
    "config.yaml:6:3: bands.uper: unknown key; did you mean upper?",
  ]);
  assertEquals(await of("side: long\nlags: [1, x]\n"), [
    "config.yaml:5:1: lags.1: expected a whole number, got 'x'",
  ]);
});
