/**
 * A JSON document as a tree whose numbers keep their digits: the text of each
 * value as it stands in the file. Pure.
 *
 * @module
 */

import { quote } from "../../quote.ts";
import { JsonReader, MAX_DEPTH } from "./json_reader.ts";

/** A value: the text of a number, string or literal, nothing for null and NaN; an array; an object. */
export type JsonValue = string | readonly JsonValue[] | JsonObject;

/** An object, its keys in the order of the file. */
export class JsonObject {
  /** The keys; objects of one kind share one array. */
  readonly keys: readonly string[];
  /** The value of each key. */
  readonly values: readonly JsonValue[];

  /** Takes the arrays as they are. */
  constructor(keys: readonly string[], values: readonly JsonValue[]) {
    this.keys = keys;
    this.values = values;
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Reads a document, or several that follow each other as JSON Lines: these
 * are the elements of one array.
 *
 * @throws {MalformedRecord} on what is no JSON, and where the file ends too early
 */
export function jsonTree(bytes: Uint8Array): JsonValue {
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  // A number at the end of the file ends there.
  const ended = new Uint8Array(bytes.length + 1);
  ended.set(bytes);
  ended[bytes.length] = 0x20;
  const parser = new TreeParser(ended);
  const documents: JsonValue[] = [];
  for (let p = parser.space(mark); p !== -1; p = parser.space(parser.after)) {
    documents.push(parser.value(p, 0));
  }
  if (documents.length === 0) throw parser.cutOff();
  return documents.length === 1 ? documents[0]! : documents;
}

/** Builds the tree; recursion ends at {@linkcode MAX_DEPTH}. */
class TreeParser {
  /** Offset after the value that was read last. */
  after = 0;
  readonly #reader = new JsonReader(1);
  readonly #bytes: Uint8Array;
  /** The keys of objects that were met lately, by their number. */
  readonly #shapes = new Map<number, readonly string[]>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#reader.bytes = bytes;
    this.#reader.to = bytes.length;
  }

  space(from: number): number {
    return this.#reader.space(from);
  }

  cutOff(): Error {
    return this.#reader.error("the file ends before its rows do");
  }

  value(from: number, depth: number): JsonValue {
    const byte = this.#bytes[from];
    if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      if (depth === MAX_DEPTH) {
        throw this.#reader.error(`values nested deeper than ${MAX_DEPTH} levels`);
      }
      return byte === OPEN_ARRAY ? this.#array(from, depth) : this.#object(from, depth);
    }
    this.after = this.#found(this.#reader.value(from));
    return this.#reader.text();
  }

  #array(from: number, depth: number): JsonValue {
    const items: JsonValue[] = [];
    let p = this.#next(from + 1);
    while (this.#bytes[p] !== CLOSE_ARRAY) {
      items.push(this.value(p, depth + 1));
      p = this.#next(this.after);
      if (this.#bytes[p] === CLOSE_ARRAY) break;
      if (this.#bytes[p] !== COMMA) throw this.#reader.unexpected(p, "a comma or ]");
      p = this.#next(p + 1);
      if (this.#bytes[p] === CLOSE_ARRAY) throw this.#reader.unexpected(p, "a value");
    }
    this.after = p + 1;
    return items;
  }

  #object(from: number, depth: number): JsonValue {
    const keys: string[] = [];
    const values: JsonValue[] = [];
    const met = new Set<string>();
    let p = this.#next(from + 1);
    while (this.#bytes[p] !== CLOSE_OBJECT) {
      if (this.#bytes[p] !== QUOTE) throw this.#reader.unexpected(p, "a key in double quotes");
      p = this.#found(this.#reader.key(p));
      const key = this.#reader.text();
      if (met.has(key)) throw this.#reader.error(`the key ${quote(key)} twice in one object`);
      met.add(key);
      keys.push(key);
      values.push(this.value(p, depth + 1));
      p = this.#next(this.after);
      if (this.#bytes[p] === CLOSE_OBJECT) break;
      if (this.#bytes[p] !== COMMA) throw this.#reader.unexpected(p, "a comma or }");
      p = this.#next(p + 1);
      if (this.#bytes[p] === CLOSE_OBJECT) throw this.#reader.unexpected(p, "a key");
    }
    this.after = p + 1;
    return new JsonObject(this.#shared(keys), values);
  }

  /** The same keys as those of an earlier object, where they are. */
  #shared(keys: readonly string[]): readonly string[] {
    const known = this.#shapes.get(keys.length);
    if (known?.every((key, at) => key === keys[at])) return known;
    this.#shapes.set(keys.length, keys);
    return keys;
  }

  #next(from: number): number {
    return this.#found(this.#reader.space(from));
  }

  #found(place: number): number {
    if (place === -1) throw this.cutOff();
    return place;
  }
}
