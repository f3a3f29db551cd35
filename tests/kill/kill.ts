/**
 * Kills commands at every system call that changes a file, one after the
 * other, and checks each time that nothing is lost; needs strace.
 *
 *     deno task kills [COMMAND …]
 *
 * @module
 */

import { canTrace, killAtEach, KILLED, SYSTEM_CALLS } from "./kill_points.ts";

if (!await canTrace()) {
  console.error("strace is not there, or may trace nothing here");
  Deno.exit(77);
}

for (const name of Deno.args.length > 0 ? Deno.args : Object.keys(KILLED)) {
  const command = KILLED[name];
  if (command === undefined) throw new Error(`There are: ${Object.keys(KILLED).join(", ")}`);
  for (const call of SYSTEM_CALLS) {
    const kills = await killAtEach(command, { call, next: (number) => number + 1 });
    console.log(`${name.padEnd(14)}${call.padEnd(12)}killed ${kills} times, nothing lost`);
  }
}
