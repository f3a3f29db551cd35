/**
 * sigrun as a process of its own, with the permissions of its task.
 *
 * @module
 */

import { join } from "node:path";
import project from "../../deno.json" with { type: "json" };
import { PROGRAM } from "./workspace.ts";

const TASK = project.tasks.run.command.split(" ");

/** What follows `deno` in the task, up to the program. */
const FLAGS: readonly string[] = TASK.slice(1, TASK.indexOf("main.ts"));

/** How a process ended. */
export interface Ended {
  /** Its exit status. */
  readonly code: number;
  /** The signal that ended it. */
  readonly signal: Deno.Signal | null;
  /** What it wrote to standard output. */
  readonly out: string;
  /** What it wrote to standard error. */
  readonly err: string;
}

/** A process that may still be going on. */
export interface SigrunProcess {
  /** Sends it a signal; nothing happens if it has ended. */
  kill(signal: Deno.Signal): void;
  /** How it ended, once it has. */
  readonly ended: Promise<Ended>;
}

/** How a process is started. */
export interface StartOptions {
  /** Its working directory. */
  readonly cwd: string;
  /** The program to run; default this one. */
  readonly program?: string;
  /** Environment variables, besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Words of a command that runs the words that follow it. */
  readonly under?: readonly string[];
}

/** Starts `sigrun` with some words. */
export function startSigrun(
  words: readonly string[],
  { cwd, program = PROGRAM, env = {}, under = [] }: StartOptions,
): SigrunProcess {
  const [command, ...args] = [
    ...under,
    Deno.execPath(),
    ...FLAGS,
    join(program, "main.ts"),
    ...words,
  ];
  const child = new Deno.Command(command!, {
    args,
    cwd,
    clearEnv: true,
    env: { ...environment(), ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return {
    kill(signal) {
      try {
        child.kill(signal);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    },
    ended: ending(child),
  };
}

/** The environment without what would change the outcome. */
function environment(): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) =>
    // A process that is killed would leave half a coverage report behind.
    !name.startsWith("SIGRUN_") && name !== "DENO_COVERAGE_DIR"
  );
  return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}

async function ending(child: Deno.ChildProcess): Promise<Ended> {
  const { code, signal, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, signal, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Runs `sigrun` with some words. */
export function sigrun(words: readonly string[], options: StartOptions): Promise<Ended> {
  return startSigrun(words, options).ended;
}
