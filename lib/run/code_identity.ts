/**
 * Which program ran: the hash of its source, and the commit it came from.
 *
 * @module
 */

import { dirname, join, relative, sep } from "node:path";
import type { Host } from "../host.ts";
import { sha256 } from "../sha256.ts";
import { moduleFiles, type SourceFile } from "../config/local_imports.ts";

/** What the code hash covers, relative to the folder of main.ts. */
export const SOURCES = ["main.ts", "lib", "experiments", "deno.json", "deno.lock"] as const;

/** Where the compile task leaves the identity for the binary, relative to main.ts. */
export const EMBEDDED_IDENTITY = "dist/code_identity.json";

/** A commit. */
export interface GitState {
  /** Hash of the commit that is checked out; null before the first one. */
  readonly commit: string | null;
  /** The branch that is checked out; null when none is. */
  readonly branch: string | null;
  /** Whether the program's files differ from that commit. */
  readonly dirty: boolean;
  /**
   * SHA-256 of the difference from that commit, untracked files included, as
   * `sha256:…`; null if there is none, or if it cannot be told.
   */
  readonly diff: string | null;
}

/** The program's identity. */
export interface CodeIdentity {
  /** SHA-256 over sorted (path, bytes) of the program's files, as `sha256:…`. */
  readonly hash: string;
  /** The commit, where there is a repository and git. */
  readonly git: GitState | null;
}

/** Hashes the program's files under `root`. */
export async function codeHash(root: string): Promise<string> {
  // Without leaving this thread: to wait for a small file takes longer than to read it.
  const paths = SOURCES.flatMap((path) => filesUnder(root, path));
  return await filesHash(readFiles(root, paths));
}

/**
 * The code hash of a program with an experiment from a file of its own: over
 * that of the program, and the file with all that it imports by path. Paths
 * count from the experiment's folder, so it matters not where that lies.
 */
export async function codeHashWith(code: string, experimentPath: string): Promise<string> {
  const folder = dirname(experimentPath);
  const files = (await moduleFiles(experimentPath))
    .map(({ path, bytes }) => ({ path: relative(folder, path).split(sep).join("/"), bytes }));
  return await filesHash(files, `${code}\0`);
}

/** The code hash of what ran: the program, and the experiment's files if it was given by path. */
export async function codeHashOf(
  code: string,
  { experimentPath }: { readonly experimentPath: string | null },
): Promise<string> {
  return experimentPath === null ? code : await codeHashWith(code, experimentPath);
}

/** SHA-256 over `start` and the sorted (path, bytes) of files. */
async function filesHash(
  files: readonly SourceFile[],
  start: string | Uint8Array = "",
): Promise<string> {
  const sorted = files.toSorted((a, b) => a.path < b.path ? -1 : 1);
  // The length keeps a name from running into the bytes of the file before.
  return await sha256(
    start,
    ...sorted.flatMap(({ path, bytes }) => [`${path}\0${bytes.length}\0`, bytes]),
  );
}

/** Files under `root`, which their paths are relative to. */
function readFiles(root: string, paths: readonly string[]): readonly SourceFile[] {
  return paths.map((path) => ({ path, bytes: Deno.readFileSync(join(root, path)) }));
}

/** Paths of the files at or below `path`, with forward slashes on every system. */
function filesUnder(root: string, path: string): readonly string[] {
  if (/\.(ts|json|lock)$/.test(path)) return [path];
  return [...Deno.readDirSync(join(root, path))].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesUnder(root, `${path}/${name}`) : [`${path}/${name}`]
  );
}

/** Where the program is, and whether it is the compiled binary. */
export type Program = Pick<Host, "programRoot" | "standalone">;

/** The identity of the program, or of what the compiled binary was made from. */
export async function codeIdentity(program: Program): Promise<CodeIdentity> {
  if (program.standalone) return await embeddedIdentity(program);
  const git = gitState(program.programRoot);
  return { hash: await codeHash(program.programRoot), git: await git };
}

/** The code hash of the program, without asking git for anything. */
export async function programHash(program: Program): Promise<string> {
  if (program.standalone) return (await embeddedIdentity(program)).hash;
  return await codeHash(program.programRoot);
}

async function embeddedIdentity({ programRoot }: Program): Promise<CodeIdentity> {
  return JSON.parse(await Deno.readTextFile(join(programRoot, EMBEDDED_IDENTITY)));
}

/** What git says about the program's files, or null where it says nothing. */
async function gitState(root: string): Promise<GitState | null> {
  try {
    const state = parseGitStatus(
      text(await git(root, ["status", "--porcelain=v2", "--branch", "--", ...SOURCES])),
    );
    const differs = state.dirty && state.commit !== null;
    return { ...state, diff: differs ? await diffHash(root).catch(() => null) : null };
  } catch {
    // No git, no repository, or not allowed to ask: the hash stands alone.
    return null;
  }
}

/** SHA-256 over the diff to the commit, and the files that no commit has. */
async function diffHash(root: string): Promise<string> {
  const [diff, untracked] = await Promise.all([
    git(root, ["diff", "HEAD", ...PLAIN_DIFF, "--", ...SOURCES]),
    git(root, ["ls-files", "--others", "--exclude-standard", "-z", "--", ...SOURCES]),
  ]);
  const paths = text(untracked).split("\0").filter((path) => path !== "");
  return await filesHash(readFiles(root, paths), diff);
}

/** The same diff whatever the user's settings are. */
const PLAIN_DIFF: readonly string[] = [
  "--no-color",
  "--no-ext-diff",
  "--no-textconv",
  "--no-renames",
  "--binary",
  "--full-index",
  "--unified=3",
  "--diff-algorithm=myers",
  "--src-prefix=a/",
  "--dst-prefix=b/",
];

/** What git answers; it is only asked. */
async function git(root: string, args: readonly string[]): Promise<Uint8Array> {
  const { success, stdout } = await new Deno.Command("git", {
    args: ["-c", "core.fsmonitor=false", "--no-optional-locks", ...args],
    cwd: root,
    stdin: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`Cannot ask git: git ${args[0]} failed`);
  return stdout;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Reads the output of `git status --porcelain=v2 --branch`. */
export function parseGitStatus(status: string): Omit<GitState, "diff"> {
  const lines = status.split("\n").filter((line) => line !== "");
  const header = (name: string): string | null => {
    const value = lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3);
    return value === undefined || value.startsWith("(") ? null : value;
  };
  return {
    commit: header("branch.oid"),
    branch: header("branch.head"),
    dirty: lines.some((line) => !line.startsWith("#")),
  };
}
