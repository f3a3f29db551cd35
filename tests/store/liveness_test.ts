import { assertEquals } from "@std/assert";
import { createClient } from "@libsql/client/sqlite3";
import { sql } from "drizzle-orm";
import { join } from "node:path";
import { localRegistry, type RemoteRegistry } from "../../lib/registry/location.ts";
import { listRuns } from "../../lib/registry/list_runs.ts";
import type { Registry } from "../../lib/registry/open.ts";
import { reserveRun, type StorableRun } from "../../lib/registry/store.ts";
import {
  crashedRuns,
  isAlive,
  rollForward,
  type Viewpoint,
  withLiveness,
} from "../../lib/store/liveness.ts";
import { manifestJson } from "../../lib/store/manifest.ts";
import { RunDirectory } from "../../lib/store/run_directory.ts";
import { refusalOf } from "../bars/refusal.ts";
import { sampleRun, withRegistryAt } from "../registry/temp_registry.ts";
import { withTempDir } from "../temp_dir.ts";

/** A view of a folder of runs. */
const here = (runsDir: string) => ({ runsDir, hostname: "test" });

interface Dead {
  /** The folder of runs. */
  readonly runsDir: string;
  /** The run directory. */
  readonly dir: string;
  readonly registry: Registry;
  /** The run as its manifest would have it. */
  readonly ended: StorableRun;
  readonly status: () => Promise<string>;
}

/** Calls `use` with the running row of a run and its directory, whose process is gone. */
function withDeadRun(use: (dead: Dead) => Promise<void>): Promise<void> {
  return withTempDir((dir) =>
    withRegistryAt(join(dir, "registry.db"), async (registry) => {
      const directory = join(dir, sampleRun().id);
      const ended = sampleRun({ directory, tags: ["x"] });
      const begun = { params: {}, metrics: {}, artifacts: [], signal_rate: null };
      await reserveRun(registry, { ...ended, ...begun, status: "running" });
      (await RunDirectory.reserve(directory)).close();
      const status = async () => (await listRuns(registry)).runs[0]!.status;
      await use({ runsDir: dir, dir: directory, registry, ended, status });
    })
  );
}

Deno.test("a run is alive as long as its directory is held, whoever asks", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "run");
    assertEquals(await isAlive(path), false);
    const directory = await RunDirectory.reserve(path);
    const asked = await Promise.all(Array.from({ length: 20 }, () => isAlive(path)));
    assertEquals(new Set(asked), new Set([true]));
    // Sealing the log reads it, which must not let go of it.
    await directory.sealLog();
    assertEquals(await isAlive(path), true);
    directory.close();
    assertEquals(await isAlive(path), false);
  });
});

Deno.test("a run that is dead is so to all who ask at once", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "run");
    (await RunDirectory.reserve(path)).close();
    // Each of these holds the lock for a moment.
    const asked = await Promise.all(Array.from({ length: 100 }, () => isAlive(path)));
    assertEquals(new Set(asked), new Set([false]));
    // As a process of its own would.
    using other = await Deno.open(join(path, "run.log"));
    await other.lock(false);
    assertEquals(await isAlive(path), false);
  });
});

Deno.test("a run beside its registry is alive and completed there, whatever path its row has", async () => {
  await withTempDir((dir) =>
    withRegistryAt(join(dir, "registry.db"), async (registry) => {
      // As where its folder is mounted in a container, or was moved.
      const ended = sampleRun({ directory: "/elsewhere/run" });
      const running = {
        ...ended,
        params: {},
        metrics: {},
        artifacts: [],
        status: "running" as const,
      };
      await reserveRun(registry, running);
      const path = join(dir, ended.id);
      const directory = await RunDirectory.reserve(path);
      const from = { ...here(dir), registry: registry.location };
      const status = async () => {
        const [run] = (await listRuns(registry)).runs;
        return (await withLiveness(run!, from)).status;
      };
      assertEquals([await status(), await crashedRuns(registry, here(dir))], ["running", []]);
      directory.close();
      assertEquals([await status(), await crashedRuns(registry, here(dir))], ["crashed", [
        ended.id,
      ]]);
      await Deno.writeTextFile(join(path, "manifest.json"), manifestJson(ended));
      await rollForward(registry, here(dir));
      assertEquals(await status(), ended.status);
    })
  );
});

Deno.test("a running run of another machine is what its row says, where the registry is shared", async () => {
  await withTempDir(async (dir) => {
    const environment = { hostname: "other" };
    const directory = join(dir, sampleRun().id);
    const running = sampleRun({ status: "running", directory, environment });
    const registry: RemoteRegistry = {
      kind: "remote",
      url: "http://127.0.0.1:1",
      token: null,
      timeoutMs: 1,
    };
    const statusFrom = async (from: Omit<Viewpoint, "runsDir">) =>
      (await withLiveness(running, { runsDir: dir, ...from })).status;
    assertEquals(await statusFrom({ registry, hostname: "here" }), "running");
    assertEquals(await statusFrom({ registry, hostname: "other" }), "crashed");
    // What is beside a file can be looked at, as by a container that has a new name each time.
    const beside = localRegistry(join(dir, "registry.db"));
    assertEquals(await statusFrom({ registry: beside, hostname: "here" }), "crashed");
  });
});

Deno.test("a running run without a process has crashed", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, sampleRun().id);
    const running = sampleRun({ status: "running", directory: path });
    const from = { registry: localRegistry(join(dir, "registry.db")), ...here(dir) };
    assertEquals((await withLiveness(running, from)).status, "crashed", "no directory");
    const directory = await RunDirectory.reserve(path);
    assertEquals((await withLiveness(running, from)).status, "running");
    directory.close();
    assertEquals(await withLiveness(running, from), { ...running, status: "crashed" });
    for (const status of ["finished", "failed", "interrupted"] as const) {
      assertEquals((await withLiveness({ ...running, status }, from)).status, status);
    }
  });
});

Deno.test("a run that died after its manifest is recorded as the manifest says", async () => {
  await withDeadRun(async ({ runsDir, dir, registry, ended }) => {
    await Deno.writeTextFile(join(dir, "manifest.json"), manifestJson(ended));
    await rollForward(registry, here(runsDir));
    assertEquals((await listRuns(registry)).runs, [ended]);
    await rollForward(registry, here(runsDir));
    assertEquals((await listRuns(registry)).runs, [ended]);
  });
});

Deno.test("failures are rolled forward like successes", async () => {
  for (const status of ["failed", "interrupted"] as const) {
    await withDeadRun(async ({ runsDir, dir, registry, ended }) => {
      const run = { ...ended, status, error_code: "x", error_message: "y" };
      await Deno.writeTextFile(join(dir, "manifest.json"), manifestJson(run));
      await rollForward(registry, here(runsDir));
      assertEquals((await listRuns(registry)).runs, [run]);
    });
  }
});

Deno.test("a run that died before its manifest stays as it is", async () => {
  await withDeadRun(async ({ runsDir, dir, registry, status }) => {
    await Deno.writeTextFile(join(dir, ".manifest.json.0.tmp"), "half");
    await rollForward(registry, here(runsDir));
    assertEquals(await status(), "running");
    await Deno.remove(dir, { recursive: true });
    await rollForward(registry, here(runsDir));
    assertEquals(await status(), "running");
  });
});

Deno.test("a run that lives is left to itself, manifest or not", async () => {
  await withTempDir((dir) =>
    withRegistryAt(join(dir, "registry.db"), async (registry) => {
      const path = join(dir, sampleRun().id);
      const run = sampleRun({ directory: path });
      await reserveRun(registry, { ...run, status: "running" });
      const directory = await RunDirectory.reserve(path);
      await directory.sealManifest(manifestJson(run));
      await rollForward(registry, here(dir));
      assertEquals((await listRuns(registry)).runs[0]!.status, "running");
      directory.close();
      await rollForward(registry, here(dir));
      assertEquals((await listRuns(registry)).runs[0]!.status, "finished");
    })
  );
});

Deno.test("a registry that is held by another process is told, not passed over", async () => {
  await withDeadRun(async ({ runsDir, dir, registry, ended }) => {
    await Deno.writeTextFile(join(dir, "manifest.json"), manifestJson(ended));
    const other = createClient({ url: registry.location.url });
    const writer = await other.transaction("write");
    await registry.database.run(sql`PRAGMA busy_timeout = 1`);
    const error = await refusalOf(() => rollForward(registry, here(runsDir)));
    assertEquals(error.code, "registry_unavailable");
    await writer.rollback();
    other.close();
  });
});

Deno.test("a manifest that is no use is in nobody's way", async () => {
  const useless = (run: StorableRun): readonly string[] => [
    "",
    "{",
    "null",
    "[]",
    '"text"',
    "{}",
    '{"schema": 1}',
    '{"schema": 1, "run": null}',
    manifestJson(run).replace('"schema": 1', '"schema": 2'),
    manifestJson({ ...run, id: "20260102-030405-another" }),
    JSON.stringify({ schema: 1, run: { id: run.id } }),
    JSON.stringify({ schema: 1, run: { id: run.id, status: "finished" } }),
    manifestJson({ ...run, status: "running" }),
    manifestJson({ ...run, status: "crashed" } as unknown as StorableRun),
    manifestJson({ ...run, params: null } as unknown as StorableRun),
    manifestJson({ ...run, metrics: { x: "text" } } as unknown as StorableRun),
    manifestJson({ ...run, metrics: { x: null } } as unknown as StorableRun),
    manifestJson({ ...run, tags: ["x", "x"] }),
    manifestJson({ ...run, tags: "x" } as unknown as StorableRun),
    manifestJson({ ...run, artifacts: [{ path: 7 }] } as unknown as StorableRun),
    manifestJson({ ...run, environment: null } as unknown as StorableRun),
  ];
  await withDeadRun(async ({ runsDir, dir, registry, ended, status }) => {
    for (const text of useless(ended)) {
      await Deno.writeTextFile(join(dir, "manifest.json"), text);
      await rollForward(registry, here(runsDir));
      assertEquals(await status(), "running", text);
    }
    await Deno.remove(join(dir, "manifest.json"));
    await Deno.mkdir(join(dir, "manifest.json"));
    await rollForward(registry, here(runsDir));
    assertEquals(await status(), "running");
  });
});
