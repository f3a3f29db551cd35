/**
 * The process in which cases run, so that one that does not end can be ended,
 * and one that takes all memory takes nothing else with it. It prints a line
 * of JSON for each case.
 *
 * @module
 */

import { loadBars } from "../../lib/bars/load.ts";
import { check, type Verdict } from "./checks.ts";
import { corpus } from "./corpus.ts";
import { fuzzCase } from "./fuzz_case.ts";
import { Random } from "./random.ts";
import { realFile } from "./real_file.ts";

/** What the process is started with, as JSON. */
export interface CaseProcessOptions {
  readonly seed: number;
  /** Real files; none for the project's own. */
  readonly files: readonly string[];
  /** A file that it may write. */
  readonly path: string;
  /** The numbers of the first case and of the last. */
  readonly from: number;
  readonly to: number;
}

/** What it says of a case. */
export interface CaseReport {
  readonly verdict: Verdict;
  /** Bytes that it has in use. */
  readonly memoryBytes: number;
}

if (import.meta.main) {
  const { seed, files, path, from, to }: CaseProcessOptions = JSON.parse(Deno.args[0]!);
  const samples = files.length === 0 ? corpus() : await Promise.all(files.map(realFile));
  for (let number = from; number <= to; number++) {
    const verdict = await check(fuzzCase({ seed, samples }, number), {
      path,
      load: loadBars,
      random: new Random(seed + 1, number),
    });
    const report: CaseReport = { verdict, memoryBytes: Deno.memoryUsage().rss };
    console.log(JSON.stringify(report));
  }
}
