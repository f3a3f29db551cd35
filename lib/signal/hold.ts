/**
 * Positions that are entered on one condition and left on another.
 *
 * @module
 */

/** When to enter and when to leave. */
export interface HoldOptions {
  /** Bars in all. */
  readonly length: number;
  /** Leading bars at which nothing is entered. */
  readonly warmup: number;
  /** Whether a flat position becomes long at bar t. */
  readonly enter: (t: number) => boolean;
  /** Whether a long position becomes flat at bar t; it is not entered again at the same bar. */
  readonly leave: (t: number) => boolean;
}

/**
 * 1 from the bar of an entry to that before the next exit, else 0. Flat at
 * first: an entry before the data starts is not known, so positions depend on
 * where it starts until the first exit.
 */
export function heldPositions({ length, warmup, enter, leave }: HoldOptions): Int8Array {
  const positions = new Int8Array(length);
  let isLong = false;
  for (let t = warmup; t < length; t++) {
    isLong = isLong ? !leave(t) : enter(t);
    positions[t] = isLong ? 1 : 0;
  }
  return positions;
}
