/**
 * The real program, started as its tasks start it.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import project from "../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** How the program ended. */
export interface Ended {
  /** The exit status. */
  readonly exit: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/** Starts `deno task <task> …words` in `cwd`, without the task's shell and with no environment to speak of. */
export async function startTask(
  task: keyof typeof project.tasks,
  { words = [], cwd, env = {}, stdin, redirected, under = [] }: {
    readonly words?: readonly string[];
    /** Path of the file that is its standard input; default none. */
    readonly stdin?: string;
    /** Where a shell sends its output, as in `>/dev/full`; default nowhere, so that it is kept. */
    readonly redirected?: string;
    /** A program that starts it, with its words. */
    readonly under?: readonly string[];
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<Ended> {
  const [deno, ...args] = project.tasks[task].command.split(" ");
  if (deno !== "deno") throw new Error(`The task ${task} does not start deno`);
  const at = args.indexOf("main.ts");
  args.splice(at, 1, "--config", `${ROOT}deno.json`, `${ROOT}main.ts`);
  const kept = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME", "SYSTEMROOT", "LOCALAPPDATA"]
    .flatMap((name) => [[name, Deno.env.get(name)]])
    .filter(([, value]) => value !== undefined);
  const command = [...under, Deno.execPath(), ...args, ...words];
  if (redirected !== undefined) command.unshift("sh", "-c", `exec "$@" ${redirected}`, "sh");
  const child = new Deno.Command(command[0]!, {
    args: command.slice(1),
    cwd,
    clearEnv: true,
    env: { ...Object.fromEntries(kept), ...env },
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const sent = stdin === undefined
    ? Promise.resolve()
    : Deno.open(stdin).then((file) => file.readable.pipeTo(child.stdin));
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), sent]);
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { exit: code, out: text(stdout), err: text(stderr) };
}
