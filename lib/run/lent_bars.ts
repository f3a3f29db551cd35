/**
 * Bars as an experiment gets them: a column's units are shared, as they are
 * large, and watched; all else is made for it alone.
 *
 * @module
 */

import { decimalColumn } from "../bars/number/decimal_column.ts";
import { type Bars, COLUMN_NAMES, type Units } from "../experiment.ts";

/** Bars that are lent to an experiment. */
export interface LentBars {
  /** What it gets. */
  readonly bars: Bars;
  /** Whether the units are still what they were. */
  readonly areIntact: () => boolean;
}

/** Lends bars to an experiment. */
export function lend(bars: Bars): LentBars {
  const names = COLUMN_NAMES.filter((name) => Object.hasOwn(bars, name));
  const before = names.map((name) => trace(bars[name].units));
  let times: Float64Array | null | undefined;
  const columns = names.map((name) => {
    const { units, decimals } = bars[name];
    return [name, decimalColumn(units, decimals)];
  });
  return {
    bars: {
      length: bars.length,
      get times() {
        if (times === undefined) times = bars.times && bars.times.slice();
        return times;
      },
      ...Object.fromEntries(columns),
    },
    areIntact: () => names.every((name, at) => isTraceOf(before[at]!, bars[name].units)),
  };
}

/** What tells whether units have changed: a checksum of doubles, the `bigint`s themselves. */
type Trace = number | readonly bigint[];

function trace(units: Units): Trace {
  return units instanceof Float64Array ? checksum(units) : [...units];
}

function isTraceOf(before: Trace, units: Units): boolean {
  if (typeof before === "number") {
    return units instanceof Float64Array && checksum(units) === before;
  }
  return before.length === units.length && before.every((unit, t) => unit === units[t]);
}

/** A checksum of 32 bits, which depends on the order; four at a time, as each waits for the one before. */
function checksum(units: Float64Array): number {
  const words = new Uint32Array(units.buffer, units.byteOffset, units.length * 2);
  const even = words.length & ~3;
  let [a, b, c, d] = [1, 2, 3, 4];
  for (let at = 0; at < even; at += 4) {
    a = Math.imul(a! ^ words[at]!, PRIME);
    b = Math.imul(b! ^ words[at + 1]!, PRIME);
    c = Math.imul(c! ^ words[at + 2]!, PRIME);
    d = Math.imul(d! ^ words[at + 3]!, PRIME);
  }
  for (let at = even; at < words.length; at++) a = Math.imul(a! ^ words[at]!, PRIME);
  return [b!, c!, d!].reduce((sum, word) => Math.imul(sum ^ word, PRIME), a!);
}

/** That of FNV-1a for 32 bits. */
const PRIME = 16777619;
