/**
 * Why a run ended early, as an error that can be shown and recorded.
 *
 * @module
 */

import { EXIT_BUG, EXIT_SIGINT, EXIT_SIGTERM, usageError, UserError } from "./errors.ts";
import type { EndSignal } from "./host.ts";
import { systemFailure } from "./system_error.ts";

/** The error of a run that was told to end. */
export function interrupted(signal: EndSignal): UserError {
  return new UserError(`Interrupted by ${signal}`, {
    code: "interrupted",
    exitCode: signal === "SIGTERM" ? EXIT_SIGTERM : EXIT_SIGINT,
    hint: "Nothing was lost: run the same command again.",
  });
}

/**
 * Any error as one that can be shown: what the system refused is told as that,
 * and what is neither the system's nor the user's is a bug in sigrun.
 */
export function asUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  // No bug, but a matter of how it was started.
  if (error instanceof Deno.errors.NotCapable) {
    const [what] = error.message.split(", run again");
    return usageError(
      `Deno lacks a permission: ${what}`,
      "Start sigrun by its tasks, such as deno task run: they ask for what they need.",
    );
  }
  const refused = systemFailure(error);
  if (refused !== undefined) {
    const { attempt, reason, hint } = refused;
    const what = attempt === "" ? "do what was asked" : attempt;
    return new UserError(`Cannot ${what}: ${reason}`, { code: "system_error", hint, cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new UserError(`A bug in sigrun: ${message}`, {
    code: "internal",
    exitCode: EXIT_BUG,
    hint: "Please report it, with the output of the same command and --debug.",
    cause: error,
  });
}
