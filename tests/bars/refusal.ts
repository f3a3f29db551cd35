/**
 * What the reading of a file was refused with.
 *
 * @module
 */

import { assert } from "@std/assert";
import { UserError } from "../../lib/errors.ts";

/** The error that `run` throws; it must be one meant for the user, with a hint. */
export async function refusalOf(run: () => unknown): Promise<UserError> {
  let refusal: unknown;
  try {
    await run();
  } catch (error) {
    refusal = error;
  }
  assert(refusal instanceof UserError, `expected a UserError, got ${refusal}`);
  assert(refusal.hint !== undefined && refusal.hint !== "", `no hint: ${refusal.message}`);
  return refusal;
}
