import { assertCompiled } from "../compiled_wasm.ts";

Deno.test("the compiled loops of the evaluation are those of their source", async () => {
  await assertCompiled("lib/evaluate/loops.wasm", { task: "wasm:evaluate" });
});
