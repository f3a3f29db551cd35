/**
 * A column of numbers, read cell by cell with one decimal mark: all of its rows
 * decide which, and one that contradicts is no number. Pure.
 *
 * @module
 */

import type { Column, ColumnName } from "../../experiment.ts";
import { DECIMAL, type DecimalKind, DecimalReader } from "./decimal.ts";
import { DecimalColumnBuilder } from "./decimal_column.ts";
import { type DecimalMark, evidenceOf, type MarkEvidence } from "./decimal_mark.ts";

/** Decimals that a number has if its point groups thousands: three, or none once zeros are cut. */
const OPEN_DECIMALS: readonly number[] = [0, 3];

/** More of a cell is not looked at for its mark. */
const LONGEST_CELL = 400;

const COMMA = 0x2c;
const POINT = 0x2e;
const text = new TextDecoder();

/** Where a cell stands. */
export interface CellPlace {
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset after its last. */
  readonly end: number;
  /** Line of the file. */
  readonly line: number;
  /** Number of the row, from 1. */
  readonly row: number;
}

/** A cell that may be two numbers. */
export interface OpenNumber extends Pick<CellPlace, "line" | "row"> {
  /** The cell. */
  readonly cell: string;
}

/** Reads the cells of a column, and keeps their numbers. */
export class NumberColumn {
  /** What it is. */
  readonly name: ColumnName;
  /** Its place in a row, from 0. */
  readonly field: number;
  #mark: DecimalMark | null;
  readonly #builder: DecimalColumnBuilder;
  /** What read the last cell, what that was, and what it says of the mark. */
  #reader: DecimalReader;
  #kind: DecimalKind = DECIMAL.MISSING;
  #evidence: MarkEvidence = "none";
  #last: OpenNumber | null = null;
  /** Whether a number before had a point before three digits, and whether one may have had any. */
  #sawPoint = false;
  #hasPoint = false;
  #open: OpenNumber | null = null;

  /** A column; without a mark, its cells tell it. */
  constructor(
    { name, field }: { readonly name: ColumnName; readonly field: number },
    { mark, capacity, evidence = "none" }: {
      readonly mark: DecimalMark | null;
      readonly capacity: number;
      /** What the first rows say of the mark. */
      readonly evidence?: MarkEvidence;
    },
  ) {
    this.#sawPoint = evidence === "open point";
    this.#hasPoint = this.#sawPoint;
    this.name = name;
    this.field = field;
    this.#mark = mark;
    this.#reader = new DecimalReader(mark ?? "point");
    this.#builder = new DecimalColumnBuilder(capacity);
  }

  /** What begins a fraction; null where no cell has told yet, and points are taken to. */
  get mark(): DecimalMark | null {
    return this.#mark;
  }

  /** The decimals of the numbers so far. */
  get decimals(): number {
    return this.#builder.decimals;
  }

  /** Whether all numbers so far are whole, and none is known to have a point. */
  get isWhole(): boolean {
    return this.decimals === 0 && !this.#sawPoint;
  }

  /** The first cell whose comma groups thousands or begins a fraction, if no other cell tells. */
  get open(): OpenNumber | null {
    return this.#mark === null && OPEN_DECIMALS.includes(this.decimals) ? this.#open : null;
  }

  /**
   * Whether points that group thousands may have been taken for decimal marks: three digits
   * follow each of them, nothing is a thousand or a fraction of one, and numbers jump as from 999
   * to 1.001.
   */
  get isDoubtful(): boolean {
    if (this.#mark !== null || !(this.decimals === 3 || this.#sawPoint)) return false;
    if (!OPEN_DECIMALS.includes(this.decimals)) return false;
    const { units } = this.#builder.build();
    return units instanceof Float64Array && jumpsAtThousand(units, 10 ** this.decimals);
  }

  /** Reads the cell in `bytes[start..end)`, to be kept next if its row is one. */
  read(bytes: Uint8Array, { start, end, line, row }: CellPlace): DecimalKind {
    this.#evidence = "none";
    if (this.#mark === null && hasMark(bytes, start, end)) {
      const cell = text.decode(bytes.subarray(start, Math.min(end, start + LONGEST_CELL)));
      this.#evidence = evidenceOf(cell);
      this.#last = { cell, line, row };
      const isComma = this.#evidence === "comma";
      if (isComma && (this.#hasPoint || this.#open !== null)) return this.#kind = DECIMAL.INVALID;
      this.#reader = new DecimalReader(isComma ? "comma" : "point");
    }
    return this.#kind = this.#reader.read(bytes, start, end);
  }

  /** Keeps the number that was read last, and what its cell says of the mark. */
  keep(): void {
    const { mantissa, wide, scale } = this.#reader;
    if (this.#kind === DECIMAL.WIDE) this.#builder.pushWide(wide, scale);
    else this.#builder.push(mantissa, scale);
    if (this.#evidence === "point" || this.#evidence === "comma") this.#mark = this.#evidence;
    else if (this.#evidence === "open comma") this.#open ??= this.#last;
    else if (this.#evidence === "open point") this.#sawPoint = this.#hasPoint = true;
  }

  /** Keeps plain numbers in units of 10^-{@linkcode decimals}. */
  append(units: Float64Array): void {
    this.#builder.append(units);
    this.#hasPoint = true;
  }

  /** The column of all numbers kept. */
  build(): Column {
    return this.#builder.build();
  }
}

/** Whether all numbers are from 1 to 999, and neighbours a hundredfold apart. */
function jumpsAtThousand(units: Float64Array, one: number): boolean {
  let jumps = false;
  let before = NaN;
  for (const unit of units) {
    const size = Math.abs(unit);
    if (size >= 1000 * one || (size > 0 && size < one)) return false;
    jumps ||= size > 100 * before || before > 100 * size && size > 0;
    before = size === 0 ? NaN : size;
  }
  return jumps;
}

function hasMark(bytes: Uint8Array, start: number, end: number): boolean {
  for (let p = start; p < end; p++) if (bytes[p] === COMMA || bytes[p] === POINT) return true;
  return false;
}
