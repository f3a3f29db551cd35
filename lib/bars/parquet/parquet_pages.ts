/**
 * A look at the page headers of a Parquet file before anything is decoded:
 * hyparquet takes their sizes on trust, and loops forever on some wrong ones.
 *
 * Headers are structs of Thrift's compact protocol.
 *
 * @module
 */

import { ParquetProblem } from "./parquet_problem.ts";

/** Bytes that one page may take once it is decompressed. */
export const MAX_PAGE_BYTES = 1 << 28;

/** How deep structs may be nested in a header. */
const MAX_NESTING = 8;

/** The field that holds what is special about a page, by the page's type. */
const PAGE_KINDS: ReadonlyMap<number, number> = new Map([[0, 5], [2, 7], [3, 8]]);
const DICTIONARY = 7;

/** Numbers of fields, by their path: `3`, `5.1`. */
type Fields = Map<string, number>;

/** Where a column's pages are, and how many rows they hold. */
export interface PagesOptions {
  /** Offset of the first page. */
  readonly from: number;
  /** Offset after the last. */
  readonly to: number;
  /** How many values there are. */
  readonly rows: number;
}

/**
 * Checks the sizes and counts of a column's pages.
 *
 * @returns how many bytes they decompress to
 * @throws {Error} if a size or count cannot be
 */
export function checkPages(bytes: Uint8Array, { from, to, rows }: PagesOptions): number {
  if (!(from >= 0 && from <= to && to <= bytes.length)) {
    throw new ParquetProblem("a column outside the file");
  }
  const reader = new HeaderReader(bytes.subarray(0, to), from);
  let values = 0;
  let pageBytes = 0;
  while (reader.at < to && values < rows) {
    const header: Fields = new Map();
    reader.struct({ fields: header, path: "", depth: 0 });
    const compressed = header.get("3") ?? -1;
    const decompressed = header.get("2") ?? -1;
    if (compressed < 0 || compressed > to - reader.at) {
      throw new ParquetProblem("a page of a wrong size");
    }
    if (decompressed < 0 || decompressed > MAX_PAGE_BYTES) {
      throw new ParquetProblem(
        `a page of more than ${MAX_PAGE_BYTES >> 20} MiB, or of a wrong size`,
      );
    }
    const kind = PAGE_KINDS.get(header.get("1") ?? -1);
    const count = header.get(`${kind}.1`);
    const ofData = kind !== DICTIONARY;
    // A dictionary cannot hold more values than bits.
    const most = ofData ? rows - values : decompressed * 8;
    if (count === undefined || count < 0 || count > most) {
      throw new ParquetProblem("a page with a wrong count of values");
    }
    for (const key of ["8.2", "8.3", "8.5", "8.6"]) {
      const number = header.get(key) ?? 0;
      if (number < 0 || number > Math.max(count, decompressed)) {
        throw new ParquetProblem("a wrong page header");
      }
    }
    if (ofData) values += count;
    pageBytes += decompressed;
    reader.at += compressed;
  }
  if (values !== rows) throw new ParquetProblem(`a column of ${values} values for ${rows} rows`);
  return pageBytes;
}

/** Reads a header, and keeps the integers in it. */
class HeaderReader {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  struct(into: { readonly fields: Fields; readonly path: string; readonly depth: number }): void {
    if (into.depth > MAX_NESTING) throw new ParquetProblem("a page header that is nested too deep");
    for (let id = 0;;) {
      const head = this.#byte();
      const type = head & 15;
      if (type === 0) return;
      id = head >> 4 === 0 ? this.#integer() : id + (head >> 4);
      this.#value(type, { ...into, path: into.path === "" ? `${id}` : `${into.path}.${id}` });
    }
  }

  #value(
    type: number,
    into: { readonly fields: Fields; readonly path: string; readonly depth: number },
  ): void {
    // A field that is there twice counts as it is the second time, with its type.
    into.fields.delete(into.path);
    if (type === 1 || type === 2) return;
    if (type === 3) this.at++;
    else if (type === 4 || type === 5) into.fields.set(into.path, this.#integer());
    else if (type === 6) this.#integer();
    else if (type === 7) this.at += 8;
    else if (type === 8) this.#skip(this.#varint());
    else if (type === 12) this.struct({ ...into, depth: into.depth + 1 });
    // Of the others no page header has any.
    else throw new ParquetProblem("a page header that cannot be read");
  }

  #skip(count: number): void {
    this.at += count;
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new ParquetProblem("a page header that is cut off");
    return byte;
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 63; shift += 7) {
      const byte = this.#byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new ParquetProblem("a number that is too long");
  }

  #integer(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
