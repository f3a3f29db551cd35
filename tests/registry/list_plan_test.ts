import { assert, assertEquals } from "@std/assert";
import { sql } from "drizzle-orm";
import { generateRuns } from "../bench/generate_registry.ts";
import { listRuns, type RunsQuery } from "../../lib/registry/list_runs.ts";
import { openMemoryRegistry, type Registry } from "../../lib/registry/open.ts";
import { runsByPrefix } from "../../lib/registry/queries.ts";
import {
  firstWithFingerprint,
  latestWithInputs,
  runningRuns,
} from "../../lib/registry/run_queries.ts";
import { knownNamesOf } from "../../lib/registry/known_names.ts";
import { parseWhere } from "../../lib/registry/query/where.ts";

const RUNS = 3000;

async function withGenerated(use: (registry: Registry) => Promise<void>): Promise<void> {
  const registry = await openMemoryRegistry();
  try {
    await generateRuns(registry, { runs: RUNS, seed: 7 });
    await use(registry);
  } finally {
    registry.close();
  }
}

function where(registry: Registry, text: string) {
  return parseWhere(registry, text, { now: new Date(0), crashed: () => Promise.resolve([]) });
}

/** The plans of all statements that `use` has the registry execute. */
async function plansOf(
  registry: Registry,
  use: (registry: Registry) => Promise<unknown>,
): Promise<readonly string[]> {
  const statements: (string | { sql: string; args: unknown })[] = [];
  const { client } = registry;
  const execute = client.execute.bind(client);
  const batch = client.batch.bind(client);
  // deno-lint-ignore no-explicit-any
  const spied = client as any;
  // deno-lint-ignore no-explicit-any
  spied.execute = (statement: any, ...rest: any[]) => {
    statements.push(statement);
    return execute(statement, ...rest);
  };
  // deno-lint-ignore no-explicit-any
  spied.batch = (all: any, ...rest: any[]) => {
    statements.push(...all);
    return batch(all, ...rest);
  };
  try {
    await use(registry);
  } finally {
    spied.execute = execute;
    spied.batch = batch;
  }
  const plans: string[] = [];
  for (const statement of statements) {
    const { sql, args } = typeof statement === "string" ? { sql: statement, args: [] } : statement;
    // deno-lint-ignore no-explicit-any
    const { rows } = await execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args: args as any });
    plans.push(rows.map(({ detail }) => String(detail)).join("\n"));
  }
  return plans;
}

Deno.test("a page of runs is found in indexes, and only its rows are read", async () => {
  await withGenerated(async (registry) => {
    const conditions = await where(registry, "window >= 5 and valid_bars > 0");
    const queries: Readonly<Record<string, RunsQuery>> = {
      "newest first": { limit: 20 },
      "oldest first": { limit: 20, ascending: true },
      "by a metric": { limit: 20, sort: { kind: "metric", key: "sharpe" }, where: conditions },
      "by a parameter": { limit: 20, sort: { kind: "param", key: "window" } },
      "filtered": { limit: 20, where: conditions },
    };
    for (const [name, query] of Object.entries(queries)) {
      const plans = await plansOf(registry, (registry) => listRuns(registry, query));
      assert(plans.length >= 6, `${name}: ${plans.length} statements`);
      for (const plan of plans) {
        assert(!/SCAN (?!json_each|runs USING COVERING INDEX)/.test(plan), `${name}:\n${plan}`);
        // What has to be sorted is at most what is equal in a value.
        assert(!/TEMP B-TREE FOR ORDER BY/.test(plan), `${name}:\n${plan}`);
      }
      const page = plans[1]!;
      if (/by a/.test(name)) {
        assert(/SEARCH (metrics|params) USING (COVERING )?INDEX/.test(page), page);
      } else assert(/runs USING COVERING INDEX/.test(page), `${name}:\n${page}`);
    }
  });
});

Deno.test("names and references are found in indexes", async () => {
  await withGenerated(async (registry) => {
    const plans = [
      ...await plansOf(registry, knownNamesOf),
      ...await plansOf(registry, (registry) => runsByPrefix(registry, "20240101", 6)),
      ...await plansOf(registry, (registry) => runsByPrefix(registry, "abc", 6)),
      ...await plansOf(registry, (registry) => where(registry, "window = 1")),
    ];
    assert(plans.length > 10);
    for (const plan of plans) {
      const scans = plan.split("\n").filter((line) =>
        /^SCAN/.test(line) && !/^SCAN (named|json_each|names|runs USING COVERING INDEX)/.test(line)
      );
      assertEquals(scans, [], plan);
    }
  });
});

Deno.test("what every run asks of the registry is found in indexes", async () => {
  await withGenerated(async (registry) => {
    const plans = [
      ...await plansOf(registry, (registry) => firstWithFingerprint(registry, "sha256:0")),
      ...await plansOf(
        registry,
        (registry) => latestWithInputs(registry, { config: "sha256:0", data: "sha256:0" }),
      ),
      ...await plansOf(registry, runningRuns),
    ];
    assertEquals(
      plans.map((plan) => /^SEARCH runs USING INDEX (\w+)/.exec(plan)?.[1]),
      ["runs_fingerprint", "runs_data", "runs_status"],
      plans.join("\n"),
    );
  });
});

Deno.test("pages found in an index are those that sorting all would give", async () => {
  await withGenerated(async (registry) => {
    const all = (await listRuns(registry)).runs;
    for (
      const [sort, valueOf] of [
        [{ kind: "metric", key: "sharpe" }, (run: typeof all[0]) => run.metrics["sharpe"]],
        [{ kind: "metric", key: "ties" }, (run: typeof all[0]) => run.metrics["ties"]],
        [{ kind: "param", key: "window" }, (run: typeof all[0]) => run.params["window"] as number],
        [{ kind: "param", key: "mode" }, (run: typeof all[0]) => run.params["mode"] as string],
      ] as const
    ) {
      for (const ascending of [false, true]) {
        const [less, more] = ascending ? [-1, 1] : [1, -1];
        const sorted = all.toSorted((a, b) => {
          const [x, y] = [valueOf(a), valueOf(b)];
          if (x === undefined || y === undefined) {
            return x === y ? (a.id < b.id ? 1 : -1) : x === undefined ? 1 : -1;
          }
          return x < y ? less : x > y ? more : a.id < b.id ? 1 : -1;
        }).map(({ id }) => id);
        for (const offset of [0, 20, 1900, sorted.length - 10]) {
          const page = await listRuns(registry, { sort, ascending, limit: 20, offset });
          assertEquals(
            page.runs.map(({ id }) => id),
            sorted.slice(offset, offset + 20),
            `${sort.key} ${ascending} ${offset}`,
          );
          assertEquals(page.total, sorted.length);
        }
      }
    }
  });
});

Deno.test("a generated registry is as asked for, and the same for the same seed", async () => {
  await withGenerated(async (registry) => {
    const counts = async (table: string) =>
      (await registry.database.all<{ n: number }>(sql.raw(`SELECT count(*) AS n FROM ${table}`)))[
        0
      ]!.n;
    assertEquals([await counts("runs"), await counts("params")], [RUNS, 10 * RUNS]);
    const { runs: [first] } = await listRuns(registry, { limit: 1 });
    assertEquals(Object.keys(first!.params).length, 10);
    const again = await openMemoryRegistry();
    await generateRuns(again, { runs: RUNS, seed: 7 });
    assertEquals((await listRuns(again, { limit: 1 })).runs, [first!]);
    const objects = (of: Registry) =>
      of.database.all(sql`SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name`);
    const plain = await openMemoryRegistry();
    assertEquals(
      await objects(again),
      await objects(plain),
      "the indexes are those of any registry",
    );
    for (const opened of [again, plain]) opened.close();
  });
});
