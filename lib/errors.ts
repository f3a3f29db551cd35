/**
 * The one kind of error that a user is meant to see.
 *
 * Everything that can go wrong because of a file, a config, a flag or the
 * machine is thrown as a {@linkcode UserError}; anything else that reaches
 * the top is a bug in sigrun and exits with {@linkcode EXIT_BUG}.
 *
 * @module
 */

/** Exit status: all went well. */
export const EXIT_OK = 0;
/** Exit status: the run, or the command, failed. */
export const EXIT_FAILED = 1;
/** Exit status: wrong usage or a wrong config. */
export const EXIT_USAGE = 2;
/** Exit status: a proof failed, for example equal inputs gave another result. */
export const EXIT_NOT_PROVED = 3;
/** Exit status: a bug in sigrun. */
export const EXIT_BUG = 70;
/** Exit status: ended by SIGINT. */
export const EXIT_SIGINT = 130;
/** Exit status: ended by SIGTERM. */
export const EXIT_SIGTERM = 143;

/** What went wrong, as a stable word for scripts (`error_code` in metrics.json). */
export type ErrorCode =
  | "usage"
  | "config_unreadable"
  | "config_invalid"
  | "experiment_unknown"
  | "experiment_invalid"
  | "experiment_failed"
  | "experiment_untrusted"
  | "data_unreadable"
  | "data_empty"
  | "data_column_missing"
  | "data_invalid"
  | "data_missing_values"
  | "data_several_instruments"
  | "no_valid_bars"
  | "registry_unavailable"
  | "registry_incompatible"
  | "run_not_found"
  | "run_ambiguous"
  | "run_running"
  | "run_damaged"
  | "archive_unreadable"
  | "archive_invalid"
  | "runs_dir_unusable"
  | "output_unwritable"
  | "not_reproduced"
  | "lookahead_bias"
  | "lookahead_unchecked"
  | "interrupted"
  | "system_error"
  | "internal";

/** What a {@linkcode UserError} carries besides its message. */
export interface UserErrorOptions {
  /** Stable word for scripts. */
  readonly code: ErrorCode;
  /** What to do next, as a sentence. */
  readonly hint?: string | undefined;
  /** Exit status of the process; default {@linkcode EXIT_FAILED}. */
  readonly exitCode?: number;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/**
 * An error with a message for the user: what is wrong and where, and in
 * `hint` what to do about it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { UserError } from "./errors.ts";
 *
 * const error = new UserError("Cannot read column close in data.csv: row 17 is not a number: got 'n/a'", {
 *   code: "data_invalid",
 *   hint: "Correct the value, or leave it empty.",
 * });
 * assert(error.exitCode === 1);
 * ```
 */
export class UserError extends Error {
  /** The class, for messages. */
  override readonly name: string = "UserError";
  /** Stable word for scripts. */
  readonly code: ErrorCode;
  /** What to do next. */
  readonly hint: string | undefined;
  /** Exit status of the process. */
  readonly exitCode: number;

  /** `message` says what is wrong and where. */
  constructor(message: string, options: UserErrorOptions) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = options.code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT_FAILED;
  }
}

/** Wrong words on the command line: exit status 2. */
export function usageError(message: string, hint?: string): UserError {
  return new UserError(message, { code: "usage", hint, exitCode: EXIT_USAGE });
}
