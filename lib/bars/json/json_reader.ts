/**
 * JSON values in bytes: where each ends, and what it stands for. Strict as
 * `JSON.parse`, but for a bare `NaN`, which pandas writes for a missing value.
 *
 * Pure, and without recursion: hostile nesting costs no stack.
 *
 * @module
 */

import { quote } from "../../quote.ts";
import { MalformedRecord } from "../delimited/records.ts";

/** How deep values may be nested within a row. */
export const MAX_DEPTH = 64;

/** Bytes in which the word is that an error shows. */
const SHOWN_BYTES = 80;

const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const LITERALS = ["true", "false", "null", "NaN"].map((word) => new TextEncoder().encode(word));
/** What a backslash may stand before, and the byte that is meant; `u` is apart. */
const ESCAPES: ReadonlyMap<number, number> = new Map(
  [...'"\\/bfnrt'].map((letter, i) => [letter.charCodeAt(0), '"\\/\b\f\n\r\t'.charCodeAt(i)]),
);
const UNICODE_ESCAPE = 0x75;
const text = new TextDecoder();

/**
 * Reads values of a block. Every method takes the offset at which to begin and
 * gives the one after what it read, or -1 if the block ends before it does.
 */
export class JsonReader {
  /** The block. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset after its last byte of data. */
  to = 0;
  /** Line of the file at which the reader is. */
  line: number;
  /** Offset of the first byte of the last value's text: of a string, without its quotes. */
  start = 0;
  /** Offset after it; equal to `start` for null and NaN. */
  end = 0;
  /** Whether the last value is a string with escapes in it. */
  escaped = false;
  /** Whether an error shows a word that may go on in the next block. */
  showsCutWord = false;

  /** `line` is that of the first byte. */
  constructor(line: number) {
    this.line = line;
  }

  /** Skips white space; gives the offset of the first byte of something, or -1. */
  space(from: number): number {
    const { bytes, to } = this;
    // `bytes[p]!`, here and below: p < to <= bytes.length throughout.
    for (let p = from; p < to; p++) {
      const byte = bytes[p]!;
      if (byte > 0x20) return p;
      if (byte === LF) this.line++;
      else if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) throw this.unexpected(p, "a value");
    }
    return -1;
  }

  /** Reads the value that begins at `from`. */
  value(from: number): number {
    const byte = this.bytes[from]!;
    this.escaped = false;
    if (byte === QUOTE) return this.string(from);
    if (byte === MINUS || (byte >= ZERO && byte <= 0x39)) return this.#number(from);
    if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      const after = this.#nested(from);
      this.start = from;
      this.end = after;
      this.escaped = false;
      return after;
    }
    return this.#literal(from);
  }

  /** Reads the string whose opening quote stands at `from`. */
  string(from: number): number {
    const { bytes, to } = this;
    let escaped = false;
    for (let p = from + 1; p < to; p++) {
      const byte = bytes[p]!;
      if (byte === QUOTE) {
        this.start = from + 1;
        this.end = p;
        this.escaped = escaped;
        return p + 1;
      }
      if (byte < 0x20) throw this.error("a line break or control character inside a string");
      if (byte !== BACKSLASH) continue;
      escaped = true;
      if (++p === to) return -1;
      if (bytes[p] === UNICODE_ESCAPE) {
        for (let digit = 0; digit < 4; digit++) {
          if (++p === to) return -1;
          if (!isHex(bytes[p]!)) {
            throw this.error("a \\u that four hexadecimal digits don't follow");
          }
        }
      } else if (!ESCAPES.has(bytes[p]!)) {
        throw this.error(`a backslash before ${this.shown(p)} inside a string`);
      }
    }
    return -1;
  }

  /** The error that at `p` there is not what was expected. */
  unexpected(p: number, expected: string): MalformedRecord {
    return this.error(`expected ${expected}, got ${this.shown(p)}`);
  }

  /** An error on the line at which the reader is. */
  error(message: string): MalformedRecord {
    return new MalformedRecord(message, this.line);
  }

  /** The word or the character at `p`, for messages. */
  shown(p: number): string {
    this.showsCutWord = p + SHOWN_BYTES > this.to;
    const rest = text.decode(this.bytes.subarray(p, Math.min(this.to, p + SHOWN_BYTES)));
    return quote(/^[\w.+-]+/.exec(rest)?.[0] ?? Array.from(rest)[0] ?? "");
  }

  #number(from: number): number {
    const { bytes, to } = this;
    let p = from;
    if (bytes[p] === MINUS) p++;
    if (p < to && bytes[p] === ZERO) p++;
    else if ((p = this.#digits(p, from)) === -1) return -1;
    if (p < to && bytes[p] === POINT && (p = this.#digits(p + 1, from)) === -1) return -1;
    if (p < to && (bytes[p]! | 0x20) === 0x65) {
      p++;
      if (p < to && (bytes[p] === 0x2b || bytes[p] === MINUS)) p++;
      if ((p = this.#digits(p, from)) === -1) return -1;
    }
    // More of it may come with the next block.
    if (p === to) return -1;
    if (isOfWord(bytes[p]!)) throw this.unexpected(from, "a value");
    this.start = from;
    this.end = p;
    return p;
  }

  /** Skips digits, of which there has to be one. */
  #digits(from: number, number: number): number {
    const { bytes, to } = this;
    let p = from;
    while (p < to && bytes[p]! >= ZERO && bytes[p]! <= 0x39) p++;
    if (p === to) return -1;
    if (p === from) throw this.unexpected(number, "a value");
    return p;
  }

  #literal(from: number): number {
    const { bytes, to } = this;
    const word = LITERALS.find((literal) => literal[0] === bytes[from]);
    if (word === undefined) throw this.unexpected(from, "a value");
    for (let at = 1; at < word.length; at++) {
      if (from + at >= to) return -1;
      if (bytes[from + at] !== word[at]) throw this.unexpected(from, "a value");
    }
    const after = from + word.length;
    if (after === to) return -1;
    if (isOfWord(bytes[after]!)) throw this.unexpected(from, "a value");
    this.start = from;
    // null and NaN are no value; true and false keep their text.
    this.end = word[0] === 0x6e || word[0] === 0x4e ? from : after;
    return after;
  }

  /** Skips an array or an object, checking all that is in it. */
  #nested(from: number): number {
    const { bytes } = this;
    /** The brackets that are open, each as the one that closes it. */
    const open: number[] = [];
    let p = from;
    for (;;) {
      // A value is expected at p.
      const byte = bytes[p]!;
      if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        if (open.length === MAX_DEPTH) {
          throw this.error(`values nested deeper than ${MAX_DEPTH} levels`);
        }
        const close = byte === OPEN_ARRAY ? CLOSE_ARRAY : CLOSE_OBJECT;
        open.push(close);
        if ((p = this.space(p + 1)) === -1) return -1;
        if (bytes[p] !== close) {
          if (close === CLOSE_OBJECT && (p = this.key(p)) === -1) return -1;
          continue;
        }
      } else {
        if ((p = this.value(p)) === -1) return -1;
        if ((p = this.space(p)) === -1) return -1;
      }
      // A value ended: what closes at p, or goes on.
      while (bytes[p] === open.at(-1)) {
        open.pop();
        if (open.length === 0) return p + 1;
        if ((p = this.space(p + 1)) === -1) return -1;
      }
      const close = open.at(-1)!;
      if (bytes[p] !== COMMA) throw this.unexpected(p, `a comma or ${String.fromCharCode(close)}`);
      if ((p = this.space(p + 1)) === -1) return -1;
      if (close === CLOSE_OBJECT && (p = this.key(p)) === -1) return -1;
    }
  }

  /**
   * Reads a key and its colon; gives the offset of the value. The key's own
   * text is at `start` and `end`.
   */
  key(from: number): number {
    if (this.bytes[from] !== QUOTE) throw this.unexpected(from, "a key in double quotes");
    let p = this.string(from);
    if (p === -1 || (p = this.space(p)) === -1) return -1;
    if (this.bytes[p] !== COLON) throw this.unexpected(p, "a colon after the key");
    return this.space(p + 1);
  }

  /** The last string as text. */
  text(): string {
    const { bytes, start, end, escaped } = this;
    if (!escaped) return text.decode(bytes.subarray(start, end));
    const copy = bytes.slice(start, end);
    return text.decode(copy.subarray(0, unescape(copy, 0, copy.length)));
  }
}

/**
 * Undoes the escapes of a string's text, in place: `bytes[start..end)`, which has
 * one and no wrong one. Half a surrogate pair becomes U+FFFD.
 *
 * @returns the new end
 */
export function unescape(bytes: Uint8Array, start: number, end: number): number {
  let write = bytes.indexOf(BACKSLASH, start);
  for (let read = write; read < end; read++) {
    if (bytes[read] !== BACKSLASH) {
      bytes[write++] = bytes[read]!;
      continue;
    }
    const letter = bytes[++read]!;
    if (letter !== UNICODE_ESCAPE) {
      bytes[write++] = ESCAPES.get(letter)!;
      continue;
    }
    let code = hex(bytes, read + 1);
    read += 4;
    const second = (code & 0xfc00) === 0xd800 && read + 6 < end &&
        bytes[read + 1] === BACKSLASH && bytes[read + 2] === UNICODE_ESCAPE
      ? hex(bytes, read + 3)
      : 0;
    if ((second & 0xfc00) === 0xdc00) {
      code = 0x10000 + ((code & 0x3ff) << 10) + (second & 0x3ff);
      read += 6;
    }
    write = encode(code, bytes, write);
  }
  return write;
}

/** Writes a code point as UTF-8. */
function encode(code: number, bytes: Uint8Array, at: number): number {
  const character = String.fromCodePoint((code & 0xfffff800) === 0xd800 ? 0xfffd : code);
  return at + new TextEncoder().encodeInto(character, bytes.subarray(at)).written;
}

function hex(bytes: Uint8Array, at: number): number {
  return parseInt(String.fromCharCode(...bytes.subarray(at, at + 4)), 16);
}

function isHex(byte: number): boolean {
  return (byte >= ZERO && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

/** Whether a byte would go on with a number or a literal. */
function isOfWord(byte: number): boolean {
  return (byte >= ZERO && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) ||
    byte === POINT || byte === 0x2b || byte === MINUS || byte >= 0x80;
}
