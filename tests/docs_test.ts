import { assert, assertEquals } from "@std/assert";
import project from "../deno.json" with { type: "json" };
import { experiments } from "../experiments/mod.ts";
import rollingMean from "../experiments/rolling_mean.ts";
import { COMMON_FLAGS } from "../lib/cli/commands/command.ts";
import { COMMANDS } from "../lib/cli/commands/mod.ts";
import { MANUAL, manualText } from "../lib/cli/text/manual.ts";
import { reservedShape } from "../lib/config/reserved.ts";
import {
  EXIT_BUG,
  EXIT_FAILED,
  EXIT_NOT_PROVED,
  EXIT_OK,
  EXIT_SIGINT,
  EXIT_SIGTERM,
  EXIT_USAGE,
} from "../lib/errors.ts";
import { errorJson, successJson } from "../lib/store/metrics_json.ts";
import { NO_HASHES, RUN_STATUSES } from "../lib/record.ts";
import type { StorableRun } from "../lib/registry/store.ts";
import { PARAMS } from "./experiments/bundled.ts";

function page(path: string): Promise<string> {
  return Deno.readTextFile(new URL(`../${path}`, import.meta.url));
}

/** Those of the words that the pages do not have as a word of their own. */
async function unnamed(
  paths: string | readonly string[],
  words: readonly string[],
): Promise<readonly string[]> {
  const text = (await Promise.all([paths].flat().map(page))).join("\n");
  return words.filter((word) => {
    const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return !new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`).test(text);
  });
}

/** A run with every field, as nothing is left out of its metrics.json. */
const RUN = {
  config_version: "v1",
  rows_processed: 1,
  signal_rate: 0,
  latency_ms: 1,
  seed: 1,
  id: "x",
  experiment: "x",
  params: {},
  metrics: {},
  hashes: NO_HASHES,
  quality: {},
} as unknown as StorableRun;

Deno.test("every command is a task of the same name and description", () => {
  const tasks: Readonly<Record<string, { readonly description: string }>> = project.tasks;
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    assertEquals(tasks[name]?.description, summary, `the task ${name} in deno.json`);
  }
});

Deno.test("a task that starts the program calls the command of its name", () => {
  for (const [name, { command }] of Object.entries(project.tasks)) {
    const words = / main\.ts (.*)$/.exec(command)?.[1];
    if (words !== undefined) assertEquals(words, name.replace(":", " "));
  }
  const started = Object.values(project.tasks).filter(({ command }) => / main\.ts /.test(command));
  assertEquals(started.length, Object.keys(COMMANDS).length);
});

Deno.test("no task asks for all permissions", () => {
  for (const [name, { command }] of Object.entries(project.tasks)) {
    assert(!/ (-A|--allow-all)\b/.test(command), `the task ${name}`);
  }
});

Deno.test("a task that opens a registry may reach one on a server, with its token", () => {
  for (const [name, { command }] of Object.entries(project.tasks)) {
    if (!command.includes("SIGRUN_REGISTRY")) continue;
    assert(command.includes(" --allow-net "), `the task ${name}`);
    assert(command.includes(",SIGRUN_REGISTRY_TOKEN,"), `the task ${name}`);
  }
});

Deno.test("the image starts the program with the permissions of the task run", async () => {
  const dockerfile = await Deno.readTextFile(new URL("../Dockerfile", import.meta.url));
  const entrypoint = dockerfile.slice(dockerfile.indexOf("\nENTRYPOINT"));
  const permissions = (text: string) => text.match(/--allow-[^\s"]+/g);
  assertEquals(permissions(entrypoint), permissions(project.tasks.run.command));
});

Deno.test("every flag says what it does", async () => {
  for (const { load } of Object.values(COMMANDS)) {
    const { flags } = (await load()).default;
    const names = [...flags, ...COMMON_FLAGS].flatMap(({ name, alias }) =>
      alias === undefined ? [name] : [name, alias]
    );
    assertEquals(new Set(names).size, names.length, `two flags of one name: ${names}`);
    for (const { name, help } of flags) assert(help !== "", `--${name}`);
  }
});

Deno.test("the pages on commands and on tests name every task that is not just a part of another", async () => {
  const commands = Object.values(project.tasks).map(({ command }) => command);
  const called = commands.flatMap((command) =>
    [...command.matchAll(/deno task (\S+)/g)].map(([, name]) => name)
  );
  const names = Object.keys(project.tasks).filter((name) => !called.includes(name));
  const paths = ["lib/cli/README.md", "tests/README.md", "lib/README.md", "README.md"];
  assertEquals(await unnamed(paths, names), []);
  assertEquals(await unnamed("lib/cli/README.md", Object.keys(COMMANDS)), []);
});

Deno.test("the page on commands names every flag of run", async () => {
  const { flags } = (await COMMANDS.run!.load()).default;
  const spelt = flags.flatMap(({ name, alias = "" }) =>
    alias.length > 1 ? [`--${name}`, `--${alias}`] : [`--${name}`]
  );
  assertEquals(await unnamed("lib/cli/README.md", spelt), []);
});

Deno.test("the page on the config names every key", async () => {
  const keys = [...Object.keys(reservedShape), ...Object.keys(rollingMean.params)];
  assertEquals(await unnamed("lib/config/README.md", keys), []);
});

Deno.test("the page on experiments names each that comes with sigrun, and its parameters", async () => {
  const words = await Promise.all(
    Object.keys(PARAMS).map(async (name) => {
      const { params } = (await experiments[name]!()).default;
      return [name, ...Object.keys(params)];
    }),
  );
  assertEquals(await unnamed("experiments/README.md", words.flat()), []);
});

Deno.test("the README and the page on commands name every exit status", async () => {
  const statuses = [
    EXIT_OK,
    EXIT_FAILED,
    EXIT_USAGE,
    EXIT_NOT_PROVED,
    EXIT_BUG,
    EXIT_SIGINT,
    EXIT_SIGTERM,
  ];
  for (const path of ["README.md", "lib/cli/README.md"]) {
    const rows = (await page(path)).split("\n").filter((line) => line.startsWith("|"));
    const missing = statuses.filter((status) =>
      !rows.some((row) => new RegExp(`^\\|[^|]*\\b${status}\\b[^|]*\\|`).test(row))
    );
    assertEquals(missing, [], path);
  }
});

Deno.test("the page on runs names every field of metrics.json", async () => {
  const error = errorJson({ version: null, message: "x", code: "internal", runId: null });
  const fields = [successJson(RUN), error].flatMap((json) => Object.keys(JSON.parse(json)));
  assertEquals(await unnamed("lib/store/README.md", [...new Set(fields)]), []);
});

Deno.test("the manual names every environment variable and every status of a run", async () => {
  assertEquals(
    await unnamed(
      ["lib/cli/README.md", "lib/registry/README.md"],
      ["SIGRUN_RUNS_DIR", "SIGRUN_REGISTRY", "SIGRUN_REGISTRY_TOKEN", "NO_COLOR"],
    ),
    [],
  );
  assertEquals(await unnamed(["lib/store/README.md", "lib/registry/README.md"], RUN_STATUSES), []);
});

Deno.test("each page of the manual can be printed, and its links lead to files", async () => {
  for (const [topic, entry] of Object.entries(MANUAL)) {
    assert((await manualText(entry)).startsWith("# "), topic);
  }
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    ...await pagesBelow("lib"),
    "experiments/README.md",
  ];
  for (const path of pages) {
    const from = new URL(`../${path}`, import.meta.url);
    for (const [, target] of (await page(path)).matchAll(/\]\(([^)#\s]+)\)/g)) {
      if (!/^[a-z]+:/.test(target!)) await Deno.stat(new URL(target!, from));
    }
  }
});

Deno.test("the README is short enough to be read", async () => {
  assert((await page("README.md")).split("\n").length <= 251);
});

async function pagesBelow(folder: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(`../${folder}`, import.meta.url)));
  const found = await Promise.all(entries.map(({ name, isDirectory }) => {
    if (isDirectory) return pagesBelow(`${folder}/${name}`);
    return name.endsWith(".md") ? [`${folder}/${name}`] : [];
  }));
  return found.flat();
}
