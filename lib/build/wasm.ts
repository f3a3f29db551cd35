/**
 * Compiles the WebAssembly of the program from AssemblyScript. Each
 * `assembly/NAME.wasm.ts` in `lib` becomes `NAME.wasm` beside the folder; the
 * other files of the folder are its parts.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Loaded by a computed name, so that only this task downloads the compiler. */
const COMPILER = "npm:assemblyscript@0.28.20/asc";

/** No address below 64 is in use, so a null pointer points at nothing. */
const OPTIONS: readonly string[] = "-O3 --noAssert --runtime stub --enable simd --memoryBase 64"
  .split(" ");

/** A module to compile; paths count from the project's folder. */
export interface WasmModule {
  /** Path of its source. */
  readonly source: string;
  /** Path of what the program imports. */
  readonly output: string;
}

/** The modules below a folder, in the order of their paths. */
export function wasmModules(root: string, folder = "lib"): readonly WasmModule[] {
  return [...Deno.readDirSync(join(root, folder))].flatMap(({ name, isDirectory }) => {
    const source = `${folder}/${name}`;
    if (isDirectory) return wasmModules(root, source);
    if (basename(folder) !== "assembly" || !name.endsWith(".wasm.ts")) return [];
    return [{ source, output: `${dirname(folder)}/${name.replace(/\.ts$/, "")}` }];
  }).sort((a, b) => a.source < b.source ? -1 : 1);
}

/** Compiles all modules of the project in `root` into the folder `output`. */
async function compileAll(root: string, output: string): Promise<void> {
  const { default: asc } = await import(COMPILER);
  for (const module of wasmModules(root)) {
    const { error, stderr } = await asc.main([
      module.source,
      "--baseDir",
      root,
      "--outFile",
      join(output, module.output),
      ...OPTIONS,
    ]);
    if (error !== null) throw new Error(`Cannot compile ${module.source}: ${error}\n${stderr}`);
  }
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  // Into another folder to compare.
  await compileAll(root, resolve(Deno.args[0] ?? root));
}
