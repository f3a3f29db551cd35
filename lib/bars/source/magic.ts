/**
 * What a data file is, told by the bytes that it begins with and not by its
 * name.
 *
 * @module
 */

/** What text may be wrapped in. */
export type WrappedForm = "gzip" | "zip" | "utf-32" | "utf-16le" | "utf-16be";

const WRAPPED: readonly { readonly name: WrappedForm; readonly bytes: readonly number[] }[] = [
  { name: "gzip", bytes: [0x1f, 0x8b] },
  { name: "zip", bytes: [0x50, 0x4b, 0x03, 0x04] },
  // An archive of nothing.
  { name: "zip", bytes: [0x50, 0x4b, 0x05, 0x06] },
  { name: "utf-32", bytes: [0xff, 0xfe, 0x00, 0x00] },
  { name: "utf-16le", bytes: [0xff, 0xfe] },
  { name: "utf-16be", bytes: [0xfe, 0xff] },
];

/** How many bytes tell what a file is wrapped in, at the most. */
export const HEAD_BYTES = 4;

/** What a file that begins with these bytes is wrapped in; null if it is plain. */
export function formOf(head: Uint8Array): WrappedForm | null {
  return WRAPPED.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte))?.name ?? null;
}

/** Whether a file of which only these bytes are known yet, or none, may be wrapped. */
export function mayBeWrapped(head: Uint8Array): boolean {
  return head.length === 0 || WRAPPED.some(({ bytes: [first] }) => first === head[0]);
}

const PARQUET = "PAR1";

/** With how many bytes a Parquet file begins and ends. */
export const PARQUET_BYTES: number = PARQUET.length;

/** Whether a file that begins with these bytes is a Parquet file. */
export function isParquet(head: Uint8Array): boolean {
  return Array.from(PARQUET).every((letter, at) => head[at] === letter.charCodeAt(0));
}
