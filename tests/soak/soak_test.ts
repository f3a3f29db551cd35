/**
 * A few seconds of what `deno task soak` does for a minute.
 */

import { assert } from "@std/assert";
import { crowd } from "./crowd.ts";

Deno.test("eight processes that do all there is to do at once lose nothing and lock nobody out", async () => {
  const { commands, made, labels } = await crowd({ seconds: 2 });
  assert(made > 2);
  assert(labels > 0);
  for (const command of ["runs:list", "runs:tag", "runs:delete", "runs:gc"]) {
    assert(commands[command]!.count > 0, command);
  }
});
