/**
 * From blocks of bytes to columns: the scanner's fields, given their meaning.
 * Pure: what it reads it is handed, and the same bytes give the same columns
 * however they are cut into blocks.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Column, ColumnName } from "../experiment.ts";
import { quote } from "../quote.ts";
import { DECIMAL, type DecimalKind, DecimalReader } from "./number/decimal.ts";
import { DecimalColumnBuilder } from "./number/decimal_column.ts";
import type { Dialect } from "./delimited/dialect.ts";
import type { ColumnPlan } from "./header.ts";
import {
  MAX_ROW_BYTES,
  noNumber,
  noTime,
  notPositive,
  type RowProblem,
  tooLong,
  wrongFieldCount,
} from "./row_problem.ts";
import { MalformedRecord, type Records } from "./delimited/records.ts";
import { type TextColumn, TextColumnBuilder } from "./text_column.ts";
import { TimeColumnBuilder } from "./time/time_column.ts";
import { type TimestampOptions, TimestampReader } from "./time/timestamps.ts";

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/** Where in a block to read. */
export interface Range {
  /** Offset of the first byte. */
  readonly from: number;
  /** Offset after the last. */
  readonly to: number;
  /** Whether the file ends there. */
  readonly final: boolean;
}

/** How many dropped rows are remembered by line. */
const SHOWN_LINES = 5;

/** Rows that were left out, and where the first of them are. */
export interface DroppedRows {
  /** How many. */
  readonly count: number;
  /** Lines of the file of the first few. */
  readonly lines: readonly number[];
}

/** All rows, as columns in file order. */
export interface ParsedRows {
  /** Data rows, dropped ones included. */
  readonly rowsRead: number;
  /** Rows kept. */
  readonly length: number;
  /** Milliseconds since 1970-01-01 UTC, or null without a time column. */
  readonly times: Float64Array | null;
  /** The wanted columns. */
  readonly columns: ReadonlyMap<ColumnName, Column>;
  /** Time and close as they stood, if asked for. */
  readonly text: { readonly time: TextColumn | null; readonly close: TextColumn } | null;
  /** Rows without a value in a wanted column. */
  readonly missing: DroppedRows;
}

/** What the rows are read with. */
export interface RowParserOptions {
  /** How the file is written. */
  readonly dialect: Dialect;
  /** Where the columns are. */
  readonly plan: ColumnPlan;
  /** Whether time and close are kept as text, too. */
  readonly keepText: boolean;
  /** How times are written, as far as the config says. */
  readonly time?: TimestampOptions;
  /** A guess at the number of rows. */
  readonly capacity: number;
  /** The file's path, for messages. */
  readonly path: string;
}

/** A field that is wanted, in the order in which fields stand. */
interface Target {
  readonly field: number;
  /** The column that it is; null for the time. */
  readonly column: ColumnParser | null;
}

interface ColumnParser {
  readonly name: ColumnName;
  readonly field: number;
  readonly builder: DecimalColumnBuilder;
  readonly reader: DecimalReader;
  kind: DecimalKind;
}

/** Takes blocks, gives columns. */
export class RowParser {
  readonly #options: RowParserOptions;
  readonly #scanner: Records;
  readonly #columns: readonly ColumnParser[];
  readonly #targets: readonly Target[];
  readonly #timestamps: TimestampReader;
  readonly #timeText: TextColumnBuilder | null;
  readonly #closeText: TextColumnBuilder | null;
  readonly #closeField: number;
  readonly #times: TimeColumnBuilder | null;
  #length = 0;
  #rowsRead = 0;
  #missing = 0;
  readonly #missingLines: number[] = [];

  /** A parser for one file. */
  constructor(options: RowParserOptions) {
    const { dialect, plan, keepText, capacity } = options;
    this.#options = options;
    this.#timestamps = new TimestampReader(options.time);
    this.#scanner = dialect.records;
    this.#columns = plan.fields.map(({ name, field }) => ({
      name,
      field,
      builder: new DecimalColumnBuilder(capacity),
      reader: new DecimalReader(dialect.comma),
      kind: DECIMAL.MISSING,
    }));
    this.#targets = [
      ...this.#columns.map((column): Target => ({ field: column.field, column })),
      ...(plan.time === null ? [] : [{ field: plan.time, column: null }]),
    ].sort((a, b) => a.field - b.field);
    this.#closeField = plan.fields.find(({ name }) => name === "close")?.field ?? -1;
    const text = () => keepText ? new TextColumnBuilder(capacity) : null;
    this.#closeText = this.#closeField === -1 ? null : text();
    this.#timeText = plan.time === null ? null : text();
    this.#times = plan.time === null ? null : new TimeColumnBuilder(capacity);
  }

  /** The form of the file and where its columns are, in words. */
  get form(): string {
    const { dialect: { description, header }, plan } = this.#options;
    const roles = [
      ...(plan.time === null ? [] : [{ name: "time", field: plan.time }]),
      ...plan.fields,
    ].map(({ name, field }) =>
      header[field] === name ? name : `${name} is ${quote(header[field]!)}`
    );
    return `${description}; ${roles.join(", ")}`;
  }

  /** Offset of the first data row in the file. */
  get dataOffset(): number {
    return this.#options.dialect.dataOffset;
  }

  /**
   * Takes the rows that are complete in `bytes[from..to)`, all of them if
   * `final`. A few bytes after `to` may be looked at, so there should be some.
   *
   * @returns the offset after the last row taken; the rest is to come first in the next block
   * @throws {UserError} at the first row that cannot be read
   */
  take(bytes: Uint8Array, { from: start, to, final }: Range): number {
    const { plainDelimiter } = this.#options.dialect;
    const lastLine = plainDelimiter === null ? start : bytes.lastIndexOf(LF, to - 1) + 1;
    let from = start;
    while (from < to) {
      if (plainDelimiter !== null && from < lastLine) {
        from = this.#takePlain(bytes, { from, end: lastLine, delimiter: plainDelimiter });
        if (from === to) break;
      }
      // One row that is not plain, or the incomplete last one.
      const next = this.#next(bytes, { from, to, final });
      if ((next === -1 ? to : next) - from > MAX_ROW_BYTES) {
        throw this.#error(tooLong(), { row: this.#rowsRead + 1 });
      }
      if (next === -1) break;
      if (this.#scanner.fieldCount > 0) this.#row(bytes);
      from = next;
    }
    return from;
  }

  /**
   * Takes plain rows, fast: no quotes, no spaces, nothing missing, nothing
   * wrong. Whatever else a row has, it is left to those who know.
   *
   * @param range `end` is the offset after a line feed, so that no search runs past it
   * @returns the offset of the first row that is not plain, or `end`
   */
  #takePlain(
    bytes: Uint8Array,
    { from, end, delimiter }: {
      readonly from: number;
      readonly end: number;
      readonly delimiter: number;
    },
  ): number {
    const { dialect: { header } } = this.#options;
    const highest = Math.max(delimiter, QUOTE);
    const targets = this.#targets;
    const timestamps = this.#timestamps;
    const fieldCount = header.length;
    const before = this.#length;
    let length = before;
    const times = this.#times;
    let timeStart = 0;
    let timeEnd = 0;
    let closeStart = 0;
    let closeEnd = 0;
    let row = from;
    // `bytes[p]!`: a line feed stands at end - 1, and nothing looks past one.
    rows: while (row < end) {
      let p = row;
      let field = 0;
      for (let at = 0; at < targets.length; at++) {
        const target = targets[at]!;
        while (field < target.field) {
          const byte = bytes[p++]!;
          if (byte > highest) continue;
          if (byte === delimiter) field++;
          else if (byte === LF || byte === QUOTE) break rows;
        }
        const fieldStart = p;
        if (target.column === null) {
          p = timestamps.readPlain(bytes, p);
          timeStart = fieldStart;
          timeEnd = p;
        } else {
          p = target.column.reader.readPlain(bytes, p);
          if (target.field === this.#closeField) {
            closeStart = fieldStart;
            closeEnd = p;
          }
        }
        if (p === -1) break rows;
        const after = bytes[p]!;
        if (after !== delimiter && after !== LF && (after !== CR || bytes[p + 1] !== LF)) {
          break rows;
        }
      }
      for (;;) {
        const byte = bytes[p++]!;
        if (byte > highest) continue;
        if (byte === delimiter) field++;
        else if (byte === LF) break;
        else if (byte === QUOTE) break rows;
      }
      if (field !== fieldCount - 1) break;
      for (let at = 0; at < targets.length; at++) {
        const { column } = targets[at]!;
        if (column !== null) column.builder.push(column.reader.mantissa, column.reader.scale);
      }
      if (times !== null) {
        times.push(timestamps.plainMs);
        this.#timeText?.push(bytes, timeStart, timeEnd);
      }
      this.#closeText?.push(bytes, closeStart, closeEnd);
      length++;
      row = p;
    }
    this.#length = length;
    this.#rowsRead += length - before;
    this.#scanner.skipLines(length - before);
    return row;
  }

  /** The columns of all rows taken. */
  finish(): ParsedRows {
    return {
      rowsRead: this.#rowsRead,
      length: this.#length,
      times: this.#times?.build(this.#options.path) ?? null,
      columns: new Map(this.#columns.map(({ name, builder }) => [name, builder.build()])),
      text: this.#closeText === null ? null : { time: this.#timeText, close: this.#closeText },
      missing: { count: this.#missing, lines: this.#missingLines },
    };
  }

  #next(
    bytes: Uint8Array,
    { from, to, final }: { from: number; to: number; final: boolean },
  ): number {
    try {
      return this.#scanner.next(bytes, from, to, final);
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      const { message, line } = error;
      const { remedy } = this.#options.dialect;
      throw this.#error({ message, hint: remedy }, {
        line,
        row: this.#rowsRead + 1,
        cause: error,
      });
    }
  }

  #row(bytes: Uint8Array): void {
    const { dialect: { header }, plan } = this.#options;
    const { starts, ends, fieldCount } = this.#scanner;
    if (this.#isEmpty()) return;
    this.#rowsRead++;
    // A delimiter at the end of the line makes one more field, of nothing.
    const surplus = fieldCount === header.length + 1 &&
      starts[fieldCount - 1] === ends[fieldCount - 1];
    if (fieldCount !== header.length && !surplus) {
      throw this.#error(wrongFieldCount(fieldCount, header.length));
    }
    for (const column of this.#columns) {
      const { field, reader } = column;
      column.kind = reader.read(bytes, starts[field]!, ends[field]!);
      if (column.kind === DECIMAL.MISSING) return this.#drop();
      if (column.kind > DECIMAL.MISSING) {
        throw this.#error(noNumber(column.name, this.#text(bytes, field), column.kind));
      }
    }
    for (const column of this.#columns) {
      const { name, builder, reader, kind } = column;
      const wide = kind === DECIMAL.WIDE;
      const size = wide ? reader.wide : reader.mantissa;
      if (name === "close" && size <= 0) {
        throw this.#error(notPositive(name, this.#text(bytes, column.field)));
      }
      if (wide) builder.pushWide(reader.wide, reader.scale);
      else builder.push(reader.mantissa, reader.scale);
    }
    if (plan.time !== null) this.#time(bytes, starts[plan.time]!, ends[plan.time]!);
    this.#closeText?.push(bytes, starts[this.#closeField]!, ends[this.#closeField]!);
    this.#length++;
  }

  /** Whether the row is nothing but delimiters. */
  #isEmpty(): boolean {
    const { starts, ends, fieldCount } = this.#scanner;
    for (let field = 0; field < fieldCount; field++) {
      if (starts[field] !== ends[field]) return false;
    }
    return fieldCount > 1;
  }

  #time(bytes: Uint8Array, start: number, end: number): void {
    const timestamps = this.#timestamps;
    const ms = timestamps.read(bytes, start, end);
    const { isDayMonth, monthFirstMs } = timestamps;
    if (Number.isNaN(ms) && !(isDayMonth && !Number.isNaN(monthFirstMs))) {
      const text = this.#text(bytes, this.#options.plan.time!);
      throw this.#error(noTime(text, this.#options.time?.format));
    }
    if (isDayMonth) this.#times!.pushDayMonth(ms, monthFirstMs);
    else this.#times!.push(ms);
    this.#timeText?.push(bytes, start, end);
  }

  #drop(): void {
    this.#missing++;
    if (this.#missingLines.length < SHOWN_LINES) this.#missingLines.push(this.#scanner.line);
  }

  /** The text of a field of the row, as far as a message shows it. */
  #text(bytes: Uint8Array, field: number): string {
    const start = this.#scanner.starts[field]!;
    const end = Math.min(this.#scanner.ends[field]!, start + 400);
    return new TextDecoder().decode(bytes.subarray(start, end));
  }

  #error(
    { message, hint }: RowProblem,
    { line = this.#scanner.line, row = this.#rowsRead, cause }: {
      readonly line?: number;
      readonly row?: number;
      readonly cause?: unknown;
    } = {},
  ): UserError {
    return new UserError(`Cannot read ${this.#options.path}:${line} (row ${row}): ${message}`, {
      code: "data_invalid",
      hint,
      cause,
    });
  }
}
