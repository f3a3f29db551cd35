/**
 * A Parquet file as rows of CSV text, so that one parser serves all forms.
 *
 * Values keep what they are worth: decimals and integers digit by digit,
 * times to the nanosecond, floating-point numbers as the shortest text that
 * reads back as the same number. Null and NaN are empty.
 *
 * @module
 */

import type {
  ColumnData,
  DecodedArray,
  FileMetaData,
  ParquetParsers,
  SchemaElement,
} from "hyparquet";
import { UserError } from "../../errors.ts";
import { isParquet, PARQUET_BYTES } from "../source/magic.ts";
import { ColumnValues } from "./column_values.ts";
import { type DecodeLimits, decodeLimits, mebibytes } from "./decode_limits.ts";
import { checkPages } from "./parquet_pages.ts";
import { TextBlock } from "./text_block.ts";
import { ParquetProblem, parquetReason } from "./parquet_problem.ts";

/** A Parquet file as text. */
export interface ParquetRows {
  /** The names of the columns. */
  readonly header: readonly string[];
  /** How many rows the file says it has. */
  readonly rows: number;
  /** The rows as lines of CSV in UTF-8, some at a time, without the header. */
  readonly blocks: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** How a file is read. */
export interface ParquetOptions {
  /** Its path, for messages. */
  readonly path: string;
  /** What decoding may cost; default as its size allows. */
  readonly limits?: DecodeLimits;
  /** Called after each column of a row group with the values decoded so far and those in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Reads a Parquet file, one row group at a time.
 *
 * @throws {UserError} if it is damaged, or of a kind that is not read; the
 * blocks throw the same
 */
export async function parquetRows(
  bytes: Uint8Array<ArrayBuffer>,
  options: ParquetOptions,
): Promise<ParquetRows> {
  const { path, limits = decodeLimits(bytes.length) } = options;
  if (!isParquet(bytes.subarray(-PARQUET_BYTES))) {
    throw damaged(path, new ParquetProblem("it does not end as such a file does"));
  }
  const { parquetMetadata } = await import("hyparquet");
  const columns: Column[] = [];
  let metadata: FileMetaData;
  let rows: number;
  try {
    metadata = parquetMetadata(bytes);
    for (const column of columnsOf(metadata)) columns.push(column);
    rows = Number(metadata.num_rows);
    checkGroups(bytes, { metadata, columns, limits });
  } catch (error) {
    throw damaged(path, error);
  }
  if (columns.length === 0) {
    throw damaged(path, new ParquetProblem("it has no column of plain values"));
  }
  const header = columns.map(({ title }) => title);
  return { header, rows, blocks: blocksOf(bytes, { ...options, limits, metadata, columns }) };
}

/** Refuses a file whose parts do not agree on how many rows there are, and where. */
function checkGroups(
  bytes: Uint8Array,
  { metadata, columns, limits }: {
    readonly metadata: FileMetaData;
    readonly columns: readonly Column[];
    readonly limits: DecodeLimits;
  },
): void {
  let left = Number(metadata.num_rows);
  if (left * columns.length > limits.cells) {
    throw new ParquetProblem(
      `it claims ${left} rows of ${columns.length} columns; of a file of its size, no more than ` +
        `${limits.cells} values are read`,
    );
  }
  let pageBytes = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    if (!(rows >= 0 && rows <= left)) {
      throw new ParquetProblem("its row groups have more rows than it has");
    }
    left -= rows;
    for (const { name } of columns) {
      const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name);
      if (chunk?.meta_data === undefined) {
        throw new ParquetProblem(`column ${name} is not in all row groups`);
      }
      const { dictionary_page_offset, data_page_offset, total_compressed_size } = chunk.meta_data;
      const from = Number(dictionary_page_offset || data_page_offset);
      pageBytes += checkPages(bytes, { from, to: from + Number(total_compressed_size), rows });
      if (pageBytes > limits.pageBytes) {
        throw new ParquetProblem(
          `its pages decompress to more than ${
            mebibytes(limits.pageBytes)
          }, the limit for a file ` +
            "of its size",
        );
      }
    }
  }
  if (left !== 0) throw new ParquetProblem("its row groups have fewer rows than it has");
}

/** A column that is read. */
interface Column {
  readonly name: string;
  /** Its name in the header. */
  readonly title: string;
  /** Writes a value that is not null. */
  readonly text: (value: unknown) => string;
}

/**
 * The columns of plain values. In the metadata, decimals and times become the
 * integers that they are kept as: decoded they lose digits, or take many times
 * the memory.
 */
function columnsOf({ schema }: FileMetaData): Column[] {
  const columns: Column[] = [];
  let left = schema[0]?.num_children ?? 0;
  for (let at = 1; at < schema.length && left > 0; left--) {
    const element = schema[at]!;
    if (element.type !== undefined && element.repetition_type !== "REPEATED") {
      columns.push({ name: element.name, title: titleOf(element), text: writerOf(element) });
    }
    at = afterTree(schema, at);
  }
  return columns;
}

/** The index after an element and all that is within it. */
function afterTree(schema: readonly SchemaElement[], index: number): number {
  let at = index;
  for (let left = 1; left > 0 && at < schema.length; at++) {
    left += (schema[at]!.num_children ?? 0) - 1;
  }
  return at;
}

/** pandas gives an index without a name this one; of bars, it is their time. */
function titleOf({ name, converted_type, logical_type }: SchemaElement): string {
  const isTime = logical_type?.type === "TIMESTAMP" || logical_type?.type === "DATE" ||
    converted_type?.startsWith("TIMESTAMP") === true || converted_type === "DATE";
  return isTime && name === "__index_level_0__" ? "time" : name;
}

function writerOf(element: SchemaElement): (value: unknown) => string {
  const { type, converted_type, logical_type, scale } = element;
  const places = placesOf(element);
  if (converted_type === "DECIMAL" || logical_type?.type === "DECIMAL") {
    const places = logical_type?.type === "DECIMAL" ? logical_type.scale : scale ?? 0;
    undecoded(element);
    return (value) => decimalText(integerOf(value), places);
  }
  if (places !== null) {
    undecoded(element);
    return (value) => timeText(BigInt(value as number | bigint), places);
  }
  if (converted_type === "DATE" || logical_type?.type === "DATE") {
    undecoded(element);
    return (value) => dateText(value as number);
  }
  if (type === "FLOAT") {
    return (value) => typeof value === "number" ? floatText(value) : plain(value);
  }
  return plain;
}

/** To how many decimal places of a second the times of a column are; null if it has none. */
function placesOf({ converted_type, logical_type }: SchemaElement): number | null {
  if (logical_type?.type === "TIMESTAMP") {
    return { MILLIS: 3, MICROS: 6, NANOS: 9 }[logical_type.unit];
  }
  if (converted_type === "TIMESTAMP_MILLIS") return 3;
  return converted_type === "TIMESTAMP_MICROS" ? 6 : null;
}

function undecoded(element: SchemaElement): void {
  delete element.converted_type;
  delete element.logical_type;
}

function plain(value: unknown): string {
  if (typeof value === "number") return Number.isNaN(value) ? "" : String(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** The shortest decimal that reads back as the same 32-bit number. */
function floatText(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return plain(shorter);
  }
  return plain(Number.isFinite(value) ? Number(value.toPrecision(9)) : value);
}

function integerOf(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number);
  // Two's complement, the high byte first.
  const unsigned = value.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(value.length * 8, unsigned);
}

function decimalText(units: bigint, places: number): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places);
  return `${units < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** What is decoded all the same: times in 96 bits, which have no other mark, and JSON. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromNanoseconds: (value) => timeText(BigInt(value), 9),
  jsonFromBytes: (bytes) => new TextDecoder().decode(bytes),
};

function dateText(days: number): string {
  return timeText(BigInt(days) * 86400n, 0).slice(0, -"T00:00:00Z".length);
}

/** A time as ISO 8601 in UTC, with as many digits as it has. */
function timeText(units: bigint, places: number): string {
  const perSecond = 10n ** BigInt(places);
  const fraction = ((units % perSecond) + perSecond) % perSecond;
  const seconds = new Date(Number((units - fraction) / perSecond) * 1000).toISOString();
  const digits = fraction === 0n ? "" : `.${String(fraction).padStart(places, "0")}`;
  return seconds.replace(/\.000Z$/, `${digits}Z`);
}

/** What the rows are made of. */
interface Decoding extends ParquetOptions {
  readonly limits: DecodeLimits;
  readonly metadata: FileMetaData;
  readonly columns: readonly Column[];
}

async function* blocksOf(
  bytes: Uint8Array<ArrayBuffer>,
  decoding: Decoding,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { path, metadata, columns, limits } = decoding;
  const block = new TextBlock();
  let from = 0;
  let length = 0;
  for (const group of metadata.row_groups) {
    const to = from + Number(group.num_rows);
    const values = await readColumns(bytes, { ...decoding, from, to });
    for (; from < to; from++) {
      const row = rowText(values, { columns, path });
      length += row.length;
      if (length > limits.textLength) {
        throw damaged(
          path,
          `its rows are more than ${mebibytes(limits.textLength)} of text, the limit for a file ` +
            "of its size",
        );
      }
      if (!block.hasRoom(row)) yield block.take();
      block.add(row);
    }
  }
  if (block.length > 0) yield block.take();
}

/** The next row of the columns. */
function rowText(
  values: readonly ColumnValues[],
  { columns, path }: { readonly columns: readonly Column[]; readonly path: string },
): string {
  try {
    return `${columns.map((column, i) => cell(values[i]!.next(), column)).join(",")}\n`;
  } catch (error) {
    throw damaged(path, error);
  }
}

function cell(value: unknown, column: Column): string {
  if (value === null || value === undefined) return "";
  const text = column.text(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The values of each column in a row group. */
async function readColumns(
  bytes: Uint8Array<ArrayBuffer>,
  decoding: Decoding & { readonly from: number; readonly to: number },
): Promise<readonly ColumnValues[]> {
  const { path, metadata, columns, from, to, onProgress } = decoding;
  const values: ColumnValues[] = [];
  // One after the other, so that no more than one is there in all its forms.
  for (const { name } of columns) {
    try {
      const column = new ColumnValues(await readColumn(bytes, { ...decoding, name }));
      if (column.length !== to - from) {
        throw new ParquetProblem(
          `column ${name} has ${column.length} values for ${to - from} rows`,
        );
      }
      values.push(column);
    } catch (error) {
      throw damaged(path, error);
    }
    const done = from * columns.length + values.length * (to - from);
    onProgress?.(done, Number(metadata.num_rows) * columns.length);
  }
  return values;
}

/** The values of a column in a row group, in chunks. */
async function readColumn(
  bytes: Uint8Array<ArrayBuffer>,
  { metadata, name, from, to }: Decoding & {
    readonly name: string;
    readonly from: number;
    readonly to: number;
  },
): Promise<readonly DecodedArray[]> {
  const { parquetRead } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const chunks: ColumnData[] = [];
  await parquetRead({
    file: {
      byteLength: bytes.length,
      slice: (start, end) => bytes.slice(start, end).buffer,
    },
    metadata,
    columns: [name],
    rowStart: from,
    rowEnd: to,
    onChunk: (chunk) => chunks.push(chunk),
    compressors,
    parsers: PARSERS,
    utf8: false,
  });
  // They come in the order in which they were decoded.
  return chunks.sort((a, b) => a.rowStart - b.rowStart).map(({ columnData }) => columnData);
}

/** The error that a file cannot be decoded. */
export function damaged(path: string, cause: unknown): UserError {
  return new UserError(`Cannot read the Parquet file ${path}: ${parquetReason(cause)}`, {
    code: "data_invalid",
    hint: "Was it cut off? Write it again, or convert it to CSV.",
    cause,
  });
}
