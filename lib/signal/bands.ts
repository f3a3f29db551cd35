/**
 * A line with one above it and one below it.
 *
 * @module
 */

/** The lines, a value for each bar. */
export interface Bands {
  /** The upper band. */
  readonly upper: Float64Array;
  /** The line in the middle. */
  readonly middle: Float64Array;
  /** The lower band. */
  readonly lower: Float64Array;
}

/** Bands that are `multiplier` times `width` away from a line in the middle. */
export function bandsAround(
  middle: Float64Array,
  { width, multiplier }: { readonly width: Float64Array; readonly multiplier: number },
): Bands {
  const upper = new Float64Array(middle.length);
  const lower = new Float64Array(middle.length);
  for (let t = 0; t < middle.length; t++) {
    const distance = multiplier * width[t]!;
    upper[t] = middle[t]! + distance;
    lower[t] = middle[t]! - distance;
  }
  return { upper, middle, lower };
}
