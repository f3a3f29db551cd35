import { assert, assertEquals, assertMatch } from "@std/assert";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import { listRuns } from "../../../lib/registry/list_runs.ts";
import { COLUMNS } from "../../../lib/registry/query/columns.ts";
import { parseWhere } from "../../../lib/registry/query/where.ts";
import type { StorableRun } from "../../../lib/registry/store.ts";
import { refusalOf } from "../../bars/refusal.ts";
import { sampleRun, withRegistry } from "../temp_registry.ts";

const NOW = new Date("2026-11-23T08:55:01.000Z");

function run(name: string, changes: Partial<StorableRun> = {}): StorableRun {
  return sampleRun({ id: `20260101-000000-${name.repeat(6)}`, name, ...changes });
}

const RUNS: readonly StorableRun[] = [
  run("a", { params: { window: 5, mode: "slow" }, metrics: { sharpe: 1.5 }, tags: ["baseline"] }),
  run("b", { params: { window: 10, mode: "fast" }, metrics: { sharpe: -1 } }),
  run("c", {
    params: { window: 20, mode: 7, lag: 1 },
    metrics: { lag: 3 },
    tags: ["x y", "baseline"],
  }),
  run("d", {
    params: { window: "10", long: true },
    status: "failed",
    metrics: {},
    note: "50% off",
  }),
  run("e", { params: { window: null }, status: "running", started_at: "2026-11-22T20:00:00.000Z" }),
  run("f", { status: "running", environment: { hostname: "anvil" } }),
];

/** Names of the runs that fit; of those that run, `e` is dead. */
async function found(expression: string): Promise<string> {
  return await withRegistry(RUNS, async (registry) => {
    const where = await parseWhere(registry, expression, {
      now: NOW,
      crashed: () => Promise.resolve([run("e").id]),
    });
    const { runs } = await listRuns(registry, {
      where,
      sort: { kind: "column", column: COLUMNS["name"]! },
      ascending: true,
    });
    return runs.map(({ name }) => name).join("");
  });
}

Deno.test("an expression says which runs are meant", async () => {
  const cases: Readonly<Record<string, string>> = {
    "window >= 10 and (sharpe > 1 or tag = baseline) and not status = failed": "c",
    "sharpe > 1 or sharpe < 0": "ab",
    "not sharpe > 1 and sharpe is not missing": "b",
    "window in (5, 20)": "acf",
    "window not in (5, 20)": "bde",
    "mode ~ S": "ab",
    "param.lag = 1 and metric.lag = 3": "c",
    "lag = 1 or baseline": "REFUSED",
    "baseline": "ac",
    'tag."x y"': "c",
    "not tag.baseline": "bdef",
    "tag is missing": "bdef",
    'tag ~ "x y" AND NOT mode = slow': "c",
    'note = "50% off"': "d",
    "note ~ %": "d",
    "host = anvil": "f",
    "status = crashed": "e",
    "status = running": "f",
    "status != running": "abcde",
    "status in (crashed, failed)": "de",
    "started > yesterday": "",
    "started >= yesterday": "e",
    "started > 13 h ago": "e",
    'started > "13h ago"': "e",
    "started = 2026-11-22": "e",
    "started < 2026-11": "abcdf",
    "id = aaaaaa or id = 20260101-000000-bbbbbb": "ab",
    "config_hash = c0 and data_hash = sha256:d0": "abcdef",
    "config_hash = c1": "",
    "long = true": "d",
    "seed = 42 and rows_processed = 1e4 and signal_rate > .4": "abcdef",
    "version = v1 and name in (a, 'b')": "ab",
  };
  for (const [expression, names] of Object.entries(cases)) {
    const result = names === "REFUSED"
      ? (await refusalOf(() => found(expression))).code && "REFUSED"
      : await found(expression);
    assertEquals(result, names, expression);
  }
});

Deno.test("what is missing fits no comparison, and != and not are the opposite of what they deny", async () => {
  assertEquals(await found("sharpe > 0"), "a");
  assertEquals(await found("not sharpe > 0"), "bcdef");
  assertEquals(await found("sharpe = 1.5"), "a");
  assertEquals(await found("sharpe != 1.5"), "bcdef");
  assertEquals(await found("sharpe is missing"), "cdef");
  assertEquals(await found("window is missing"), "e", "null is no value");
  assertEquals(await found("tag != baseline"), "bdef");
});

Deno.test("numbers are held against numbers, text against text", async () => {
  assertEquals(await found("window = 10"), "b");
  assertEquals(await found("window = '10'"), "d");
  assertEquals(await found("window < 100"), "abcf");
  assertEquals(await found("window < a"), "d", "of texts, 10 comes before a");
  assertEquals(await found("mode > a"), "ab");
  assertEquals(await found("mode = 7"), "c");
});

/** What is wrong, and the lines below it: the expression and the carets. */
const REFUSED: readonly (readonly [expression: string, message: string])[] = [
  ["windw >= 10", "Unknown name 'windw': did you mean window?\n  windw >= 10\n  ^^^^^"],
  [
    "window > 1 and status = fnished",
    "Unknown status 'fnished': did you mean finished?\n" +
    "  window > 1 and status = fnished\n                          ^^^^^^^",
  ],
  [
    "status in (failed, runing)",
    "Unknown status 'runing': did you mean running?\n" +
    "  status in (failed, runing)\n                     ^^^^^^",
  ],
  ["lag > 3", "Cannot tell what 'lag' is: there are param.lag and metric.lag\n  lag > 3\n  ^^^"],
  ["basline", "Unknown name 'basline': did you mean baseline?\n  basline\n  ^^^^^^^"],
  ["tag.basline", "Unknown tag 'basline': did you mean baseline?\n  tag.basline\n  ^^^^^^^^^^^"],
  ["baseline = 1", "'baseline' is a tag: a run has it or not\n  baseline = 1\n  ^^^^^^^^"],
  ["window", "Expected a comparison of 'window'\n  window\n  ^^^^^^"],
  ["metric.window = 1", "Unknown metric 'window'\n  metric.window = 1\n  ^^^^^^^^^^^^^"],
  ["run.nme = x", "Unknown column 'nme': did you mean name?\n  run.nme = x\n  ^^^^^^^"],
  ["param. = x", "Expected a name after param.\n  param. = x\n  ^^^^^^"],
  ["__proto__ = 1", "Unknown name '__proto__'\n  __proto__ = 1\n  ^^^^^^^^^"],
  ["sharpe > abc", "Expected a number for 'sharpe', got 'abc'\n  sharpe > abc\n           ^^^"],
  ["sharpe > '1'", "Expected a number for 'sharpe', got '1'\n  sharpe > '1'\n           ^^^"],
  [
    "sharpe ~ 1",
    "Cannot compare 'sharpe' like that: expected =, !=, <, <=, > or >=\n  sharpe ~ 1\n  ^^^^^^^^^^",
  ],
  ["tag > a", "Cannot compare 'tags' like that: expected =, != or ~\n  tag > a\n  ^^^^^^^"],
  [
    "started > 2 dys ago",
    "Expected a date, got '2 dys ago'\n  started > 2 dys ago\n            ^^^^^^^^^",
  ],
  [
    "started > 2026-02-30",
    "Expected a date, got '2026-02-30'\n  started > 2026-02-30\n            ^^^^^^^^^^",
  ],
  [
    "config_hash = g",
    "Expected a hash for 'config_hash', got 'g'\n  config_hash = g\n                ^",
  ],
  [
    "window => 3",
    "Unknown operator '=>' in the expression: did you mean >=?\n  window => 3\n         ^^",
  ],
  ["!baseline", "Unknown operator '!' in the expression: did you mean not?\n  !baseline\n  ^"],
  [
    "baseline && a",
    "Unexpected '&&' in the expression: did you mean and?\n  baseline && a\n           ^^",
  ],
  ["window =", "Expected a value after '=', got the end\n  window =\n          ^"],
  ["window = and", "Expected a value after '=', got 'and'\n  window = and\n           ^^^"],
  ["window in ()", "Expected a value after 'in', got ')'\n  window in ()\n             ^"],
  ["window in 5", "Expected ( after in, got '5'\n  window in 5\n            ^"],
  ["window in (1 2)", "Expected , or ) in the list, got '2'\n  window in (1 2)\n               ^"],
  ["window in (1, 2", "The list is not closed: expected )\n  window in (1, 2\n            ^"],
  ["(window = 1", "The parenthesis is not closed: expected )\n  (window = 1\n  ^"],
  ["window = 1)", "Unexpected ): no parenthesis is open\n  window = 1)\n            ^"],
  [
    "window = 1 adn x",
    "Expected 'and' or 'or', got 'adn': did you mean and?\n  window = 1 adn x\n             ^^^",
  ],
  ["window is null", "Expected missing after is, got 'null'\n  window is null\n            ^^^^"],
  ["10 < window", "Expected a name, got the number 10\n  10 < window\n  ^^"],
  ["not", "Expected a name, got the end\n  not\n     ^"],
  ["name = 'x", "The text in quotes does not end: expected another '\n  name = 'x\n         ^"],
  ['name = "C:\\q"', "Unknown escape '\\q' in the expression\n  name = \"C:\\q\"\n            ^^"],
  [" \n", "The expression is empty"],
  [
    "収盤 > 1 and windw > 1",
    "Unknown name '収盤'\n  収盤 > 1 and windw > 1\n  ^^^^",
  ],
  [
    "tag = 収盤 and x\u202e\u001b[2J > 1",
    "Unknown name 'x\\u{202e}\\u{1b}[2J'\n" +
    "  tag = 収盤 and x\\u{202e}\\u{1b}[2J > 1\n                 ^^^^^^^^^^^^^^^^^^",
  ],
  [
    "window = 1 and x\0y = 1",
    "The expression has a NUL character in it\n  window = 1 and x\\u{0}y = 1\n                  ^^^^^",
  ],
];

Deno.test("what cannot be understood is shown with its place and the nearest name", async () => {
  await withRegistry(RUNS, async (registry) => {
    for (const [expression, message] of REFUSED) {
      const error = await refusalOf(() =>
        parseWhere(registry, expression, { now: NOW, crashed: () => Promise.resolve([]) })
      );
      assertEquals([error.message, error.exitCode], [message, 2], expression);
    }
  });
});

Deno.test("expressions without end are refused, and shown around the place", async () => {
  const endless: Readonly<Record<string, RegExp>> = {
    ["(".repeat(10_000)]: /^The expression is nested too deeply\n {2}…\({97}…\n {51}\^$/,
    ["not ".repeat(10_000) + "baseline"]: /nested too deeply/,
    [`window = 1${" or window = 1".repeat(1000)}`]: /^The expression has too many conditions\n/,
    [`window in (1${", 1".repeat(1000)})`]: /^The expression has too many values\n/,
    ["x".repeat(1_000_001)]: /^The expression is too long: 1000001 characters\n/,
    [`name = "${"x".repeat(999_000)}`]: /^The text in quotes does not end/,
  };
  await withRegistry(RUNS, async (registry) => {
    const options = { now: NOW, crashed: () => Promise.resolve([]) };
    for (const [expression, message] of Object.entries(endless)) {
      const error = await refusalOf(() => parseWhere(registry, expression, options));
      assertMatch(error.message, message);
      assert(error.message.length < 500, error.message.slice(0, 1000));
    }
  });
});

/** Conditions that take much room, nested twice as deep. */
function heavy(depth: number): string {
  const [left, right] = [
    "not (mode ~ A and not mode in (a, 1))",
    "not (mode ~ Z or mode in (b, 2))",
  ];
  return `${`(${left} and (${right} and mode is missing or `.repeat(depth)}mode != fast${
    "))".repeat(depth)
  }`;
}

Deno.test("long expressions within the limits are understood", async () => {
  const long: Readonly<Record<string, string>> = {
    [`${"(".repeat(100)}baseline${")".repeat(100)}`]: "ac",
    [`${"not ".repeat(100)}baseline`]: "ac",
    [`window = 5${" or window = 5".repeat(999)}`]: "af",
    [`not (window = 5${" or window = 5".repeat(999)})`]: "bcde",
    [`window in (20${", 5".repeat(999)})`]: "acf",
    [`mode in (fast${", x".repeat(999)})`]: "b",
    [`started in (2026-11-22${", 2025".repeat(999)})`]: "e",
    [`name = "${"x".repeat(900_000)}" or baseline`]: "ac",
    [`param.mode ~ "${"%".repeat(900_000)}" or baseline`]: "ac",
    ["(window=5 and (mode=slow or ".repeat(28) + "baseline" + "))".repeat(28)]: "a",
    // The heaviest conditions there are at the greatest depth.
    [heavy(18)]: "acdef",
  };
  for (const [expression, names] of Object.entries(long)) {
    assertEquals(await found(expression), names, expression.slice(0, 40));
  }
});

Deno.test("values and names of parameters are bound, never spliced", async () => {
  const hostile = `x'; DROP TABLE runs; --`;
  const runs = [run("a", { name: hostile, params: { [hostile]: hostile }, tags: [hostile] })];
  await withRegistry(runs, async (registry) => {
    const quoted = JSON.stringify(hostile);
    const where = await parseWhere(
      registry,
      `name = ${quoted} and param.${quoted} ~ ${quoted} and tag.${quoted} and tag in (${quoted})`,
      { now: NOW, crashed: () => Promise.resolve([hostile]) },
    );
    const { sql } = new SQLiteSyncDialect().sqlToQuery(where);
    assert(!sql.includes("DROP"), sql);
    assertEquals((await listRuns(registry, { where })).total, 1);
  });
});

Deno.test("whether processes live is asked only where a status matters", async () => {
  await withRegistry(RUNS, async (registry) => {
    let asked = 0;
    const crashed = () => Promise.resolve((asked++, []));
    await parseWhere(registry, "window = 5", { now: NOW, crashed });
    assertEquals(asked, 0);
    await parseWhere(registry, "window = 5 and run.status = failed", { now: NOW, crashed });
    assertEquals(asked, 1);
  });
});
