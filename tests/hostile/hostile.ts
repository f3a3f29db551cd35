/**
 * `deno task hostile`: folders of runs that others wrote to, for as long as it
 * is told.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { hostileCase, withRuns } from "./campaign.ts";

const flags = parseArgs(Deno.args, { string: ["seed", "seconds", "case"] });
const seed = Number(flags.seed ?? Date.now() % 1e9);
const until = performance.now() + Number(flags.seconds ?? 60) * 1000;
let [cases, findings] = [0, 0];
await withRuns(async (workspace) => {
  const only = flags.case === undefined ? undefined : Number(flags.case);
  for (let number = only ?? 0; performance.now() < until; number++) {
    cases++;
    try {
      await hostileCase(workspace, { seed, number });
    } catch (error) {
      findings++;
      console.error(error instanceof Error ? error.message : error);
    }
    if (only !== undefined) break;
  }
});
console.log(`${cases} cases, seed ${seed}: ${findings} findings`);
Deno.exit(findings === 0 ? 0 : 1);
