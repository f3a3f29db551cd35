import { assertCompiled } from "../../compiled_wasm.ts";

Deno.test("the compiled reader of plain rows is that of its source", async () => {
  await assertCompiled("lib/bars/plain/plain_rows.wasm", { task: "wasm" });
});
