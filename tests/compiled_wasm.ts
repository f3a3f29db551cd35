/**
 * Whether what is compiled and committed is what its source compiles to.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withTempDir } from "./temp_dir.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Compiles as a task of deno.json does, into another folder, and compares with the committed file. */
export async function assertCompiled(
  compiled: string,
  { task }: { readonly task: string },
): Promise<void> {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  await withTempDir(async (folder) => {
    const out = join(folder, basename(compiled));
    const args: string[] = tasks[task].command
      .replace(`--allow-write=${dirname(compiled)}`, `--allow-write=${folder}`)
      .replace(compiled, out)
      .split(" ");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: args.slice(1),
      cwd: ROOT,
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    assertEquals(await Deno.readFile(out), await Deno.readFile(join(ROOT, compiled)));
  });
}
