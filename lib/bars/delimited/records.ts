/**
 * Where the fields of a delimited file begin and end, in bytes.
 *
 * The rules are those of RFC 4180 as Go's `encoding/csv` and `@std/csv` read
 * it: a quote opens a field only as its first byte, two quotes inside stand
 * for one, blank lines are skipped, and a record may span lines inside quotes.
 * Pure: bytes in, offsets out.
 *
 * @module
 */

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const SPACE = 0x20;
const HASH = 0x23;

/** What to do about a {@linkcode MalformedRecord}. */
export const QUOTING_HINT =
  "A quote stands before the first and after the last character of a field; inside, it is doubled.";

/** A record that breaks the rules of quoting. */
export class MalformedRecord extends Error {
  /** The class, for messages. */
  override readonly name: string = "MalformedRecord";
  /** Line of the file, from 1. */
  readonly line: number;

  /** `message` says what is wrong with the record on `line`. */
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/**
 * Finds the rows of a file one by one, whatever form the file has: where each
 * field of a row begins and ends.
 */
export interface Records {
  /** Offset of the first byte of each field's text. */
  readonly starts: Int32Array;
  /** Offset after the last byte of each field's text. */
  readonly ends: Int32Array;
  /** How many fields the row has; 0 for what is to be skipped. */
  readonly fieldCount: number;
  /** Line of the file, from 1, on which the row begins. */
  readonly line: number;
  /** Line of the file on which the next row begins. */
  readonly nextLine: number;
  /** Takes note of lines that were read by other means. */
  skipLines(count: number): void;
  /**
   * Finds the row that begins at `from`: its fields are at
   * `bytes[starts[i]..ends[i])`. Its bytes may be changed, to undo quoting.
   *
   * @param final whether the file ends at `to`; if not, a row that reaches
   * `to` is not complete
   * @returns the offset after the row, or -1 if the row is not complete
   * @throws {MalformedRecord} if the row breaks the rules of the form
   */
  next(bytes: Uint8Array, from: number, to: number, final: boolean): number;
}

/** How a delimited file is written. */
export interface RecordScannerOptions {
  /** The byte between fields. */
  readonly delimiter: number;
  /** Line of the first record; default 1. */
  readonly line?: number;
  /** Whether a carriage return by itself ends a line, as a line feed does. */
  readonly returnEndsLine?: boolean;
  /** Whether a line that begins with a hash, or a quote that ends the file, is one field. */
  readonly hasComments?: boolean;
}

/** Finds the rows of delimited text, reusing its own arrays for the offsets. */
export class RecordScanner implements Records {
  /** Offset of the first byte of each field's text, quotes left out. */
  starts: Int32Array = new Int32Array(64);
  /** Offset after the last byte of each field's text. */
  ends: Int32Array = new Int32Array(64);
  /** How many fields the record has; 0 for a blank line. */
  fieldCount = 0;
  /** Line of the file, from 1, on which the record begins. */
  line = 0;

  readonly #delimiter: number;
  /** Whether a carriage return by itself ends a line. */
  readonly #returnEndsLine: boolean;
  readonly #hasComments: boolean;
  /** No byte above this one ends, opens or closes a field. */
  readonly #highest: number;
  #nextLine: number;

  /** A scanner for one file. */
  constructor(
    { delimiter, line = 1, returnEndsLine = false, hasComments = false }: RecordScannerOptions,
  ) {
    this.#delimiter = delimiter;
    this.#returnEndsLine = returnEndsLine;
    this.#hasComments = hasComments;
    this.#highest = Math.max(delimiter, QUOTE);
    this.#nextLine = line;
  }

  /** Line of the file on which the next record begins. */
  get nextLine(): number {
    return this.#nextLine;
  }

  /** Takes note of lines that were read by other means. */
  skipLines(count: number): void {
    this.#nextLine += count;
  }

  /**
   * Scans the record that begins at `from`. Fields are found at
   * `bytes[starts[i]..ends[i])`; doubled quotes are undone in place, so the
   * bytes of this record change.
   *
   * @param final whether the file ends at `to`; if not, a record that reaches
   * `to` is not complete
   * @returns the offset after the record, or -1 if the record is not complete
   * @throws {MalformedRecord} on a stray or unclosed quote
   */
  next(bytes: Uint8Array, from: number, to: number, final: boolean): number {
    const delimiter = this.#delimiter;
    const highest = this.#highest;
    this.line = this.#nextLine;
    if (this.#hasComments && from < to && bytes[from] === HASH) {
      return this.#comment(bytes, from, { to, final });
    }
    if (this.#hasComments && final && isLoneQuote(bytes, from, to)) {
      this.#field(0, from, from + 1);
      this.fieldCount = 1;
      this.#nextLine++;
      return to;
    }
    this.#doubled.length = 0;
    let count = 0;
    let start = from;
    let p = from;
    // `bytes[p]!`: p < to <= bytes.length throughout.
    for (;;) {
      while (p < to && bytes[p]! > highest) p++;
      if (p === to) {
        if (!final) {
          this.#nextLine = this.line;
          return -1;
        }
        this.#field(count++, start, p > start && bytes[p - 1] === CR ? p - 1 : p);
        break;
      }
      const byte = bytes[p]!;
      if (byte === delimiter) {
        this.#field(count++, start, p);
        start = ++p;
      } else if (byte === LF) {
        this.#field(count++, start, p > start && bytes[p - 1] === CR ? p - 1 : p);
        p++;
        break;
      } else if (byte === QUOTE) {
        if (!isBlank(bytes, start, p)) {
          throw new MalformedRecord(`a quote inside an unquoted field`, this.#nextLine);
        }
        const open = p;
        const close = this.#closingQuote(bytes, open, { to, final, field: count });
        p = close + 1;
        while (close !== -1 && p < to && bytes[p] === SPACE) p++;
        // What follows decides: a delimiter, the end of the line, or nothing yet.
        if (close === -1 || (!final && (p === to || (bytes[p] === CR && p + 1 === to)))) {
          this.#nextLine = this.line;
          return -1;
        }
        this.#field(count++, open + 1, close);
        if (p === to) break;
        if (bytes[p] === delimiter) {
          start = ++p;
          continue;
        }
        const end = this.#lineEnd(bytes, p, to);
        if (end === -1) {
          throw new MalformedRecord("text after the closing quote of a field", this.#nextLine);
        }
        p = end;
        break;
      } else if (byte === CR && this.#returnEndsLine) {
        if (p + 1 === to && !final) {
          this.#nextLine = this.line;
          return -1;
        }
        this.#field(count++, start, p);
        p = this.#lineEnd(bytes, p, to);
        break;
      } else {
        p++;
      }
    }
    // Only now, as an incomplete record is scanned again from its first byte.
    for (const field of this.#doubled) this.#undouble(bytes, field);
    const blank = count === 1 && this.ends[0] === this.starts[0] && bytes[from] !== QUOTE;
    this.fieldCount = blank ? 0 : count;
    this.#nextLine++;
    return p;
  }

  /** Takes the line at `from` as one field. */
  #comment(
    bytes: Uint8Array,
    from: number,
    { to, final }: { readonly to: number; readonly final: boolean },
  ): number {
    let p = from;
    while (p < to && bytes[p] !== LF && !(this.#returnEndsLine && bytes[p] === CR)) p++;
    // A line feed may follow a carriage return.
    if (!final && (p === to || (bytes[p] === CR && p + 1 === to))) return -1;
    this.#field(0, from, bytes[p - 1] === CR ? p - 1 : p);
    this.fieldCount = 1;
    this.#nextLine++;
    return p === to ? p : this.#lineEnd(bytes, p, to);
  }

  /** The offset after the line end at `p`, or -1 if there is none. */
  #lineEnd(bytes: Uint8Array, p: number, to: number): number {
    if (bytes[p] === LF) return p + 1;
    if (bytes[p] !== CR) return -1;
    if (p + 1 < to && bytes[p + 1] === LF) return p + 2;
    return this.#returnEndsLine || p + 1 === to ? p + 1 : -1;
  }

  /** Fields of the record that hold doubled quotes. */
  readonly #doubled: number[] = [];

  /** The offset of the quote that closes the one at `open`, or -1 if it is not there yet. */
  #closingQuote(
    bytes: Uint8Array,
    open: number,
    { to, final, field }: { to: number; final: boolean; field: number },
  ): number {
    const openedOn = this.#nextLine;
    let doubled = false;
    for (let p = open + 1; p < to; p++) {
      const byte = bytes[p];
      if (byte === LF) this.#nextLine++;
      if (byte !== QUOTE) continue;
      // A second quote may follow.
      if (!final && p + 1 === to) return -1;
      if (p + 1 < to && bytes[p + 1] === QUOTE) {
        doubled = true;
        p++;
        continue;
      }
      if (doubled) this.#doubled.push(field);
      return p;
    }
    if (!final) return -1;
    throw new MalformedRecord("a quote that is never closed", openedOn);
  }

  #undouble(bytes: Uint8Array, field: number): void {
    let write = this.starts[field]!;
    for (let read = write; read < this.ends[field]!; read++) {
      bytes[write++] = bytes[read]!;
      if (bytes[read] === QUOTE) read++;
    }
    this.ends[field] = write;
  }

  #field(index: number, start: number, end: number): void {
    if (index === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    this.starts[index] = start;
    this.ends[index] = end;
  }
}

/** Whether nothing but a quote is left, as some exports end. */
function isLoneQuote(bytes: Uint8Array, from: number, to: number): boolean {
  if (bytes[from] !== QUOTE) return false;
  for (let p = from + 1; p < to; p++) {
    if (bytes[p] !== LF && bytes[p] !== CR && bytes[p] !== SPACE) return false;
  }
  return from < to;
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let p = from; p < to; p++) if (bytes[p] !== SPACE) return false;
  return true;
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
