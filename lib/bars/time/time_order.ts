/**
 * Bars in time order, whatever the order of the rows. Pure.
 *
 * @module
 */

import type { Times } from "./times.ts";

/** The order in which the rows stood in the file. */
export type RowOrder = "ascending" | "descending" | "unsorted" | "unknown";

/** What the times say about the rows. */
export interface TimeOrder {
  /** The order found; `unknown` without times. */
  readonly found: RowOrder;
  /** Which row is bar *t* once in time order; null if the rows stand that way. */
  readonly order: Uint32Array | null;
  /** How many rows have the time of the row before them, once in order. */
  readonly repeatedTimes: number;
}

/**
 * The permutation that puts rows in time order. Newest-first rows are
 * reversed; unsorted ones are sorted stably.
 */
export function timeOrder(column: Times | null): TimeOrder {
  if (column === null) return { found: "unknown", order: null, repeatedTimes: 0 };
  let rises = 0;
  let falls = 0;
  column.eachStep((step, count) => {
    if (step > 0) rises += count;
    else if (step < 0) falls += count;
  });
  if (falls === 0) {
    return {
      found: "ascending",
      order: null,
      repeatedTimes: Math.max(0, column.length - 1 - rises),
    };
  }
  const times = column.values;
  const rows = Uint32Array.from({ length: times.length }, (_, row) => row);
  if (rises === 0) {
    return { found: "descending", order: rows.reverse(), repeatedTimes: times.length - 1 - falls };
  }
  const order = rows.sort((a, b) => times[a]! - times[b]! || a - b);
  let repeatedTimes = 0;
  for (let t = 1; t < order.length; t++) {
    if (times[order[t]!] === times[order[t - 1]!]) repeatedTimes++;
  }
  return { found: "unsorted", order, repeatedTimes };
}
