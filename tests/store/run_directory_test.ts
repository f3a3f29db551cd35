import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { writeWhole } from "../../lib/store/files.ts";
import { RunDirectory } from "../../lib/store/run_directory.ts";
import { refusalOf } from "../bars/refusal.ts";
import { withTempDir } from "../temp_dir.ts";
import { sha256Of } from "../run/complete.ts";

function namesIn(path: string): readonly string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

/** Calls `use` with a reserved directory. */
function withRunDirectory(use: (directory: RunDirectory) => Promise<void>): Promise<void> {
  return withTempDir(async (dir) => {
    const directory = await RunDirectory.reserve(join(dir, "run"));
    try {
      await use(directory);
    } finally {
      directory.close();
    }
  });
}

Deno.test("a directory can be reserved once", async () => {
  await withRunDirectory(async ({ path }) => {
    const error = await refusalOf(() => RunDirectory.reserve(path));
    assertEquals([error.code, error.exitCode], ["runs_dir_unusable", 1]);
    assertMatch(error.message, /Cannot make the run directory .*run: /);
  });
});

Deno.test("a directory is reserved even if an empty one is there", async () => {
  await withTempDir(async (dir) => {
    // An empty directory may be another process's, reserved a moment ago.
    const error = await refusalOf(() => RunDirectory.reserve(dir));
    assertEquals(error.code, "runs_dir_unusable");
    assertEquals(namesIn(dir), []);
  });
});

Deno.test("a directory below a missing one cannot be reserved", async () => {
  await withTempDir(async (dir) => {
    const error = await refusalOf(() => RunDirectory.reserve(join(dir, "no", "run")));
    assertEquals(error.code, "runs_dir_unusable");
  });
});

Deno.test("what is published is listed with its hash and size, the log too", async () => {
  await withRunDirectory(async (directory) => {
    directory.appendLog("one\n");
    const chunks = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)];
    const binary = await directory.publish("b.bin", chunks);
    assertEquals(binary, { path: "b.bin", sha256: sha256Of(Uint8Array.of(1, 2, 3)), bytes: 3 });
    await directory.publish("a.txt", "first");
    await directory.publish("a.txt", "größe");
    directory.appendLog("zwei ü\n");
    const text = new TextEncoder();
    assertEquals(await directory.sealLog(), [
      { path: "a.txt", sha256: sha256Of(text.encode("größe")), bytes: 7 },
      binary,
      { path: "run.log", sha256: sha256Of(text.encode("one\nzwei ü\n")), bytes: 12 },
    ]);
    assertEquals(directory.isSealed, false);
    await directory.sealManifest("{}\n");
    assertEquals(directory.isSealed, true);
    assertEquals(namesIn(directory.path), ["a.txt", "b.bin", "manifest.json", "run.log"]);
  });
});

Deno.test("a file that cannot be written is named, and is not listed", async () => {
  await withRunDirectory(async (directory) => {
    await Deno.mkdir(join(directory.path, "x", "y"), { recursive: true });
    const error = await refusalOf(() => directory.publish("x", "text"));
    assertEquals([error.code, error.exitCode], ["runs_dir_unusable", 1]);
    assertMatch(error.message, /^Cannot write .*run\/x: /);
    assertEquals((await directory.sealLog()).map(({ path }) => path), ["run.log"]);
    assertEquals(namesIn(directory.path), ["run.log", "x"]);
  });
});

Deno.test("what is withdrawn is neither there nor listed, but for the log", async () => {
  await withRunDirectory(async (directory) => {
    directory.appendLog("one\n");
    await directory.publish("a.txt", "a");
    await directory.publish("b.txt", "b");
    await directory.sealLog();
    await Deno.remove(join(directory.path, "b.txt"));
    await directory.withdraw();
    assertEquals(namesIn(directory.path), ["run.log"]);
    await directory.publish("a.txt", "again");
    assertEquals((await directory.sealLog()).map(({ path }) => path), ["a.txt", "run.log"]);
  });
});

Deno.test("a file that is written whole is of its bytes, however many chunks they come in", async () => {
  await withTempDir(async (dir) => {
    // The chunks share memory, as those of a large file do.
    function* chunks(): Generator<Uint8Array> {
      const chunk = new Uint8Array(1 << 16);
      for (let i = 0; i < 40; i++) yield chunk.fill(i);
    }
    const path = join(dir, "large");
    const artifact = await writeWhole(path, chunks());
    const expected = new Uint8Array(40 << 16).map((_, p) => p >> 16);
    const content = await Deno.readFile(path);
    assert(content.every((byte, p) => byte === expected[p]));
    assertEquals(artifact, { path: "large", sha256: sha256Of(expected), bytes: 40 << 16 });
    assertEquals(namesIn(dir), ["large"]);
  });
});

Deno.test("a file whose writing fails on the way stays as it was", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "file");
    await Deno.writeTextFile(path, "before");
    function* chunks(): Generator<Uint8Array> {
      yield Uint8Array.of(1);
      throw new Error("no more");
    }
    const failed = await writeWhole(path, chunks()).catch((error: Error) => error.message);
    assertEquals(failed, "no more");
    assertEquals(await Deno.readTextFile(path), "before");
    assertEquals(namesIn(dir), ["file"]);
  });
});
