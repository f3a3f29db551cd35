/**
 * Whether an experiment may be executed that a config of somebody else's names
 * by its path: an experiment is code with all rights of its user.
 *
 * @module
 */

import { dirname, relative, sep } from "node:path";
import { EXIT_USAGE, UserError } from "../errors.ts";
import { printable } from "../quote.ts";
import { sha256 } from "../sha256.ts";
import type { SourceFile } from "./local_imports.ts";

/** A hash as `--trust` takes it. */
export const TRUST_HASH = /^sha256:[0-9a-f]{64}$/;

/** Files that are named one by one. */
const SHOWN_FILES = 5;

/**
 * The hash by which an experiment is trusted, as `sha256:…`: that of its file,
 * as `sha256sum` tells it; if it imports others by path, that of what
 * `sha256sum` prints of all of them, in the order of their names, from the
 * folder of the experiment.
 *
 * @param files the experiment, then what it imports
 */
export async function trustHash(files: readonly SourceFile[]): Promise<string> {
  const [experiment, ...imported] = files;
  if (imported.length === 0) return await sha256(experiment!.bytes);
  const lines = await Promise.all(
    namesOf(files).map(async ({ name, bytes }) =>
      `${(await sha256(bytes)).replace("sha256:", "")}  ${name}\n`
    ),
  );
  return await sha256(lines.join(""));
}

/**
 * Refuses an experiment that is not trusted.
 *
 * @param files the experiment, then what it imports by path
 * @throws {UserError} that shows its hash
 */
export async function refuseUntrusted(
  files: readonly SourceFile[],
  { foreign, trusted }: {
    /** Why the config is somebody else's word. */
    readonly foreign: string;
    /** Hashes that the user trusts. */
    readonly trusted: readonly string[];
  },
): Promise<void> {
  const hash = await trustHash(files);
  if (trusted.includes(hash)) return;
  const names = namesOf(files).map(({ name }) => printable(name));
  const shown = names.slice(0, SHOWN_FILES).join(", ");
  const more = names.length > SHOWN_FILES ? ` and ${names.length - SHOWN_FILES} more` : "";
  throw new UserError(
    `Cannot execute the experiment ${printable(files[0]!.path)}: ${foreign}` +
      (trusted.length === 0 ? "" : `, and its hash is not one that is trusted`),
    {
      code: "experiment_untrusted",
      exitCode: EXIT_USAGE,
      hint: "An experiment is code. " +
        (files.length === 1 ? "Read it first" : `Read its files first (${shown}${more})`) +
        `; to execute it as it is, add: --trust ${hash}`,
    },
  );
}

/** Files in the order of their names, which count from the folder of the first. */
function namesOf(
  files: readonly SourceFile[],
): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  const folder = dirname(files[0]!.path);
  return files
    .map(({ path, bytes }) => ({ name: relative(folder, path).split(sep).join("/"), bytes }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}
