import { assertEquals } from "@std/assert";
import { join } from "node:path";
import {
  locksExclude,
  nearestExisting,
  whyFileUnwritable,
  whyUnwritable,
} from "../../lib/doctor/access.ts";
import { withTempDir } from "../temp_dir.ts";

Deno.test("whether a folder can be written to is found out without writing", async () => {
  await withTempDir(async (dir) => {
    const before = (await Deno.stat(dir)).mtime;
    assertEquals(await whyUnwritable(dir), null);
    assertEquals((await Deno.stat(dir)).mtime, before);
    assertEquals([...Deno.readDirSync(dir)], []);
    // Root may write anywhere.
    if (Deno.uid() !== 0) {
      await Deno.chmod(dir, 0o500);
      assertEquals(await whyUnwritable(dir), "permission denied");
      await Deno.chmod(dir, 0o700);
    }
  });
});

Deno.test("a file that cannot be opened to write says why, and is not made", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "file");
    assertEquals(await whyFileUnwritable(path), "no such file or directory");
    assertEquals([...Deno.readDirSync(dir)], []);
    await Deno.writeTextFile(path, "x");
    assertEquals(await whyFileUnwritable(path), null);
    assertEquals(await Deno.readTextFile(path), "x");
  });
});

Deno.test("locks of files and folders are tried, also while a run holds one", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "run.log");
    using log = await Deno.open(path, { write: true, create: true });
    for (const locked of [path, dir]) assertEquals(await locksExclude(locked), true);
    await log.lock(true);
    assertEquals(await locksExclude(path), true);
    assertEquals(await locksExclude(join(dir, "nope")), "no such file or directory");
    // What was tried is let go of.
    await log.unlock();
    assertEquals(await log.tryLock(true), true);
  });
});

Deno.test("the nearest folder that exists is that of a path that does not", async () => {
  await withTempDir(async (dir) => {
    assertEquals(await nearestExisting(join(dir, "a/b/c")), dir);
    assertEquals(await nearestExisting(dir), dir);
  });
});
