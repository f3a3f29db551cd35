import { createClient } from "@libsql/client/sqlite3";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { DATA, withWorkspace, type Workspace } from "../cli/workspace.ts";
import { snapshotOf } from "./folder_snapshot.ts";

/** Ids that lead elsewhere, or nowhere, as anyone could write them into a registry that is shared. */
const IDS = [
  "../../victim",
  "../victim",
  "..",
  ".",
  "",
  "/",
  "data",
  ".trash",
  "registry.db",
  "20260102-030405-k3f9x2/../../../victim",
  "20260102-030405-K3F9X2",
  "20269999-999999-k3f9x2",
];

async function insertRow(
  { dir }: Workspace,
  { id, startedAt, deletedAt }: {
    readonly id: string;
    readonly startedAt: string;
    readonly deletedAt: string | null;
  },
): Promise<void> {
  const client = createClient({ url: `file:${dir}/runs/registry.db` });
  await client.execute({
    sql: `INSERT INTO runs (id, status, started_at, directory, environment, deleted_at)
      VALUES (?, 'finished', ?, ?, '{}', ?)`,
    args: [id, startedAt, join(dir, "victim"), deletedAt],
  });
  client.close();
}

/** Calls `use` with two runs, and a folder that is nobody's business; nothing in it may change. */
async function withVictim(
  use: (workspace: Workspace, unchanged: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await withWorkspace(async (workspace) => {
    const { dir, call, write } = workspace;
    await Deno.mkdir(join(dir, "victim"));
    await write("victim/file", "precious");
    for (const window of [2, 3]) assertEquals((await call(`run --set window=${window}`)).exit, 0);
    const runs = async () =>
      new Map(
        [...await snapshotOf(dir)].filter(([path]) => !/registry\.db|\.trash$/.test(path)),
      );
    const before = await runs();
    await use(workspace, async () => assertEquals(await runs(), before));
  });
}

Deno.test("a row whose id is no run's is left alone by a collection, which says so", async () => {
  await withVictim(async (workspace, unchanged) => {
    const deletedAt = "2026-01-02T00:00:00.000Z";
    for (const id of IDS) {
      await insertRow(workspace, { id, startedAt: "2026-01-01T00:00:00.000Z", deletedAt });
    }
    for (const words of ["runs:gc --dry-run", "runs:gc --yes"]) {
      const { exit, out, err } = await workspace.call(words);
      assertEquals(exit, 0, err);
      assertMatch(out, /emoved? nothing/);
      assertMatch(err, new RegExp(`Left alone: ${IDS.length} deleted runs with an id that is no`));
      await unchanged();
    }
  });
});

Deno.test("a row whose id is no run's is never the latest, and nothing is said about it", async () => {
  await withVictim(async (workspace, unchanged) => {
    const { call } = workspace;
    const { id } = JSON.parse((await call("runs:show latest --json")).out);
    for (const id of IDS) {
      await insertRow(workspace, { id, startedAt: "2099-01-01T00:00:00.000Z", deletedAt: null });
    }
    assertEquals(JSON.parse((await call("runs:show latest --json")).out).id, id);
    assertEquals((await call("runs:show latest~2")).exit, 2);
    for (const id of IDS) {
      const { exit } = await call(["runs:tag", id, "x"]);
      assertEquals(exit, 2, id);
    }
    await unchanged();
    assertEquals((await call("runs:tag latest x")).exit, 0);
    assert((await Deno.stat(join(workspace.dir, "runs", id, "labels.json"))).isFile);
  });
});

Deno.test("an audit calls such a row damaged, and its repair removes it and nothing else", async () => {
  await withVictim(async (workspace, unchanged) => {
    const { call } = workspace;
    for (const id of IDS) {
      await insertRow(workspace, { id, startedAt: "2099-01-01T00:00:00.000Z", deletedAt: null });
    }
    const { exit, out } = await call("runs:verify");
    assertEquals(exit, 3);
    assertMatch(out, /row id +the id of a run +\.\.\/\.\.\/victim +malformed/);
    assertMatch(out, new RegExp(`2 intact, ${IDS.length} damaged`));
    const repaired = await call("runs:verify --repair");
    assertMatch(repaired.out, /row removed: of '\.\.\/\.\.\/victim', which is not the id of a run/);
    assertEquals((await call("runs:verify")).exit, 0);
    await unchanged();
  });
});

Deno.test("a copied folder of runs stands by itself: nothing is read, written or removed in the original", async () => {
  for (const named of ["--runs-dir copy", "--registry file:copy/registry.db"]) {
    await withWorkspace(async ({ dir, call, write }) => {
      assertEquals((await call("run --name kept")).exit, 0);
      await write("other.csv", DATA.replace("13", "14"));
      assertEquals((await call("run --data other.csv --name other")).exit, 0);
      const { runs: [other] } = JSON.parse((await call("runs:list --json")).out);
      const copied = await new Deno.Command("cp", { args: ["-r", "runs", "copy"], cwd: dir })
        .output();
      assert(copied.success);
      // What is not to be looked at is damaged: whoever reads it would notice.
      for await (const { name } of Deno.readDir(join(dir, "runs", other.id))) {
        await Deno.writeTextFile(join(dir, "runs", other.id, name), "another");
      }
      const before = await snapshotOf(join(dir, "runs"));
      const inCopy = async (words: string, expected = 0): Promise<string> => {
        const { exit, out, err } = await call(`${words} ${named}`);
        assertEquals(exit, expected, `${words}: ${out}${err}`);
        assertEquals(await snapshotOf(join(dir, "runs")), before, words);
        return out;
      };
      await inCopy("runs:verify");
      await inCopy(`runs:show ${other.id}`);
      await inCopy(`runs:reproduce ${other.id} --data other.csv`);
      await inCopy(`runs:note ${other.id} said`);
      await inCopy(`runs:delete ${other.id} --yes`);
      // As after a collection that was killed when it had moved the directory aside.
      await Deno.mkdir(join(dir, "copy", ".trash"));
      await Deno.rename(join(dir, "copy", other.id), join(dir, "copy", ".trash", other.id));
      await inCopy("runs:verify --repair");
      assert((await Deno.stat(join(dir, "copy", other.id, "metrics.json"))).isFile);
      await inCopy(`runs:restore ${other.id}`);
      await inCopy("runs:verify");
      await inCopy(`runs:delete ${other.id} --yes`);
      await inCopy("runs:gc --yes");
      assertEquals(await Deno.stat(join(dir, "copy", other.id)).catch(() => null), null);
      assertEquals(JSON.parse(await inCopy("runs:list --json")).total, 1);
      await inCopy("runs:sync");
      await inCopy("runs:export --all --with-data --output all.tar.gz");
      await inCopy("doctor", 0);
    });
  }
});
