/**
 * A track in memory: closes and positions, and where what is computed of them
 * stands. The caller calls `reserve`, then copies both to their places.
 * AssemblyScript; see `loops.wasm.ts`.
 */

import { GROWING } from "./places";

/** Where the closes are to be put, one more than there are bars, as f64. */
export const PRICES: usize = GROWING;

/** How many bars earn a return. */
export let bars: i32 = 0;
/** Where their positions stand, one for each, as i8. */
export let positions: usize = 0;
/** Where what is computed stands. */
export let work: usize = 0;

/** Makes room for so many bars; returns where the positions are to be put. */
export function reserve(count: i32): usize {
  bars = count;
  positions = PRICES + 8 * (<usize> count + 1);
  work = (positions + <usize> count + 63) & ~63;
  roomFor(0);
  return positions;
}

/** Makes room for so many bytes from `work` on. */
export function roomFor(bytes: usize): void {
  const pages = <i32> ((work + bytes + 65535) >>> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
}

/** The return that bar `t` earns. */
@inline
export function moveAt(t: i32): f64 {
  const price = PRICES + 8 * <usize> t;
  return load<f64>(price + 8) / load<f64>(price) - 1;
}

/** The position of bar `t`. */
@inline
export function positionAt(t: i32): i32 {
  return <i32> load<i8>(positions + t);
}
