/**
 * Times whole processes side by side.
 *
 * @module
 */

import { join } from "node:path";
import { type Contender, type Job, outputOf, ROOT } from "./contenders.ts";

/** What was measured of one contender. */
export interface Measured {
  /** The contender's name. */
  readonly name: string;
  /** Wall time of each round, in milliseconds. */
  readonly ms: readonly number[];
  /** Peak resident memory in the warm-up round, in MiB; null where it cannot be had. */
  readonly peakMib: number | null;
  /** The signal rate that it printed; null if it prints none. */
  readonly rate: number | null;
}

/** How to measure. */
export interface MeasureOptions {
  /** Rounds that count, after one that does not. */
  readonly rounds: number;
  /** Ends the measuring early. */
  readonly abort?: AbortSignal;
}

/**
 * Runs the contenders in turns, A B C A B C …, so that whatever else the
 * machine does meets them all.
 *
 * @throws {Error} if a process fails, with what it said
 */
export async function measure(
  contenders: readonly Contender[],
  job: Job,
  options: MeasureOptions,
): Promise<readonly Measured[]> {
  const { rounds, abort } = options;
  const measured = contenders.map(({ name }) => ({
    name,
    ms: [] as number[],
    peakMib: null as number | null,
    rate: null as number | null,
  }));
  const timer = await memoryTimer(job.scratch);
  for (let round = 0; round <= rounds; round++) {
    for (const [at, contender] of contenders.entries()) {
      abort?.throwIfAborted();
      const entry = measured[at]!;
      const command = contender.command(job);
      if (round === 0) {
        const { stdout } = await timed([...timer.prefix, ...command], contender.name);
        entry.peakMib = await timer.peakMib();
        if (contender.printsMetrics) entry.rate = JSON.parse(stdout).value;
      } else {
        entry.ms.push((await timed(command, contender.name)).ms);
      }
    }
  }
  return measured;
}

async function timed(
  command: readonly string[],
  name: string,
): Promise<{ readonly ms: number; readonly stdout: string }> {
  const [program, ...args] = command;
  const started = performance.now();
  const { success, code, stdout, stderr } = await new Deno.Command(program!, {
    args,
    cwd: ROOT,
    stdin: "null",
  }).output();
  const ms = performance.now() - started;
  const decoder = new TextDecoder();
  if (!success) {
    throw new Error(
      `Cannot measure ${name}: exit status ${code} of ${command.join(" ")}\n${
        decoder.decode(stderr)
      }`,
    );
  }
  return { ms, stdout: decoder.decode(stdout) };
}

/** GNU time in front of a command tells its peak memory; nothing is put there without it. */
async function memoryTimer(scratch: string): Promise<{
  readonly prefix: readonly string[];
  readonly peakMib: () => Promise<number | null>;
}> {
  const file = join(scratch, "peak_kib");
  const prefix = ["/usr/bin/time", "--quiet", "-f", "%M", "-o", file];
  if (await outputOf([...prefix, Deno.execPath(), "--version"]) === null) {
    return { prefix: [], peakMib: () => Promise.resolve(null) };
  }
  return { prefix, peakMib: async () => Number(await Deno.readTextFile(file)) / 1024 };
}

/** The middle one of some numbers, the mean of the middle two of an even count. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How many times as long `a` took as `b`: the median over the rounds. */
export function ratio(a: Measured, b: Measured): number {
  return median(a.ms.map((ms, round) => ms / b.ms[round]!));
}
