/**
 * Files in which every line stands in one pair of quotes, so that the line is
 * a single field by the rules of CSV. The header, or some lines, may be plain.
 *
 * @module
 */

import {
  MalformedRecord,
  type Records,
  RecordScanner,
  type RecordScannerOptions,
} from "./records.ts";

/** Finds lines, takes their quotes off, and finds the fields inside. */
export class QuotedLineRecords implements Records {
  readonly #lines: RecordScanner;
  readonly #fields: RecordScanner;

  /** What finds the rows of one file. */
  constructor({ line = 1, ...options }: Omit<RecordScannerOptions, "returnEndsLine">) {
    this.#lines = new RecordScanner({ ...options, line });
    this.#fields = new RecordScanner(options);
  }

  get starts(): Int32Array {
    return this.#isWrapped ? this.#fields.starts : this.#lines.starts;
  }

  get ends(): Int32Array {
    return this.#isWrapped ? this.#fields.ends : this.#lines.ends;
  }

  get fieldCount(): number {
    return this.#isWrapped ? this.#fields.fieldCount : this.#lines.fieldCount;
  }

  get line(): number {
    return this.#lines.line;
  }

  get nextLine(): number {
    return this.#lines.nextLine;
  }

  #isWrapped = false;

  skipLines(count: number): void {
    this.#lines.skipLines(count);
  }

  next(bytes: Uint8Array, from: number, to: number, final: boolean): number {
    this.#isWrapped = false;
    const next = this.#lines.next(bytes, from, to, final);
    if (next === -1 || this.#lines.fieldCount !== 1) return next;
    const start = this.#lines.starts[0]!;
    const end = this.#lines.ends[0]!;
    if (end === start) return next;
    try {
      this.#fields.next(bytes, start, end, true);
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      throw new MalformedRecord(error.message, this.line);
    }
    this.#isWrapped = true;
    return next;
  }
}
