/**
 * The tables in a JSON document, by general rules: rows that are objects, rows
 * that are arrays, columns that are arrays, and objects that are keyed by time
 * or by column. Pure.
 *
 * @module
 */

import { bareName, knownRole } from "../header.ts";
import { TimestampReader } from "../time/timestamps.ts";
import { JsonObject, type JsonValue } from "./json_tree.ts";

/** A table. */
export interface JsonTable {
  /** The keys that lead to it from the root of the document. */
  readonly path: readonly string[];
  /** The titles of its columns, or their numbers from 1. */
  readonly header: readonly string[];
  /** Whether the document names the columns. */
  readonly hasTitles: boolean;
  /** How many rows it has. */
  readonly rows: number;
  /** The text of a cell; nothing where there is none. */
  cell(row: number, column: number): string;
}

/** No table has more columns. */
const MOST_COLUMNS = 1000;

/**
 * All tables of a document that may be bars, in its order.
 *
 * @param close the name of the close, where it is no known one
 */
export function jsonTables(root: JsonValue, close?: string): readonly JsonTable[] {
  const found: JsonTable[] = [];
  find(root, [], { found, close });
  return found;
}

interface Search {
  readonly found: JsonTable[];
  readonly close: string | undefined;
}

function find(value: JsonValue, path: readonly string[], search: Search): void {
  const { found, close } = search;
  if (typeof value === "string") return;
  if (value instanceof JsonObject) {
    const table = columnsAndData(value, path) ?? columnArrays(value, path, close) ??
      keyedObjects(value, path);
    if (table !== null) {
      found.push(table);
      return;
    }
    for (const [at, key] of value.keys.entries()) find(value.values[at]!, [...path, key], search);
    return;
  }
  const table = rowObjects(value, path) ?? rowArrays(value, path, null);
  if (table !== null) found.push(table);
  else for (const [at, item] of value.entries()) find(item, [...path, `${at}`], search);
}

/** Rows that are objects, what is nested in them under names of their own. */
function rowObjects(items: readonly JsonValue[], path: readonly string[]): JsonTable | null {
  if (items.length === 0 || !items.every((item) => item instanceof JsonObject)) return null;
  const rows = items.map((item) => flat(item as JsonObject));
  if (rows.some((row) => row === null)) return null;
  return ofRecords(rows as readonly Flat[], path);
}

/** The scalars in an object, by the keys that lead to them. */
interface Flat {
  readonly paths: readonly string[];
  readonly texts: readonly string[];
}

/** The scalars in an object and in objects within it; null if it holds rows itself. */
function flat(object: JsonObject): Flat | null {
  const paths: string[] = [];
  const texts: string[] = [];
  const add = (inner: JsonObject, prefix: string): boolean =>
    inner.keys.every((key, at) => {
      const value = inner.values[at]!;
      if (value instanceof JsonObject) return add(value, `${prefix}${key}.`);
      if (typeof value !== "string") return !value.some((item) => typeof item !== "string");
      paths.push(prefix + key);
      texts.push(value);
      return true;
    });
  return add(object, "") ? { paths, texts } : null;
}

function ofRecords(rows: readonly Flat[], path: readonly string[]): JsonTable | null {
  const places = new Map<string, number>();
  for (const { paths } of rows) {
    for (const name of paths) if (!places.has(name)) places.set(name, places.size);
    if (places.size > MOST_COLUMNS) return null;
  }
  const cells = rows.map(({ paths, texts }) => {
    const row = new Array<string>(places.size).fill("");
    for (const [at, name] of paths.entries()) row[places.get(name)!] = texts[at]!;
    return row;
  });
  return {
    path,
    header: shortNames([...places.keys()]),
    hasTitles: true,
    rows: rows.length,
    cell: (row, column) => cells[row]![column]!,
  };
}

/** Each path by its last key, where no other ends with that. */
function shortNames(paths: readonly string[]): readonly string[] {
  const last = paths.map((path) => path.slice(path.lastIndexOf(".") + 1));
  return paths.map((path, at) =>
    last.filter((name) => name === last[at]).length === 1 ? last[at]! : path
  );
}

/** Rows that are arrays, under the names that are given, or numbered. */
function rowArrays(
  items: readonly JsonValue[],
  path: readonly string[],
  names: readonly string[] | null,
): JsonTable | null {
  const [first] = items;
  if (!Array.isArray(first) || first.length < 2) return null;
  if (!items.every((item) => isScalars(item))) return null;
  const rows = items as readonly (readonly string[])[];
  const width = first.length;
  if (!rows.every(({ length }) => length === width)) return null;
  return {
    path,
    header: names ?? first.map((_, at) => `${at + 1}`),
    hasTitles: names !== null,
    rows: rows.length,
    cell: (row, column) => rows[row]![column]!,
  };
}

/** Rows beside the names of their columns, and perhaps beside an index: pandas' `split`. */
function columnsAndData(
  { keys, values }: JsonObject,
  path: readonly string[],
): JsonTable | null {
  const lists = keys.map((key, at) => ({ key, value: values[at]! }));
  for (const { key, value } of lists) {
    if (!Array.isArray(value) || !Array.isArray(value[0])) continue;
    const width = value[0].length;
    const named = lists.filter((other) =>
      other.key !== key && isScalars(other.value) && other.value.length === width &&
      countKnown(other.value) > 0
    );
    if (named.length !== 1) continue;
    const table = rowArrays(value, [...path, key], named[0]!.value as readonly string[]);
    if (table === null) continue;
    const index = lists.find((other) =>
      other.value !== named[0]!.value && /^index$/i.test(other.key) && isScalars(other.value) &&
      other.value.length === table.rows
    );
    return index === undefined ? table : withIndex(table, index.value as readonly string[]);
  }
  return null;
}

function withIndex(table: JsonTable, index: readonly string[]): JsonTable {
  return {
    ...table,
    header: ["", ...table.header],
    cell: (row, column) => column === 0 ? index[row]! : table.cell(row, column - 1),
  };
}

/** Columns that are arrays of one length, in the object or in what it holds alone. */
function columnArrays(
  object: JsonObject,
  path: readonly string[],
  close: string | undefined,
): JsonTable | null {
  const arrays: { readonly name: string; readonly cells: readonly string[] }[] = [];
  collect(object, "", arrays);
  const lengths = new Set(arrays.map(({ cells }) => cells.length));
  const ofPrices = arrays.filter(({ name }) =>
    roleOf(name) === "close" || (close !== undefined && name.endsWith(close))
  );
  if (ofPrices.length === 0) return null;
  const length = ofPrices[0]!.cells.length;
  if (length === 0 || !lengths.has(length)) return null;
  const columns = arrays.filter(({ cells }) => cells.length === length);
  if (columns.length < 2) return null;
  return {
    path,
    header: shortNames(columns.map(({ name }) => name)),
    hasTitles: true,
    rows: length,
    cell: (row, column) => columns[column]!.cells[row]!,
  };
}

/** Collects arrays of scalars within objects, and within arrays of one element. */
function collect(
  value: JsonValue,
  prefix: string,
  into: { readonly name: string; readonly cells: readonly string[] }[],
): void {
  if (typeof value === "string") return;
  if (value instanceof JsonObject) {
    for (const [at, key] of value.keys.entries()) {
      const inner = value.values[at]!;
      if (isScalars(inner) && inner.length > 0) into.push({ name: prefix + key, cells: inner });
      else collect(inner, `${prefix}${key}.`, into);
    }
  } else if (value.length === 1) collect(value[0]!, prefix, into);
}

/** Objects in an object: keyed by time, or by column and then by row. */
function keyedObjects({ keys, values }: JsonObject, path: readonly string[]): JsonTable | null {
  if (keys.length === 0 || !values.every((value) => value instanceof JsonObject)) return null;
  const inner = values as readonly JsonObject[];
  const rows = inner.map(flat);
  if (rows.some((row) => row === null || row.texts.length === 0)) return null;
  const outerKnown = countKnown(keys);
  const innerKnown = countKnown(shortNames(rows[0]!.paths));
  if (outerKnown === 0 && innerKnown === 0) return null;
  if (outerKnown > innerKnown) return ofColumns(keys, inner, path);
  const table = ofRecords(rows as readonly Flat[], path);
  if (table === null) return null;
  // A name of its own, where it is one: the other keys are times, or numbers of rows.
  return keys.every(isIndex) ? withIndex(table, keys) : null;
}

/** Columns that are objects keyed by row: what pandas writes by itself. */
function ofColumns(
  names: readonly string[],
  columns: readonly JsonObject[],
  path: readonly string[],
): JsonTable | null {
  const index = [...new Set(columns.flatMap(({ keys }) => keys))];
  if (columns.some(({ values }) => values.some((value) => typeof value !== "string"))) return null;
  const cells = columns.map(({ keys, values }) =>
    new Map(keys.map((key, at) => [key, values[at] as string]))
  );
  return {
    path,
    header: ["", ...names],
    hasTitles: true,
    rows: index.length,
    cell: (row, column) => column === 0 ? index[row]! : cells[column - 1]!.get(index[row]!) ?? "",
  };
}

const encoder = new TextEncoder();

/** Whether a key can be that of a row: a time, or a number. */
function isIndex(key: string): boolean {
  if (/^\d+$/.test(key)) return true;
  const bytes = encoder.encode(key);
  const reader = new TimestampReader();
  return !Number.isNaN(reader.read(bytes, 0, bytes.length)) || reader.isDayMonth;
}

function isScalars(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function roleOf(name: string): string | null {
  return knownRole(name.slice(name.lastIndexOf(".") + 1));
}

function countKnown(names: readonly string[]): number {
  return names.filter((name) => knownRole(bareName(name)) !== null).length;
}
