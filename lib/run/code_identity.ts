/**
 * Which program ran: the hash of its source, and the commit it came from.
 *
 * @module
 */

import { basename, join } from "node:path";
import { Sha256, sha256 } from "../sha256.ts";

/** What the code hash covers, relative to the folder of main.ts. */
const SOURCES = ["main.ts", "lib", "experiments", "deno.json", "deno.lock"] as const;

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
  // All at once, as other threads do the reading.
  const paths = (await Promise.all(SOURCES.map((path) => filesUnder(root, path)))).flat().sort();
  const contents = await Promise.all(paths.map((path) => Deno.readFile(join(root, path))));
  const hash = new Sha256();
  for (const [at, bytes] of contents.entries()) {
    // The length keeps a name from running into the bytes of the file before.
    await hash.update(`${paths[at]}\0${bytes.length}\0`);
    await hash.update(bytes);
  }
  return await hash.digest();
}

/** The code hash of a program with an experiment from a file of its own. */
export async function codeHashWith(code: string, experimentPath: string): Promise<string> {
  return await sha256(
    `${code}\0${basename(experimentPath)}\0`,
    await Deno.readFile(experimentPath),
  );
}

/** Paths of the files at or below `path`, with forward slashes on every system. */
async function filesUnder(root: string, path: string): Promise<string[]> {
  if (/\.(ts|json|lock)$/.test(path)) return [path];
  const below: Promise<string[]>[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(root, path))) {
    const inside = `${path}/${name}`;
    below.push(isDirectory ? filesUnder(root, inside) : Promise.resolve([inside]));
  }
  return (await Promise.all(below)).flat();
}

/** The identity of the program in `root`, or of the compiled binary. */
export async function codeIdentity(
  { programRoot, standalone }: { readonly programRoot: string; readonly standalone: boolean },
): Promise<CodeIdentity> {
  if (standalone) {
    return JSON.parse(await Deno.readTextFile(join(programRoot, EMBEDDED_IDENTITY)));
  }
  const git = gitState(programRoot);
  return { hash: await codeHash(programRoot), git: await git };
}

/** What git says about the program's files, or null where it says nothing. */
async function gitState(root: string): Promise<GitState | null> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: [
        "-c",
        "core.fsmonitor=false",
        "--no-optional-locks",
        "status",
        "--porcelain=v2",
        "--branch",
        "--",
        ...SOURCES,
      ],
      cwd: root,
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? parseGitStatus(new TextDecoder().decode(stdout)) : null;
  } catch {
    // No git, no repository, or not allowed to ask: the hash stands alone.
    return null;
  }
}

/** Reads the output of `git status --porcelain=v2 --branch`. */
export function parseGitStatus(text: string): GitState {
  const lines = text.split("\n").filter((line) => line !== "");
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
