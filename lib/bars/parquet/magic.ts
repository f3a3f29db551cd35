/**
 * How Parquet files are told from others.
 *
 * @module
 */

const MAGIC = "PAR1";

/** With how many bytes a Parquet file begins and ends. */
export const MAGIC_BYTES: number = MAGIC.length;

/** Whether a file that begins with these bytes is a Parquet file. */
export function isParquet(head: Uint8Array): boolean {
  return Array.from(MAGIC).every((letter, at) => head[at] === letter.charCodeAt(0));
}
