/**
 * Bars like those of a market: prices in coarse ticks, so that many are equal,
 * and hours, some of them missing.
 *
 * @module
 */

import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import type { Bars, Column, Experiment, Signal } from "../../lib/experiment.ts";
import type { ProofSubject } from "../../lib/check/lookahead_search.ts";
import { randomStreams } from "../../lib/random.ts";
import { signalOf } from "../../lib/run/signal.ts";

const HOUR_MS = 3_600_000;

/** What bars are made. */
export interface SampleOptions {
  /** Seed of the prices. */
  readonly seed?: number;
  /** Units that need bigints. */
  readonly wide?: boolean;
  /** Leave out the times. */
  readonly timeless?: boolean;
}

/** A random walk. */
export function sampleBars(
  length: number,
  { seed = 1, wide = false, timeless = false }: SampleOptions = {},
): Bars {
  const random = randomStreams(seed)("bars");
  const units = { open: [], high: [], low: [], close: [], volume: [] } as Record<string, number[]>;
  const times: number[] = [];
  let time = Date.UTC(2023, 1, 1);
  let price = 10_000;
  for (let t = 0; t < length; t++) {
    const open = price;
    // Half of the moves are of whole ticks of 25, the others finer.
    price = Math.max(50, price + (random.float() < 0.5 ? 25 : 1) * random.int(-4, 4));
    units.open!.push(open);
    units.high!.push(Math.max(open, price) + random.int(0, 10));
    units.low!.push(Math.min(open, price) - random.int(0, 10));
    units.close!.push(price);
    units.volume!.push(random.int(0, 5000));
    time += HOUR_MS * (random.float() < 0.02 ? random.int(2, 30) : 1);
    times.push(time);
  }
  const column = (values: readonly number[], decimals: number): Column =>
    wide
      ? decimalColumn(values.map((value) => BigInt(value) * 10n ** 18n + 7n), decimals + 18)
      : decimalColumn(Float64Array.from(values), decimals);
  return {
    length,
    times: timeless ? null : Float64Array.from(times),
    open: column(units.open!, 2),
    high: column(units.high!, 2),
    low: column(units.low!, 2),
    close: column(units.close!, 2),
    volume: column(units.volume!, 3),
  };
}

/** An experiment on bars, with its default parameters unless others are given. */
export function subjectOf(
  experiment: Experiment,
  { bars, params = {} }: {
    readonly bars: Bars;
    readonly params?: Readonly<Record<string, unknown>>;
  },
): ProofSubject {
  return {
    experiment: experiment.name,
    bars,
    compute: (bars): Signal => signalOf({ experiment, params }, { bars, seed: 42 }),
  };
}
