/**
 * Plain rows: those of which nearly all of a file consists, with every field
 * in its place, plain numbers and nothing missing. They are found and read by
 * WebAssembly, piece by piece; its source is in `assembly/`. Pure.
 *
 * @module
 */

import * as wasm from "./plain_rows.wasm";

/** How the rows are written. */
export interface PlainForm {
  /** The byte between fields. */
  readonly delimiter: number;
  /** The byte before the fraction of a number. */
  readonly decimalMark: number;
  /** Whether a comma in a number groups thousands. */
  readonly thousands: boolean;
  /**
   * The byte that ends a row: a line feed, perhaps with a carriage return before
   * it, or that alone; of JSON the bracket.
   */
  readonly rowEnd: number;
  /** Lines, lines that each stand in one pair of quotes, or arrays or objects of JSON. */
  readonly kind: "lines" | "quoted lines" | "arrays" | "objects";
  /** Whether a line that begins with a hash is none of the rows. */
  readonly hasComments?: boolean;
}

/** Which times are read here; the others are left to the caller. */
export interface PlainTimes {
  /** Whether `2024-01-31 23:59:00` and the like are, in UTC. */
  readonly iso: boolean;
  /** Whether Unix times are: told apart by their size, in one unit only, or not at all. */
  readonly unix: "by size" | "s" | "ms" | "none";
}

/** A field that is wanted. */
export interface PlainTarget {
  /** Its place in the row, from 0. */
  readonly field: number;
  /** The time, a number from 0, or the close, which is above 0. */
  readonly role: "time" | "column" | "close";
}

/** What to read. */
export interface PlainRowsOptions {
  /** How the rows are written. */
  readonly form: PlainForm;
  /** The names of the fields of a row; of objects the keys, in the order that they have. */
  readonly fields: readonly string[];
  /** What is wanted of them, one close among it. */
  readonly targets: readonly PlainTarget[];
  /** Which times are read here. */
  readonly times: PlainTimes;
  /** Whether time and close are kept as lines of CSV. */
  readonly keepLines: boolean;
}

const CR = 0x0d;
const KINDS = { lines: 0, "quoted lines": 1, arrays: 2, objects: 3 } as const;
const ROLES = { time: 0, column: 1, close: 2 } as const;
const UNIX = { none: 0, "by size": 1, s: 2, ms: 3 } as const;
const { buffer } = wasm.memory;
const input = new Uint8Array(buffer, wasm.INPUT, wasm.PIECE_BYTES);
const keyBytes = new Uint8Array(buffer, wasm.KEYS, wasm.MOST_KEY_BYTES);
const keyPlaces = new Uint32Array(buffer, wasm.KEY_PLACES, 2 * wasm.MOST_FIELDS);
const lines = new Uint8Array(buffer, wasm.LINES, wasm.LINE_ENDS - wasm.LINES);
const timeFields = new Uint32Array(buffer, wasm.TIME_FIELDS, 2 * wasm.MOST_ROWS);
const rowEnds = new Uint32Array(buffer, wasm.ROW_ENDS, wasm.MOST_ROWS);
const lineEnds = new Uint32Array(buffer, wasm.LINE_ENDS, wasm.MOST_ROWS);

/** Most rows that are taken at once. */
export const MOST_ROWS: number = wasm.MOST_ROWS;

/**
 * Takes plain rows. All readers share one memory: what is read has to be
 * copied before another reader is used, and a piece does not outlive that.
 */
export class PlainRows {
  readonly #options: PlainRowsOptions;
  /** The keys of objects, in quotes. */
  readonly #keys: readonly Uint8Array[];
  /** Where in its block the piece begins, and ends. */
  #from = 0;
  #end = 0;

  /** Whether rows of this form can be read here at all. */
  static reads({ form, fields, targets }: PlainRowsOptions): boolean {
    // No character is longer than four bytes.
    const keyBytes = form.kind === "objects" ? 4 * fields.join('""').length + 8 : 0;
    return fields.length <= wasm.MOST_FIELDS && targets.length <= wasm.MOST_TARGETS &&
      keyBytes <= wasm.MOST_KEY_BYTES;
  }

  /** A reader of one file. */
  constructor(options: PlainRowsOptions) {
    this.#options = options;
    this.#keys = options.form.kind === "objects"
      ? options.fields.map((key) => new TextEncoder().encode(`"${key}"`))
      : [];
  }

  /** The byte before the fraction of a number. */
  get decimalMark(): number {
    return this.#options.form.decimalMark;
  }

  /** Offset in the block after the piece at hand. */
  get end(): number {
    return this.#end;
  }

  /**
   * Takes the next piece, up to the end of a row.
   *
   * @returns false if no row is complete within a piece's length
   */
  load(block: Uint8Array, from: number, to: number): boolean {
    const { form, fields, targets, times, keepLines } = this.#options;
    // The byte after a carriage return may belong to it, so that is copied, too.
    const limit = Math.min(to, from + input.length) - (form.rowEnd === CR ? 1 : 0);
    const end = block.lastIndexOf(form.rowEnd, limit - 1) + 1;
    if (end <= from) return false;
    wasm.configure(
      form.delimiter,
      form.decimalMark,
      Number(form.thousands),
      form.rowEnd,
      fields.length,
      KINDS[form.kind],
      Number(times.iso),
      UNIX[times.unix],
      Number(keepLines),
      Number(form.hasComments ?? false),
    );
    for (const { field, role } of targets) wasm.target(field, ROLES[role], 0);
    let keyAt = 0;
    for (const [field, key] of this.#keys.entries()) {
      keyBytes.set(key, keyAt);
      keyPlaces[2 * field] = wasm.KEYS + keyAt;
      keyPlaces[2 * field + 1] = key.length;
      keyAt += key.length;
    }
    input.set(block.subarray(from, Math.min(end + 1, from + input.length)));
    wasm.index(wasm.INPUT + end - from);
    this.#from = from;
    this.#end = end;
    return true;
  }

  /** Lets go of the piece, as its block is to be used again. */
  leave(): void {
    this.#end = 0;
  }

  /** Says how many decimals the column of a target has; to be said for each piece. */
  setDecimals(target: number, decimals: number): void {
    wasm.setDecimals(target, decimals);
  }

  /**
   * Takes rows from the piece until one is not plain, {@linkcode MOST_ROWS}
   * are taken, or the piece ends.
   *
   * @param from offset in the block
   * @returns how many
   */
  take(from: number): number {
    return wasm.rows(wasm.INPUT + from - this.#from);
  }

  /** Offset in the block of the first row that was not taken. */
  get next(): number {
    return wasm.next() - wasm.INPUT + this.#from;
  }

  /** How many lines end in the first `count` rows taken. */
  lineEnds(count: number): number {
    return wasm.feedsIn(count);
  }

  /** How many times among the rows taken were left unread. */
  get unreadTimes(): number {
    return wasm.unreadTimes();
  }

  /** The first `count` values of a target: times in milliseconds, NaN where unread; else units. */
  values(target: number, count: number): Float64Array {
    return new Float64Array(buffer, wasm.OUTPUT + 8 * wasm.MOST_ROWS * target, count);
  }

  /** Offset in the block of the time of row `row`. */
  timeStart(row: number): number {
    return timeFields[2 * row]! - wasm.INPUT + this.#from;
  }

  /** Offset after it. */
  timeEnd(row: number): number {
    return timeFields[2 * row + 1]! - wasm.INPUT + this.#from;
  }

  /** Offset in the block after row `row`. */
  rowEnd(row: number): number {
    return rowEnds[row]! - wasm.INPUT + this.#from;
  }

  /** Time and close of the first `count` rows, and where in it each line ends. */
  lines(count: number): { readonly bytes: Uint8Array; readonly ends: Uint32Array } {
    const end = count === 0 ? 0 : lineEnds[count - 1]!;
    return { bytes: lines.subarray(0, end), ends: lineEnds.subarray(0, count) };
  }
}
