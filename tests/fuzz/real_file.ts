/**
 * Real files as samples: their heads, as a case is to take milliseconds.
 *
 * @module
 */

import { basename } from "node:path";
import type { Sample } from "./corpus.ts";

/** Bytes that are kept of a text. */
const MOST = 6000;

/** No larger binary file is taken; it cannot be cut. */
const MOST_BINARY = 200_000;

/**
 * A file cut to whole lines, or a JSON text to whole rows, that fit.
 *
 * @throws {Error} if it is binary and too large
 */
export async function realFile(path: string): Promise<Sample> {
  const bytes = await Deno.readFile(path);
  const name = basename(path);
  const isBinary = bytes.subarray(0, 4096).includes(0) || (bytes[0] === 0x1f && bytes[1] === 0x8b);
  if (isBinary) {
    if (bytes.length > MOST_BINARY) {
      throw new Error(`${path} is binary and larger than ${MOST_BINARY} bytes`);
    }
    return { name, content: bytes, packing: null };
  }
  return { name, content: headOf(bytes), packing: "plain" };
}

function headOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes.length <= MOST) return bytes;
  const head = bytes.subarray(0, MOST);
  const text = new TextDecoder().decode(head);
  const opening = /^\s*[[{]/.exec(text);
  if (opening === null) return head.slice(0, head.lastIndexOf(0x0a) + 1 || MOST);
  // The rows of a flat array end alike.
  const row = /^\s*\[\s*\[/.test(text) ? "]" : "}";
  return new TextEncoder().encode(`${text.slice(0, text.lastIndexOf(row) + 1)}]`);
}
