/**
 * Readers and writers of Parquet that share no code with this project: what it
 * writes is read back with them, and what they write is read.
 *
 * Each runs in a process of its own with a lock file of its own. In the
 * project's, all who run anything would download several hundred megabytes.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** A table as one of them sees it. */
export interface ForeignTable {
  /** Name and type of each column. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** The values; times and wide integers as text. */
  readonly rows: readonly (readonly unknown[])[];
}

/** What polars is asked for: to read a file, or to make one first. */
export type PolarsRequest =
  | { readonly read: string }
  | { readonly csv: string; readonly write: string; readonly compression: string };

/** The answer to the last of some statements of SQL. */
export function duckdb(...statements: readonly string[]): Promise<ForeignTable> {
  return ask("duckdb.ts", statements);
}

/** The table in a Parquet file, as polars reads it. */
export function polars(request: PolarsRequest): Promise<ForeignTable> {
  return ask("polars.ts", request);
}

async function ask(program: string, request: unknown): Promise<ForeignTable> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-config", `--lock=${FOLDER}readers.lock`],
      ...["--frozen", "--allow-read", "--allow-write", "--allow-ffi", "--allow-env", "--allow-sys"],
      `${FOLDER}${program}`,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(JSON.stringify(request)));
  await input.close();
  const { success, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`${program} failed: ${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout));
}
