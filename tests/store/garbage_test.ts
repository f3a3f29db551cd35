import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { begunRun, reserveRun } from "../../lib/registry/store.ts";
import { changeLabels } from "../../lib/store/change_labels.ts";
import { type Garbage, garbagePlan } from "../../lib/store/garbage/collect.ts";
import { KeptDataHold } from "../../lib/store/kept_data_hold.ts";
import { labelsJson } from "../../lib/store/labels.ts";
import { withAudited } from "../verify/audited.ts";
import { DATA, withWorkspace, type Workspace } from "../run/workspace.ts";

const NOW = new Date("2026-11-30T00:00:00.000Z");

interface CollectOptions {
  readonly until?: string;
  readonly hostname?: string;
  /** Name of the folder of runs. */
  readonly folder?: string;
  readonly isDryRun?: boolean;
  /** Called between plan and execution. */
  readonly meanwhile?: () => Promise<void>;
}

function collected(
  { registry, path }: Workspace,
  { until, folder = "runs", hostname = "test", isDryRun = false, meanwhile }: CollectOptions = {},
): Promise<Garbage> {
  return registry(async (opened) => {
    const runsDir = path(folder);
    const request = { runsDir, hostname, until, now: NOW, registry: opened.location };
    const { garbage, collect } = await garbagePlan(opened, request);
    await meanwhile?.();
    return isDryRun ? garbage : await collect();
  });
}

async function label(
  { registry, path }: Workspace,
  id: string,
  deleted_at: string | null = "2026-11-24T00:00:00.000Z",
): Promise<void> {
  await registry((registry) =>
    changeLabels(registry, {
      id,
      runsDir: path("runs"),
      now: () => NOW,
      hostname: "test",
      change: (labels) => ({ ...labels, deleted_at }),
    })
  );
}

/** All paths below `runs`, but for the registry and the folders of sigrun's own. */
function stored({ path }: Workspace, folder = ""): readonly string[] {
  return [...Deno.readDirSync(path(`runs/${folder}`))].flatMap(({ name, isDirectory }) =>
    isDirectory && ["data", ".trash"].includes(name)
      ? stored({ path } as Workspace, `${name}/`)
      : [`${folder}${name}`]
  ).filter((name) => name !== "registry.db").sort();
}

function dataOf(run: { readonly hashes: { readonly data: string | null } }): string {
  return `data/${run.hashes.data!.slice(7)}`;
}

Deno.test("a deleted run goes with its directory, and its data if no other run has it", async () => {
  await withWorkspace(async (workspace) => {
    const { run: first } = await workspace.run();
    const { run: second } = await workspace.run({ set: ["window=2"] });
    const other = await workspace.write("other.csv", DATA.replace("13", "14"));
    const { run: third } = await workspace.run({ data: [other] });
    await label(workspace, first.id);
    await label(workspace, third.id);
    const all = stored(workspace);
    const planned = await collected(workspace, { isDryRun: true });
    assertEquals(stored(workspace), all, "a plan changes nothing");
    const done = await collected(workspace);
    assertEquals(done, planned);
    assertEquals(done.runs.map(({ id }) => id), [first.id, third.id]);
    assertEquals(done.data.map(({ path }) => path), [workspace.path(`runs/${dataOf(third)}`)]);
    assertEquals(done.data[0]!.bytes, DATA.length);
    assert(done.runs[0]!.bytes > 1000);
    assertEquals(stored(workspace), [second.id, dataOf(second)].sort());
    assertEquals((await workspace.runs()).map(({ id }) => id), [second.id]);
    const again = await collected(workspace);
    assertEquals([again.runs, again.data, again.leftovers], [[], [], []]);
  });
});

Deno.test("what was deleted later than asked for stays, and so does what was restored meanwhile", async () => {
  await withWorkspace(async (workspace) => {
    const { run: early } = await workspace.run();
    const { run: late } = await workspace.run();
    const { run: restored } = await workspace.run();
    await label(workspace, early.id, "2026-11-24T00:00:00.000Z");
    await label(workspace, late.id, "2026-11-26T00:00:00.000Z");
    const until = "2026-11-25T00:00:00.000Z";
    const plan = await collected(workspace, { until, isDryRun: true });
    assertEquals(plan.runs.map(({ id }) => id), [early.id]);
    await label(workspace, restored.id, "2026-11-24T00:00:00.000Z");
    // As another process would, whose file is newer than its row.
    const labels = { name: "kept", tags: [], note: null, deleted_at: null };
    const text = labelsJson({ ...labels, labels_at: "2026-12-01T00:00:00.000Z" });
    const done = await collected(workspace, {
      until,
      meanwhile: () => Deno.writeTextFile(join(restored.directory, "labels.json"), text),
    });
    assertEquals(done.runs.map(({ id }) => id), [early.id]);
    assertEquals(stored(workspace), [late.id, restored.id, dataOf(late)].sort());
    const rows = new Map((await workspace.runs()).map((run) => [run.id, run]));
    assertEquals(rows.get(restored.id)!.name, "kept", "the row has followed");
  });
});

Deno.test("data is kept that only the manifest of a run without a row refers to, or of one with another row", async () => {
  for (const statement of ["DELETE FROM runs", "UPDATE runs SET data_hash = 'sha256:0'"]) {
    await withAudited(async (workspace) => {
      const { run } = await workspace.run();
      const { createClient } = await import("@libsql/client/sqlite3");
      const client = createClient({ url: `file:${workspace.registryPath}` });
      await client.executeMultiple(`PRAGMA foreign_keys = ON; ${statement}`);
      client.close();
      await workspace.write(`runs/data/${"0".repeat(64)}`, "of nobody");
      const { data } = await collected(workspace);
      assertEquals(data.map(({ bytes }) => bytes), [9]);
      assertEquals(stored(workspace), [run.id, dataOf(run)].sort());
    });
  }
});

Deno.test("the files of a series are kept as long as a run has it, and go with it", async () => {
  await withWorkspace(async (workspace) => {
    const lines = DATA.trim().split("\n");
    const files = [lines.slice(0, 4), [lines[0]!, ...lines.slice(4)]].map((part) =>
      part.join("\n")
    );
    const data = await Promise.all(
      files.map((text, at) => workspace.write(`part${at}.csv`, `${text}\n`)),
    );
    const { run } = await workspace.run({ data });
    assertEquals(stored(workspace).length, 4);
    assertEquals((await collected(workspace)).data, []);
    await label(workspace, run.id);
    assertEquals((await collected(workspace)).data.length, 3);
    assertEquals(stored(workspace), []);
  });
});

Deno.test("data that a run is just keeping is not removed, whatever the search found", async () => {
  await withWorkspace(async (workspace) => {
    const { run } = await workspace.run();
    await label(workspace, run.id);
    // A run with the same data that has looked whether it is kept, and is sealed in the end.
    const hold = new KeptDataHold(workspace.path("runs/data"));
    await hold.take();
    const sealed = workspace.path("runs/20261130-000000-0000zz");
    await Deno.mkdir(sealed);
    setTimeout(async () => {
      await Deno.copyFile(workspace.path("manifest.json"), join(sealed, "manifest.json"));
      hold[Symbol.dispose]();
    }, 100);
    await Deno.copyFile(join(run.directory, "manifest.json"), workspace.path("manifest.json"));
    const done = await collected(workspace);
    assertEquals(done.runs.length, 1);
    assertEquals([done.data, done.isDataBusy], [[], false]);
    assertEquals(stored(workspace), ["20261130-000000-0000zz", dataOf(run)].sort());
  });
});

Deno.test("runs that are elsewhere, on another machine or still going are left alone and counted", async () => {
  await withWorkspace(async (workspace) => {
    const { run: here } = await workspace.run();
    const { run: elsewhere } = await workspace.run({ runsDir: workspace.path("elsewhere") });
    const { run: gone } = await workspace.run();
    for (const { id } of [here, elsewhere, gone]) await label(workspace, id);
    await Deno.remove(gone.directory, { recursive: true });
    // In another folder of runs, and on another machine.
    const far = await collected(workspace, { folder: "far", hostname: "another", isDryRun: true });
    assertEquals([far.runs, far.left], [[], { elsewhere: 3, running: 0, unclear: 0, damaged: 0 }]);
    // What is here is, whatever the machine was called.
    const done = await collected(workspace, { hostname: "another" });
    assertEquals(done.runs.map(({ id, bytes }) => [id, bytes > 0]), [[here.id, true], [
      gone.id,
      false,
    ]]);
    assertEquals(done.left, { elsewhere: 1, running: 0, unclear: 0, damaged: 0 });
    assert((await Deno.stat(join(elsewhere.directory, "manifest.json"))).isFile);
  });
});

Deno.test("a run whose labels cannot be understood is left alone", async () => {
  await withWorkspace(async (workspace) => {
    const { run } = await workspace.run();
    await label(workspace, run.id);
    await Deno.writeTextFile(join(run.directory, "labels.json"), "{");
    assertEquals((await collected(workspace)).left, {
      elsewhere: 0,
      running: 0,
      unclear: 1,
      damaged: 0,
    });
    assertEquals(stored(workspace), [run.id, dataOf(run)].sort());
  });
});

Deno.test("a run that crashed and was deleted is removed", async () => {
  await withWorkspace(async (workspace) => {
    await workspace.run();
    const id = "20261124-000000-0000zz";
    const directory = workspace.path(`runs/${id}`);
    await workspace.registry((registry) =>
      reserveRun(registry, begunRun({ id, started_at: "2026-11-24T00:00:00.000Z", directory }))
    );
    await label(workspace, id);
    assertEquals((await collected(workspace)).runs.map(({ id }) => id), [id]);
    assertEquals((await workspace.runs()).length, 1);
  });
});

Deno.test("what collections and writers left behind that were cut short is finished or removed", async () => {
  await withWorkspace(async (workspace) => {
    const { path } = workspace;
    const { run: due } = await workspace.run();
    const { run: kept } = await workspace.run();
    await label(workspace, due.id);
    const trash = path("runs/.trash");
    await Deno.mkdir(trash);
    await Deno.rename(due.directory, join(trash, due.id));
    await Deno.rename(kept.directory, join(trash, kept.id));
    await workspace.write("runs/.trash/20261124-000000-0000zz/signals.csv", "x");
    await workspace.write("runs/.trash/mine", "not sigrun's");
    const uuid = crypto.randomUUID();
    const old = await workspace.write(`runs/.labels.json.${uuid}.tmp`, "");
    await Deno.utime(old, NOW, new Date("2026-11-29T00:00:00.000Z"));
    const young = `.labels.json.${crypto.randomUUID()}.tmp`;
    await Deno.utime(await workspace.write(`runs/${young}`, ""), NOW, NOW);
    await workspace.write(`runs/data/${"0".repeat(64)}.${uuid}.tmp`, "a copy");
    await workspace.write(`runs/data/.${"0".repeat(64)}.${uuid}.tmp`, "a list");
    await workspace.write("runs/data/notes.txt", "not sigrun's");
    const done = await collected(workspace);
    assertEquals(done.runs.map(({ id }) => id), [due.id]);
    assertEquals(done.leftovers.map(({ bytes }) => bytes).sort(), [0, 1, 6, 6]);
    assertEquals(
      stored(workspace),
      [".trash/mine", young, kept.id, dataOf(kept), "data/notes.txt"].sort(),
    );
  });
});

Deno.test("no link is followed out of the folder of runs", async () => {
  await withWorkspace(async (workspace) => {
    const { path } = workspace;
    const { run } = await workspace.run();
    await label(workspace, run.id);
    const precious = await workspace.write("precious/file", "x");
    await Deno.symlink(path("precious"), join(run.directory, "link"));
    await collected(workspace);
    assertEquals(await Deno.readTextFile(precious), "x");
    const { run: linked } = await workspace.run();
    await label(workspace, linked.id);
    await Deno.rename(linked.directory, path(`precious/${linked.id}`));
    await Deno.symlink(path(`precious/${linked.id}`), linked.directory);
    await collected(workspace);
    assert((await Deno.stat(path(`precious/${linked.id}/manifest.json`))).isFile);
  });
});
