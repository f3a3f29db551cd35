import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { type Audited, filesIn, runAll, withAudited, wrongOf } from "./audited.ts";
import { PROGRAM } from "../run/workspace.ts";

/** Numbers from 0 to 2^32, the same every time. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
}

/** The places of a file at which a byte is flipped: all, or the ends and a sample. */
function placesIn(length: number, sample: number): readonly number[] {
  if (length <= sample) return Array.from({ length }, (_, at) => at);
  const next = sequence(length);
  return [0, length - 1, ...Array.from({ length: sample }, () => next() % length)];
}

/** Flips one byte after another of each file of a run, and asserts that each is found. */
async function assertFlipsFound(
  { reports }: Audited,
  { directory, sample, only }: {
    readonly directory: string;
    readonly sample: number;
    /** Name of the one file to look at. */
    readonly only?: string;
  },
): Promise<void> {
  const next = sequence(1);
  const files = filesIn(directory);
  assert(files.size >= 3);
  await reports(directory.slice(-22), async (report) => {
    for (const [name, bytes] of files) {
      if (only !== undefined && name !== only) continue;
      const path = join(directory, name);
      for (const at of placesIn(bytes.length, sample)) {
        const flipped = bytes.slice();
        flipped[at]! ^= 1 << (next() >>> 8) % 8;
        Deno.writeFileSync(path, flipped);
        const { state } = await report();
        if (state !== "damaged") throw new Error(`${name}, byte ${at} of ${bytes.length}`);
      }
      Deno.writeFileSync(path, bytes);
    }
    assertEquals((await report()).state, "intact");
  });
}

Deno.test("runs of every kind that were left alone are intact", async () => {
  await withAudited(async (audited) => {
    await runAll(audited);
    const report = await audited.verify();
    assertEquals(wrongOf(report), []);
    assertEquals(report.runs.map(({ state }) => state), Array(8).fill("intact"));
    const statuses = (await audited.runs()).map(({ status }) => status);
    assertEquals(new Set(statuses), new Set(["interrupted", "failed", "finished"]));
    // What was not checked is said, and why.
    const unchecked = report.runs.flatMap(({ checks }) =>
      checks.filter(({ status }) => status !== "ok")
    );
    assertEquals(unchecked.map(({ check, actual }) => `${check}: ${actual}`), [
      "signal hash: no signals file",
    ]);
  });
});

Deno.test("a run that failed while its files were published is intact, without its signal", async () => {
  await withAudited(async (audited) => {
    await audited.write("runs/data", "a file where data is kept");
    const { run } = await audited.run();
    assertEquals([run.status, run.error_code], ["failed", "runs_dir_unusable"]);
    const files = ["config.yaml", "metrics.json", "run.log"];
    assertEquals(run.artifacts.map(({ path }) => path), files);
    assertEquals([...filesIn(run.directory).keys()].sort(), [...files, "manifest.json"].sort());
    const report = await audited.verify();
    assertEquals(wrongOf(report), []);
    assertEquals(report.runs.map(({ state }) => state), ["intact"]);
  });
});

Deno.test("a flip of any byte of any file of a run is found", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run({ name: "first", tags: ["a", "b"] });
    await assertFlipsFound(audited, { ...run, sample: 8192 });
  });
});

Deno.test("a flip of any byte of the labels of a run is found, too", async () => {
  await withAudited(async (audited) => {
    const { run } = await audited.run({ name: "first", tags: ["a", "b"] });
    const deleted_at = "2026-11-24T00:00:00.000Z";
    await audited.label(run.id, { name: "é\u202e", tags: ["b", "c"], note: "1\n2", deleted_at });
    assert(filesIn(run.directory).has("labels.json"));
    await assertFlipsFound(audited, { ...run, sample: 8192, only: "labels.json" });
  });
});

Deno.test("a flip of a byte is found whatever kind of run it is, and however large a file", async () => {
  await withAudited(async (audited) => {
    await Deno.copyFile(join(PROGRAM, "data.csv"), audited.path("data.csv"));
    await runAll(audited);
    for (const { directory } of await audited.runs()) {
      await assertFlipsFound(audited, { directory, sample: 20 });
    }
  });
});
