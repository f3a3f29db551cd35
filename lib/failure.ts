/**
 * Why a run ended early, as an error that can be shown and recorded.
 *
 * @module
 */

import { EXIT_BUG, EXIT_SIGINT, EXIT_SIGTERM, UserError } from "./errors.ts";
import type { EndSignal } from "./host.ts";

/** The error of a run that was told to end. */
export function interrupted(signal: EndSignal): UserError {
  return new UserError(`Interrupted by ${signal}`, {
    code: "interrupted",
    exitCode: signal === "SIGTERM" ? EXIT_SIGTERM : EXIT_SIGINT,
    hint: "Nothing was lost: run the same command again.",
  });
}

/** Any error as one that can be shown: what is not the user's is sigrun's own. */
export function asUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new UserError(`A bug in sigrun: ${message}`, {
    code: "internal",
    exitCode: EXIT_BUG,
    hint: "Please report it, with the output of the same command and --debug.",
    cause: error,
  });
}
