import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../", import.meta.url);

interface ModuleInfo {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

/** What is loaded at once with a file, by name, types aside; and what it may load later. */
async function loadedWith(file: string): Promise<{
  readonly atOnce: readonly string[];
  readonly later: readonly string[];
}> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--frozen", file],
    cwd: fileURLToPath(ROOT),
    stdin: "null",
    stderr: "inherit",
  }).output();
  const { modules }: { readonly modules: readonly ModuleInfo[] } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const atOnce = new Set([new URL(file, ROOT).href]);
  const later = new Set<string>();
  for (const name of atOnce) {
    for (const { code, isDynamic } of byName.get(name)?.dependencies ?? []) {
      if (code?.specifier !== undefined) (isDynamic ? later : atOnce).add(code.specifier);
    }
  }
  const shown = (names: ReadonlySet<string>) =>
    [...names].map((name) => name.replace(ROOT.href, ""));
  return { atOnce: shown(atOnce), later: shown(later) };
}

const isProof = (name: string): boolean => /^lib\/(check|verify|reproduce)\//.test(name);
const isRegistry = (name: string): boolean => /^lib\/registry\/open|libsql/.test(name);

Deno.test("a run loads no proof unless it is asked for one", async () => {
  const { atOnce, later } = await loadedWith("lib/cli/commands/run.ts");
  assertEquals(atOnce.filter(isProof), []);
  assert(atOnce.some(isRegistry), "the check of the next test can fail");
  assertEquals(later.filter(isProof), ["lib/check/lookahead_verdict.ts"]);
});

Deno.test("a run and a list load no package from npm but what is in lib/vendor", async () => {
  const isOnNpm = (name: string): boolean => name.startsWith("npm:");
  for (
    const file of [
      "main.ts",
      "lib/cli/commands/run.ts",
      "lib/cli/commands/runs_list.ts",
      "experiments/rolling_mean.ts",
    ]
  ) {
    assertEquals((await loadedWith(file)).atOnce.filter(isOnNpm), [], file);
  }
  const { atOnce } = await loadedWith("lib/registry/server.ts");
  assert(atOnce.some(isOnNpm), "the check can fail");
});

Deno.test("the program loads no experiment before it knows which, and rolling-mean no indicator", async () => {
  const isExperiment = (name: string): boolean => name.startsWith("experiments/");
  const { atOnce, later } = await loadedWith("main.ts");
  assertEquals(atOnce.filter(isExperiment), ["experiments/mod.ts"]);
  assert(later.includes("experiments/macd.ts"));
  const { atOnce: own } = await loadedWith("experiments/rolling_mean.ts");
  assertEquals(own.filter((name) => name.startsWith("lib/signal/")), [
    "lib/signal/rolling_mean.ts",
  ]);
});

Deno.test("a check of a config loads no registry", async () => {
  const { atOnce } = await loadedWith("lib/cli/commands/check_lookahead.ts");
  assertEquals(atOnce.filter(isRegistry), []);
  assert(atOnce.some(isProof));
});

Deno.test("the program reads no command before it knows which", async () => {
  const { atOnce, later } = await loadedWith("main.ts");
  const isOfCommands = (name: string): boolean =>
    /^lib\/(check|verify|reproduce|run|store|registry|bars|cli\/commands\/(?!(mod|command)\.ts))/
      .test(name);
  assertEquals(atOnce.filter(isOfCommands), []);
  assert(atOnce.includes("lib/cli/commands/mod.ts"));
  // Deno reads the files behind literal imports too, though it does not load them.
  assertEquals(later.filter(isOfCommands), [], 'write command("./x.ts"), not import("./x.ts")');
});

Deno.test("a list of runs loads no proof and no data, an audit of them does", async () => {
  const commands = ["runs_list", "runs_show", "runs_compare", "runs_tag", "runs_delete", "runs_gc"];
  for (const command of commands) {
    const { atOnce } = await loadedWith(`lib/cli/commands/${command}.ts`);
    assertEquals(atOnce.filter((name) => isProof(name) || /\/bars\/load/.test(name)), [], command);
  }
  const { atOnce } = await loadedWith("lib/cli/commands/runs_verify.ts");
  assert(atOnce.some(isProof));
});

Deno.test("what talks to a server is loaded for one alone", async () => {
  const isRemote = (name: string): boolean => /registry\/server\.ts|client\/http|hrana/.test(name);
  for (const command of ["run", "runs_list", "runs_show"]) {
    const { atOnce } = await loadedWith(`lib/cli/commands/${command}.ts`);
    assertEquals(atOnce.filter(isRemote), [], command);
  }
  const { later } = await loadedWith("lib/cli/commands/run.ts");
  assertEquals(later.filter(isRemote), ["lib/registry/server.ts"]);
});

Deno.test("a run loads what evaluates a signal only when there is one to evaluate", async () => {
  const { atOnce, later } = await loadedWith("lib/cli/commands/run.ts");
  assertEquals(atOnce.filter((name) => name.startsWith("lib/evaluate/")).sort(), [
    "lib/evaluate/settings.ts",
    "lib/evaluate/signal_rate.ts",
  ]);
  assert(later.includes("lib/run/evaluation.ts"));
});
