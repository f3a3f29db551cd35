/**
 * Work that ends when the user asks for it.
 *
 * @module
 */

import type { EndSignal } from "../host.ts";
import { interrupted } from "../failure.ts";

/**
 * Does nothing, as long as nobody asked to end.
 *
 * @throws {UserError} if somebody did
 */
export function refuseAborted(abort: AbortSignal): void {
  if (abort.aborted) throw interrupted(abort.reason as EndSignal);
}

/**
 * The same items, as long as nobody asked to end.
 *
 * @throws {UserError} once somebody did
 */
export async function* abortable<T>(
  items: AsyncIterable<T>,
  abort: AbortSignal,
): AsyncGenerator<T> {
  for await (const item of items) {
    refuseAborted(abort);
    yield item;
  }
}
