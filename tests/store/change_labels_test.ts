import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { join } from "node:path";
import {
  changeLabels,
  changeLabelsOfEach,
  momentAfter,
  newest,
} from "../../lib/store/change_labels.ts";
import { type DatedLabels, labelsJson, labelsOfJson, readLabels } from "../../lib/store/labels.ts";
import { refuseRunning } from "../../lib/store/refuse_running.ts";
import { RunDirectory } from "../../lib/store/run_directory.ts";
import { registryLocation } from "../../lib/registry/location.ts";
import { begunRun, reserveRun } from "../../lib/registry/store.ts";
import { refusalOf } from "../bars/refusal.ts";
import { withWorkspace, type Workspace } from "../run/workspace.ts";

const moments = fc.date({
  min: new Date("1970-01-01T00:00:00Z"),
  max: new Date("9999-12-30T00:00:00Z"),
  noInvalidDate: true,
}).map((date) => date.toISOString());

const labels: fc.Arbitrary<DatedLabels> = fc.record({
  name: fc.option(fc.string({ unit: "binary" })),
  tags: fc.array(fc.string({ unit: "binary" })),
  note: fc.option(fc.string({ unit: "binary" })),
  deleted_at: fc.option(moments),
  labels_at: moments,
});

const NOW = new Date("2026-11-24T00:00:00.000Z");

function named({ path }: Workspace, id: string, { name, now = NOW }: {
  readonly name: string;
  readonly now?: Date;
}) {
  return {
    id,
    runsDir: path("runs"),
    now: () => now,
    hostname: "test",
    change: (before: DatedLabels | object) => ({ ...before, name }),
  } as Parameters<typeof changeLabels>[1];
}

Deno.test("labels are one text, which reads back as the very same labels", () => {
  fc.assert(fc.property(labels, (given) => {
    const text = labelsJson(given);
    const read = labelsOfJson(JSON.parse(text))!;
    assertEquals(labelsJson(read), text);
    assertEquals(labelsJson({ ...given, tags: [...given.tags, ...given.tags].reverse() }), text);
    const kept = (text: string): string => text.replaceAll("\uffff", "\0");
    assertEquals(read.note, given.note && kept(given.note));
    assertEquals(new Set(read.tags), new Set(given.tags.map(kept)));
  }));
});

Deno.test("what is no labels.json is not taken for one", () => {
  const sound = { schema: 1, name: null, tags: [], note: null, deleted_at: null, labels_at: "" };
  const dated = { ...sound, labels_at: NOW.toISOString() };
  assert(labelsOfJson(dated) !== undefined);
  for (
    const json of [
      null,
      [],
      {},
      sound,
      { ...dated, schema: 2 },
      { ...dated, name: 1 },
      { ...dated, tags: "a" },
      { ...dated, tags: [null] },
      { ...dated, note: undefined },
      { ...dated, deleted_at: "yesterday" },
      { ...dated, labels_at: "2026-11-24T00:00:00Z" },
      { ...dated, labels_at: "2026-11-31T00:00:00.000Z" },
      { ...dated, labels_at: "+012026-11-24T00:00:00.000Z" },
    ]
  ) assertEquals(labelsOfJson(json), undefined, JSON.stringify(json));
});

Deno.test("each change is later than the one before, whatever the clock says", () => {
  fc.assert(fc.property(moments, moments, (last, now) => {
    const next = momentAfter(last, new Date(now));
    assert(next > last);
    assert(next >= now);
  }));
  assertEquals(momentAfter(null, NOW), NOW.toISOString());
});

Deno.test("of labels the newer ones hold, of one moment those in the directory", () => {
  fc.assert(fc.property(labels, labels, (inRow, inFile) => {
    const held = newest(inRow, inFile);
    assertEquals(held, inRow.labels_at > inFile.labels_at ? inRow : inFile);
    assertEquals(newest({ ...inRow, labels_at: null }, inFile), inFile);
    assertEquals(newest(inRow, undefined), inRow);
  }));
});

Deno.test("a change goes into the directory and the registry, and one that changes nothing nowhere", async () => {
  await withWorkspace(async (workspace) => {
    const { run: { id, directory } } = await workspace.run({ tags: ["a"] });
    assertEquals(await readLabels(directory), undefined);
    await workspace.registry(async (registry) => {
      await changeLabels(registry, named(workspace, id, { name: "first" }));
      const first = await readLabels(directory);
      assertEquals([first!.name, first!.tags, first!.labels_at], [
        "first",
        ["a"],
        NOW.toISOString(),
      ]);
      const again = named(workspace, id, { name: "first", now: new Date("2027-01-01T00:00:00Z") });
      assertEquals((await changeLabels(registry, again)).after.labels_at, NOW.toISOString());
      assertEquals(await readLabels(directory), first);
      // The clock has not gone on, or was set back.
      await changeLabels(registry, named(workspace, id, { name: "second" }));
      const early = new Date("2020-01-01T00:00:00Z");
      await changeLabels(registry, named(workspace, id, { name: "third", now: early }));
      assertEquals((await readLabels(directory))!.labels_at, "2026-11-24T00:00:00.002Z");
    });
    const [run] = await workspace.runs();
    assertEquals([run!.name, run!.labels_at], ["third", "2026-11-24T00:00:00.002Z"]);
    assertEquals([...Deno.readDirSync(workspace.path("runs"))].length, 3);
  });
});

Deno.test("a change takes up one that did not get as far as the registry", async () => {
  await withWorkspace(async (workspace) => {
    const { run: { id, directory } } = await workspace.run();
    const lost = { name: null, tags: ["kept"], note: "kept", deleted_at: null };
    const text = labelsJson({ ...lost, labels_at: "2026-11-25T00:00:00.000Z" });
    await Deno.writeTextFile(join(directory, "labels.json"), text);
    await workspace.registry((registry) =>
      changeLabels(registry, named(workspace, id, { name: "x" }))
    );
    const [run] = await workspace.runs();
    assertEquals([run!.name, run!.tags, run!.note], ["x", ["kept"], "kept"]);
    assertEquals(run!.labels_at, "2026-11-25T00:00:00.001Z");
  });
});

Deno.test("labels that cannot be understood are not replaced", async () => {
  await withWorkspace(async (workspace) => {
    const { run: { id, directory } } = await workspace.run();
    await Deno.writeTextFile(join(directory, "labels.json"), "{");
    await workspace.registry(async (registry) => {
      const refused = () => changeLabels(registry, named(workspace, id, { name: "x" }));
      assertEquals((await refusalOf(refused)).code, "runs_dir_unusable");
    });
    assertEquals((await workspace.runs())[0]!.name, null);
    assertEquals(await Deno.readTextFile(join(directory, "labels.json")), "{");
  });
});

Deno.test("labels of many runs change together, up to the first that refuses", async () => {
  await withWorkspace(async (workspace) => {
    const { path, run } = workspace;
    const made = [await run(), await run(), await run(), await run()].map(({ run }) => run);
    const ids = made.map(({ id }) => id);
    const request = { ...named(workspace, "", { name: "x" }), ids };
    await workspace.registry(async (registry) => {
      const broken = join(made[2]!.directory, "labels.json");
      await Deno.writeTextFile(broken, "{");
      const refused = await refusalOf(() => changeLabelsOfEach(registry, request));
      assertEquals(refused.code, "runs_dir_unusable");
      const names = async (): Promise<readonly (string | null)[]> => {
        const runs = await workspace.runs();
        return ids.map((id) => runs.find((run) => run.id === id)!.name);
      };
      assertEquals(await names(), ["x", "x", null, null]);
      assertEquals((await readLabels(made[1]!.directory))!.name, "x");
      assertEquals(await readLabels(path(`runs/${ids[3]}`)), undefined);
      await Deno.remove(broken);
      const changes = await changeLabelsOfEach(registry, request);
      assertEquals(changes.map(({ id, before }) => [id, before.name]), [
        [ids[0], "x"],
        [ids[1], "x"],
        [ids[2], null],
        [ids[3], null],
      ]);
      assertEquals(await names(), ["x", "x", "x", "x"]);
    });
    for (const { directory } of made) assertEquals((await readLabels(directory))!.name, "x");
  });
});

Deno.test("a run that is going or about to start is not labelled, one that died is", async () => {
  await withWorkspace(async (workspace) => {
    const { path } = workspace;
    await workspace.run();
    const id = "20261124-000000-0000zz";
    const directory = path(`runs/${id}`);
    await workspace.registry(async (registry) => {
      const begun = begunRun({ id, started_at: NOW.toISOString(), directory });
      await reserveRun(registry, { ...begun, environment: { hostname: "test" } });
      const label = (options: { readonly now?: Date } = {}) => () =>
        changeLabels(registry, named(workspace, id, { name: "x", ...options }));
      const later = new Date("2026-11-24T01:00:00Z");
      assertEquals((await refusalOf(label())).code, "run_running", "about to start");
      const reserved = await RunDirectory.reserve(directory);
      assertEquals((await refusalOf(label({ now: later }))).code, "run_running", "going");
      reserved.close();
      assertEquals((await refusalOf(label())).code, "run_running", "without a line in its log");
      assertEquals((await label({ now: later })()).after.name, "x");
    });
    assertEquals((await readLabels(directory))!.name, "x");
  });
});

Deno.test("a run of another machine that shares the registry may be going as long as nothing says otherwise", async () => {
  const run = {
    id: "20261124-000000-0000zz",
    status: "running" as const,
    started_at: "2026-11-20T00:00:00.000Z",
    directory: "/elsewhere/20261124-000000-0000zz",
    hostname: "other",
  };
  const registry = registryLocation("http://registry:8080", "/");
  const vantage = { runsDir: "/nowhere", now: NOW, hostname: "test", registry };
  const { code, message } = await refusalOf(() => refuseRunning(run, vantage));
  assertEquals([code, message], ["run_running", "Run 0000zz is still running on 'other'"]);
  const directory = `/nowhere/${run.id}`;
  await refuseRunning({ ...run, hostname: "test", directory }, vantage);
  // In a folder that nobody named it may be going.
  const elsewhere = await refusalOf(() => refuseRunning({ ...run, hostname: "test" }, vantage));
  assertEquals(elsewhere.code, "run_running");
  assertStringIncludes(elsewhere.message, `its directory is '${run.directory}'`);
  await refuseRunning({ ...run, status: "finished" }, vantage);
  await refuseRunning(run, { ...vantage, registry: registryLocation("/runs/registry.db", "/") });
});
