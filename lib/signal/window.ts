/**
 * What the indicators have in common: a window, and bars that are undefined
 * until it is full.
 *
 * @module
 */

/**
 * Checks the number of bars that an indicator looks at.
 *
 * @throws {RangeError} if it is no whole number from 1; `what` says of what
 */
export function checkWindow(window: number, what: string): void {
  if (!Number.isSafeInteger(window) || window < 1) {
    throw new RangeError(`Cannot take ${what}: window is a whole number from 1, got ${window}`);
  }
}

/** A series of `length` bars whose first `undefinedBars` are NaN, or all of a shorter one. */
export function undefinedUntil(undefinedBars: number, length: number): Float64Array {
  return new Float64Array(length).fill(NaN, 0, Math.min(undefinedBars, length));
}

/** The first bar that is not NaN; the length if there is none. */
export function firstDefined(values: Float64Array): number {
  let first = 0;
  while (first < values.length && Number.isNaN(values[first]!)) first++;
  return first;
}
