/**
 * A folder with a program, a config and data, in which commands are called.
 *
 * @module
 */

import { join } from "node:path";
import { experiments as bundled } from "../../experiments/mod.ts";
import { runCli } from "../../lib/cli/cli.ts";
import type { ExperimentTable } from "../../lib/experiment.ts";
import { withTempDir } from "../temp_dir.ts";
import { type FakeHost, fakeHost, type FakeMachine, FakeTime } from "../fake_host.ts";

/** How a command came out. */
export interface Called {
  /** The exit status. */
  readonly exit: number;
  /** Standard output, the folder written as `$DIR`. */
  readonly out: string;
  /** Standard error, the folder written as `$DIR`. */
  readonly err: string;
  /** Bytes that went to standard output as such; left out where there were none. */
  readonly bytes?: Uint8Array;
}

/** What a call is given besides its words. */
export type CallOptions =
  & Omit<Partial<FakeMachine>, "args" | "time">
  & { readonly experiments?: ExperimentTable };

/** The folder. */
export interface Workspace {
  /** Its absolute path. */
  readonly dir: string;
  /** Calls a command in it. */
  call(words: readonly string[] | string, options?: CallOptions): Promise<Called>;
  /** Writes a file into it; the result is its absolute path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** Paths of all files and folders in it, sorted, but for the program's. */
  files(): string[];
}

/** The config of a workspace; without an evaluation, which has tests of its own. */
export const CONFIG = "version: v1\nseed: 42\nwindow: 3\nevaluate: false\n";

/** The data of a workspace: 2 ones in 3 valid bars at window 3. */
export const DATA =
  "time,close\n100000001,10\n100000002,11\n100000003,12\n100000004,11\n100000005,13\n";

/** Calls `use` with a fresh workspace. */
export function withWorkspace(use: (workspace: Workspace) => Promise<void>): Promise<void> {
  return withTempDir(async (dir) => await use(await workspaceIn(dir)));
}

async function workspaceIn(dir: string): Promise<Workspace> {
  const time = new FakeTime();
  const programRoot = join(dir, ".program");
  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(dir, name);
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else await Deno.writeFile(path, content);
    return path;
  };
  // Enough of a program to have a code hash, the same whatever becomes of sigrun's sources.
  for (const folder of ["lib", "experiments"]) {
    await Deno.mkdir(join(programRoot, folder), { recursive: true });
  }
  for (const file of ["main.ts", "deno.json", "deno.lock"]) await write(`.program/${file}`, file);
  await write("config.yaml", CONFIG);
  await write("data.csv", DATA);
  return {
    dir,
    write,
    async call(words, { experiments = bundled, ...machine } = {}) {
      const args = typeof words === "string" ? words.split(" ") : words;
      const host: FakeHost = fakeHost({ cwd: dir, programRoot, time, ...machine, args });
      const exit = await runCli(host, experiments);
      const shown = (text: string): string => text.replaceAll(dir, "$DIR");
      const { bytes } = host;
      const called = { exit, out: shown(host.out), err: shown(host.err) };
      return bytes.length === 0 ? called : { ...called, bytes };
    },
    files: () => filesIn(dir).filter((path) => !path.startsWith(".program")).sort(),
  };
}

function filesIn(dir: string, prefix = ""): string[] {
  return [...Deno.readDirSync(join(dir, prefix))].flatMap(({ name, isDirectory }) => [
    prefix + name,
    ...(isDirectory ? filesIn(dir, `${prefix}${name}/`) : []),
  ]);
}
