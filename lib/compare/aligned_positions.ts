/**
 * Two signals, bar by bar. Pure.
 *
 * @module
 */

/** A bar at which two positions differ. */
export interface DifferingBar {
  /** The bar in each signal, from 0. */
  readonly bars: readonly [number, number];
  /** The position in each signal. */
  readonly positions: readonly [number, number];
}

/** What came of putting two signals side by side. */
export interface AlignedPositions {
  /** Bars that were compared. */
  readonly bars: number;
  /** Bars that only the first, and only the second signal has. */
  readonly alone: readonly [number, number];
  /** Bars at which the positions are equal. */
  readonly equal: number;
  /** How often one position stands against another, most often first. */
  readonly changes: readonly {
    readonly positions: readonly [number, number];
    readonly bars: number;
  }[];
  /** The first bars at which they differ. */
  readonly differing: readonly DifferingBar[];
}

/** How bars are put side by side, and how many are told one by one. */
export interface AlignOptions {
  /** Times of the bars of each signal, ascending; null where bar stands by bar. */
  readonly times: readonly [ArrayLike<number>, ArrayLike<number>] | null;
  /** The most differing bars to tell. */
  readonly limit: number;
}

/**
 * Puts two signals side by side: bar by bar, or by the times of their bars.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { alignPositions } from "./aligned_positions.ts";
 *
 * const signals = [Int8Array.of(0, 1, 1), Int8Array.of(1, 0)] as const;
 * const { bars, alone, equal, differing } = alignPositions(signals, {
 *   times: [[10, 20, 30], [20, 30]],
 *   limit: 5,
 * });
 * assertEquals([bars, alone, equal], [2, [1, 0], 1]);
 * assertEquals(differing, [{ bars: [2, 1], positions: [1, 0] }]);
 * ```
 */
export function alignPositions(
  [before, after]: readonly [Int8Array, Int8Array],
  { times, limit }: AlignOptions,
): AlignedPositions {
  // Positions are -1, 0 and 1: a count for each pair of them.
  const counts = new Float64Array(9);
  const differing: DifferingBar[] = [];
  let [i, j, bars] = [0, 0, 0];
  while (i < before.length && j < after.length) {
    if (times !== null) {
      const ahead = times[0][i]! - times[1][j]!;
      if (ahead < 0) {
        i++;
        continue;
      }
      if (ahead > 0) {
        j++;
        continue;
      }
    }
    const [first, second] = [before[i]!, after[j]!];
    counts[(first + 1) * 3 + second + 1]!++;
    if (first !== second && differing.length < limit) {
      differing.push({ bars: [i, j], positions: [first, second] });
    }
    bars++;
    i++;
    j++;
  }
  return {
    bars,
    alone: [before.length - bars, after.length - bars],
    equal: counts[0]! + counts[4]! + counts[8]!,
    changes: changesOf(counts),
    differing,
  };
}

function changesOf(counts: Float64Array): AlignedPositions["changes"] {
  return Array.from(counts, (bars, at) => ({
    positions: [Math.floor(at / 3) - 1, at % 3 - 1] as const,
    bars,
  })).filter(({ positions: [first, second], bars }) => first !== second && bars > 0)
    .sort((a, b) => b.bars - a.bars);
}
