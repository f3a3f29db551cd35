/**
 * The close against its lower Bollinger band, decided exactly.
 *
 * The band has a root in it, and yet no rounding is needed. With *n* bars, *u*
 * the newest unit, *S* their sum and *Q* the sum of their squares, the value is
 * below `mean - k × deviation` where `D = S - n u` is positive and
 * `D² > k² (n Q - S²)`; with *k* as a fraction that is a comparison of
 * integers. Equality is no rarity: of five prices of which the last is lower
 * and the others are equal, it lies on the band at *k* = 2, whatever they are.
 *
 * @module
 */

import type { Column } from "../experiment.ts";
import { checkWindow } from "./window.ts";

/** What the band is. */
export interface BelowBandOptions {
  /** Bars of the mean and of the deviation. */
  readonly window: number;
  /** Deviations from the mean to the band, above 0. */
  readonly width: number;
}

/** Where the column stands against its band, bar by bar. */
export interface BelowBand {
  /** 1 where the value is below the band, else 0; 0 before bar `window - 1`. */
  readonly below: Int8Array;
  /** Bars whose value is on the band exactly, equal prices throughout aside. */
  readonly ties: number;
  /** The arithmetic that was exact for this column, window and width. */
  readonly exactForm: "double" | "bigint";
}

/** A fraction. */
type Fraction = readonly [numerator: bigint, denominator: bigint];

/**
 * Compares each value with the mean of the last `window` values, less `width`
 * of their (population) standard deviations, as `bollinger` has them.
 *
 * @throws {RangeError} if `window` is no whole number from 1, or `width` no number above 0
 */
export function belowLowerBand(
  { units }: Column,
  { window, width }: BelowBandOptions,
): BelowBand {
  checkWindow(window, "a band");
  if (!(width > 0 && width < Infinity)) {
    throw new RangeError(`Cannot take a band: width is a number above 0, got ${width}`);
  }
  if (window > units.length) {
    return { below: new Int8Array(units.length), ties: 0, exactForm: "double" };
  }
  const factor = fractionOf(width);
  if (units instanceof Float64Array) {
    // Deviations stay as they are where prices are counted from the lowest one.
    const [lowest, highest] = rangeOf(units);
    const most = (window * (highest - lowest)) ** 2 * Number(factor[0]) ** 2;
    const other = (window * (highest - lowest)) ** 2 * Number(factor[1]) ** 2;
    if (Math.max(most, other) <= Number.MAX_SAFE_INTEGER) {
      const options = { window, factor: [Number(factor[0]), Number(factor[1])] as const };
      return { ...compareDoubles(units, { ...options, lowest }), exactForm: "double" };
    }
  }
  return { ...compareBigints(units, { window, factor }), exactForm: "bigint" };
}

function compareDoubles(
  units: Float64Array,
  { window, factor: [numerator, denominator], lowest }: {
    readonly window: number;
    readonly factor: readonly [numerator: number, denominator: number];
    readonly lowest: number;
  },
): Pick<BelowBand, "below" | "ties"> {
  const below = new Int8Array(units.length);
  let ties = 0;
  let sum = 0;
  let squares = 0;
  for (let t = 0; t < units.length; t++) {
    const value = units[t]! - lowest;
    if (t >= window) {
      const old = units[t - window]! - lowest;
      sum -= old;
      squares -= old * old;
    }
    sum += value;
    squares += value * value;
    if (t < window - 1) continue;
    const depth = (sum - window * value) * denominator;
    if (depth <= 0) continue;
    const band = (window * squares - sum * sum) * numerator * numerator;
    if (depth * depth > band) below[t] = 1;
    else if (depth * depth === band) ties++;
  }
  return { below, ties };
}

function compareBigints(
  units: Column["units"],
  { window, factor: [numerator, denominator] }: {
    readonly window: number;
    readonly factor: Fraction;
  },
): Pick<BelowBand, "below" | "ties"> {
  const below = new Int8Array(units.length);
  const bars = BigInt(window);
  let ties = 0;
  let sum = 0n;
  let squares = 0n;
  for (let t = 0; t < units.length; t++) {
    const value = BigInt(units[t]!);
    if (t >= window) {
      const old = BigInt(units[t - window]!);
      sum -= old;
      squares -= old * old;
    }
    sum += value;
    squares += value * value;
    if (t < window - 1) continue;
    const depth = (sum - bars * value) * denominator;
    if (depth <= 0n) continue;
    const band = (bars * squares - sum * sum) * numerator * numerator;
    if (depth * depth > band) below[t] = 1;
    else if (depth * depth === band) ties++;
  }
  return { below, ties };
}

function rangeOf(units: Float64Array): readonly [lowest: number, highest: number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let t = 0; t < units.length; t++) {
    lowest = Math.min(lowest, units[t]!);
    highest = Math.max(highest, units[t]!);
  }
  return [lowest, highest];
}

/** A positive number as it is written in decimal: 2.1 is 21/10, not the double next to it. */
function fractionOf(value: number): Fraction {
  const [digits = "", power = "0"] = String(value).split("e");
  const [whole = "", decimals = ""] = digits.split(".");
  const exponent = Number(power) - decimals.length;
  const mantissa = BigInt(whole + decimals);
  return exponent >= 0
    ? [mantissa * 10n ** BigInt(exponent), 1n]
    : reduced([mantissa, 10n ** BigInt(-exponent)]);
}

function reduced([numerator, denominator]: Fraction): Fraction {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return [numerator / a, denominator / a];
}
