/**
 * The flags that say how an experiment given by path is executed.
 *
 * @module
 */

import { TRUST_HASH } from "../../config/trust.ts";
import { usageError } from "../../errors.ts";
import { quote } from "../../quote.ts";
import type { Flag, Flags } from "../commands/command.ts";

/** Flags of every command that executes experiments. */
export const EXECUTION_FLAGS: readonly Flag[] = [
  {
    name: "trust",
    value: "HASH",
    repeatable: true,
    help: "execute the experiment of this hash though the run that names it was imported",
  },
];

/**
 * Hashes of experiments that are trusted.
 *
 * @throws {UserError} on what is no hash
 */
export function trustedHashes(flags: Flags): readonly string[] {
  return flags.list("trust").map((text) => {
    const hash = text.startsWith("sha256:") ? text : `sha256:${text}`;
    if (TRUST_HASH.test(hash)) return hash;
    throw usageError(
      `Cannot use --trust ${quote(text)}: expected sha256: and 64 digits of 0-9 and a-f`,
      "The error that asks for it shows the hash.",
    );
  });
}
