/**
 * `deno task fuzz`: reads files that were changed at random, and checks what
 * comes of each in several independent ways.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { type Campaign, campaign, CASE_DEADLINE_MS } from "./campaign.ts";
import { excerpt } from "./checks.ts";
import { corpus } from "./corpus.ts";
import { fuzzCase } from "./fuzz_case.ts";
import { realFile } from "./real_file.ts";

const HELP = `Reads changed files of bars and checks what comes of each.

Usage: deno task fuzz [--seed N] [--seconds N] [--case N] [--keep DIR] [FILE…]

  deno task fuzz                          for a minute, on small files of every known form
  deno task fuzz --seconds 600 data.csv   on a file of your own, cut to its first lines
  deno task fuzz --seed 7 --case 1234     one case again

  --seed N      equal seeds and files give equal cases (default: another one each time)
  --seconds N   how long (default 60); a case that takes more than ${
  CASE_DEADLINE_MS / 1000
} s is a finding
  --case N      runs this one case only
  --keep DIR    where the file of a finding is kept (default: the folder for temporary files)

Exit status: 0 when nothing was found, 1 with a finding, 2 for wrong usage.
`;

/** What was asked for. */
interface FuzzOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly only: number | null;
  readonly keep: string | null;
  readonly files: readonly string[];
}

/** The options in words of a command line; a text is what is wrong with them. */
export function fuzzOptions(args: readonly string[]): FuzzOptions | string {
  const unknown: string[] = [];
  const flags = parseArgs(args, {
    string: ["seed", "seconds", "case", "keep", "_"],
    unknown: (argument, key) => {
      if (key !== undefined) unknown.push(argument);
      return key === undefined;
    },
  });
  if (unknown.length > 0) return `there is no ${unknown[0]}`;
  for (const name of ["seed", "seconds", "case"]) {
    const value = flags[name];
    if (value !== undefined && !/^\d{1,9}$/.test(String(value))) {
      return `--${name} is a whole number from 0, got '${value}'`;
    }
  }
  const number = (name: string) => flags[name] === undefined ? null : Number(flags[name]);
  return {
    seed: number("seed") ?? crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000,
    seconds: number("seconds") ?? 60,
    only: number("case"),
    keep: flags["keep"] === undefined ? null : String(flags["keep"]),
    files: flags._.map(String),
  };
}

/** What a campaign came to, in words. */
export function summary({ cases, comparisons, ms, outcomes }: Campaign, seed: number): string {
  const counts = [...outcomes].toSorted(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `${outcome} ${count}`).join(", ");
  const rate = Math.round(cases / Math.max(ms, 1) * 1000);
  return `${cases} cases, ${comparisons} comparisons in ${(ms / 1000).toFixed(1)} s ` +
    `(${rate} a second), seed ${seed}: ${counts}`;
}

/** The command that runs one case again. */
export function repeatCommand(
  { seed, files }: Pick<FuzzOptions, "seed" | "files">,
  number: number,
): string {
  const quoted = files.map((file) => /^[\w./-]+$/.test(file) ? file : `'${file}'`);
  return ["deno task fuzz", `--seed ${seed}`, `--case ${number}`, ...quoted].join(" ");
}

async function fuzz(options: FuzzOptions): Promise<number> {
  const { seed, seconds, only, files } = options;
  const folder = await Deno.makeTempDir({ prefix: "sigrun-fuzz-" });
  try {
    let shown = 0;
    const result = await campaign({
      seed,
      files,
      folder,
      from: only ?? 0,
      to: only ?? Infinity,
      forMs: seconds * 1000,
      onCase(soFar) {
        if (!Deno.stderr.isTerminal() || soFar.ms - shown < 1000) return;
        shown = soFar.ms;
        progress(`${soFar.cases} cases, ${Math.round(soFar.ms / 1000)} of ${seconds} s`);
      },
    });
    if (Deno.stderr.isTerminal()) progress("");
    console.log(summary(result, seed));
    if (result.finding === null) return 0;
    const { property, detail, number } = result.finding;
    const samples = files.length === 0 ? corpus() : await Promise.all(files.map(realFile));
    const { bytes, steps } = fuzzCase({ seed, samples }, number);
    const keep = options.keep ?? await Deno.makeTempDir({ prefix: "sigrun-finding-" });
    await Deno.mkdir(keep, { recursive: true });
    const kept = join(keep, `seed-${seed}-case-${number}.data`);
    await Deno.writeFile(kept, bytes);
    console.log([
      `found in case ${number}: not so: ${property}`,
      `  ${detail}`,
      `  made of: ${steps.join(", ")}`,
      `  file: ${kept} (${bytes.length} bytes: ${excerpt(bytes)})`,
      `  again: ${repeatCommand(options, number)}`,
    ].join("\n"));
    return 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function progress(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${line}`));
}

if (import.meta.main) {
  if (Deno.args.includes("-h") || Deno.args.includes("--help")) {
    console.log(HELP);
  } else {
    const options = fuzzOptions(Deno.args);
    if (typeof options === "string") {
      console.error(`error: Cannot fuzz: ${options}\nhint: deno task fuzz --help`);
      Deno.exitCode = 2;
    } else {
      Deno.exitCode = await fuzz(options);
    }
  }
}
