/**
 * `deno task registry:generate`: a registry of many seeded runs, to measure
 * lists and queries on. Equal options, equal rows. The runs have no
 * directories.
 *
 * @example
 * ```sh
 * deno task registry:generate --runs 100000 --output /tmp/many/registry.db
 * ```
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { type SQL, sql } from "drizzle-orm";
import { dirname, join, resolve } from "node:path";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { registryLocation } from "../../lib/registry/location.ts";
import { openRegistry, type Registry } from "../../lib/registry/open.ts";

/** What registry to generate. */
export interface RegistryOptions {
  /** Runs in it. */
  readonly runs: number;
  /** Seed of all values, a whole number; default 42. */
  readonly seed?: number;
}

/** Parameters of each run. */
export const PARAMS = [
  "window",
  "lag",
  "threshold",
  "cost_bps",
  "span",
  "alpha",
  "exit",
  "depth",
  "mode",
  "universe",
] as const;

/** Metrics of each run that finished. */
export const METRICS = [
  "signal_rate",
  "ones",
  "valid_bars",
  "warmup_bars",
  "ties",
  "sharpe",
  "turnover",
  "drawdown",
  "hit_rate",
  "total_return",
] as const;

const FIRST_RUN_MS = Date.UTC(2024, 0, 1);
const MODES = ["fast", "slow", "mixed"];
const UNIVERSES = ["crypto", "equities", "futures", "fx"];
const BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz";
const RUNS_AT_ONCE = 1000;

type Row = readonly (string | number | null)[];

/** The rows of some runs, by table. */
interface Rows {
  readonly runs: Row[];
  readonly params: Row[];
  readonly metrics: Row[];
  readonly tags: Row[];
  readonly artifacts: Row[];
}

/**
 * Writes the runs into a registry that has none.
 *
 * @throws {RangeError} if `runs` is not a whole number from 1
 */
export async function generateRuns(
  { database }: Registry,
  { runs, seed = 42 }: RegistryOptions,
): Promise<void> {
  if (!Number.isSafeInteger(runs) || runs < 1) {
    throw new RangeError(`Cannot generate runs: their number is a whole one from 1, got ${runs}`);
  }
  const generator = new RunGenerator(seed);
  // Indexes are made last, as sorting once is faster than a million insertions.
  const indexes = await database.all<{ readonly name: string; readonly sql: string }>(
    sql`SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid`,
  );
  await database.run(sql`PRAGMA cache_size = -200000`);
  await database.transaction(async (tables) => {
    for (const { name } of indexes) await tables.run(sql`DROP INDEX ${sql.identifier(name)}`);
    for (let done = 0; done < runs; done += RUNS_AT_ONCE) {
      const rows = generator.rows(Math.min(RUNS_AT_ONCE, runs - done));
      for (const [table, all] of Object.entries(rows)) await insert(tables, { table, rows: all });
    }
    for (const index of indexes) await tables.run(sql.raw(index.sql));
  });
}

const COLUMNS: Readonly<Record<keyof Rows, readonly string[]>> = {
  runs: [
    ...["id", "name", "experiment", "experiment_version", "config_version", "seed", "status"],
    ...["started_at", "duration_ms", "latency_ms", "rows_processed", "signal_rate", "data_path"],
    ...["config", "quality", "config_hash", "data_hash", "rows_hash", "code_hash", "signal_hash"],
    ...["result_hash", "fingerprint", "error_code", "error_message", "directory", "environment"],
    ...["note", "deleted_at"],
  ],
  params: ["run_id", "key", "value", "number"],
  metrics: ["run_id", "key", "value"],
  tags: ["run_id", "tag"],
  artifacts: ["run_id", "path", "sha256", "bytes"],
};

/** All rows in one statement, from one list in JSON. */
async function insert(
  tables: Pick<Registry["database"], "run">,
  { table, rows }: { readonly table: string; readonly rows: readonly Row[] },
): Promise<void> {
  const columns = COLUMNS[table as keyof Rows];
  const names = sql.join(columns.map((name) => sql.identifier(name)), sql`, `);
  const values: SQL[] = columns.map((_, at) => sql`value ->> ${sql.raw(String(at))}`);
  await tables.run(
    sql`INSERT INTO ${sql.identifier(table)} (${names})
      SELECT ${sql.join(values, sql`, `)} FROM json_each(${JSON.stringify(rows)})`,
  );
}

/** Makes runs, one after the other. */
class RunGenerator {
  readonly #below: (limit: number) => number;
  #startedMs = FIRST_RUN_MS;

  constructor(seed: number) {
    const generator = xoroshiro128plus(seed);
    // The first numbers of a small seed are small.
    for (let skipped = 0; skipped < 16; skipped++) generator.next();
    this.#below = (limit) => (generator.next() >>> 0) % limit;
  }

  rows(count: number): Rows {
    const rows: Rows = { runs: [], params: [], metrics: [], tags: [], artifacts: [] };
    for (let run = 0; run < count; run++) this.#run(rows);
    return rows;
  }

  #run(rows: Rows): void {
    const below = this.#below;
    this.#startedMs += 1000 + below(600_000);
    const startedAt = new Date(this.#startedMs).toISOString();
    const suffix = Array.from({ length: 6 }, () => BASE_32[below(32)]).join("");
    const id = `${startedAt.slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-")}-${suffix}`;
    const outcome = below(100);
    const status = outcome < 95 ? "finished" : outcome < 99 ? "failed" : "interrupted";
    const isFinished = status === "finished";
    const params = this.#params();
    const metrics = this.#metrics();
    const hash = (): string => `sha256:${this.#hex(64)}`;
    const config = { version: `v${1 + below(9)}`, seed: below(1000), data: "bars.csv", ...params };
    rows.runs.push([
      ...[id, below(10) === 0 ? `trial ${below(1000)}` : null, "rolling-mean", 1],
      ...[config.version, String(config.seed), status, startedAt, 50 + below(100_000) / 1000],
      ...(isFinished ? [40 + below(50_000) / 1000] : [null]),
      ...(isFinished ? [10_000, metrics["signal_rate"]!] : [null, null]),
      ...["/data/bars.csv", JSON.stringify(config), isFinished ? JSON.stringify(QUALITY) : null],
      ...[hash(), `sha256:${"0".repeat(63)}${below(8)}`, hash(), hash()],
      ...(isFinished ? [hash(), hash()] : [null, null]),
      ...[hash(), isFinished ? null : "data_invalid", isFinished ? null : "Cannot read the data"],
      ...[`/runs/${id}`, JSON.stringify(ENVIRONMENT), below(50) === 0 ? "look again" : null],
      below(100) === 0 ? startedAt : null,
    ]);
    for (const [key, value] of Object.entries(params)) {
      const number = typeof value === "number" ? value : null;
      rows.params.push([id, key, JSON.stringify(value), number]);
    }
    if (isFinished) {
      for (const [key, value] of Object.entries(metrics)) rows.metrics.push([id, key, value]);
    }
    if (below(20) === 0) rows.tags.push([id, "baseline"]);
    if (below(10) === 0) rows.tags.push([id, `batch ${below(50)}`]);
    for (const path of isFinished ? FILES : FILES.slice(0, 2)) {
      rows.artifacts.push([id, path, hash(), 100 + below(100_000)]);
    }
  }

  #params(): Readonly<Record<string, string | number>> {
    const below = this.#below;
    const values = [
      ...[2 + below(200), 1 + below(20), below(1000) / 1000, below(50), 5 + below(500)],
      ...[below(10_000) / 10_000, below(100), 1 + below(8)],
      ...[MODES[below(MODES.length)]!, UNIVERSES[below(UNIVERSES.length)]!],
    ];
    return Object.fromEntries(PARAMS.map((key, at) => [key, values[at]!]));
  }

  #metrics(): Readonly<Record<string, number>> {
    const below = this.#below;
    const ones = 3000 + below(4000);
    const warmup = below(100);
    const values = [
      ...[ones / (10_000 - warmup), ones, 10_000 - warmup, warmup, below(30)],
      ...[(below(60_000) - 20_000) / 10_000, below(1_000_000) / 1000, -below(100_000) / 100_000],
      ...[below(100_000) / 100_000, (below(300_000) - 100_000) / 100_000],
    ];
    return Object.fromEntries(METRICS.map((key, at) => [key, values[at]!]));
  }

  #hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += this.#below(0x1000000).toString(16).padStart(6, "0");
    return text.slice(0, digits);
  }
}

const FILES = ["metrics.json", "run.log", "config.yaml", "signals.csv"];

/** As those of a real run, so that rows are as wide. */
const QUALITY = {
  rows_read: 10_000,
  dropped_missing: 0,
  dropped_lines: null,
  dropped_repeated: 0,
  bars: 10_000,
  columns: "close",
  order: "ascending",
  first_time: "2019-07-16T23:00:00.000Z",
  last_time: "2020-09-05T14:00:00.000Z",
  interval_ms: 3_600_000,
  gaps: 0,
  missing_bars: 0,
  longest_gap_ms: null,
  longest_gap_from: null,
  repeated_identical: 0,
  repeated_conflicting: 0,
  repeated_at: null,
  zero_prices: 0,
  negative_prices: 0,
  high_below_low: null,
  close_outside_range: null,
  unchanged_closes: 31,
  largest_move: -0.1821147342814524,
  largest_move_bar: 5747,
  largest_move_time: "2020-03-12T10:00:00.000Z",
};

const ENVIRONMENT = {
  sigrun: "0.1.0",
  deno: "2.9.6",
  v8: "14.9.207.12-rusty",
  sqlite: "3.45.1",
  os: "linux",
  osRelease: "6.1.0",
  arch: "x86_64",
  hostname: "anvil",
  git: { commit: "3f786850e387550fdab836ed7e6dc881de23001b", branch: "main", dirty: false },
};

/** Generates a registry in a new file. */
export async function generateRegistry(path: string, options: RegistryOptions): Promise<void> {
  const registry = await openRegistry(registryLocation(path, Deno.cwd()));
  try {
    await registry.database.run(sql`PRAGMA journal_mode = MEMORY`);
    await registry.database.run(sql`PRAGMA synchronous = OFF`);
    await generateRuns(registry, options);
  } finally {
    registry.close();
  }
}

async function main(): Promise<number> {
  const flags = parseArgs(Deno.args, { string: ["runs", "seed", "output"] });
  const output = resolve(String(flags["output"] ?? join("runs", "generated", "registry.db")));
  const exists = await Deno.stat(output).then(() => true, () => false);
  if (flags._.length > 0 || exists) {
    console.error(
      exists
        ? `Cannot generate ${output}: there is such a file`
        : "Usage: deno task registry:generate [--runs N] [--seed N] [--output FILE]",
    );
    return 2;
  }
  const runs = Number(flags["runs"] ?? 100_000);
  await generateRegistry(output, { runs, seed: Number(flags["seed"] ?? 42) });
  const { size } = await Deno.stat(output);
  console.log(`${runs} runs, ${(size / 1e6).toFixed(1)} MB: --runs-dir ${dirname(output)}`);
  return 0;
}

if (import.meta.main) Deno.exitCode = await main();
