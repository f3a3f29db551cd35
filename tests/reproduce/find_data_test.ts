import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { DataFinder } from "../../lib/reproduce/find_data.ts";
import { sha256 } from "../../lib/sha256.ts";
import { withTempDir } from "../temp_dir.ts";

/** Only several files are a series. */
function seriesHash(): Promise<string> {
  throw new Error("is not asked for");
}

Deno.test("data is found by its hash, whatever its name", async () => {
  await withTempDir(async (dir) => {
    const given = { place: "given" as const, paths: [join(dir, "given")] };
    const recorded = { place: "recorded" as const, paths: [join(dir, "data.csv")] };
    const kept = { place: "kept" as const, paths: [join(dir, "kept")] };
    const all = [given, recorded, kept];
    const hash = await sha256("bars");
    const found = () => new DataFinder().find(hash, { candidates: all, seriesHash });
    assertEquals(await found(), { status: "missing" });
    await Deno.mkdir(given.paths[0]!);
    assertEquals(await found(), { status: "missing" });
    await Deno.writeTextFile(recorded.paths[0]!, "other");
    assertEquals(await found(), {
      status: "changed",
      ...recorded,
      actual: await sha256("other"),
    });
    await Deno.writeTextFile(kept.paths[0]!, "bars");
    assertEquals(await found(), { status: "same", ...kept });
    await Deno.writeTextFile(recorded.paths[0]!, "bars");
    assertEquals(await found(), { status: "same", ...recorded });
    await Deno.remove(given.paths[0]!);
    await Deno.writeTextFile(given.paths[0]!, "bars");
    assertEquals(await found(), { status: "same", ...given });
  });
});

Deno.test("a file is hashed once, however many runs have it", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "data.csv");
    await Deno.writeTextFile(path, "bars");
    const finder = new DataFinder();
    const candidates = [{ place: "recorded" as const, paths: [path] }];
    const hash = await sha256("bars");
    assertEquals((await finder.find(hash, { candidates, seriesHash })).status, "same");
    await Deno.writeTextFile(path, "other");
    assertEquals((await finder.find(hash, { candidates, seriesHash })).status, "same");
    assertEquals((await new DataFinder().find(hash, { candidates, seriesHash })).status, "changed");
  });
});

Deno.test("files are a series together, or there is none", async () => {
  await withTempDir(async (dir) => {
    const paths = ["a", "b"].map((name) => join(dir, name));
    const candidates = [{ place: "recorded" as const, paths }];
    const find = (hash: () => Promise<string>) =>
      new DataFinder().find("sha256:series", { candidates, seriesHash: hash });
    await Deno.writeTextFile(paths[0]!, "1");
    assertEquals(await find(seriesHash), { status: "missing" });
    await Deno.writeTextFile(paths[1]!, "2");
    assertEquals(await find(() => Promise.resolve("sha256:series")), {
      status: "same",
      ...candidates[0]!,
    });
    assertEquals(await find(() => Promise.resolve("sha256:other")), {
      status: "changed",
      ...candidates[0]!,
      actual: "sha256:other",
    });
    const unreadable = await find(() => Promise.reject(new Error("no bars")));
    assertEquals(unreadable, { status: "changed", ...candidates[0]!, actual: null });
  });
});
