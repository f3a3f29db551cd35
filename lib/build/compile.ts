/**
 * Makes the standalone binary `dist/sigrun`: program, experiments, migrations
 * and native addon in one file, with the code identity fixed as it is now.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { codeIdentity, EMBEDDED_IDENTITY } from "../run/code_identity.ts";

/** Modules that run as workers. */
const WORKERS: readonly string[] = [
  "lib/bars/parquet/parquet_worker.ts",
  "lib/bars/source/block_reader.ts",
];

/** The commands, and the indicators, which experiments given by path import, too. */
const FOLDERS: readonly string[] = ["lib/cli/commands", "lib/signal"];

/** Paths of the modules that no literal import leads to, where the compiler would find them. */
export async function hiddenModules(root: string): Promise<readonly string[]> {
  const inFolders = await Promise.all(
    FOLDERS.map((folder) =>
      Array.fromAsync(Deno.readDir(join(root, folder)), ({ name }) => `${folder}/${name}`)
    ),
  );
  return [...WORKERS, ...inFolders.flat().sort()];
}

/** What the compile task reads of deno.json. */
export interface Project {
  /** The tasks by name. */
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
}

/** The permissions of the binary: those of all commands, but for git, which needs a checkout. */
export function binaryPermissions(project: Project): readonly string[] {
  const commands = Object.values(project.tasks).map(({ command }) => command)
    .filter((command) => / main\.ts /.test(command));
  const words = commands.flatMap((command) => command.split(" "))
    .filter((word) => word.startsWith("--allow-") && !word.startsWith("--allow-run"));
  const byFlag = Map.groupBy(words, (word) => word.split("=")[0]!);
  return [...byFlag].map(([flag, all]) => {
    const values = new Set(all.flatMap((word) => word.split("=")[1]?.split(",") ?? []));
    return all.includes(flag) ? flag : `${flag}=${[...values].join(",")}`;
  });
}

/**
 * Compiles the program in `root` to `output`.
 *
 * @returns the compiler's exit status, and what it said on standard error; the
 * code identity is left behind only beside a binary
 */
export async function compile(
  { root, output, denort }: {
    readonly root: string;
    readonly output: string;
    /** A runtime to embed in place of the one that would be downloaded. */
    readonly denort?: string | undefined;
  },
): Promise<{ readonly code: number; readonly stderr: string }> {
  const project: Project = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const identity = join(root, EMBEDDED_IDENTITY);
  await Deno.mkdir(dirname(identity), { recursive: true });
  await Deno.writeTextFile(
    identity,
    `${JSON.stringify(await codeIdentity({ programRoot: root, standalone: false }))}\n`,
  );
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--frozen",
      "--no-prompt",
      ...binaryPermissions(project),
      ...[EMBEDDED_IDENTITY, ...await hiddenModules(root)].flatMap((path) => ["--include", path]),
      "--output",
      output,
      "main.ts",
    ],
    cwd: root,
    env: { NO_COLOR: "1", ...(denort === undefined ? {} : { DENORT_BIN: denort }) },
    stdin: "null",
  }).output();
  if (code !== 0) await Deno.remove(identity);
  return { code, stderr: new TextDecoder().decode(stderr) };
}

/** Why a compilation failed, in a sentence, with what to do about it. */
export function failureSentence(stderr: string): string {
  const [, named, reason] = /Could not find denort at '(.*)'\s+1: (.*)/.exec(stderr) ?? [];
  if (named !== undefined) {
    return `Cannot compile: DENORT_BIN names ${named}, which cannot be read: ${reason}; ` +
      "name another runtime, or none to have it downloaded";
  }
  if (/denort|error sending request/.test(stderr)) {
    return "Cannot compile: the runtime that goes into the binary could not be downloaded; " +
      "connect to the internet, or name one that you have: DENORT_BIN=/path/to/denort";
  }
  return `Cannot compile: ${stderr.trim().split("\n")[0] ?? "deno compile failed"}`;
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const output = "dist/sigrun";
  const { code, stderr } = await compile({ root, output, denort: Deno.env.get("DENORT_BIN") });
  if (code === 0) {
    console.log(`${output} is ready: ${output} run --config config.yaml`);
  } else {
    console.error(failureSentence(stderr));
    Deno.exitCode = 1;
  }
}
