/**
 * A track in the memory of the WebAssembly that resamples it; its source is in
 * `assembly/`. Pure.
 *
 * @module
 */

import type { Track } from "./ledger.ts";
import * as wasm from "./loops.wasm";

/** Copies a track there, in place of the one before; returns how many bars earn a return. */
export function loadTrack({ prices, positions, from, end }: Track): number {
  const bars = end - from;
  const place = wasm.reserve(bars);
  const { buffer } = wasm.memory;
  new Float64Array(buffer, wasm.PRICES, bars + 1).set(prices.subarray(from, end + 1));
  new Int8Array(buffer, place, bars).set(positions.subarray(from, end));
  return bars;
}
