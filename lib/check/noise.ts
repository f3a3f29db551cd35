/**
 * Another future for bars: everything from a bar on is replaced by seeded
 * noise that could be bars as well. Pure.
 *
 * @module
 */

import { decimalColumn } from "../bars/number/decimal_column.ts";
import type { Bars, Random, Units } from "../experiment.ts";
import { type Source, withColumns } from "./partial_bars.ts";

/** Factors are whole numbers of 1/1024, so that bigints are scaled as doubles are. */
const ONE = 1024;

/** The noise that follows one cut. */
interface Future {
  /** The first bar that is replaced. */
  readonly from: number;
  /** Bar *t* is replaced by the bar at `order[(t + offset) % length]`, scaled. */
  readonly order: Uint32Array;
  readonly offset: number;
  /** The scale of prices, in 1/1024. */
  readonly priceFactor: number;
  /** The scale of volumes, in 1/1024. */
  readonly volumeFactor: number;
  /** The scale of the time between bars, in 1/1024. */
  readonly timeFactor: number;
  /** The share of the bars' whole span, in 1/1024, by which later bars are put off. */
  readonly delay: number;
}

/**
 * Bars whose future is noise: the first `cut` bars as they are, in later ones
 * `replaced` is. Draws from 0 on are different noise; of two that follow each
 * other, one scales up what the other scales down.
 */
export type NoisyBars = (cut: number, replaced: ReadonlySet<Source>, draw?: number) => Bars;

/**
 * Makes noise for bars. A later bar becomes some other bar of the file, drawn
 * at random and scaled: so prices stay positive, of the same decimals and the
 * same size, and the high of a bar stays its highest price. The scale is one
 * for all bars after a cut, from 0.5 to 0.875 or from 1.125 to 2, as noise on
 * the level of the true future would move no mean. Replaced times are later
 * than all before, and in order.
 *
 * @param random seeded streams; equal seed, cut and draw give equal noise, whatever is replaced
 */
export function noisyBars(bars: Bars, random: (stream: string) => Random): NoisyBars {
  const { length } = bars;
  const { int } = random("noise order");
  const order = Uint32Array.from({ length }, () => int(0, length - 1));
  return (cut, replaced, draw = 0) => {
    const future = futureAfter(cut, { order, draw, random });
    return withColumns(bars, {
      length,
      times: bars.times !== null && replaced.has("time")
        ? noisyTimes(bars.times, future)
        : bars.times?.slice() ?? null,
      column: ({ units, decimals }, name) =>
        decimalColumn(
          replaced.has(name)
            ? noisyUnits(units, {
              ...future,
              factor: name === "volume" ? future.volumeFactor : future.priceFactor,
            })
            : units.slice(),
          decimals,
        ),
    });
  };
}

function futureAfter(
  from: number,
  { order, draw, random }: {
    readonly order: Uint32Array;
    readonly draw: number;
    readonly random: (stream: string) => Random;
  },
): Future {
  const direction = random(`direction after ${from}`);
  const { int } = random(`noise ${draw} after ${from}`);
  const factor = (): number =>
    (direction.int(0, 1) + draw) % 2 === 0 ? int(ONE / 2, ONE * 7 / 8) : int(ONE * 9 / 8, ONE * 2);
  return {
    from,
    order,
    offset: int(0, order.length - 1),
    priceFactor: factor(),
    volumeFactor: factor(),
    timeFactor: factor(),
    delay: int(ONE / 2, ONE * 3 / 2),
  };
}

function noisyUnits(
  units: Units,
  { from, order, offset, factor }: Future & { readonly factor: number },
): Units {
  const drawn = (t: number): number => order[(t + offset) % order.length]!;
  if (units instanceof Float64Array) {
    return units.map((unit, t) => t < from ? unit : scaled(units[drawn(t)]!, factor));
  }
  return units.map((unit, t) => t < from ? unit : scaledBigint(units[drawn(t)]!, factor));
}

/** Never zero, as no factor is below a half; growing with the unit, so that highs stay highs. */
function scaled(unit: number, factor: number): number {
  const size = Math.round(Math.abs(unit) * (factor / ONE));
  return Math.sign(unit) * Math.min(Number.MAX_SAFE_INTEGER, size);
}

function scaledBigint(unit: bigint, factor: number): bigint {
  const one = BigInt(ONE);
  const size = ((unit < 0n ? -unit : unit) * BigInt(factor) + one / 2n) / one;
  return unit < 0n ? -size : size;
}

function noisyTimes(times: Float64Array, { from, timeFactor, delay }: Future): Float64Array {
  const last = times[from - 1]!;
  // Bars of a single moment are put off, too.
  const span = Math.max(times.at(-1)! - times[0]!, ONE);
  const put = Math.round(span * delay / ONE);
  return times.map((time, t) =>
    t < from ? time : last + put + Math.round((time - last) * (timeFactor / ONE))
  );
}
