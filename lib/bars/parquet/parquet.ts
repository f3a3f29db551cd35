/**
 * A Parquet file as rows of CSV text, so that one parser serves all forms.
 *
 * Values keep what they are worth: decimals and integers digit by digit,
 * times to the nanosecond, floating-point numbers as the shortest text that
 * reads back as the same number. Null and NaN are empty.
 *
 * @module
 */

import type { ColumnData, FileMetaData, ParquetParsers, SchemaElement } from "hyparquet";
import { isParquet, MAGIC_BYTES } from "./magic.ts";
import { UserError } from "../../errors.ts";
import { checkPages } from "./parquet_pages.ts";

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
  /** Called after each row group with the rows given so far and those in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How many rows are given at once. */
const ROWS_AT_ONCE = 8192;

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
  const { path } = options;
  if (!isParquet(bytes.subarray(-MAGIC_BYTES))) {
    throw damaged(path, new Error("it does not end as such a file does"));
  }
  const { parquetMetadata } = await import("hyparquet");
  const columns: Column[] = [];
  let metadata: FileMetaData;
  let rows: number;
  try {
    metadata = parquetMetadata(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    );
    columns.push(...columnsOf(metadata));
    rows = Number(metadata.num_rows);
    checkGroups(bytes, { metadata, columns });
  } catch (error) {
    throw damaged(path, error);
  }
  if (columns.length === 0) throw damaged(path, new Error("it has no column of plain values"));
  const header = columns.map(({ title }) => title);
  return { header, rows, blocks: blocksOf(bytes, { ...options, metadata, columns }) };
}

/** Refuses a file whose parts do not agree on how many rows there are, and where. */
function checkGroups(
  bytes: Uint8Array,
  { metadata, columns }: {
    readonly metadata: FileMetaData;
    readonly columns: readonly Column[];
  },
): void {
  let left = Number(metadata.num_rows);
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    if (!(rows >= 0 && rows <= left)) throw new Error("its row groups have more rows than it has");
    left -= rows;
    for (const { name } of columns) {
      const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name);
      if (chunk?.meta_data === undefined) {
        throw new Error(`column ${name} is not in all row groups`);
      }
      const { dictionary_page_offset, data_page_offset, total_compressed_size } = chunk.meta_data;
      const from = Number(dictionary_page_offset || data_page_offset);
      checkPages(bytes, { from, to: from + Number(total_compressed_size), rows });
    }
  }
  if (left !== 0) throw new Error("its row groups have fewer rows than it has");
}

/** A column that is read. */
interface Column {
  readonly name: string;
  /** Its name in the header. */
  readonly title: string;
  /** Writes a value that is not null. */
  readonly text: (value: unknown) => string;
}

/** The columns of plain values. Decimals are left undecoded in the metadata: as doubles they lose digits. */
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
  if (converted_type === "DECIMAL" || logical_type?.type === "DECIMAL") {
    const places = logical_type?.type === "DECIMAL" ? logical_type.scale : scale ?? 0;
    delete element.converted_type;
    delete element.logical_type;
    return (value) => decimalText(integerOf(value), places);
  }
  if (type === "FLOAT") {
    return (value) => typeof value === "number" ? floatText(value) : plain(value);
  }
  return plain;
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

/** Times as ISO 8601 in UTC, with as many digits as they have. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value) => timeText(BigInt(value), 3),
  timestampFromMicroseconds: (value) => timeText(BigInt(value), 6),
  timestampFromNanoseconds: (value) => timeText(BigInt(value), 9),
  dateFromDays: (days) => timeText(BigInt(days) * 86400n, 0).slice(0, -"T00:00:00Z".length),
  jsonFromBytes: (bytes) => new TextDecoder().decode(bytes),
};

function timeText(units: bigint, places: number): string {
  const perSecond = 10n ** BigInt(places);
  const fraction = ((units % perSecond) + perSecond) % perSecond;
  const seconds = new Date(Number((units - fraction) / perSecond) * 1000).toISOString();
  const digits = fraction === 0n ? "" : `.${String(fraction).padStart(places, "0")}`;
  return seconds.replace(/\.000Z$/, `${digits}Z`);
}

async function* blocksOf(
  bytes: Uint8Array<ArrayBuffer>,
  { path, metadata, columns, onProgress }: ParquetOptions & {
    readonly metadata: FileMetaData;
    readonly columns: readonly Column[];
  },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let from = 0;
  for (const group of metadata.row_groups) {
    const to = from + Number(group.num_rows);
    const values = await readColumns(bytes, { path, metadata, columns, from, to });
    for (let row = from; row < to; row += ROWS_AT_ONCE) {
      let text = "";
      try {
        for (let at = row; at < Math.min(to, row + ROWS_AT_ONCE); at++) {
          text += `${columns.map((column, i) => cell(values[i]![at - from], column)).join(",")}\n`;
        }
      } catch (error) {
        throw damaged(path, error);
      }
      yield encoder.encode(text);
    }
    from = to;
    onProgress?.(to, Number(metadata.num_rows));
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
  { path, metadata, columns, from, to }: ParquetOptions & {
    readonly metadata: FileMetaData;
    readonly columns: readonly Column[];
    readonly from: number;
    readonly to: number;
  },
): Promise<readonly (readonly unknown[])[]> {
  const { parquetRead } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const chunks: ColumnData[] = [];
  try {
    await parquetRead({
      file: {
        byteLength: bytes.length,
        slice: (start, end) => bytes.slice(start, end).buffer,
      },
      metadata,
      columns: columns.map(({ name }) => name),
      rowStart: from,
      rowEnd: to,
      onChunk: (chunk) => chunks.push(chunk),
      compressors,
      parsers: PARSERS,
      utf8: false,
    });
    return columns.map(({ name }) => {
      // They come in the order in which they were decoded.
      const own = chunks.filter(({ columnName }) => columnName === name)
        .sort((a, b) => a.rowStart - b.rowStart);
      const values: unknown[] = [];
      for (const { columnData } of own) for (const value of columnData) values.push(value);
      if (values.length === to - from) return values;
      throw new Error(`column ${name} has ${values.length} values for ${to - from} rows`);
    });
  } catch (error) {
    throw damaged(path, error);
  }
}

function damaged(path: string, cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UserError(`Cannot read the Parquet file ${path}: ${reason}`, {
    code: "data_invalid",
    hint: "Was it cut off? Write it again, or convert it to CSV.",
    cause,
  });
}
