/**
 * Where bars are cut to tell whether a signal knows what comes later. A cut is
 * the number of leading bars that are kept. Pure.
 *
 * @module
 */

import type { Random, Signal } from "../experiment.ts";

/** Files of up to this many bars for each cut are small: their first bars are cut one by one. */
const SMALL_FILE_BARS_PER_CUT = 8;

/** How cuts are chosen. */
export interface CutOptions {
  /** How many, from 1; `all`: after every bar but the last. */
  readonly count: number | "all";
  /** Chooses the random ones. */
  readonly random: Random;
}

/**
 * Cuts for a signal, ascending: at the edge of its warm-up and at the end;
 * after each of the first bars, if there are few bars; after bars at which the
 * position changes, as a bias of a rare position shows nowhere else; evenly
 * spaced; and random.
 *
 * @returns distinct numbers from 1 to one less than there are bars, `count` of
 * them if there are so many
 */
export function chooseCuts(
  { positions, warmup }: Pick<Signal, "positions" | "warmup">,
  { count, random }: CutOptions,
): readonly number[] {
  const bars = positions.length;
  if (count === "all" || count >= bars - 1) {
    return Array.from({ length: Math.max(0, bars - 1) }, (_, before) => before + 1);
  }
  const chosen = new Set<number>();
  const add = (cut: number): void => {
    if (cut >= 1 && cut < bars && chosen.size < count) chosen.add(cut);
  };
  for (const cut of [warmup + 1, bars - 1, warmup, bars - 2]) add(cut);
  const share = Math.floor(count / 4);
  if (bars <= count * SMALL_FILE_BARS_PER_CUT) {
    for (let cut = 1; cut <= share; cut++) add(cut);
  }
  for (const bar of someChanges(positions, { count: share, random })) add(bar + 1);
  const even = Math.ceil((count - chosen.size) / 2);
  for (let at = 1; at <= even; at++) add(Math.round(at * bars / (even + 1)));
  while (chosen.size < count) add(random.int(1, bars - 1));
  return [...chosen].sort((a, b) => a - b);
}

/** Some of the bars whose position is not that of the bar before. */
function someChanges(
  positions: Int8Array,
  { count, random }: { readonly count: number; readonly random: Random },
): readonly number[] {
  let changes = 0;
  for (let t = 1; t < positions.length; t++) if (positions[t] !== positions[t - 1]) changes++;
  if (changes === 0) return [];
  const drawn = new Set(Array.from({ length: count }, () => random.int(1, changes)));
  const bars: number[] = [];
  for (let t = 1, rank = 0; t < positions.length; t++) {
    if (positions[t] !== positions[t - 1] && drawn.has(++rank)) bars.push(t);
  }
  return bars;
}
