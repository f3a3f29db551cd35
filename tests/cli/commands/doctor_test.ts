import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { type Client, createClient } from "@libsql/client/sqlite3";
import { pathToFileURL } from "node:url";
import type { CallOptions, Workspace } from "../workspace.ts";
import { withWorkspace } from "../workspace.ts";

interface Check {
  readonly group: string;
  readonly name: string;
  readonly status: string;
  readonly found: string;
  readonly advice: string | null;
}

/** What the doctor finds, by name; `exit` is its exit status. */
async function examined(
  { call }: Pick<Workspace, "call">,
  { words = "", ...options }: CallOptions & { readonly words?: string } = {},
): Promise<{ readonly exit: number; readonly of: (name: string) => Check | undefined }> {
  const { exit, out, err } = await call(`doctor --json${words}`, options);
  assertEquals(err, "");
  const { schema, verdict, ok, warnings, problems, checks } = JSON.parse(out);
  assertEquals([schema, ok + warnings + problems], [1, checks.length]);
  assertEquals([verdict, exit], problems === 0 ? ["healthy", 0] : ["problems", 1]);
  return {
    exit,
    of: (name) => checks.find((check: Check) => `${check.group}: ${check.name}`.endsWith(name)),
  };
}

/** Every file of a folder with its bytes and time. */
function snapshot({ dir, files }: Pick<Workspace, "dir" | "files">): readonly unknown[] {
  return files().map((name) => {
    const path = join(dir, name);
    const { isFile, mtime } = Deno.statSync(path);
    return [name, mtime, isFile ? Deno.readFileSync(path) : null];
  });
}

/** Changes the registry behind sigrun's back. */
async function changeRegistry(dir: string, change: (client: Client) => Promise<unknown>) {
  const client = createClient({ url: pathToFileURL(join(dir, "runs/registry.db")).href });
  try {
    await change(client);
  } finally {
    client.close();
  }
}

Deno.test("before the first run all is well, and nothing is made", async () => {
  await withWorkspace(async (workspace) => {
    const before = snapshot(workspace);
    const { of } = await examined(workspace);
    assertEquals(of("Registry: registry")?.found, "not there yet: the first run makes it");
    assertEquals(of("runs folder")?.found, "not there yet: the first run makes it");
    assertEquals(of("leftovers")?.status, "ok");
    assertEquals(snapshot(workspace), before);
  });
});

Deno.test("a page says all there is to say, with what to do", async () => {
  await withWorkspace(async ({ call, dir }) => {
    await call("run");
    await Deno.writeTextFile(join(dir, "runs/.metrics.json.x.tmp"), "");
    const { exit, out, err } = await call("doctor");
    assertEquals([exit, err], [0, ""]);
    for (
      const line of [
        /^ {2}ok +sigrun +0\.0\.0-test$/m,
        /^ {2}ok +sqlite +3\.\d+\.\d+, inside libsql$/m,
        /^ {2}ok +registry +\$DIR\/runs\/registry\.db {2}\(default\)$/m,
        /^ {2}ok +schema +version \d+$/m,
        /^ {2}ok +integrity +quick check passed$/m,
        /^ {2}ok +runs +1 finished$/m,
        /^ {2}ok +file locks +keep others out$/m,
        /^ {2}warning +temporary files +1\n +→ Writes were cut short/m,
        /^\d+ ok, \d+ warnings?, 0 problems$/m,
      ]
    ) {
      assertMatch(out, line);
    }
  });
});

Deno.test("looking changes nothing, whatever there is to see", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await call("run");
    await call("run --set window=2");
    await call("run --set window=100");
    const states: (() => unknown)[] = [
      () => {},
      () => Deno.writeTextFile(join(dir, "runs/registry.db-journal"), "x"),
      () => Deno.remove(join(dir, "runs/registry.db-journal")),
      () => changeRegistry(dir, (client) => client.execute("PRAGMA journal_mode = WAL")),
      () => Deno.writeTextFile(join(dir, "runs/registry.db"), "no database"),
      () => Deno.remove(join(dir, "runs/registry.db")),
    ];
    for (const state of states) {
      await state();
      const before = snapshot(workspace);
      await call("doctor");
      assertEquals(snapshot(workspace), before, String(state));
    }
  });
});

Deno.test("crashed and damaged runs, and those without a row, are counted", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    for (const window of [1, 2, 3, 4]) await call(`run --set window=${window}`);
    const { runs } = JSON.parse((await call("runs:list --json")).out);
    const [a, b, c, d] = runs.map(({ id }: { id: string }) => id);
    await changeRegistry(dir, async (client) => {
      await client.execute({ sql: "DELETE FROM runs WHERE id = ?", args: [a] });
      await client.execute({ sql: "INSERT INTO damage VALUES (?, 'x')", args: [b] });
      await client.execute({ sql: "UPDATE runs SET status = 'running' WHERE id = ?", args: [c] });
      await client.execute({
        sql: "UPDATE runs SET status = 'running' WHERE id = ?",
        args: [d],
      });
    });
    await Deno.remove(join(dir, "runs", d), { recursive: true });
    const { exit, of } = await examined(workspace);
    assertEquals(exit, 1);
    assertEquals(of("unknown runs")?.found, "1");
    assertEquals([of("damaged runs")?.status, of("damaged runs")?.found], [
      "problem",
      "1 marked by an audit",
    ]);
    assertEquals(of("unrecorded ends")?.found, "1 complete on disk, not yet in the registry");
    assertEquals(of("crashed runs")?.found, "1 stored as running, whose process is gone");
    assertEquals(of("Registry: runs")?.found, "1 finished, 1 crashed");
    await changeRegistry(dir, async (client) => {
      await client.execute({ sql: "UPDATE runs SET deleted_at = 'now' WHERE id = ?", args: [d] });
    });
    const { of: later } = await examined(workspace);
    assertEquals(later("crashed runs"), undefined);
    assertMatch(later("Registry: runs")!.found, /, 1 crashed; 1 of them deleted$/);
  });
});

Deno.test("a registry that cannot be used is a problem, each kind with its way out", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir, write } = workspace;
    await call("run");
    const found = async (): Promise<readonly unknown[]> => {
      const { of } = await examined(workspace);
      const names = ["Registry: registry", "database", "application id", "schema"];
      const worst = names.map(of).find((check) => check?.status === "problem");
      assert(worst?.advice);
      return [worst.name, worst.found];
    };
    await changeRegistry(dir, (client) => client.execute("PRAGMA user_version = 1000"));
    assertMatch(String(await found()), /^schema,version 1000; this sigrun knows up to \d+$/);
    await changeRegistry(dir, (client) => client.execute("PRAGMA application_id = 7"));
    assertEquals(await found(), ["application id", "another program's database"]);
    await write("runs/registry.db", "x".repeat(5000));
    assertEquals(await found(), ["database", "no SQLite database"]);
    await write("runs/registry.db", "");
    assertEquals(await found(), ["registry", "an empty file"]);
  });
});

Deno.test("a damaged page is found", async () => {
  await withWorkspace(async (workspace) => {
    const { call, dir } = workspace;
    await call("run");
    using file = await Deno.open(join(dir, "runs/registry.db"), { write: true });
    await file.seek(4096 * 2, Deno.SeekMode.Start);
    await file.write(new Uint8Array(4096 * 4).fill(0xa5));
    const { exit, of } = await examined(workspace);
    assertEquals(exit, 1);
    const check = of("integrity") ?? of("registry health");
    assertEquals(check?.status, "problem");
    assert(check?.advice?.includes("runs:verify --repair"));
  });
});

Deno.test("paths say where they come from, and hostile ones are shown without harm", async () => {
  await withWorkspace(async (workspace) => {
    const env = { SIGRUN_RUNS_DIR: "from-env" };
    const { of } = await examined(workspace, { env, words: " --registry file:other.db" });
    assertMatch(of("Paths: runs")!.found, /\/from-env {2}\(SIGRUN_RUNS_DIR\)$/);
    assertMatch(of("Paths: registry")!.found, /\/other\.db {2}\(--registry\)$/);
    await workspace.write("a file", "");
    const file = await examined(workspace, { env: { SIGRUN_RUNS_DIR: "a file" } });
    assertMatch(file.of("runs folder")!.found, /is no folder$/);
    const { out } = await workspace.call(["doctor", "--runs-dir", "a\u001b[2J\u202eb"]);
    assertEquals(["\u001b", "\u202e"].filter((character) => out.includes(character)), []);
  });
});

Deno.test("a registry on a server that does not answer is a problem, told with what to do", async () => {
  await withWorkspace(async (workspace) => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const words = ` --registry http://127.0.0.1:${port}`;
    const { exit, of } = await examined(workspace, { words });
    assertEquals(exit, 1);
    assertMatch(of("Registry: registry")!.found, /connection refused$/);
    assertMatch(of("Registry: registry")!.advice!, /^Is the server up\?/);
    assertEquals(of("Paths: registry")!.found, `http://127.0.0.1:${port}  (--registry)`);
  });
});
