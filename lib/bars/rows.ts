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
import { DECIMAL } from "./number/decimal.ts";
import { columnMark, doubtfulPoints } from "./number/column_mark.ts";
import type { DecimalMark } from "./number/decimal_mark.ts";
import { NumberColumn } from "./number/number_column.ts";
import type { Dialect } from "./delimited/dialect.ts";
import type { ColumnPlan } from "./plan_columns.ts";
import {
  MAX_ROW_BYTES,
  noNumber,
  noTime,
  openNumber,
  type RowProblem,
  skippedTime,
  tooLong,
  wrongFieldCount,
} from "./row_problem.ts";
import type { Understood } from "./quality/understood.ts";
import { csvLine } from "./csv_line.ts";
import { isMissing } from "./delimited/cell_kinds.ts";
import { AsideLines, type LeftOut } from "./delimited/aside_lines.ts";
import type { Instruments } from "./instruments.ts";
import { MalformedRecord, type Records } from "./delimited/records.ts";
import { MOST_ROWS, PlainRows, type PlainRowsOptions } from "./plain/plain_rows.ts";
import { type TextColumn, TextColumnBuilder } from "./text_column.ts";
import { isLocal } from "./time/set_back.ts";
import { TimeColumnBuilder } from "./time/time_column.ts";
import type { Times } from "./time/times.ts";
import { TimeField } from "./time_field.ts";
import { type TimestampOptions, TimestampReader } from "./time/timestamps.ts";

/** Where in a block to read. */
export interface Range {
  /** Offset of the first byte. */
  readonly from: number;
  /** Offset after the last. */
  readonly to: number;
  /** Whether the file ends there. */
  readonly final: boolean;
}

const HASH = 0x23;
const COMMA = 0x2c;
const POINT = 0x2e;

/** How much of a field a message may need. */
const SHOWN_BYTES = 400;

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
  /** Data rows, dropped ones included; rows of nothing but delimiters at the end are none. */
  readonly rowsRead: number;
  /** Rows kept. */
  readonly length: number;
  /** The times, or null without a time column. */
  readonly times: Times | null;
  /** Whether the times are those of a clock, with no word on its zone. */
  readonly areLocal: boolean;
  /** The wanted columns. */
  readonly columns: ReadonlyMap<ColumnName, Column>;
  /** Time and close as they stood, as lines of CSV, if asked for. */
  readonly lines: TextColumn | null;
  /** Rows without a value in a wanted column. */
  readonly missing: DroppedRows;
  /** Lines that are no rows; null where a file cannot have any. */
  readonly leftOut: LeftOut | null;
}

/** What the rows are read with. */
export interface RowParserOptions {
  /** How the file is written. */
  readonly dialect: Dialect;
  /** Where the columns are. */
  readonly plan: ColumnPlan;
  /** What tells whose bars the rows are; null or left out where no column does. */
  readonly instruments?: Instruments | null;
  /** Whether time and close are kept as text, too. */
  readonly keepLines: boolean;
  /** What begins the fraction of a number, if the config says so. */
  readonly decimalMark?: DecimalMark | undefined;
  /** How times are written, as far as the config says. */
  readonly time?: TimestampOptions;
  /** A guess at the number of rows. */
  readonly capacity: number;
  /** The file's path, for messages. */
  readonly path: string;
}

/** Takes blocks, gives columns. */
export class RowParser {
  readonly #options: RowParserOptions;
  readonly #scanner: Records;
  #columns: readonly NumberColumn[];
  /** How many of the columns are asked for; those after them are read for checks. */
  readonly #asked: number;
  /** What reads the time of a row that is not plain; null without times. */
  readonly #time: TimeField | null;
  #plain: PlainRows | null;
  readonly #lines: TextColumnBuilder | null;
  readonly #timestamps: TimestampReader;
  readonly #closeField: number;
  readonly #times: TimeColumnBuilder | null;
  readonly #aside: AsideLines | null;
  #length = 0;
  /** Whether the first row of JSON has the time of a clock, with no word on its zone. */
  #isLocal = false;
  #rowsRead = 0;
  #missing = 0;
  readonly #missingLines: number[] = [];
  /** Lines of the first rows of nothing since the last other row, and how many there are. */
  #emptyLines: number[] = [];
  #empty = 0;
  /** How many of these have a text for their time. */
  #emptyTexts = 0;

  /** A parser for one file. */
  constructor(options: RowParserOptions) {
    const { dialect, plan, keepLines, capacity } = options;
    this.#options = options;
    this.#time = plan.time === null
      ? null
      : new TimeField({ time: plan.time, clock: plan.clock }, options.time);
    this.#scanner = dialect.records;
    const known = { decimalMark: options.decimalMark, marks: dialect.marks, path: options.path };
    const asked = fieldsOf(plan).map((column) =>
      new NumberColumn(column, {
        mark: columnMark(column, known),
        evidence: dialect.marks?.[column.field] ?? "none",
        capacity,
      })
    );
    // Without a mark of their own, they are read with that of the close.
    const checks = dialect.marks === undefined || asked.every(({ mark }) => mark !== "comma")
      ? plan.checks
      : [];
    this.#asked = asked.length;
    this.#columns = [
      ...asked,
      ...checks.map((column) =>
        new NumberColumn(column, {
          mark: asked[0]?.mark ?? null,
          evidence: dialect.marks?.[column.field] ?? "none",
          capacity,
        })
      ),
    ];
    this.#timestamps = this.#time?.reader ?? new TimestampReader(options.time);
    this.#plain = plainRows(options, { timestamps: this.#timestamps, columns: this.#columns });
    this.#closeField = plan.fields.find(({ name }) => name === "close")?.field ?? -1;
    this.#lines = keepLines && this.#closeField !== -1 ? new TextColumnBuilder(capacity) : null;
    this.#times = plan.time === null ? null : new TimeColumnBuilder(capacity);
    this.#aside = dialect.known === undefined ? null : new AsideLines(dialect.known, {
      width: dialect.header.length,
      time: plan.time,
      close: this.#closeField,
    });
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

  /** Which column is what. */
  get plan(): ColumnPlan {
    return this.#options.plan;
  }

  /** What was understood of the file; of the order of its dates, once it is finished. */
  get understood(): Understood {
    const { plan: { understood }, dialect, instruments } = this.#options;
    const { time } = understood;
    const why = [time?.why ?? null, this.#times?.why ?? null].filter((part) => part !== null);
    const named = dialect.symbol ?? null;
    const symbol = instruments?.finish() ?? (named === null ? null : {
      title: "",
      by: "title" as const,
      why: "a line of the titles",
      symbol: named,
      otherRows: 0,
    });
    return {
      ...understood,
      symbol,
      time: time === null || why.length === 0 ? time : { ...time, why: why.join("; ") },
    };
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
    let from = start;
    this.#plain?.leave();
    while (from < to) {
      if (this.#plain !== null) from = this.#takePlain(this.#plain, bytes, { from, to });
      if (from === to) break;
      // One row that is not plain, or the incomplete last one.
      const next = this.#next(bytes, { from, to, final });
      if ((next === -1 ? to : next) - from > MAX_ROW_BYTES) {
        throw this.#error(tooLong());
      }
      if (next === -1) break;
      if (this.#scanner.fieldCount > 0) this.#row(bytes);
      from = next;
    }
    return from;
  }

  /** Takes plain rows; returns the offset of the first row that is not, or not complete. */
  #takePlain(
    plain: PlainRows,
    bytes: Uint8Array,
    { from: start, to }: { readonly from: number; readonly to: number },
  ): number {
    let from = start;
    while (from < plain.end || plain.load(bytes, from, to)) {
      for (const [at, { decimals }] of this.#columns.entries()) plain.setDecimals(at, decimals);
      const found = plain.take(from);
      const count = found === 0 ? 0 : this.#keepPlain(plain, bytes, found);
      if (count > 0) from = count === found ? plain.next : plain.rowEnd(count - 1);
      if (count < MOST_ROWS && from < plain.end) return from;
    }
    return from;
  }

  /** Keeps rows that were found, up to the first without a time; returns how many. */
  #keepPlain(plain: PlainRows, bytes: Uint8Array, found: number): number {
    const columns = this.#columns;
    const count = this.#times === null
      ? found
      : this.#keepPlainTimes(plain, { bytes, times: this.#times, found });
    if (count === 0) return 0;
    this.#beginRow();
    for (const [at, column] of columns.entries()) column.append(plain.values(at, count));
    if (this.#lines !== null) {
      const { bytes: lines, ends } = plain.lines(count);
      this.#lines.append(lines, ends);
    }
    this.#length += count;
    this.#rowsRead += count;
    this.#scanner.skipLines(plain.lineEnds(count));
    return count;
  }

  #keepPlainTimes(
    plain: PlainRows,
    { bytes, times, found }: {
      readonly bytes: Uint8Array;
      readonly times: TimeColumnBuilder;
      readonly found: number;
    },
  ): number {
    const values = plain.values(this.#columns.length, found);
    if (plain.unreadTimes === 0) {
      times.append(values);
      return found;
    }
    for (let row = 0; row < found; row++) {
      const ms = values[row]!;
      if (!Number.isNaN(ms)) times.push(ms);
      else if (
        !this.#keepTime(this.#time!.reader.read(bytes, plain.timeStart(row), plain.timeEnd(row)))
      ) {
        return row;
      }
    }
    return found;
  }

  /** The columns of all rows taken. */
  finish(): ParsedRows {
    if (this.#checks.some(({ open, isDoubtful }) => open !== null || isDoubtful)) this.#endChecks();
    for (const column of this.#columns) {
      const { name, open } = column;
      if (open !== null) throw this.#error(openNumber(name, open.cell), open);
      // In JSON and in Parquet a point is never anything else.
      if (this.#options.dialect.marks !== undefined && column.isDoubtful) {
        throw doubtfulPoints(name, {
          path: this.#options.path,
          why: "as its numbers would jump a hundredfold otherwise",
        });
      }
    }
    this.#options.instruments?.finish();
    return {
      rowsRead: this.#rowsRead,
      length: this.#length,
      times: this.#times?.build(this.#options.path) ?? null,
      areLocal: this.#areLocal,
      columns: new Map(this.#columns.map((column) => [column.name, column.build()])),
      lines: this.#lines,
      missing: { count: this.#missing, lines: this.#missingLines },
      leftOut: this.#leftOut(),
    };
  }

  /** By one row, as all are written alike. */
  get #areLocal(): boolean {
    const { dialect, plan, time } = this.#options;
    if (dialect.known === undefined) return time?.zone === undefined && this.#isLocal;
    const fields = [plan.time, plan.clock?.field].filter((field) => typeof field === "number");
    const cells = fields.map((field) => dialect.known!.firstRow[field] ?? "");
    return time?.zone === undefined && isLocal(cells.join(" "));
  }

  #leftOut(): LeftOut | null {
    if (this.#aside === null || this.#emptyTexts === 0) return this.#aside?.leftOut ?? null;
    const { below, belowLines, ...others } = this.#aside.leftOut;
    const lines = [...belowLines, ...this.#emptyLines].toSorted((a, b) => a - b);
    return {
      ...others,
      below: below + this.#emptyTexts,
      belowLines: lines.slice(0, SHOWN_LINES),
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
      throw this.#error({ message, hint: remedy }, { line, cause: error });
    }
  }

  #row(bytes: Uint8Array): void {
    const { dialect: { header, isJson, plain } } = this.#options;
    const { starts, ends, fieldCount } = this.#scanner;
    // The first row of JSON is never plain.
    if (this.#rowsRead === 0 && this.#time !== null) {
      this.#isLocal = isLocal(new TextDecoder().decode(this.#time.text(bytes, this.#scanner)));
    }
    if (this.#isEmpty()) return this.#addEmpty();
    if (plain?.hasComments && bytes[starts[0]!] === HASH) {
      return this.#leaveOut(bytes, wrongFieldCount(1, { expected: header.length, isJson }));
    }
    // A delimiter at the end of the line makes one more field, of nothing.
    const surplus = fieldCount === header.length + 1 &&
      starts[fieldCount - 1] === ends[fieldCount - 1];
    if (fieldCount !== header.length && !surplus) {
      return this.#leaveOut(
        bytes,
        wrongFieldCount(fieldCount, { expected: header.length, isJson }),
      );
    }
    const { line } = this.#scanner;
    const row = this.#nextRow;
    const { instruments } = this.#options;
    if (instruments != null && !instruments.take(bytes, this.#scanner)) return this.#passOver();
    for (const column of this.#columns.slice(0, this.#asked)) {
      const { field } = column;
      const kind = column.read(bytes, { start: starts[field]!, end: ends[field]!, line, row });
      if (kind === DECIMAL.MISSING) return this.#drop(bytes);
      if (kind > DECIMAL.MISSING) {
        return this.#leaveOut(
          bytes,
          noNumber(column.name, this.#text(bytes, field), {
            kind,
            mark: column.mark ?? "point",
            isWhole: column.mark === null && column.isWhole,
          }),
        );
      }
    }
    // Before any number is kept, as the line may be left out.
    if (this.#time !== null && !this.#keepTime(this.#time.read(bytes, this.#scanner))) {
      return this.#leaveOut(bytes, this.#noTime(bytes));
    }
    for (const column of this.#checks) {
      const { field } = column;
      const kind = column.read(bytes, { start: starts[field]!, end: ends[field]!, line, row });
      if (kind < DECIMAL.MISSING) continue;
      this.#endChecks();
      break;
    }
    for (const column of this.#columns) column.keep();
    if (this.#plain?.decimalMark === POINT && hasCommas(this.#columns)) this.#plain = null;
    this.#beginRow();
    this.#rowsRead++;
    if (this.#lines !== null) {
      const close = bytes.subarray(starts[this.#closeField]!, ends[this.#closeField]!);
      this.#lines.push(
        csvLine(this.#time?.text(bytes, this.#scanner) ?? new Uint8Array(0), close),
      );
    }
    this.#length++;
  }

  /** The number of the next row, if it is not the end. */
  get #nextRow(): number {
    return this.#rowsRead + this.#empty + 1;
  }

  /** The columns that are read for checks. */
  get #checks(): readonly NumberColumn[] {
    return this.#columns.slice(this.#asked);
  }

  /** Reads the file on without the columns of checks, as not every row has them. */
  #endChecks(): void {
    this.#columns = this.#columns.slice(0, this.#asked);
    const plain = this.#plain;
    if (plain === null) return;
    this.#plain = plainRows(this.#options, {
      timestamps: this.#timestamps,
      columns: this.#columns,
    });
  }

  /** Passes over a row of another instrument. */
  #passOver(): void {
    this.#beginRow();
    this.#rowsRead++;
  }

  #addEmpty(): void {
    this.#empty++;
    if (this.#emptyLines.length < SHOWN_LINES) this.#emptyLines.push(this.#scanner.line);
  }

  /** A row is there: what was left out so far must be of the kinds that stand among rows. */
  #beginRow(): void {
    const pending = this.#aside?.pending ?? null;
    if (pending !== null) throw this.#error(pending.problem, pending);
    this.#dropEmpty();
  }

  /**
   * Leaves the line out, as it is no row.
   *
   * @throws {UserError} if it may be one
   */
  #leaveOut(bytes: Uint8Array, problem: RowProblem): void {
    const { line } = this.#scanner;
    const found = this.#aside === null ? problem : this.#aside.take(this.#cells(bytes), {
      problem,
      line,
      row: this.#nextRow,
      hasTime: this.#hasTime(bytes),
    });
    if (found !== null) throw this.#error(found);
  }

  #cells(bytes: Uint8Array): readonly string[] {
    return Array.from(
      { length: this.#scanner.fieldCount },
      (_, field) => this.#text(bytes, field).trim(),
    );
  }

  /**
   * Drops the rows of nothing so far, as another row follows them. At the end
   * of a file they are no rows: spreadsheets leave them there.
   */
  #dropEmpty(): void {
    if (this.#empty === 0) return;
    this.#rowsRead += this.#empty;
    this.#missing += this.#empty;
    this.#missingLines.push(...this.#emptyLines);
    this.#missingLines.splice(SHOWN_LINES);
    this.#empty = 0;
    this.#emptyTexts = 0;
    this.#emptyLines = [];
  }

  /** Whether the row is nothing but delimiters. */
  #isEmpty(): boolean {
    const { starts, ends, fieldCount } = this.#scanner;
    for (let field = 0; field < fieldCount; field++) {
      if (starts[field] !== ends[field]) return false;
    }
    return fieldCount > 1;
  }

  /** Keeps the time just read; false if it is none. */
  #keepTime(ms: number): boolean {
    const { reader } = this.#time!;
    if (!reader.isRead(ms)) return false;
    const { isDayMonth, monthFirstMs, isDotted, laterMs, monthFirstLaterMs } = reader;
    if (isDayMonth || Number.isNaN(ms)) {
      this.#times!.pushDayMonth(ms, monthFirstMs, { isDotted });
    } else this.#times!.push(ms);
    if (reader.hasTwoDigitYear) this.#times!.alsoYearFirst(reader.yearFirstMs);
    if (!Number.isNaN(laterMs) || !Number.isNaN(monthFirstLaterMs)) {
      this.#times!.alsoLater(laterMs, isDayMonth ? monthFirstLaterMs : laterMs);
    }
    return true;
  }

  /** Whether the row has a time where rows have it. */
  #hasTime(bytes: Uint8Array): boolean {
    if (this.#time === null) return false;
    return this.#time.reader.isRead(this.#time.read(bytes, this.#scanner));
  }

  #noTime(bytes: Uint8Array): RowProblem {
    const cell = this.#time!.text(bytes, this.#scanner).subarray(0, SHOWN_BYTES);
    const text = new TextDecoder().decode(cell);
    return this.#time!.reader.isSkipped
      ? skippedTime(text)
      : noTime(text, this.#options.time?.format);
  }

  /** Drops the row, as a value is missing. Without a time, too, it is none if it ends the file. */
  #drop(bytes: Uint8Array): void {
    const { time } = this.#options.plan;
    if (this.#aside !== null && time !== null && !this.#hasTime(bytes)) {
      if (this.#aside.takeKnown(this.#cells(bytes))) return;
      if (!isMissing(this.#text(bytes, time).trim())) {
        this.#emptyTexts++;
        return this.#addEmpty();
      }
    }
    this.#beginRow();
    this.#rowsRead++;
    this.#missing++;
    if (this.#missingLines.length < SHOWN_LINES) this.#missingLines.push(this.#scanner.line);
  }

  /** The text of a field of the row, as far as a message shows it. */
  #text(bytes: Uint8Array, field: number): string {
    const start = this.#scanner.starts[field]!;
    const end = Math.min(this.#scanner.ends[field]!, start + SHOWN_BYTES);
    return new TextDecoder().decode(bytes.subarray(start, end));
  }

  #error(
    { message, hint }: RowProblem,
    { line = this.#scanner.line, row = this.#nextRow, cause }: {
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

/** The columns that are asked for, and the prices that confirm which they are. */
function fieldsOf({ fields, prices }: ColumnPlan): ColumnPlan["fields"] {
  if (prices === null) return fields;
  const others = (["open", "high", "low", "close"] as const).filter((name) =>
    !fields.some((field) => field.name === name)
  );
  return [...fields, ...others.map((name) => ({ name, field: prices[name] }))];
}

function hasCommas(columns: readonly NumberColumn[]): boolean {
  return columns.some(({ mark }) => mark === "comma");
}

/** What reads the plain rows of a file; null if it has none, or columns with different marks. */
function plainRows(
  { dialect: { plain: form, header }, plan, instruments, keepLines }: RowParserOptions,
  { timestamps, columns }: {
    readonly timestamps: TimestampReader;
    readonly columns: readonly NumberColumn[];
  },
): PlainRows | null {
  if (form === null || plan.clock !== null || instruments != null) return null;
  const commas = hasCommas(columns);
  if (commas && columns.some(({ mark }) => mark !== "comma")) return null;
  const options: PlainRowsOptions = {
    form: {
      ...form,
      decimalMark: commas ? COMMA : POINT,
      // Where it is not known that commas group thousands, each such number is looked at.
      thousands: columns.every(({ mark }) => mark === "point"),
    },
    fields: header,
    // The columns in their order, the time last.
    targets: [
      ...columns.map(({ name, field }) =>
        ({ field, role: name === "close" ? "close" : "column" }) as const
      ),
      ...(plan.time === null ? [] : [{ field: plan.time, role: "time" } as const]),
    ],
    times: timestamps.plain,
    keepLines,
  };
  return PlainRows.reads(options) ? new PlainRows(options) : null;
}
