/**
 * Eight processes that run, list, tag, delete, restore and collect garbage at
 * once, for `--seconds` (60).
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { crowd } from "./crowd.ts";

const { seconds = "60" } = parseArgs(Deno.args, { string: ["seconds"] });
const report = await crowd({ seconds: Number(seconds) });
for (const [command, { count, slowestMs }] of Object.entries(report.commands).sort()) {
  console.log(
    `${command.padEnd(14)}${String(count).padStart(5)}  slowest ${slowestMs.toFixed(0)} ms`,
  );
}
const { made, collected, labels } = report;
console.log(
  `${seconds} s: ${made} runs made, ${collected} removed for good, ${labels} tags and notes: ` +
    "nothing lost, nobody locked out",
);
