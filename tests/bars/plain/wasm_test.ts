import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withTempDir } from "../../temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const COMPILED = "lib/bars/plain/plain_rows.wasm";

Deno.test("the compiled reader of plain rows is that of its source", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  await withTempDir(async (folder) => {
    const out = join(folder, "plain_rows.wasm");
    const args: string[] = tasks.wasm.command
      .replace("--allow-write=lib/bars/plain", `--allow-write=${folder}`)
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
