/**
 * A column of exact decimals: built value by value, kept as integers that
 * share one power of ten.
 *
 * @module
 */

import type { Column, Units } from "../../experiment.ts";
import { MAX_DIGITS } from "./decimal.ts";

/** The largest power of ten that a double holds exactly is 10^22. */
const LARGEST_EXACT_POWER = 22;

/** Powers of ten, by multiplication, so that the exact ones are. */
const POWERS: readonly number[] = Array.from({ length: MAX_DIGITS }).reduce<number[]>(
  (powers) => [...powers, powers.at(-1)! * 10],
  [1],
);

class DecimalColumn implements Column {
  readonly units: Units;
  readonly decimals: number;
  #values: Float64Array | undefined;

  constructor(units: Units, decimals: number) {
    this.units = units;
    this.decimals = decimals;
  }

  get values(): Float64Array {
    return this.#values ??= nearestDoubles(this.units, this.decimals);
  }
}

/** A column from its exact units; see {@linkcode Column}. */
export function decimalColumn(units: Units, decimals: number): Column {
  return new DecimalColumn(units, decimals);
}

/** The column with bar `order[t]` of the given one at *t*. */
export function reorderColumn(column: Column, order: Uint32Array): Column {
  const { units, decimals } = column;
  const reordered = units instanceof Float64Array
    ? Float64Array.from(order, (from) => units[from]!)
    : Array.from(order, (from) => units[from]!);
  return new DecimalColumn(reordered, decimals);
}

function nearestDoubles(units: Units, decimals: number): Float64Array {
  const values = new Float64Array(units.length);
  if (units instanceof Float64Array && decimals <= LARGEST_EXACT_POWER) {
    const power = POWERS[decimals]!;
    // Both operands are exact, so IEEE 754 division rounds once, correctly.
    for (let t = 0; t < values.length; t++) values[t] = units[t]! / power;
  } else {
    // ECMAScript rounds a decimal literal to the nearest double.
    for (let t = 0; t < values.length; t++) values[t] = Number(`${units[t]}e-${decimals}`);
  }
  return values;
}

/** Collects decimals of any scale, exactly. */
export class DecimalColumnBuilder {
  #narrow: Float64Array;
  #wide: bigint[] | undefined;
  #length = 0;
  #decimals = 0;

  /** `capacity` is a guess at the number of values; it grows as needed. */
  constructor(capacity = 1024) {
    this.#narrow = new Float64Array(Math.max(16, capacity));
  }

  /** The decimals of the values so far: as many as the one with the most needs. */
  get decimals(): number {
    return this.#decimals;
  }

  /** Adds values in units of 10^-{@linkcode decimals}, integers of at most 53 bits. */
  append(units: Float64Array): void {
    if (this.#wide !== undefined) {
      for (const unit of units) this.#wide.push(BigInt(unit));
    } else {
      while (this.#length + units.length > this.#narrow.length) this.#grow();
      this.#narrow.set(units, this.#length);
    }
    this.#length += units.length;
  }

  /** Adds `mantissa / 10^scale`, with a scale that no smaller one could replace. */
  push(mantissa: number, scale: number): void {
    if (this.#wide === undefined) {
      if (scale > this.#decimals && !this.#raise(scale)) {
        return this.pushWide(BigInt(mantissa), scale);
      }
      // The product of integers either is exact or is past 2^53 itself.
      const unit = scale === this.#decimals ? mantissa : mantissa * POWERS[this.#decimals - scale]!;
      if (Math.abs(unit) <= Number.MAX_SAFE_INTEGER) {
        if (this.#length === this.#narrow.length) this.#grow();
        this.#narrow[this.#length++] = unit;
        return;
      }
    }
    this.pushWide(BigInt(mantissa), scale);
  }

  /** Adds `mantissa / 10^scale` where the mantissa needs more than 53 bits. */
  pushWide(mantissa: bigint, scale: number): void {
    const wide = this.#wide ??= this.#widened();
    if (scale > this.#decimals) {
      const factor = 10n ** BigInt(scale - this.#decimals);
      for (let t = 0; t < wide.length; t++) wide[t]! *= factor;
      this.#decimals = scale;
    }
    wide.push(mantissa * 10n ** BigInt(this.#decimals - scale));
    this.#length++;
  }

  /** The column of all values so far. */
  build(): Column {
    return decimalColumn(this.#wide ?? this.#narrow.subarray(0, this.#length), this.#decimals);
  }

  /** Goes to a higher power of ten; false if some unit would no longer fit. */
  #raise(scale: number): boolean {
    const factor = POWERS[scale - this.#decimals]!;
    for (let t = 0; t < this.#length; t++) {
      if (Math.abs(this.#narrow[t]! * factor) > Number.MAX_SAFE_INTEGER) return false;
    }
    for (let t = 0; t < this.#length; t++) this.#narrow[t]! *= factor;
    this.#decimals = scale;
    return true;
  }

  #widened(): bigint[] {
    const wide = Array.from(this.#narrow.subarray(0, this.#length), BigInt);
    this.#narrow = new Float64Array(0);
    return wide;
  }

  #grow(): void {
    const larger = new Float64Array(this.#narrow.length * 2);
    larger.set(this.#narrow);
    this.#narrow = larger;
  }
}
