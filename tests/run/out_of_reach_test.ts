/**
 * Runs whose registry is on a server that fails them.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { createClient } from "@libsql/client/http";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../../lib/host.ts";
import type { RemoteRegistry } from "../../lib/registry/location.ts";
import { openRegistry } from "../../lib/registry/open.ts";
import { listRuns } from "../../lib/registry/list_runs.ts";
import type { RunRecord } from "../../lib/record.ts";
import type { RunOutcome } from "../../lib/run/publish.ts";
import { type SyncReport, syncRuns } from "../../lib/store/sync.ts";
import { fakeHost } from "../fake_host.ts";
import { keyPair } from "../registry/jwt.ts";
import { serverTest, type Sqld } from "../registry/sqld.ts";
import { withTcpProxy } from "../registry/tcp_proxy.ts";
import { assertComplete } from "./complete.ts";
import { sigrun } from "./sigrun_process.ts";
import { PROGRAM, withWorkspace, type Workspace } from "./workspace.ts";

const KEYS = await keyPair();

/** All runs that a server knows. */
async function runsOn(location: RemoteRegistry): Promise<readonly RunRecord[]> {
  const registry = await openRegistry(location);
  try {
    return (await listRuns(registry)).runs;
  } finally {
    registry.close();
  }
}

async function sync(
  { path }: Workspace,
  location: RemoteRegistry,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<SyncReport> {
  const registry = await openRegistry(location);
  try {
    return await syncRuns(registry, {
      runsDir: path("runs"),
      now: () => new Date("2026-12-01T00:00:00Z"),
      hostname: "test",
      dryRun,
    });
  } finally {
    registry.close();
  }
}

/** A machine of another name, with the program of this one. */
function machineNamed(hostname: string): Pick<Host, "system"> {
  const { system } = fakeHost({ args: [], cwd: "/", programRoot: PROGRAM, system: { hostname } });
  return { system };
}

/**
 * Checks that a run is complete where it is, that its outcome says what is
 * not, and that it is recorded just as it is by the first sync, and not again.
 */
async function assertSynced(
  outcome: RunOutcome,
  { workspace, location, reason }: {
    readonly workspace: Workspace;
    readonly location: RemoteRegistry;
    readonly reason: RegExp;
  },
): Promise<void> {
  const { run, exitCode, unrecorded, error, metricsJson } = outcome;
  assertEquals([run.status, exitCode, error], ["finished", 1, undefined]);
  assertEquals(JSON.parse(metricsJson).status, "success");
  assertEquals(unrecorded?.code, "registry_unavailable");
  assertMatch(unrecorded!.message, reason);
  assertMatch(unrecorded!.hint!, /^Nothing is lost: it is in \/.*runs:sync records it\./);
  await assertComplete(run);
  assertEquals((await runsOn(location)).filter(({ status }) => status === "finished"), []);
  const before = await sync(workspace, location, { dryRun: true });
  assertEquals((await runsOn(location)).filter(({ status }) => status === "finished"), []);
  const report = await sync(workspace, location);
  assertEquals(report, before);
  assertEquals(report.steps.map((step) => step.run), [run.id]);
  assertMatch(report.steps[0]!.action, /^(run|end) recorded$/);
  const [recorded, ...others] = await runsOn(location);
  assertEquals(others, []);
  await assertComplete(recorded!);
  const again = await sync(workspace, location);
  assertEquals([again.steps, again.unchanged], [[], 1]);
}

serverTest("two machines share a registry, and each says where its runs are", async (server) => {
  const registry = server.location();
  await withWorkspace(async (ours) => {
    await withWorkspace(async (theirs) => {
      const first = await ours.run({ registry, machine: machineNamed("ours") });
      const second = await theirs.run({
        registry,
        machine: { ...machineNamed("theirs"), randomBytes: (n) => new Uint8Array(n).fill(9) },
      });
      assertEquals([first.exitCode, second.exitCode], [0, 0]);
      await assertComplete(first.run);
      await assertComplete(second.run);
      // A result is held against those of other machines.
      assertEquals(second.reproduction, { of: first.run.id, identical: true });
      const runs = await runsOn(registry);
      assertEquals(
        new Map(runs.map(({ directory, environment }) => [directory, environment.hostname])),
        new Map([[first.run.directory, "ours"], [second.run.directory, "theirs"]]),
      );
      assertEquals(runs.every(({ directory, id }) => directory.endsWith(`/runs/${id}`)), true);
      assertEquals([...Deno.readDirSync(ours.path("runs"))].map(({ name }) => name).sort(), [
        first.run.id,
        "data",
      ]);
    });
  });
});

serverTest("a run asks its server seven times, one that reproduces another six", async (server) => {
  await withWorkspace(async (workspace) => {
    await runsOn(server.location());
    await withTcpProxy(server.port, async (proxy) => {
      const registry = { ...server.location(), url: proxy.url };
      const requests: number[] = [];
      for (const set of [["window=3"], ["window=3"], ["window=4"]]) {
        const before = proxy.requests;
        assertEquals((await workspace.run({ registry, set })).exitCode, 0);
        requests.push(proxy.requests - before);
      }
      // Version, runs to record, SQLite, beginning, one or two comparisons, end.
      assertEquals(requests, [7, 6, 7]);
    });
  });
});

serverTest("processes that meet on a new server record all of their runs", async (server) => {
  await withWorkspace(async ({ dir }) => {
    const env = { SIGRUN_REGISTRY: server.url };
    const ended = await Promise.all(
      Array.from(
        { length: 4 },
        (_, at) => sigrun(["run", "--quiet", "--set", `window=${at + 1}`], { cwd: dir, env }),
      ),
    );
    assertEquals(ended.map(({ code, out, err }) => [code, out, err]), Array(4).fill([0, "", ""]));
    const runs = await runsOn(server.location());
    assertEquals(runs.map(({ params }) => params.window).sort(), [1, 2, 3, 4]);
    for (const run of runs) await assertComplete(run);
  });
});

serverTest("a run without a server at all is complete, and recorded by a sync", async (server) => {
  await withWorkspace(async (workspace) => {
    const location = server.location();
    await server.stop();
    const outcome = await workspace.run({ registry: location, name: "n", tags: ["t"] });
    const log = await Deno.readTextFile(join(outcome.run.directory, "run.log"));
    assertMatch(log, /level=warn\S* .*msg="registry out of reach"/i);
    assertEquals(outcome.run.environment.sqlite, null);
    await server.start();
    await assertSynced(outcome, { workspace, location, reason: /connection refused/ });
  });
});

serverTest("a server that goes down during a run, and one that comes back", async (server) => {
  await withWorkspace(async (workspace) => {
    const location = server.location();
    const restarted = await workspace.run({
      registry: location,
      checkSignal: async () => {
        await server.stop();
        await server.start();
      },
    });
    assertEquals([restarted.exitCode, restarted.unrecorded], [0, undefined]);
    await assertComplete((await runsOn(location))[0]!);
    await Deno.remove(restarted.run.directory, { recursive: true });
  });
  await withWorkspace(async (workspace) => {
    await clear(server);
    const location = server.location();
    const outcome = await workspace.run({
      registry: location,
      checkSignal: () => server.stop(),
    });
    await server.start();
    await assertSynced(outcome, { workspace, location, reason: /connection refused/ });
  });
});

serverTest(
  "a server that was out of reach is asked again once the work is done",
  async (server) => {
    await withWorkspace(async (workspace) => {
      const location = server.location();
      const earlier = await workspace.run({ registry: location });
      await server.stop();
      const outcome = await workspace.run({
        registry: location,
        checkSignal: () => server.start(),
      });
      assertEquals([outcome.exitCode, outcome.unrecorded], [0, undefined]);
      assertEquals(outcome.reproduction, { of: earlier.run.id, identical: true });
      assertEquals((await runsOn(location)).length, 2);
    });
  },
);

serverTest("a server that stops answering is waited for as long as is stated", async (server) => {
  await withWorkspace(async (workspace) => {
    await withTcpProxy(server.port, async (proxy) => {
      const location = { ...server.location({ timeoutMs: 200 }), url: proxy.url };
      const outcome = await workspace.run({
        registry: location,
        checkSignal: () => Promise.resolve(void (proxy.mode = "stalled")),
      });
      const reason = /no answer within 0\.2 s/;
      await assertSynced(outcome, { workspace, location: server.location(), reason });
    });
  });
});

serverTest("a connection that is cut in the middle is told", async (server) => {
  await withWorkspace(async (workspace) => {
    await withTcpProxy(server.port, async (proxy) => {
      const location = { ...server.location(), url: proxy.url };
      const outcome = await workspace.run({
        registry: location,
        checkSignal: () => Promise.resolve(void (proxy.mode = "cut")),
      });
      const reason = /the connection was broken off|ended the connection without an answer/;
      await assertSynced(outcome, { workspace, location: server.location(), reason });
    });
  });
});

serverTest(
  "a run whose commit was taken though the answer was lost is there once",
  async (server) => {
    await withWorkspace(async (workspace) => {
      await withTcpProxy(server.port, async (proxy) => {
        const location = { ...server.location(), url: proxy.url };
        const outcome = await workspace.run({
          registry: location,
          machine: {
            monotonicMs() {
              // Asked for once more when the files are there, before the row is.
              if (hasMetrics(workspace)) proxy.mode = "answer lost";
              return 0;
            },
          },
        });
        assertEquals([outcome.exitCode, outcome.unrecorded?.code], [1, "registry_unavailable"]);
      });
      const [recorded, ...others] = await runsOn(server.location());
      assertEquals(others, []);
      await assertComplete(recorded!);
      assertEquals((await sync(workspace, server.location())).steps, []);
    });
  },
);

serverTest("a server that stores nothing keeps no run from its end", async (server) => {
  await withWorkspace(async (workspace) => {
    const location = server.location();
    await runsOn(location);
    await server.configure({ block_writes: true, block_reason: "quota exceeded" });
    const outcome = await workspace.run({ registry: location });
    await server.configure({});
    await assertSynced(outcome, { workspace, location, reason: /quota exceeded/ });
  });
});

serverTest("a server that is full keeps no run from its end", async (server) => {
  await withWorkspace(async (workspace) => {
    const location = server.location();
    await runsOn(location);
    await server.configure({ max_db_size: "100kb" });
    await fill(server);
    const outcome = await workspace.run({ registry: location, name: "long ".repeat(10_000) });
    await server.configure({ max_db_size: "1GB" });
    await assertSynced(outcome, { workspace, location, reason: /full/ });
  });
});

serverTest(
  "a run that failed or was interrupted keeps its exit status without a server",
  async (server) => {
    await withWorkspace(async (workspace) => {
      const location = server.location();
      await server.stop();
      const failed = await workspace.run({ registry: location, set: ["window=6"] });
      assertEquals([failed.run.status, failed.exitCode], ["failed", 1]);
      assertEquals(failed.unrecorded?.code, "registry_unavailable");
      await assertComplete(failed.run);
      await server.start();
      assertEquals((await sync(workspace, location)).steps, [
        { run: failed.run.id, action: "run recorded" },
      ]);
      assertEquals(await runsOn(location), [failed.run]);
    });
  },
);

serverTest(
  "a token that is wrong is told by its variable, and is in nothing that is left",
  (server) => assertToken(server, KEYS.token),
  { jwtKey: KEYS.publicKey },
);

async function assertToken(server: Sqld, token: string): Promise<void> {
  await withWorkspace(async (workspace) => {
    const right = server.location({ token });
    const recorded = await workspace.run({ registry: right });
    assertEquals([recorded.exitCode, recorded.unrecorded], [0, undefined]);
    const secret = "eyJhbGciOiJFZERTQSJ9.hunter2.hunter2";
    const wrong = server.location({ token: secret });
    const outcome = await workspace.run({ registry: wrong });
    assertEquals([outcome.run.status, outcome.exitCode], ["finished", 1]);
    assertMatch(outcome.unrecorded!.message, /does not let you in \(HTTP status 401\)/);
    assertMatch(outcome.unrecorded!.hint!, /SIGRUN_REGISTRY_TOKEN/);
    await assertComplete(outcome.run);
    const said = [Deno.inspect(outcome), JSON.stringify(outcome)];
    for (let at: unknown = outcome.unrecorded; at instanceof Error; at = at.cause) {
      said.push(at.stack!, Deno.inspect(at));
    }
    for (const { name } of Deno.readDirSync(outcome.run.directory)) {
      said.push(await Deno.readTextFile(join(outcome.run.directory, name)));
    }
    for (const text of said) assert(!text.includes("hunter2"), text);
    const process = await sigrun(["runs", "list", "--debug"], {
      cwd: workspace.dir,
      env: { SIGRUN_REGISTRY: wrong.url, SIGRUN_REGISTRY_TOKEN: secret },
    });
    assertEquals(process.code, 1);
    assertMatch(process.err, /SIGRUN_REGISTRY_TOKEN[^]*caused by: ServerFailure/);
    assert(!`${process.out}${process.err}`.includes("hunter2"), process.err);
    const report = await sync(workspace, right);
    assertEquals(report.steps, [{ run: outcome.run.id, action: "run recorded" }]);
    const runs = await runsOn(right);
    assertEquals(runs.length, 2);
    assert(!JSON.stringify(runs).includes(token));
  });
}

/** Whether the run that is going on has published its metrics. */
function hasMetrics({ path }: Workspace): boolean {
  return existsSync(path("runs")) && [...Deno.readDirSync(path("runs"))]
    .some(({ name }) => existsSync(path(`runs/${name}/metrics.json`)));
}

async function clear({ url }: Sqld): Promise<void> {
  const client = createClient({ url });
  await client.execute("DELETE FROM runs");
  client.close();
}

async function fill({ url }: Sqld): Promise<void> {
  const client = createClient({ url });
  await client.execute("CREATE TABLE filler (text TEXT)");
  for (let row = 0; row < 1000; row++) {
    try {
      await client.execute({ sql: "INSERT INTO filler VALUES (?)", args: ["x".repeat(3000)] });
    } catch {
      break;
    }
  }
  client.close();
}
