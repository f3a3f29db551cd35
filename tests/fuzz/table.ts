/**
 * A table of bars whose values are known, to be written in many forms.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** A bar, its prices as text without needless zeros. */
export interface TableRow {
  /** Milliseconds since 1970. */
  readonly ms: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

const HOUR = 3_600_000;

/** Hourly bars, with a gap now and then. */
export function table(random: Random, rows: number): readonly TableRow[] {
  let ms = Date.UTC(2021, 0, 28, 21);
  let close = 41_234_50;
  const text = (units: number, decimals: number): string => {
    const digits = String(units).padStart(decimals + 1, "0");
    const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
    return `${digits.slice(0, digits.length - decimals)}${fraction === "" ? "" : `.${fraction}`}`;
  };
  return Array.from({ length: rows }, () => {
    ms += HOUR * (random.once(12) ? random.int(2, 30) : 1);
    const open = close;
    close += random.int(-9999, 9999);
    return {
      ms,
      open: text(open, 2),
      high: text(Math.max(open, close) + random.int(0, 999), 2),
      low: text(Math.min(open, close) - random.int(0, 999), 2),
      close: text(close, 2),
      volume: text(random.int(1, 99_999_999), 5),
    };
  });
}
