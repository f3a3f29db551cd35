/**
 * What all rows of a file say of its columns, for files whose titles do not
 * say which column is what. Pure.
 *
 * @module
 */

import type { Dialect } from "../delimited/dialect.ts";
import { DECIMAL, DecimalReader } from "../number/decimal.ts";
import { type DecimalMark, markOf } from "../number/decimal_mark.ts";
import type { TimestampOptions } from "../time/timestamps.ts";
import { ClockCells, type ClockCellsForm } from "./clock_cells.ts";
import { type CellTimes, TimeCells } from "./time_cells.ts";

/** What all rows say of one column. */
export interface ColumnFacts {
  /** Index of its field. */
  readonly field: number;
  /** How many rows have something there. */
  readonly filled: number;
  /** Its times, if every cell is one; else null. */
  readonly times: CellTimes | null;
  /** How its times of day are written, if every cell is one; else null. */
  readonly clock: ClockCellsForm | null;
  /** Its numbers, NaN for a cell with nothing, if all others are one; else null. */
  readonly numbers: Float64Array | null;
  /** Its texts; null if there are more than {@linkcode MOST_TEXTS} different ones. */
  readonly texts: CellTexts | null;
}

/** The texts of a column with few different ones. */
export interface CellTexts {
  /** The different texts, in the order in which they are met. */
  readonly different: readonly string[];
  /** Of each row which of these it has. */
  readonly codes: Int32Array;
}

/** What all rows say. */
export interface Survey {
  /** How many rows there are. */
  readonly rows: number;
  /** The columns in the order of the file. */
  readonly columns: readonly ColumnFacts[];
}

/** No column of instruments has more values. */
export const MOST_TEXTS = 10_000;

/** How a file is surveyed. */
export interface SurveyOptions {
  /** How the file is written; its records are used up. */
  readonly dialect: Dialect;
  /** How times are written, as far as the config says. */
  readonly time: TimestampOptions;
  /** What begins the fraction of a number, if the config says so. */
  readonly decimalMark?: DecimalMark | undefined;
  /** Whether the bytes are all of the file; else its last row may be cut off. */
  readonly final: boolean;
}

const text = new TextDecoder();

/**
 * Goes through all rows of a file. Rows that cannot be read are passed over:
 * whoever reads the bars reports them.
 *
 * @param whole the bytes of the file, or its beginning; they are changed
 */
export function surveyRows(whole: Uint8Array, options: SurveyOptions): Survey {
  const { dialect, final } = options;
  const width = dialect.header.length;
  const columns = Array.from({ length: width }, (_, field) => new Column(field, options));
  const { records } = dialect;
  let rows = 0;
  let from = dialect.dataOffset;
  try {
    while (from < whole.length) {
      const next = records.next(whole, from, whole.length, final);
      if (next === -1) break;
      from = next;
      const { starts, ends, fieldCount } = records;
      const surplus = fieldCount === width + 1 && starts[width] === ends[width];
      if (fieldCount !== width && !surplus) continue;
      const isKnown = dialect.known?.titles.some((titles) =>
        titles.every((title, at) => text.decode(whole.subarray(starts[at], ends[at])) === title)
      );
      let filled = 0;
      for (let field = 0; field < width; field++) if (ends[field]! > starts[field]!) filled++;
      if (isKnown === true || filled < Math.min(2, width)) continue;
      for (let field = 0; field < width; field++) {
        columns[field]!.take(whole, starts[field]!, ends[field]!);
      }
      rows++;
    }
  } catch {
    // Reading the bars meets it again, and says where it is.
  }
  return { rows, columns: columns.map((column, field) => column.facts(field)) };
}

/** A column as it is gone through. */
class Column {
  readonly #reader: DecimalReader;
  #times: TimeCells | null;
  #clock: ClockCells | null = new ClockCells();
  #numbers: number[] | null = [];
  #texts: Map<string, number> | null = new Map();
  #codes: number[] = [];
  #filled = 0;

  constructor(field: number, { dialect: { marks = [] }, time, decimalMark }: SurveyOptions) {
    const mark = decimalMark ?? markOf(marks[field] ?? "none", marks);
    this.#reader = new DecimalReader(mark === "comma" ? mark : "point");
    this.#times = new TimeCells(time);
  }

  take(bytes: Uint8Array, start: number, end: number): void {
    const cell = text.decode(bytes.subarray(start, end)).trim();
    if (cell !== "") this.#filled++;
    if (this.#times?.take(bytes, start, end) === false) this.#times = null;
    if (this.#clock?.take(cell) === false) this.#clock = null;
    this.#takeNumber(bytes, start, end);
    this.#takeText(cell);
  }

  facts(field: number): ColumnFacts {
    return {
      field,
      filled: this.#filled,
      times: this.#times?.finish() ?? null,
      clock: this.#clock?.finish() ?? null,
      numbers: this.#numbers === null ? null : Float64Array.from(this.#numbers),
      texts: this.#texts === null
        ? null
        : { different: [...this.#texts.keys()], codes: Int32Array.from(this.#codes) },
    };
  }

  #takeText(cell: string): void {
    if (this.#texts === null) return;
    const code = this.#texts.get(cell) ?? this.#texts.size;
    if (code === MOST_TEXTS) {
      this.#texts = null;
      this.#codes = [];
      return;
    }
    if (code === this.#texts.size) this.#texts.set(cell, code);
    this.#codes.push(code);
  }

  #takeNumber(bytes: Uint8Array, start: number, end: number): void {
    if (this.#numbers === null) return;
    const kind = this.#reader.read(bytes, start, end);
    if (kind === DECIMAL.MISSING) this.#numbers.push(NaN);
    else if (kind === DECIMAL.WIDE) {
      this.#numbers.push(Number(this.#reader.wide) / 10 ** this.#reader.scale);
    } else if (kind > DECIMAL.MISSING) this.#numbers = null;
    else this.#numbers.push(this.#reader.mantissa / 10 ** this.#reader.scale);
  }
}
