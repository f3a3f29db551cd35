import { assert, assertEquals } from "@std/assert";
import project from "../deno.json" with { type: "json" };
import { experiments } from "../experiments/mod.ts";
import rollingMean from "../experiments/rolling_mean.ts";
import { COMMON_FLAGS } from "../lib/cli/commands/command.ts";
import { COMMANDS } from "../lib/cli/commands/mod.ts";
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

const README = new URL("../README.md", import.meta.url);

/** The README; a missing one names nothing. */
async function readme(): Promise<string> {
  try {
    return await Deno.readTextFile(README);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** Those of the words that the README does not have as a word of their own. */
async function unnamed(words: readonly string[]): Promise<readonly string[]> {
  const text = await readme();
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

Deno.test("the README names every task that is not just a part of another", async () => {
  const commands = Object.values(project.tasks).map(({ command }) => command);
  const called = commands.flatMap((command) =>
    [...command.matchAll(/deno task (\S+)/g)].map(([, name]) => name)
  );
  const names = Object.keys(project.tasks).filter((name) => !called.includes(name));
  assertEquals(await unnamed([...names, ...Object.keys(COMMANDS)]), []);
});

Deno.test("the README names every flag of run", async () => {
  const { flags } = (await COMMANDS.run!.load()).default;
  const spelt = flags.flatMap(({ name, alias = "" }) =>
    alias.length > 1 ? [`--${name}`, `--${alias}`] : [`--${name}`]
  );
  assertEquals(await unnamed(spelt), []);
});

Deno.test("the README names every key of a config", async () => {
  const keys = [...Object.keys(reservedShape), ...Object.keys(rollingMean.params)];
  assertEquals(await unnamed(keys), []);
});

Deno.test("the README names every experiment that comes with sigrun, and its parameters", async () => {
  const words = await Promise.all(
    Object.keys(PARAMS).map(async (name) => {
      const { params } = (await experiments[name]!()).default;
      return [name, ...Object.keys(params)];
    }),
  );
  assertEquals(await unnamed(words.flat()), []);
});

Deno.test("the README names every exit status", async () => {
  const statuses = [
    EXIT_OK,
    EXIT_FAILED,
    EXIT_USAGE,
    EXIT_NOT_PROVED,
    EXIT_BUG,
    EXIT_SIGINT,
    EXIT_SIGTERM,
  ];
  const rows = (await readme()).split("\n").filter((line) => line.startsWith("|"));
  const missing = statuses.filter((status) =>
    !rows.some((row) => new RegExp(`^\\|[^|]*\\b${status}\\b[^|]*\\|`).test(row))
  );
  assertEquals(missing, []);
});

Deno.test("the README names every field of metrics.json", async () => {
  const error = errorJson({ version: null, message: "x", code: "internal", runId: null });
  const fields = [successJson(RUN), error].flatMap((json) => Object.keys(JSON.parse(json)));
  assertEquals(await unnamed([...new Set(fields)]), []);
});

Deno.test("the README names every environment variable and every status of a run", async () => {
  assertEquals(
    await unnamed(["SIGRUN_RUNS_DIR", "SIGRUN_REGISTRY", "SIGRUN_REGISTRY_TOKEN", "NO_COLOR"]),
    [],
  );
  assertEquals(await unnamed(RUN_STATUSES), []);
});
