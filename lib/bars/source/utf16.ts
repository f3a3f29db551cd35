/**
 * From UTF-16 to UTF-8.
 *
 * @module
 */

import { UserError } from "../../errors.ts";

const LF = 0x0a;

/** How the text is encoded. */
export interface Utf16Options {
  /** Whether the first of two bytes is the low one. */
  readonly littleEndian: boolean;
  /** The file's path, for messages. */
  readonly path: string;
}

/**
 * The same text in UTF-8, without the byte order mark with which it begins. A
 * piece is valid until the next one is wanted.
 *
 * @throws {UserError} on half a surrogate pair or half a character
 */
export async function* utf8FromUtf16(
  pieces: AsyncIterable<Uint8Array>,
  { littleEndian, path }: Utf16Options,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let output = new Uint8Array(0);
  let line = 1;
  /** The first byte of a unit that the next piece completes, or -1. */
  let odd = -1;
  /** The first half of a pair that the next piece completes, or 0. */
  let high = 0;
  let first = true;
  const halfPair = () => undecodable(path, { line, reason: "half a surrogate pair" });
  for await (const bytes of pieces) {
    // A unit of two bytes becomes three at the most.
    const room = bytes.length * 2 + 4;
    if (output.length < room) output = new Uint8Array(room);
    let to = 0;
    let at = 0;
    while (at < bytes.length) {
      if (odd === -1 && at + 1 === bytes.length) {
        odd = bytes[at++]!;
        break;
      }
      const one = odd === -1 ? bytes[at++]! : odd;
      const two = bytes[at++]!;
      odd = -1;
      const unit = littleEndian ? one | (two << 8) : (one << 8) | two;
      if (first) {
        first = false;
        if (unit === 0xfeff) continue;
      }
      if (high !== 0) {
        if ((unit & 0xfc00) !== 0xdc00) throw halfPair();
        const code = 0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff);
        high = 0;
        output[to++] = 0xf0 | (code >> 18);
        output[to++] = 0x80 | ((code >> 12) & 0x3f);
        output[to++] = 0x80 | ((code >> 6) & 0x3f);
        output[to++] = 0x80 | (code & 0x3f);
      } else if (unit < 0x80) {
        if (unit === LF) line++;
        output[to++] = unit;
      } else if (unit < 0x800) {
        output[to++] = 0xc0 | (unit >> 6);
        output[to++] = 0x80 | (unit & 0x3f);
      } else if ((unit & 0xf800) === 0xd800) {
        if ((unit & 0xfc00) === 0xdc00) throw halfPair();
        high = unit;
      } else {
        output[to++] = 0xe0 | (unit >> 12);
        output[to++] = 0x80 | ((unit >> 6) & 0x3f);
        output[to++] = 0x80 | (unit & 0x3f);
      }
    }
    yield output.subarray(0, to);
  }
  if (high !== 0) throw halfPair();
  if (odd !== -1) throw undecodable(path, { line, reason: "half a character at its end" });
}

function undecodable(
  path: string,
  { line, reason }: { readonly line: number; readonly reason: string },
): UserError {
  return new UserError(`Cannot read ${path}:${line}: it is no valid UTF-16 text (${reason})`, {
    code: "data_invalid",
    hint: "Was it cut off? Save it again, as UTF-8 if there is a choice.",
  });
}
