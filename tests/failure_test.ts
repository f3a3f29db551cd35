import { assert, assertEquals, assertMatch } from "@std/assert";
import { createClient } from "@libsql/client/sqlite3";
import { sql } from "drizzle-orm";
import { join } from "node:path";
import type { EndSignal, Host } from "../lib/host.ts";
import { registryLocation } from "../lib/registry/location.ts";
import { isAlive } from "../lib/store/liveness.ts";
import { z } from "../lib/experiment.ts";
import { refusalOf } from "./bars/refusal.ts";
import { fakeHost, FakeTime } from "./fake_host.ts";
import { assertComplete } from "./run/complete.ts";
import { flat, type SignalFunction, tableOf, TEST_CONFIG } from "./run/test_experiment.ts";
import { withWorkspace, type Workspace } from "./run/workspace.ts";

/** Calls `use` with a workspace whose config runs the experiment `test`. */
function withTestWorkspace(use: (workspace: Workspace) => Promise<void>): Promise<void> {
  return withWorkspace(async (workspace) => {
    await workspace.write("config.yaml", TEST_CONFIG);
    await use(workspace);
  });
}

/** The directory of the run that is going on. */
function currentDirectory(workspace: Workspace): string {
  const names = [...Deno.readDirSync(workspace.path("runs"))]
    .map(({ name }) => name).filter((name) => /^\d{8}-/.test(name)).sort();
  return workspace.path(`runs/${names.at(-1)}`);
}

/** A machine that is told to end when `end` is called. */
function endable(): {
  readonly machine: Pick<Host, "onEndSignal">;
  readonly end: (signal: EndSignal) => void;
  readonly isListening: () => boolean;
} {
  let handler: ((signal: EndSignal) => void) | undefined;
  return {
    machine: {
      onEndSignal(given) {
        handler = given;
        return () => void (handler = undefined);
      },
    },
    end: (signal) => handler?.(signal),
    isListening: () => handler !== undefined,
  };
}

Deno.test("a signal to end interrupts a run wherever it is", async () => {
  const { machine, end, isListening } = endable();
  const moments: Readonly<Record<string, (workspace: Workspace) => ReturnType<Workspace["run"]>>> =
    {
      "before it is reserved": (workspace) =>
        workspace.run({
          machine: {
            ...machine,
            now() {
              end("SIGINT");
              return new Date(0);
            },
          },
          experiments: tableOf(flat),
        }),
      "while it reads": (workspace) =>
        workspace.run({ machine, experiments: tableOf(flat), onProgress: () => end("SIGINT") }),
      "while it computes": (workspace) =>
        workspace.run({
          machine,
          experiments: tableOf((input) => {
            end("SIGINT");
            return flat(input);
          }),
        }),
      "while it fails": (workspace) =>
        workspace.run({
          machine,
          experiments: tableOf(() => {
            end("SIGINT");
            throw new Error("too");
          }),
        }),
    };
  for (const [moment, run] of Object.entries(moments)) {
    await withTestWorkspace(async (workspace) => {
      const outcome = await run(workspace);
      assertEquals([outcome.run.status, outcome.exitCode], ["interrupted", 130], moment);
      assertEquals(outcome.run.error_code, "interrupted");
      assertEquals(outcome.run.error_message, "Interrupted by SIGINT");
      const { hashes } = outcome.run;
      // What was computed by then was not published.
      assertEquals([hashes.signal, hashes.result, hashes.fingerprint], [null, null, null]);
      assertEquals(isListening(), false);
      assertEquals(await isAlive(outcome.run.directory), false);
      assertEquals(await workspace.runs(), [outcome.run]);
      await assertComplete(outcome.run);
    });
  }
});

Deno.test("SIGTERM has an exit status of its own", async () => {
  await withTestWorkspace(async (workspace) => {
    const { machine, end } = endable();
    const experiments = tableOf(flat);
    const outcome = await workspace.run({ machine, experiments, onProgress: () => end("SIGTERM") });
    assertEquals([outcome.run.status, outcome.exitCode], ["interrupted", 143]);
    assertEquals(JSON.parse(outcome.metricsJson), {
      version: "v1",
      status: "error",
      error_message: "Interrupted by SIGTERM",
      error_code: "interrupted",
      run_id: outcome.run.id,
    });
  });
});

Deno.test("a run is alive while it works, and its row says running", async () => {
  await withTestWorkspace(async (workspace) => {
    let directory = "";
    const experiments = tableOf((input) => {
      directory = currentDirectory(workspace);
      return flat(input);
    });
    let alive: Promise<boolean> | undefined;
    await workspace.run({
      experiments,
      onProgress: () => alive = isAlive(currentDirectory(workspace)),
    });
    assertEquals(await alive, true);
    assertEquals(await isAlive(directory), false);
  });
});

Deno.test("an experiment that breaks its contract fails the run", async () => {
  const signals: [signal: SignalFunction, code: string, message: RegExp][] = [
    [() => ({ positions: new Int8Array(1), warmup: 0 }), "experiment_invalid", /5 bars, got 1/],
    [
      ({ bars }) => ({ positions: new Int8Array(bars.length).fill(2), warmup: 0 }),
      "experiment_invalid",
      /bar 0 is 2/,
    ],
    [(input) => ({ ...flat(input), warmup: NaN }), "experiment_invalid", /got NaN/],
    [(input) => ({ ...flat(input), metrics: { x: NaN } }), "experiment_invalid", /x is NaN/],
    [() => Promise.reject(new Error("late")), "experiment_invalid", /promise/],
    [
      () => {
        throw new Error("dice\nrolled");
      },
      "experiment_failed",
      /failed: dice/,
    ],
    [(input) => ({ ...flat(input), warmup: 5 }), "no_valid_bars", /all 5 bars .* are warm-up/],
  ];
  for (const [signal, code, message] of signals) {
    await withTestWorkspace(async (workspace) => {
      const { run, exitCode, metricsJson } = await workspace.run({ experiments: tableOf(signal) });
      assertEquals([exitCode, run.status, run.error_code], [1, "failed", code]);
      assertMatch(run.error_message!, message);
      assertEquals(JSON.parse(metricsJson).error_message, run.error_message);
      assertEquals([run.signal_rate, run.metrics, run.hashes.result], [null, {}, null]);
      await assertComplete(run);
      assertEquals(await workspace.runs(), [run]);
    });
  }
});

Deno.test("what an experiment logs stands in the log, whatever it is", async () => {
  await withTestWorkspace(async (workspace) => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const experiments = tableOf((input) => {
      const { log } = input;
      log.info("{braces} {x}", { x: 1, list: [1, "two"] });
      log.warn("odd", { circular, big: 10n, nothing: undefined, nan: NaN });
      log.info("one\ntwo", { "a b": "c\nd" });
      return flat(input);
    });
    const { run, error } = await workspace.run({ experiments });
    assertEquals(error, undefined);
    const log = await Deno.readTextFile(join(run.directory, "run.log"));
    assertMatch(log, /logger=sigrun\.test msg="\{braces\} \{x\}" x=1 list="\[1,\\"two\\"\]"\n/);
    assertMatch(log, /level=warning logger=sigrun\.test msg=odd .*big=/);
    assertMatch(log, / msg="one\\ntwo" .*"c\\nd"\n/);
    await assertComplete(run);
  });
});

Deno.test("a parameter that is null, or not a number, is recorded", async () => {
  await withTestWorkspace(async (workspace) => {
    const experiments = tableOf(flat, {
      low: z.number().nullable().default(null),
      text: z.string().default("a\0b"),
      list: z.array(z.number()).default([1, 2]),
    });
    const { run, error } = await workspace.run({ experiments });
    assertEquals(error, undefined);
    assertEquals(run.params, { low: null, text: "a\0b", list: [1, 2] });
    assertEquals(await workspace.runs(), [run]);
  });
});

Deno.test("a config with half a surrogate pair is refused, and leaves no run", async () => {
  for (
    const text of [
      'version: "a\\uD800b"\nseed: 42\n',
      'version: v1\nseed: 42\nx: {"\\uD800": [y]}\n',
    ]
  ) {
    await withTestWorkspace(async (workspace) => {
      await workspace.write("config.yaml", `${text}experiment: test\n`);
      const experiments = tableOf(flat, { x: z.unknown() });
      const error = await refusalOf(() => workspace.run({ experiments }));
      assertEquals([error.code, error.exitCode], ["config_invalid", 2]);
      assertEquals(await workspace.runs(), []);
    });
  }
});

Deno.test("a run that cannot write a file fails, and says which", async () => {
  await withTestWorkspace(async (workspace) => {
    const experiments = tableOf((input) => {
      // A folder with something in it cannot be replaced by a file.
      Deno.mkdirSync(join(currentDirectory(workspace), "signals.csv", "x"), { recursive: true });
      return flat(input);
    });
    const { run, exitCode, error } = await workspace.run({ experiments });
    assertEquals([exitCode, error?.code], [1, "runs_dir_unusable"]);
    assertMatch(error!.message, /Cannot write .*signals\.csv: /);
    assertEquals(run.status, "failed");
    await Deno.remove(join(run.directory, "signals.csv"), { recursive: true });
    // No half-written file is left behind, and metrics.json is that of the failure.
    await assertComplete(run);
    assertEquals(await workspace.runs(), [run]);
  });
});

Deno.test("a run whose row cannot be written stays complete, and the next run records it", async () => {
  await withTestWorkspace(async (workspace) => {
    const experiments = tableOf(flat);
    await workspace.registry(({ database }) =>
      database.run(
        // There is no such number.
        sql`CREATE INDEX refuse ON runs
          (CASE WHEN status = 'finished' THEN abs(-9223372036854775807 - 1) END)`,
      )
    );
    const error = await refusalOf(() => workspace.run({ experiments }));
    assertEquals([error.code, error.exitCode], ["registry_unavailable", 1]);
    assertMatch(error.message, /integer overflow/);
    assertMatch(error.hint!, /complete in .*: the next run records it too/);
    const [row] = await workspace.runs();
    assertEquals([row!.status, row!.artifacts], ["running", []]);
    const metrics = JSON.parse(await Deno.readTextFile(join(row!.directory, "metrics.json")));
    assertEquals(metrics.status, "success");
    // As long as it cannot be recorded it is in nobody's way.
    assertEquals((await refusalOf(() => workspace.run({ experiments }))).code, error.code);
    await workspace.registry(({ database }) => database.run(sql`DROP INDEX refuse`));
    const { reproduction } = await workspace.run({ experiments });
    const runs = await workspace.runs();
    assertEquals(runs.map(({ status }) => status), ["finished", "finished", "finished"]);
    assertEquals(reproduction, { of: row!.id, identical: true });
    for (const run of runs) await assertComplete(run);
  });
});

Deno.test("a run that loses its registry on the way is complete, and recorded by the next", async () => {
  await withTestWorkspace(async (workspace) => {
    const experiments = tableOf(flat);
    await workspace.registry(() => Promise.resolve());
    const path = workspace.path("runs/registry.db");
    const { url } = registryLocation(path, "/");
    const other = createClient({ url });
    let before: Uint8Array<ArrayBuffer>;
    const lose = async (): Promise<void> => {
      before = await Deno.readFile(path);
      await other.execute("ALTER TABLE runs RENAME TO gone");
    };
    let gone: Promise<void> | undefined;
    const error = await refusalOf(() =>
      workspace.run({
        experiments,
        onProgress: () => gone ??= lose(),
      })
    );
    await gone;
    assertEquals([error.code, error.exitCode], ["registry_unavailable", 1]);
    assertMatch(error.message, /no such table: runs/);
    assertMatch(error.hint!, /complete in .*: the next run records it too/);
    other.close();
    await Deno.writeFile(path, before!);
    assertEquals((await workspace.runs()).map(({ status }) => status), ["running"]);
    assertEquals((await workspace.run({ experiments })).reproduction, null);
    const runs = await workspace.runs();
    assertEquals(runs.map(({ status }) => status), ["finished", "failed"]);
    for (const run of runs) await assertComplete(run);
  });
});

Deno.test("a run whose directory is taken fails, and leaves that directory alone", async () => {
  await withTestWorkspace(async (workspace) => {
    const experiments = tableOf(flat);
    const host = (): Partial<Host> => {
      const { now, randomBytes } = fakeHost({ args: [], cwd: "/", time: new FakeTime() });
      return { now, randomBytes };
    };
    const { run } = await workspace.run({ experiments, machine: host() });
    await workspace.registry(({ database }) => database.run(sql`DELETE FROM runs`));
    const error = await refusalOf(() => workspace.run({ experiments, machine: host() }));
    assertEquals(error.code, "runs_dir_unusable");
    assertMatch(error.message, new RegExp(`${run.directory}: .*exists`));
    const [row] = await workspace.runs();
    assertEquals([row!.id, row!.status, row!.error_code], [run.id, "failed", "runs_dir_unusable"]);
    await assertComplete({ ...run });
  });
});

Deno.test("a run whose id is taken fails, and leaves the run of that id alone", async () => {
  await withTestWorkspace(async (workspace) => {
    const experiments = tableOf(flat);
    const machine = {
      now: () => new Date(0),
      randomBytes: (count: number) => new Uint8Array(count),
    };
    const { run } = await workspace.run({ experiments, machine });
    assertEquals(run.id, "19700101-000000-000000");
    assertEquals(
      (await refusalOf(() => workspace.run({ experiments, machine }))).code,
      "registry_unavailable",
    );
    assertEquals(await workspace.runs(), [run]);
    await assertComplete(run);
  });
});

Deno.test("a runs folder that cannot be made is refused before anything is recorded", async () => {
  await withTestWorkspace(async (workspace) => {
    const file = await workspace.write("file", "");
    for (const runsDir of [file, join(file, "runs")]) {
      const error = await refusalOf(() => workspace.run({ runsDir, experiments: tableOf(flat) }));
      assertEquals(error.code, "runs_dir_unusable");
      assertMatch(error.hint!, /--runs-dir/);
    }
    assert(!(await Deno.readTextFile(file)));
  });
});

Deno.test("a folder of runs may have any name, and lie apart from the registry", async () => {
  await withTestWorkspace(async (workspace) => {
    for (const name of ["a b", "100%", "a#b?c", "größe 日本 🎲", "{x}"]) {
      const runsDir = workspace.path(name);
      const { run } = await workspace.run({ experiments: tableOf(flat), runsDir });
      assertEquals([run.status, run.directory], ["finished", join(runsDir, run.id)]);
      await assertComplete(run);
    }
    assertEquals((await workspace.runs()).length, 5);
  });
});
