import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { type DatedLabels, labelsJson } from "../../lib/store/labels.ts";
import { type Audited, runAll, withAudited, wrongOf } from "./audited.ts";

const HOSTILE = "\u001b[31m\u202e\"'; DROP TABLE runs; -- =1+1 \u{1f3b2}\0\n\t";

const OLDER: DatedLabels = {
  name: "older",
  tags: ["x"],
  note: null,
  deleted_at: null,
  labels_at: "2026-11-23T00:00:00.000Z",
};

const NEWER: DatedLabels = { ...OLDER, name: "newer", labels_at: "2026-11-25T00:00:00.000Z" };

function write(directory: string, text: string): Promise<void> {
  return Deno.writeTextFile(join(directory, "labels.json"), text);
}

/** A run that was labelled, and what the repair did to it. */
async function repairedAfter(
  { run, label, runs, repair, verify }: Audited,
  damage: (directory: string) => Promise<void>,
) {
  const { run: { id, directory } } = await run({ name: "first", tags: ["a"] });
  await label(id, { name: "second", tags: ["a", "b"], note: HOSTILE });
  assertEquals(wrongOf(await verify(id)), []);
  await damage(directory);
  const found = wrongOf(await verify(id)).map((text) => text.slice(2));
  const report = await repair(id);
  const repairs = report.repairs.map(({ action, detail }) => `${action}: ${detail}`);
  const [stored] = (await runs()).filter((run) => run.id === id);
  const text = await Deno.readTextFile(join(directory, "labels.json")).catch(() => "none");
  return { found, repairs, left: wrongOf(report).map((text) => text.slice(2)), stored, text };
}

Deno.test("labels and deletion come back after the registry was deleted", async () => {
  await withAudited(async (audited) => {
    await runAll(audited);
    const ids = (await audited.runs()).map(({ id }) => id);
    for (const [at, id] of ids.entries()) {
      await audited.label(id, {
        name: at % 2 === 0 ? HOSTILE : null,
        tags: [HOSTILE, `${at}`, "a"],
        note: HOSTILE.repeat(at),
        deleted_at: at % 3 === 0 ? "2026-11-24T00:00:00.000Z" : null,
      });
    }
    assertEquals(wrongOf(await audited.verify()), []);
    const before = await audited.runs();
    assertEquals(before[1]!.note, HOSTILE);
    await Deno.remove(audited.registryPath);
    assertEquals(wrongOf(await audited.repair()), []);
    assertEquals(await audited.runs(), before);
  });
});

Deno.test("labels that are newer than the row are given to the row", async () => {
  await withAudited(async (audited) => {
    const after = await repairedAfter(audited, (directory) => write(directory, labelsJson(NEWER)));
    assertEquals(after.found, ["row labels outdated"]);
    assertEquals(after.repairs, ["labels updated: the row, from labels.json"]);
    assertEquals(after.left, []);
    assertEquals([after.stored!.name, after.stored!.tags], ["newer", ["x"]]);
  });
});

Deno.test("labels that are older than the row, gone or damaged are written again", async () => {
  const damages: readonly [string, (directory: string) => Promise<void>, readonly string[]][] = [
    ["older", (directory) => write(directory, labelsJson(OLDER)), ["labels.json outdated"]],
    ["gone", (directory) => Deno.remove(join(directory, "labels.json")), ["labels.json outdated"]],
    ["cut off", (directory) => write(directory, "{"), ["labels.json malformed"]],
    ["of another schema", (directory) => write(directory, "{}"), ["labels.json malformed"]],
    ["in another form", async (directory) => {
      const text = await Deno.readTextFile(join(directory, "labels.json"));
      await write(directory, text.replace('  "name"', '   "name"'));
    }, ["labels.json text, line 3 malformed"]],
  ];
  for (const [kind, damage, found] of damages) {
    await withAudited(async (audited) => {
      const after = await repairedAfter(audited, damage);
      assertEquals(after.found, found, kind);
      assertEquals(after.repairs, ["labels updated: labels.json, from the row"], kind);
      assertEquals(after.left, [], kind);
      assertEquals([after.stored!.name, after.stored!.note], ["second", HOSTILE], kind);
      assert(after.text.includes('"second"'), kind);
    });
  }
});

Deno.test("labels of one moment that differ are left as they are, and the run is marked", async () => {
  await withAudited(async (audited) => {
    const after = await repairedAfter(audited, async (directory) => {
      const text = await Deno.readTextFile(join(directory, "labels.json"));
      await write(directory, text.replace("second", "third"));
    });
    assertEquals(after.found, ["row name differs"]);
    assertEquals(after.repairs, ["marked: row name differs"]);
    assertEquals(after.left, after.found);
    // Until somebody says what it is.
    await audited.label(after.stored!.id, { name: "fourth" });
    assertEquals(wrongOf(await audited.repair()), []);
  });
});

Deno.test("damaged labels of a run without a row are not trusted", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run({ name: "first" });
    await audited.label(run.id, { name: "second" });
    await write(run.directory, "[]");
    await Deno.remove(audited.registryPath);
    const { repairs, ...report } = await audited.repair();
    assertEquals(repairs.map(({ action }) => action), [
      "registry rebuilt",
      "row rebuilt",
      "marked",
    ]);
    assertEquals(wrongOf({ ...report, repairs }), ["0 labels.json malformed"]);
    assertEquals((await audited.runs())[0]!.name, "first");
  });
});

Deno.test("the labels of a run that crashed are audited and repaired, too", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run({ name: "first" });
    await Deno.remove(join(run.directory, "manifest.json"));
    await Deno.remove(audited.registryPath);
    await audited.repair();
    await audited.label(run.id, { note: "crashed" });
    assertEquals((await audited.verify()).runs[0]!.state, "crashed");
    await write(run.directory, labelsJson(NEWER));
    assertEquals(wrongOf(await audited.verify()), ["0 row labels outdated"]);
    assertEquals((await audited.repair()).runs[0]!.state, "crashed");
    assertEquals((await audited.runs())[0]!.name, "newer");
    await Deno.remove(audited.registryPath);
    await audited.repair();
    assertEquals((await audited.runs())[0]!.name, "newer");
  });
});

Deno.test("a directory that was left in the trash is brought back while its run is on record", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run({ name: "first" });
    const trashed = audited.path(`runs/.trash/${run.id}`);
    await Deno.mkdir(audited.path("runs/.trash"));
    await Deno.rename(run.directory, trashed);
    assertEquals(wrongOf(await audited.verify()), ["0 directory outdated"]);
    const { repairs, ...report } = await audited.repair();
    assertEquals(repairs.map(({ action }) => action), ["directory brought back"]);
    assertEquals(wrongOf({ ...report, repairs }), []);
    // Saying something about it brings it back as well.
    await Deno.rename(run.directory, trashed);
    await audited.label(run.id, { name: "second" });
    assertEquals(wrongOf(await audited.verify()), []);
  });
});
