/**
 * Whole registries, reproduced.
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { experiments } from "../../experiments/mod.ts";
import { runCli } from "../../lib/cli/cli.ts";
import { DataFinder } from "../../lib/reproduce/find_data.ts";
import { reproduceRun } from "../../lib/reproduce/reproduce.ts";
import { type LocalRegistry, localRegistry } from "../../lib/registry/location.ts";
import { codeHash } from "../../lib/run/code_identity.ts";
import { sha256 } from "../../lib/sha256.ts";
import { fakeHost } from "../fake_host.ts";
import { DATA, PROGRAM, withWorkspace, type Workspace } from "../run/workspace.ts";

const COIN = `import { defineExperiment, z } from "sigrun";
import { side } from "./shared/side.ts";
export default defineExperiment({
  name: "coin",
  version: 1,
  summary: "a seeded coin for each bar",
  params: { sides: z.int().min(1).default(1) },
  columns: ["close"],
  signal({ bars, params, random }) {
    const coin = random("coin");
    const positions = Int8Array.from({ length: bars.length }, () => side * coin.int(-1, params.sides));
    return { positions, warmup: 0, metrics: { sum: positions.reduce((sum, one) => sum + one, 0) } };
  },
});`;

/** 120 bars: as CSV, as JSON, as gzip of another CSV, and as a series of two files. */
async function writeData(workspace: Workspace): Promise<readonly (readonly string[])[]> {
  const bars = Array.from({ length: 120 }, (_, t): [number, number] => [
    1_600_000_000 + 60 * t,
    100 + (t * 7919) % 13 / 4,
  ]);
  const csv = `time,close\n${bars.map((bar) => bar.join()).join("\n")}\n`;
  await workspace.write("bars.csv", csv);
  await workspace.write(
    "bars.json",
    JSON.stringify(bars.map(([time, close]) => ({ time: time * 1000, close }))),
  );
  await workspace.write("bars.csv.gz", gzipSync(csv.replace("100", "99")));
  const lines = csv.split("\n");
  await workspace.write("1.csv", `${lines.slice(0, 61).join("\n")}\n`);
  await workspace.write("2.csv", [lines[0], ...lines.slice(61)].join("\n"));
  return [["bars.csv"], ["bars.json"], ["bars.csv.gz"], ["2.csv", "1.csv"]];
}

/** Writes as much of a program as has a code hash. */
async function writeProgram(workspace: Workspace): Promise<void> {
  for (const file of ["main.ts", "deno.json", "deno.lock", "lib/a.ts", "experiments/b.ts"]) {
    await workspace.write(`here/program/${file}`, file);
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

/** Fifty runs that differ in all that a run can differ in. */
async function makeRuns(workspace: Workspace): Promise<void> {
  await writeProgram(workspace);
  await workspace.write("mine/coin.ts", COIN);
  await workspace.write("mine/shared/side.ts", "export const side = 1;");
  await workspace.write("config.yaml", "version: v1\nseed: 42\n");
  const data = await writeData(workspace);
  for (let run = 0; run < 50; run++) {
    const coin = run % 5 === 4;
    const { exitCode, error } = await workspace.run({
      runsDir: workspace.path("here/runs"),
      machine: { programRoot: workspace.path("here/program") },
      data: data[run % data.length]!.map(workspace.path),
      set: [
        `seed=${run % 7}`,
        `warmup=${["exclude", "zero"][run % 2]}`,
        `signals=${["csv", "parquet", "none"][run % 4 % 3]}`,
        ...(coin ? ["experiment=./mine/coin.ts", "sides=1"] : [`window=${1 + run % 11}`]),
        ...(run % 3 === 0 && !coin ? ["min_periods=1"] : []),
      ],
      registry: registry(workspace, "here"),
    });
    assertEquals([exitCode, error], [0, undefined], `run ${run}`);
  }
}

function registry({ path }: Workspace, folder: string): LocalRegistry {
  return localRegistry(path(`${folder}/runs/registry.db`));
}

/** What `runs:reproduce --all` says, and how often of each verdict and place of the data. */
async function reproduceAll(
  workspace: Workspace,
  { cwd = ".", folder = "here" }: { readonly cwd?: string; readonly folder?: string } = {},
): Promise<{ readonly exit: number; readonly verdicts: unknown; readonly places: unknown }> {
  const host = fakeHost({
    args: ["runs:reproduce", "--all", "--json", "--runs-dir", workspace.path(`${folder}/runs`)],
    cwd: workspace.path(cwd),
    programRoot: workspace.path(`${folder}/program`),
  });
  const exit = await runCli(host, experiments);
  assertEquals(host.err, "");
  const { runs }: {
    readonly runs: readonly {
      readonly verdict: string;
      readonly data: { readonly place: string };
    }[];
  } = JSON.parse(host.out);
  const counts = (values: readonly string[]) =>
    Object.fromEntries(
      [...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]),
    );
  return {
    exit,
    verdicts: counts(runs.map(({ verdict }) => verdict)),
    places: counts(runs.map(({ data }) => data.place)),
  };
}

Deno.test("fifty mixed runs are identical: elsewhere, with other data in place, and as a copy", async () => {
  await withWorkspace(async (workspace) => {
    await makeRuns(workspace);
    const recorded = { exit: 0, verdicts: { identical: 50 }, places: { recorded: 50 } };
    assertEquals(await reproduceAll(workspace), recorded);
    assertEquals(await reproduceAll(workspace, { cwd: "mine" }), recorded);

    await workspace.write("bars.csv", "time,close\n1600000000,1\n");
    await Deno.remove(workspace.path("bars.json"));
    await Deno.rename(workspace.path("bars.csv.gz"), workspace.path("old.gz"));
    await Deno.remove(workspace.path("1.csv"));
    const kept = { exit: 0, verdicts: { identical: 50 }, places: { kept: 50 } };
    assertEquals(await reproduceAll(workspace), kept);

    await copyFolder(workspace.path("here"), workspace.path("some where #2/else"));
    await Deno.remove(workspace.path("here"), { recursive: true });
    const copied = { cwd: "mine", folder: "some where #2/else" };
    assertEquals(await reproduceAll(workspace, copied), kept);

    // What was imported is code, too; the other forty runs have none of it.
    await workspace.write("mine/shared/side.ts", "export const side = -1;");
    assertEquals((await reproduceAll(workspace, copied)).verdicts, {
      identical: 40,
      "code-changed": 10,
    });
    await Deno.remove(workspace.path("some where #2/else/runs/data"), { recursive: true });
    const { exit, verdicts } = await reproduceAll(workspace, copied);
    assertEquals(exit, 3);
    assertEquals(verdicts, { "data-changed": 13, "data-missing": 37 });
    // Nothing was recorded on the way.
    const left = [...Deno.readDirSync(workspace.path("some where #2/else/runs"))];
    assertEquals(left.length, 51);
    assert(left.some(({ name }) => name === "registry.db"));
  });
});

Deno.test("a folder that was moved with its experiment and its data is looked at where it is", async () => {
  await withWorkspace(async (workspace) => {
    await writeProgram(workspace);
    await workspace.write("project/coin.ts", COIN);
    await workspace.write("project/shared/side.ts", "export const side = 1;");
    await workspace.write("project/config.yaml", "version: v1\nseed: 42\nexperiment: ./coin.ts\n");
    await workspace.write("project/data.csv", DATA);
    const { error } = await workspace.run({
      configPath: workspace.path("project/config.yaml"),
      runsDir: workspace.path("project/runs"),
      registry: registry(workspace, "project"),
      machine: { programRoot: workspace.path("here/program") },
      set: ["keep_data=false"],
    });
    assertEquals(error, undefined);
    await Deno.rename(workspace.path("project"), workspace.path("moved"));
    await Deno.rename(workspace.path("here/program"), workspace.path("moved/program"));
    const found = await reproduceAll(workspace, { folder: "moved" });
    assertEquals(found, { exit: 0, verdicts: { identical: 1 }, places: { recorded: 1 } });
  });
});

Deno.test("data that is replaced after it was found is not taken for the run's", async () => {
  await withWorkspace(async (workspace) => {
    const { run } = await workspace.run();
    const other = DATA.replace("13", "14");
    /** Finds data just before somebody replaces it. */
    class Unlucky extends DataFinder {
      override async find(...wanted: Parameters<DataFinder["find"]>) {
        const found = await super.find(...wanted);
        await workspace.write("data.csv", other);
        return found;
      }
    }
    const { verdict, data, result } = await reproduceRun(run, run.directory, {
      experiments,
      code: await codeHash(PROGRAM),
      system: fakeHost({ args: [], cwd: "/" }).system(),
      finder: new Unlucky(),
    });
    assertEquals([verdict, result], ["data-changed", null]);
    const paths = [workspace.path("data.csv")];
    const actual = await sha256(other);
    assertEquals(data, { status: "changed", place: "recorded", paths, actual });
  });
});
