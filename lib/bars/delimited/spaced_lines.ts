/**
 * Lines whose fields stand apart by one or more spaces, as R and pandas print
 * tables. A field may stand in quotes; there is none without a character.
 *
 * @module
 */

import { MalformedRecord, type Records } from "./records.ts";

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;

/** Finds lines, and the fields in them. */
export class SpacedLineRecords implements Records {
  starts: Int32Array = new Int32Array(64);
  ends: Int32Array = new Int32Array(64);
  fieldCount = 0;
  line = 0;
  nextLine: number;

  /** `line` is that of the first row. */
  constructor(line = 1) {
    this.nextLine = line;
  }

  skipLines(count: number): void {
    this.nextLine += count;
  }

  next(bytes: Uint8Array, from: number, to: number, final: boolean): number {
    const feed = bytes.subarray(0, to).indexOf(LF, from);
    if (feed === -1 && !final) return -1;
    let end = feed === -1 ? to : feed;
    const next = feed === -1 ? to : feed + 1;
    if (end > from && bytes[end - 1] === CR) end--;
    this.line = this.nextLine++;
    this.fieldCount = 0;
    for (let p = from;;) {
      while (p < end && bytes[p] === SPACE) p++;
      if (p === end) return next;
      const isQuoted = bytes[p] === QUOTE;
      const start = isQuoted ? p + 1 : p;
      p = bytes.subarray(0, end).indexOf(isQuoted ? QUOTE : SPACE, start);
      if (p === -1) {
        if (isQuoted) throw new MalformedRecord("a quote that is never closed", this.line);
        p = end;
      }
      this.#field(start, p);
      if (isQuoted && ++p < end && bytes[p] !== SPACE) {
        throw new MalformedRecord("text after the closing quote of a field", this.line);
      }
    }
  }

  #field(start: number, end: number): void {
    if (this.fieldCount === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    this.starts[this.fieldCount] = start;
    this.ends[this.fieldCount++] = end;
  }
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
