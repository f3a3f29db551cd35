import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withTempDir } from "../temp_dir.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const VENDOR = join(ROOT, "lib/vendor");

Deno.test("lib/vendor is what the packages of the lock file are made into", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const [, ...args]: string[] = tasks.vendor.command.split(" ");
  await withTempDir(async (folder) => {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args, folder],
      cwd: ROOT,
      stdin: "null",
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const made = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const kept = [...Deno.readDirSync(VENDOR)].map(({ name }) => name).sort()
      .filter((name) => name.endsWith(".js") || name.endsWith(".txt"));
    assertEquals(made, kept, "deno task vendor makes them anew");
    const changed = made.filter((name) =>
      Deno.readTextFileSync(join(folder, name)) !== Deno.readTextFileSync(join(VENDOR, name))
    );
    assertEquals(changed, [], "deno task vendor makes them anew");
  });
});

Deno.test("every file of lib/vendor is imported under a name of the import map", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const used = new Set(Object.values(imports));
  for (const { name } of Deno.readDirSync(VENDOR)) {
    if (name.endsWith(".js")) assert(used.has(`./lib/vendor/${name}`), name);
  }
});

Deno.test("a package has one version, that of libsql's addon is that of libsql", async () => {
  const { imports, scopes } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const named = [imports, ...Object.values(scopes) as Record<string, string>[]].flatMap((map) =>
    Object.values(map as Record<string, string>)
      .flatMap((specifier) => specifier.match(/^npm:((?:@[^/]+\/)?[^@/]+@[^/]+)/)?.[1] ?? [])
  );
  const { npm } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.lock")));
  const addons = Object.keys(npm).filter((name) => /^(@libsql\/linux-x64-gnu|libsql)@/.test(name))
    .map((name) => `libsql@${name.split("@").at(-1)}`);
  const versions = Map.groupBy([...named, ...addons], (name) => name.replace(/(.)@.*/, "$1"));
  for (const [name, all] of versions) assertEquals(new Set(all).size, 1, `${name}: ${all}`);
  assertEquals(addons.length, 2);
});
