import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withTempDir } from "../temp_dir.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMPILED = "lib/evaluate/loops.wasm";

Deno.test("the compiled loops of the evaluation are those of their source", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  await withTempDir(async (folder) => {
    const out = join(folder, "loops.wasm");
    const args: string[] = tasks["wasm:evaluate"].command
      .replace("--allow-write=lib/evaluate", `--allow-write=${folder}`)
      .replace(COMPILED, out)
      .split(" ");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: args.slice(1),
      cwd: ROOT,
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    assertEquals(await Deno.readFile(out), await Deno.readFile(join(ROOT, COMPILED)));
  });
});
