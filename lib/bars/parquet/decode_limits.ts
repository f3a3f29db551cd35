/**
 * What decoding a Parquet file may cost, in proportion to the file: a few
 * bytes can claim any number of rows and pages of any size. Pure.
 *
 * @module
 */

const MIB = 1 << 20;

/** Bounds for one file. */
export interface DecodeLimits {
  /** Values that the metadata may claim, those of all columns together. */
  readonly cells: number;
  /** Bytes that all pages may decompress to. */
  readonly pageBytes: number;
  /** Characters that the rows may have as text. */
  readonly textLength: number;
  /** Bytes by which the memory of the process may grow. */
  readonly memoryBytes: number;
  /** Milliseconds that may pass without anything decoded. */
  readonly stallMs: number;
}

/**
 * The bounds for a file of that size. Tables of bars take a byte or more for
 * each value and decode to a few times their size, so they stay far below; so
 * does the time, which allows for machines that decode 1 MiB in a second.
 */
export function decodeLimits(fileBytes: number): DecodeLimits {
  return {
    cells: 8 * MIB + 16 * fileBytes,
    pageBytes: 64 * MIB + 64 * fileBytes,
    textLength: 512 * MIB + 256 * fileBytes,
    memoryBytes: 512 * MIB + 12 * fileBytes,
    stallMs: 10_000 + Math.ceil(fileBytes / MIB) * 1000,
  };
}

/** A number of bytes in words. */
export function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / MIB)} MiB`;
}
