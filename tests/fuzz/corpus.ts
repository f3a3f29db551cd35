/**
 * The project's own files: a small table of bars in every form that the reader
 * knows.
 *
 * @module
 */

import { parquetWriteBuffer } from "hyparquet-writer";
import { bytesOf } from "./byte_text.ts";
import { packed, type Packing } from "./packing.ts";
import { Random } from "./random.ts";
import { table, type TableRow } from "./table.ts";

/** A file to begin with. */
export interface Sample {
  /** What it is. */
  readonly name: string;
  /** Its text, or all of its bytes if it is binary. */
  readonly content: Uint8Array<ArrayBuffer>;
  /** What the text is wrapped in; null for a file that is binary by itself. */
  readonly packing: Packing | null;
  /** What it says, if that is known. */
  readonly rows?: readonly TableRow[];
}

const ROWS = 48;
const HEADER = ["time", "open", "high", "low", "close", "volume"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"];

type Cells = readonly (readonly string[])[];

const iso = ({ ms }: TableRow): string => new Date(ms).toISOString().slice(0, 19);
const two = (number: number): string => String(number).padStart(2, "0");

/** The notations of time, by name. */
const TIMES: Readonly<Record<string, (row: TableRow) => string>> = {
  "ISO with a space": (row) => iso(row).replace("T", " "),
  "ISO with zone": (row) => `${iso(row)}Z`,
  "ISO with offset": (row) => `${iso({ ...row, ms: row.ms + 5_400_000 })}+01:30`,
  "ISO with fraction": (row) => `${iso(row)}.000Z`,
  "Unix seconds": ({ ms }) => String(ms / 1000),
  "Unix milliseconds": ({ ms }) => String(ms),
  "Unix microseconds": ({ ms }) => `${ms}000`,
  "Unix nanoseconds": ({ ms }) => `${ms}000000`,
  "day first": ({ ms }) => dayFirst(new Date(ms)),
  "month names": ({ ms }) => monthName(new Date(ms)),
  "compact": (row) => iso(row).replaceAll("-", "").replace("T", " "),
  "twelve hours": ({ ms }) => twelveHours(new Date(ms)),
};

function dayFirst(date: Date): string {
  const day = [two(date.getUTCDate()), two(date.getUTCMonth() + 1), date.getUTCFullYear()];
  return `${day.join("/")} ${two(date.getUTCHours())}:00`;
}

function monthName(date: Date): string {
  const month = MONTHS[date.getUTCMonth()]!;
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()} ${two(date.getUTCHours())}:00:00`;
}

function twelveHours(date: Date): string {
  const hour = date.getUTCHours();
  return `${date.toISOString().slice(0, 10)} ${two(hour % 12 || 12)}-${hour < 12 ? "AM" : "PM"}`;
}

function cellsOf(rows: readonly TableRow[], time = TIMES["ISO with a space"]!): Cells {
  return rows.map((row) => [time(row), row.open, row.high, row.low, row.close, row.volume]);
}

function lines(cells: Cells, delimiter = ",", end = "\n"): string {
  return cells.map((row) => row.join(delimiter) + end).join("");
}

/** The samples, always the same. */
export function corpus(): readonly Sample[] {
  const rows = table(new Random(7, 0), ROWS);
  const cells = cellsOf(rows);
  const full = [HEADER, ...cells];
  const plain = lines(full);
  const text = (name: string, content: string, packing: Packing = "plain"): Sample => ({
    name,
    content: bytesOf(content),
    packing,
    rows,
  });
  return [
    text("commas", plain),
    text("semicolons", lines(full, ";")),
    text("tabs", lines(full, "\t")),
    text("pipes", lines(full, "|")),
    text("CRLF", lines(full, ",", "\r\n")),
    text("CR", lines(full, ",", "\r")),
    text("no line end at the end", plain.slice(0, -1)),
    text("quoted fields", lines(full.map((row) => row.map((cell) => `"${cell}"`)))),
    text("every line in quotes", lines(full.map((row) => [`"${row.join(",")}"`]))),
    text("lines above the header", `Exported by x\nhttps://example.com/\n${plain}`),
    text("a delimiter at the end of lines", lines(full, ",", ",\n")),
    text(
      "decimal commas",
      lines([
        HEADER,
        ...cells.map(([time, ...row]) => [
          time!,
          ...row.map((cell) => cell.replace(".", ",")),
        ]),
      ], ";"),
    ),
    text(
      "numbers with signs",
      lines([
        HEADER,
        ...cells.map(([time, ...row]) => [
          time!,
          ...row.map((cell) => `"$${grouped(cell)}"`),
        ]),
      ]),
    ),
    text(
      "zeros at the end",
      lines([
        HEADER,
        ...cells.map(([time, ...row]) => [
          time!,
          ...row.map((cell) => cell.includes(".") ? `${cell}000` : `${cell}.000`),
        ]),
      ]),
    ),
    text("newest first", lines([HEADER, ...cells.toReversed()])),
    text("without a header, OHLCV", lines(cellsOf(rows, TIMES["Unix seconds"]))),
    text("without a header, Binance", lines(binance(rows))),
    ...Object.entries(TIMES).map(([name, time]) =>
      text(`times: ${name}`, lines([HEADER, ...cellsOf(rows, time)]))
    ),
    ...(["bom", "gzip", "zip", "utf-16le", "utf-16be"] as const).map((packing) =>
      text(packing, plain, packing)
    ),
    text("JSON arrays", JSON.stringify(jsonRows(rows))),
    text("JSON arrays of text", JSON.stringify(binance(rows), null, 1)),
    text("JSON objects", JSON.stringify(rows.map(jsonObject))),
    text(
      "JSON within objects",
      JSON.stringify({ symbol: "BTCUSDT", data: { candles: rows.map(jsonObject) } }),
    ),
    text("JSON in gzip", JSON.stringify(jsonRows(rows)), "gzip"),
    ...(["SNAPPY", "UNCOMPRESSED"] as const).map((codec): Sample => ({
      name: `Parquet, ${codec.toLowerCase()}`,
      content: parquet(rows, codec),
      packing: null,
      rows,
    })),
    {
      name: "Parquet, times in nanoseconds and decimals",
      content: exactParquet(rows),
      packing: null,
      rows,
    },
  ];
}

function grouped(number: string): string {
  const [whole, fraction] = number.split(".");
  const groups = whole!.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

function binance(rows: readonly TableRow[]): Cells {
  return rows.map((row) => [
    String(row.ms),
    row.open,
    row.high,
    row.low,
    row.close,
    row.volume,
    String(row.ms + 3_599_999),
    "1.5",
    "7",
    "0.5",
    "0.25",
    "0",
  ]);
}

function jsonRows(rows: readonly TableRow[]): readonly (readonly number[])[] {
  return rows.map(({ ms, open, high, low, close, volume }) => [
    ms,
    ...[open, high, low, close, volume].map(Number),
  ]);
}

function jsonObject({ ms, close, volume }: TableRow): unknown {
  return { timestamp: ms, close, "note\n": "a \u00e9 \ud83d\ude00", volume: Number(volume) };
}

function parquet(
  rows: readonly TableRow[],
  codec: "SNAPPY" | "UNCOMPRESSED",
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parquetWriteBuffer({
    codec,
    rowGroupSize: 20,
    columnData: [
      { name: "time", data: rows.map(({ ms }) => new Date(ms)), type: "TIMESTAMP" },
      { name: "close", data: rows.map(({ close }) => Number(close)), type: "DOUBLE" },
      { name: "volume", data: rows.map(({ volume }) => volume), type: "STRING" },
      {
        name: "count",
        data: rows.map((_, row) => row),
        type: "INT32",
        encoding: "DELTA_BINARY_PACKED",
      },
    ],
  }));
}

function exactParquet(rows: readonly TableRow[]): Uint8Array<ArrayBuffer> {
  const data = {
    time: rows.map(({ ms }) => BigInt(ms) * 1_000_000n),
    close: rows.map(({ close }) => BigInt(Math.round(Number(close) * 100))),
  };
  const integer = { type: "INT64", repetition_type: "REQUIRED" } as const;
  return new Uint8Array(parquetWriteBuffer({
    columnData: Object.entries(data).map(([name, data]) => ({ name, data })),
    schema: [
      { name: "root", num_children: 2 },
      {
        ...integer,
        name: "time",
        logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "NANOS" },
      },
      { ...integer, name: "close", converted_type: "DECIMAL", scale: 2, precision: 18 },
    ],
  }));
}

/** The bytes of a sample as they would lie on a disk. */
export function fileOf({ content, packing }: Sample): Uint8Array<ArrayBuffer> {
  return packing === null ? content.slice() : packed(content, packing);
}
