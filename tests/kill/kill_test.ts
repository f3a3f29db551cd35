/**
 * A sample of the system calls at which commands are killed; `deno task kills`
 * takes them all.
 */

import { assert } from "@std/assert";
import { canTrace, killAtEach, KILLED, type SystemCall } from "./kill_points.ts";

const IS_TRACEABLE = await canTrace();

/** Those that matter most, and how far apart the killed ones are. */
const SAMPLE: Readonly<Partial<Record<SystemCall, number>>> = {
  rename: 1,
  unlink: 1,
  unlinkat: 4,
  fsync: 2,
  pwrite64: 29,
};

for (const [name, command] of Object.entries(KILLED)) {
  // Restoring takes the steps of deleting.
  if (name === "runs:restore") continue;
  Deno.test({
    name:
      `${name} that is killed at a write, flush, rename or removal loses nothing (needs strace)`,
    ignore: !IS_TRACEABLE,
    async fn() {
      let kills = 0;
      for (const [call, step] of Object.entries(SAMPLE)) {
        kills += await killAtEach(command, {
          call: call as SystemCall,
          next: (number) => number + step,
        });
      }
      assert(kills >= 4, `it was killed ${kills} times`);
    },
  });
}
