/**
 * `deno task bench`: sigrun against pandas and against the hash of the file
 * alone, whole processes, cold start included, on generated bars; and commands
 * on a registry of many runs against one of few.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { cpus } from "node:os";
import { type Contender, findOpenssl, findPandas, type Job, sigrun } from "./contenders.ts";
import { writeBars } from "./generate.ts";
import { measure, type Measured, median, ratio } from "./measure.ts";
import { measureRegistries, type RegistryFigure, registryTable } from "./registry_bench.ts";

const USAGE = `Usage: deno task bench [--rows N] [--runs N] [--registry] [--json]

  --rows N   bars to generate, repeatable; default 10000, 1000000 and 10000000
  --runs N   rounds that count; default 7 up to 100,000 bars, 3 beyond
  --registry the registries alone: commands on 100,000 runs against 100
  --json     print the figures as JSON`;

const SCHEMA = 1;
const DEFAULT_ROWS = [10_000, 1_000_000, 10_000_000];
/** Of every contender: one that does more than the others is not comparable. */
const CONFIG = [
  "version: bench",
  "seed: 42",
  "window: 5",
  // The others count the signal and do no more.
  "evaluate: false",
].map((line) => `${line}\n`).join("");

interface Size {
  readonly rows: number;
  readonly bytes: number;
  readonly rounds: number;
  readonly measured: readonly Measured[];
}

interface Setting {
  readonly machine: string;
  readonly versions: readonly string[];
  readonly skipped: readonly string[];
  readonly contenders: readonly Contender[];
}

async function findSetting(): Promise<Setting> {
  const found = [await findPandas(), await findOpenssl()];
  const present = found.filter((entry) => "contender" in entry);
  const cores = cpus();
  return {
    machine: `${
      cores[0]?.model.trim() ?? "unknown CPU"
    }, ${cores.length} cores, ${Deno.build.target}`,
    versions: [`deno ${Deno.version.deno}`, ...present.flatMap(({ versions }) => versions)],
    skipped: found.flatMap((entry) => "missing" in entry ? [entry.missing] : []),
    contenders: [
      await sigrun({ signals: "csv" }),
      await sigrun({ signals: "none" }),
      await sigrun({ signals: "none", evaluate: "true" }),
      ...present.map(({ contender }) => contender),
    ],
  };
}

/** The ratios of one contender to those that are not sigrun, by their names. */
function ratios(of: Measured, all: readonly Measured[]): readonly (readonly [string, number])[] {
  if (!isSigrun(of)) return [];
  return all.filter((other) => !isSigrun(other)).map((other) => [other.name, ratio(of, other)]);
}

function isSigrun({ name }: Measured): boolean {
  return name.startsWith("sigrun");
}

function table({ rows, bytes, rounds, measured }: Size): string {
  const others = measured.filter((entry) => !isSigrun(entry)).map(({ name }) => name);
  const lines = [[
    "",
    "median ms",
    "min–max ms",
    "peak MiB",
    "signal rate",
    ...others.map((name) => `× ${name}`),
  ]];
  for (const entry of measured) {
    lines.push([
      entry.name,
      median(entry.ms).toFixed(0),
      `${Math.min(...entry.ms).toFixed(0)}–${Math.max(...entry.ms).toFixed(0)}`,
      entry.peakMib?.toFixed(0) ?? "",
      entry.rate?.toString() ?? "",
      ...ratios(entry, measured).map(([, times]) => times.toFixed(2)),
    ]);
  }
  const widths = lines[0]!.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? "").length))
  );
  const body = lines.map((line) =>
    line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)
    )
      .join("  ").trimEnd()
  );
  const title = `${rows.toLocaleString("en")} bars, ${
    (bytes / 1e6).toFixed(1)
  } MB, ${rounds} rounds`;
  return [title, ...body].join("\n");
}

function asJson({ rows, bytes, rounds, measured }: Size): unknown {
  return {
    rows,
    bytes,
    rounds,
    contenders: measured.map((entry) => ({
      name: entry.name,
      median_ms: median(entry.ms),
      ms: entry.ms,
      peak_mib: entry.peakMib,
      signal_rate: entry.rate,
      ratios: Object.fromEntries(ratios(entry, measured)),
    })),
  };
}

/** A whole number from 1, or an error that names the flag. */
function count(flag: string, value: unknown): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new RangeError(`Cannot use --${flag} ${value}: expected a whole number from 1`);
}

async function main(args: readonly string[], abort: AbortSignal): Promise<void> {
  const flags = parseArgs(args, {
    string: ["rows", "runs"],
    boolean: ["json", "registry", "help"],
    collect: ["rows"],
    alias: { help: "h" },
    unknown: (argument) => {
      throw new RangeError(`Cannot use ${argument}: no such flag\n${USAGE}`);
    },
  });
  if (flags["help"]) return console.log(USAGE);
  const asked = (flags["rows"] as readonly string[]).map((rows) => count("rows", rows));
  const runs = flags["runs"] === undefined ? undefined : count("runs", flags["runs"]);
  const { contenders, ...setting } = await findSetting();
  const print = flags["json"] ? () => {} : console.log;
  print(`Machine: ${setting.machine}\nVersions: ${setting.versions.join(", ")}`);
  print("Whole processes, cold start included, in turns; a warm-up round is not counted.");
  print("Ratios are medians of those within a round.");
  for (const skipped of setting.skipped) print(skipped);
  const sizes: unknown[] = [];
  const rows = asked.length > 0 ? asked : flags["registry"] ? [] : DEFAULT_ROWS;
  for (const count of rows) {
    await withJob(count, async (job, bytes) => {
      const rounds = runs ?? (count <= 100_000 ? 7 : 3);
      const measured = await measure(contenders, job, { rounds, abort });
      const size = { rows: count, bytes, rounds, measured };
      print(`\n${table(size)}`);
      sizes.push(asJson(size));
    });
  }
  let registries: readonly RegistryFigure[] = [];
  if (asked.length === 0 || flags["registry"]) {
    const rounds = runs ?? 7;
    await withJob(10_000, async (job) => {
      registries = await measureRegistries(job, { rounds, abort });
    });
    print(`\n${registryTable(registries, rounds)}`);
  }
  if (flags["json"]) {
    console.log(JSON.stringify({ schema: SCHEMA, ...setting, sizes, registries }, null, 2));
  }
}

/** Calls `use` with a config and generated bars, in a folder that is gone afterwards. */
async function withJob(
  rows: number,
  use: (job: Job, bytes: number) => Promise<void>,
): Promise<void> {
  const scratch = await Deno.makeTempDir({ prefix: "sigrun-bench-" });
  try {
    const job = {
      scratch,
      config: join(scratch, "config.yaml"),
      data: join(scratch, "bars.csv"),
    };
    await Deno.writeTextFile(job.config, CONFIG);
    await use(job, await writeBars(job.data, { rows }));
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

if (import.meta.main) {
  // Interrupted, it still removes what it generated.
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Error("Interrupted"));
  Deno.addSignalListener("SIGINT", onInterrupt);
  try {
    await main(Deno.args, interrupt.signal);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exitCode = interrupt.signal.aborted ? 130 : 1;
  } finally {
    Deno.removeSignalListener("SIGINT", onInterrupt);
  }
}
