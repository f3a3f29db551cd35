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
  // Restoring takes the steps of deleting, and that in a copy those of collecting there.
  if (name === "runs:restore" || name === "runs:delete in a copy") continue;
  Deno.test({
    name:
      `${name} that is killed at a write, flush, rename or removal loses nothing (needs strace)`,
    ignore: !IS_TRACEABLE,
    async fn() {
      const kills: Partial<Record<SystemCall, number>> = {};
      for (const [name, step] of Object.entries(SAMPLE)) {
        const call = name as SystemCall;
        kills[call] = await killAtEach(command, { call, next: (number) => number + step });
      }
      // That the signals arrived is what it is all about: each command writes, and flushes it.
      const said = JSON.stringify(kills);
      assert((kills.pwrite64 ?? 0) >= 1 && (kills.fsync ?? 0) + (kills.unlink ?? 0) >= 2, said);
    },
  });
}
