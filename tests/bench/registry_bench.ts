/**
 * What a registry of many runs costs: commands on one of 100,000 runs against
 * the same on one of 100, whole processes, in turns.
 *
 * @module
 */

import { join } from "node:path";
import { type Contender, type Job, ROOT, taskCommand } from "./contenders.ts";
import { measure, type Measured, median, ratio } from "./measure.ts";

/** Runs of the two registries. */
export const FEW = 100;
/** See {@linkcode FEW}. */
export const MANY = 100_000;

/** A command, and what it may take with many runs, as a multiple of what it takes with few. */
interface Asked {
  readonly name: string;
  readonly task: string;
  readonly words: readonly string[];
  readonly budget: number;
}

const ASKED: readonly Asked[] = [
  { name: "runs:list", task: "runs:list", words: [], budget: 2 },
  {
    name: "runs:list --where --sort",
    task: "runs:list",
    words: ["--where", "window >= 50 and sharpe > 1", "--sort", "metric.sharpe"],
    budget: 2,
  },
  { name: "runs:show", task: "runs:show", words: ["latest~1"], budget: 2 },
  { name: "run", task: "run", words: ["--quiet"], budget: 1.1 },
];

/** What came of a command. */
export interface RegistryFigure {
  /** The command. */
  readonly name: string;
  /** With few runs. */
  readonly few: Measured;
  /** With many. */
  readonly many: Measured;
  /** How many times as long it takes with many: the median over the rounds. */
  readonly ratio: number;
  /** How many times as long it may. */
  readonly budget: number;
}

/** Generates both registries below `job.scratch`, and measures. */
export async function measureRegistries(
  job: Job,
  options: { readonly rounds: number; readonly abort: AbortSignal },
): Promise<readonly RegistryFigure[]> {
  const tasks = await Deno.readTextFile(join(ROOT, "deno.json"));
  for (const runs of [FEW, MANY]) await generate(tasks, { job, runs });
  const contenders = ASKED.flatMap((asked) =>
    [FEW, MANY].map((runs) => contender(tasks, { asked, runs }))
  );
  const measured = await measure(contenders, job, options);
  return ASKED.map(({ name, budget }, at) => {
    const [few, many] = [measured[2 * at]!, measured[2 * at + 1]!];
    return { name, few, many, ratio: ratio(many, few), budget };
  });
}

function runsDir({ scratch }: Job, runs: number): string {
  return join(scratch, `registry-${runs}`);
}

async function generate(
  tasks: string,
  { job, runs }: { readonly job: Job; readonly runs: number },
): Promise<void> {
  const [program, ...args] = taskCommand(tasks, "registry:generate");
  const output = join(runsDir(job, runs), "registry.db");
  const { success, stderr } = await new Deno.Command(program!, {
    args: [...args, "--runs", String(runs), "--output", output],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
  }).output();
  if (!success) {
    throw new Error(`Cannot generate a registry:\n${new TextDecoder().decode(stderr)}`);
  }
}

function contender(
  tasks: string,
  { asked: { name, task, words }, runs }: { readonly asked: Asked; readonly runs: number },
): Contender {
  return {
    name: `${name}, ${runs}`,
    printsMetrics: false,
    command: (job) => [
      ...taskCommand(tasks, task),
      ...words,
      ...(task === "run" ? ["--config", job.config, "--data", job.data] : []),
      ...["--runs-dir", runsDir(job, runs)],
    ],
  };
}

/** The figures as lines of text. */
export function registryTable(figures: readonly RegistryFigure[], rounds: number): string {
  const few = `${FEW} runs, ms`;
  const many = `${MANY.toLocaleString("en")} runs, ms`;
  const lines = [
    ["", few, many, "ratio", "budget"],
    ...figures.map((figure) => [
      figure.name,
      median(figure.few.ms).toFixed(0),
      median(figure.many.ms).toFixed(0),
      figure.ratio.toFixed(2),
      String(figure.budget),
    ]),
  ];
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)));
  const body = lines.map((line) =>
    line.map((cell, at) => at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))
      .join("  ").trimEnd()
  );
  return [`Registries, ${rounds} rounds`, ...body].join("\n");
}
