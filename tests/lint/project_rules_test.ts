import { assertEquals } from "@std/assert";
import plugin from "./project_rules.ts";

/** What the rules say of a file: `rule: message`, in the order of the text. */
function lint(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, file, source)
    .toSorted((a, b) => a.range[0] - b.range[0])
    .map(({ id, message }) => `${id.replace("sigrun/", "")}: ${message}`);
}

function lintAll(file: string, sources: readonly string[]): string[] {
  return sources.map((source) => lint(file, source).join("; "));
}

const use = (what: string): string => `pure-core: A pure file must not use ${what}`;
const direction = (what: string): string => `layers: ${what}`;

Deno.test("pure-core refuses the machine, the clock and entropy", () => {
  const refused: Record<string, string> = {
    "Deno.readFileSync('x');": "Deno (the machine)",
    "let file: Deno.FsFile;": "Deno (the machine)",
    "const t = Date.now();": "Date.now (the clock)",
    "const t = Date['now']();": "Date.now (the clock)",
    "const { now } = Date;": "Date.now (the clock)",
    "const t = new Date();": "new Date() (the clock)",
    "const t = new Date;": "new Date() (the clock)",
    "const t = Date();": "Date() (the clock)",
    "const t = Temporal.Now.instant();": "Temporal.Now (the clock)",
    "const t = performance.now();": "performance (the clock)",
    "const x = Math.random();": "Math.random (entropy)",
    "const { random: roll } = Math;": "Math.random (entropy)",
    "const x = crypto.randomUUID();": "crypto (entropy)",
    "await fetch('https://example.org');": "fetch (the network)",
    "const get = { fetch };": "fetch (the network)",
    "function load(get = fetch) { get('x') }": "fetch (the network)",
    "let get: typeof fetch;": "fetch (the network)",
    "setTimeout(() => {}, 1);": "setTimeout (the clock)",
    "setInterval(() => {}, 1);": "setInterval (the clock)",
    "const home = process.env['HOME'];": "process (the machine)",
    "const t = globalThis.performance;": "globalThis (anything)",
    "import { readFileSync } from 'node:fs';": "node:fs",
    "import 'node:fs';": "node:fs",
    "export { readFileSync } from 'node:fs';": "node:fs",
    "const fs = await import('node:fs');": "node:fs",
    "import { randomBytes } from 'node:crypto';": "more of node:crypto than createHash",
    "import { createHash, randomBytes } from 'node:crypto';": "more of node:crypto than createHash",
    "import * as all from 'node:crypto';": "more of node:crypto than createHash",
  };
  assertEquals(
    lintAll("lib/signal/x.ts", Object.keys(refused)),
    Object.values(refused).map(use),
  );
});

Deno.test("pure-core lets pure code be, whatever it calls its own", () => {
  const sources = [
    "const t = new Date(0).getTime() + Date.UTC(2020, 0) + Date.parse('2020');",
    "const x = Math.max(1, 2);",
    "import { createHash } from 'node:crypto';",
    "import type { Hash } from 'node:crypto';",
    "import { type Buffer } from 'node:buffer';",
    "const performance = 1; const twice = performance * 2;",
    "function f({ process, a: [fetch = 1] }, ...crypto) { return [process, fetch, crypto]; }",
    "const { fetch } = api; fetch();",
    "import { fetch } from './api.ts'; fetch();",
    "class Portfolio { performance = 1; process() { return this.performance; } }",
    "interface Row { process(crypto: number): void; performance: number }",
    "type F = (fetch: number) => void;",
    "const row = { performance: 1, process() {} };",
    "api.fetch(api.performance);",
  ];
  assertEquals(lintAll("lib/signal/x.ts", sources), sources.map(() => ""));
});

Deno.test("pure-core holds where results come from, and nowhere else", () => {
  const source = "export const t = Date.now();";
  const pure = [
    "lib/signal/x.ts",
    "lib/evaluate/deep/x.ts",
    "lib/bars/x.ts",
    "lib/random.ts",
    "lib/check/lookahead.ts",
    "lib/check/lookahead_verdict.ts",
    "experiments/x.ts",
    new URL("../../lib/signal/x.ts", import.meta.url).pathname,
  ];
  const free = [
    "lib/bars/source/block_source.ts",
    "lib/bars/load.ts",
    "lib/host.ts",
    "lib/run/x.ts",
    "lib/verify/x.ts",
    "main.ts",
    "tests/signal/x.ts",
  ];
  assertEquals(
    pure.map((file) => lint(file, source)),
    pure.map(() => [use("Date.now (the clock)")]),
  );
  assertEquals(free.map((file) => lint(file, source)), free.map(() => []));
});

Deno.test("pure-core refuses the file that loads bars, but for its types", () => {
  assertEquals(lint("lib/bars/x.ts", "import { loadBars } from './load.ts';"), [
    use("lib/bars/load.ts (not pure)"),
  ]);
  assertEquals(lint("lib/bars/x.ts", "import type { LoadedBars } from './load.ts';"), []);
});

Deno.test("layers lets imports go down", () => {
  const down: readonly (readonly [string, string])[] = [
    ["main.ts", "./lib/cli/main.ts"],
    ["main.ts", "./experiments/mod.ts"],
    ["main.ts", "./deno.json"],
    ["lib/cli/commands/run.ts", "../../run/run.ts"],
    ["lib/cli/commands/run.ts", "../table.ts"],
    ["lib/cli/commands/run.ts", "../../errors.ts"],
    ["lib/cli/commands/x.ts", "../../check/x.ts"],
    ["lib/check/x.ts", "../bars/x.ts"],
    ["lib/reproduce/reproduce.ts", "../run/run.ts"],
    ["lib/reproduce/reproduce.ts", "../registry/open.ts"],
    ["lib/build/x.ts", "../run/code.ts"],
    ["lib/run/run.ts", "../registry/store.ts"],
    ["lib/run/run.ts", "../bars/load.ts"],
    ["lib/registry/migrate.ts", "./migrations/0001_init.sql"],
    ["lib/config/config.ts", "../bars/header.ts"],
    ["lib/bars/load.ts", "../errors.ts"],
    ["lib/errors.ts", "./quote.ts"],
    ["experiments/x.ts", "../lib/experiment.ts"],
    ["experiments/x.ts", "sigrun"],
    ["experiments/x.ts", "../lib/signal/rolling_mean.ts"],
    ["experiments/mod.ts", "./x.ts"],
    ["tests/run/run_test.ts", "../../lib/run/run.ts"],
    ["lib/run/run.ts", "zod"],
  ];
  assertEquals(
    down.map(([file, target]) => lint(file, `import { x } from ${JSON.stringify(target)};`)),
    down.map(() => []),
  );
});

Deno.test("layers refuses imports that go up or across", () => {
  const up: readonly (readonly [string, string, string])[] = [
    ["lib/cli/x.ts", "../../main.ts", "lib/cli must not import main.ts"],
    ["lib/cli/x.ts", "../../experiments/mod.ts", "lib/cli must not import experiments/mod.ts"],
    ["lib/run/x.ts", "../cli/table.ts", "lib/run must not import lib/cli/table.ts"],
    ["lib/run/x.ts", "../verify/verify.ts", "lib/run must not import lib/verify/verify.ts"],
    ["lib/run/x.ts", "../build/x.ts", "lib/run must not import lib/build/x.ts"],
    ["lib/registry/x.ts", "../run/run.ts", "lib/registry must not import lib/run/run.ts"],
    ["lib/registry/x.ts", "../check/x.ts", "lib/registry must not import lib/check/x.ts"],
    ["lib/signal/x.ts", "../check/x.ts", "lib/signal must not import lib/check/x.ts"],
    ["lib/config/x.ts", "../run/run.ts", "lib/config must not import lib/run/run.ts"],
    ["lib/bars/x.ts", "../signal/x.ts", "lib/bars must not import lib/signal/x.ts"],
    ["lib/signal/x.ts", "../evaluate/x.ts", "lib/signal must not import lib/evaluate/x.ts"],
    ["lib/evaluate/x.ts", "../config/x.ts", "lib/evaluate must not import lib/config/x.ts"],
    ["lib/errors.ts", "./cli/x.ts", "lib must not import lib/cli/x.ts"],
    ["lib/random.ts", "../experiments/x.ts", "lib must not import experiments/x.ts"],
    ["lib/run/x.ts", "../../tests/fake.ts", "lib/run must not import tests/fake.ts"],
    ["experiments/x.ts", "../lib/errors.ts", "experiments must not import lib/errors.ts"],
    ["experiments/x.ts", "../lib/evaluate/x.ts", "experiments must not import lib/evaluate/x.ts"],
  ];
  assertEquals(
    up.map(([file, target]) => lint(file, `import { x } from ${JSON.stringify(target)};`)),
    up.map(([, , message]) => [direction(message)]),
  );
});

Deno.test("layers sees every form of import", () => {
  const sources = [
    "import '../cli/x.ts';",
    "import type { X } from '../cli/x.ts';",
    "export * from '../cli/x.ts';",
    "export { x } from '../cli/x.ts';",
    "const x = await import('../cli/x.ts');",
    "let x: import('../cli/x.ts').X;",
    "import x from '../run/../cli/x.ts';",
  ];
  assertEquals(
    lintAll("lib/registry/x.ts", sources),
    sources.map(() => direction("lib/registry must not import lib/cli/x.ts")),
  );
});

Deno.test("layers asks for the place of a folder that it does not know", () => {
  assertEquals(lint("lib/newcomer/x.ts", "export const x = 1;"), [
    direction("lib/newcomer has no layer"),
  ]);
});
