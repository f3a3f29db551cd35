/**
 * What is measured against what: sigrun as its own task starts it, the same
 * job in pandas, and the hash of the data file alone.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What every contender works on. */
export interface Job {
  /** The config: version, seed and window. */
  readonly config: string;
  /** The data file. */
  readonly data: string;
  /** A folder to write to. */
  readonly scratch: string;
}

/** A process to be measured. */
export interface Contender {
  /** What the table calls it. */
  readonly name: string;
  /** Program and arguments for a job. */
  readonly command: (job: Job) => readonly string[];
  /** Whether it prints metrics JSON, and so a signal rate. */
  readonly printsMetrics: boolean;
}

/** A contender with its version, or why there is none. */
export type Found =
  | { readonly contender: Contender; readonly versions: readonly string[] }
  | { readonly missing: string };

/** A program's standard output, or null if it cannot be started or fails. */
export async function outputOf(command: readonly string[]): Promise<string | null> {
  try {
    const [program, ...args] = command;
    const { success, stdout } = await new Deno.Command(program!, {
      args,
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Program and arguments of a task in a deno.json, so that what is measured is
 * what users start, flags included.
 *
 * @throws {Error} if there is no such task, or it is more than a plain call of deno
 */
export function taskCommand(denoJson: string, name: string): readonly string[] {
  const { tasks } = JSON.parse(denoJson) as {
    tasks?: Record<string, string | { command?: string }>;
  };
  const task = tasks?.[name];
  const command = typeof task === "string" ? task : task?.command;
  if (command === undefined) {
    throw new Error(`Cannot measure sigrun: deno.json has no task ${name}`);
  }
  const [program, ...args] = command.trim().split(/\s+/);
  if (program !== "deno" || /["'$`|&;<>*?(){}\\]/.test(command)) {
    throw new Error(`Cannot measure sigrun: expected a plain call of deno, got: ${command}`);
  }
  return [Deno.execPath(), ...args];
}

/** sigrun with some keys of the config set otherwise: `{ signals: "none" }`. */
export async function sigrun(settings: Readonly<Record<string, string>>): Promise<Contender> {
  const task = taskCommand(await Deno.readTextFile(join(ROOT, "deno.json")), "run");
  const entries = Object.entries(settings);
  const runs = ["runs", ...entries.flat()].join("-");
  return {
    name: ["sigrun", ...entries.map(([key, value]) => `${key}: ${value}`)].join(", "),
    printsMetrics: true,
    command: ({ config, data, scratch }) => [
      ...task,
      ...["--config", config, "--data", data, "--runs-dir", join(scratch, runs)],
      ...entries.flatMap(([key, value]) => ["--set", `${key}=${value}`]),
      ...["--json", "--quiet"],
    ],
  };
}

const PROBE = "import sys, pandas; " +
  "print(sys.executable, sys.version.split()[0], pandas.__version__, sep='\\n')";

/** The same job in pandas, with the first Python that has it. */
export async function findPandas(): Promise<Found> {
  for (const python of ["python3", "/usr/bin/python3"]) {
    const probed = await outputOf([python, "-c", PROBE]);
    if (probed === null) continue;
    // The interpreter itself: a wrapper script in front of it would be measured too.
    const [executable, pythonVersion, pandasVersion] = probed.split("\n");
    const script = join(ROOT, "tests", "bench", "pandas_baseline.py");
    return {
      versions: [`python ${pythonVersion}`, `pandas ${pandasVersion}`],
      contender: {
        name: "pandas",
        printsMetrics: true,
        command: ({ config, data, scratch }) => [
          ...[executable!, script, "--config", config, "--input", data],
          ...["--output", join(scratch, "metrics.json"), "--log-file", join(scratch, "run.log")],
        ],
      },
    };
  }
  return { missing: "pandas skipped: found no python3 with pandas" };
}

/** The hash of the data file and nothing else. */
export async function findOpenssl(): Promise<Found> {
  const version = await outputOf(["openssl", "version"]);
  if (version === null) return { missing: "openssl skipped: not found" };
  return {
    versions: [version.split(" ").slice(0, 2).join(" ")],
    contender: {
      name: "openssl dgst -sha256",
      printsMetrics: false,
      command: ({ data }) => ["openssl", "dgst", "-sha256", data],
    },
  };
}
