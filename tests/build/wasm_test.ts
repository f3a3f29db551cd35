import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withTempDir } from "../temp_dir.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

Deno.test("every WebAssembly module is what its source compiles to", async () => {
  await withTempDir(async (folder) => {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "wasm", folder],
      cwd: ROOT,
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const made = wasmFiles(folder);
    assertEquals(made, wasmFiles(ROOT));
    for (const path of made) {
      assertEquals(
        await Deno.readFile(join(folder, path)),
        await Deno.readFile(join(ROOT, path)),
        `${path} is out of date: deno task wasm`,
      );
    }
  });
});

function wasmFiles(root: string, folder = "lib"): readonly string[] {
  return [...Deno.readDirSync(join(root, folder))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return wasmFiles(root, path);
    return name.endsWith(".wasm") ? [path] : [];
  }).sort();
}
