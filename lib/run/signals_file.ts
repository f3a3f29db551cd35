/**
 * The signal as a file of the run directory.
 *
 * @module
 */

import type { LoadedBars } from "../bars/load.ts";
import { textAt, type TextColumn } from "../bars/text_column.ts";
import type { SignalFormat } from "../config/reserved.ts";
import type { Content } from "./files.ts";

/** A file to publish. */
export interface SignalsFile {
  /** Its name in the run directory. */
  readonly name: string;
  /** Its bytes. */
  readonly content: Content;
}

/** The signals file of a run, or undefined for `none`. */
export async function signalsFile(
  format: SignalFormat,
  { loaded, positions }: { readonly loaded: LoadedBars; readonly positions: Int8Array },
): Promise<SignalsFile | undefined> {
  switch (format) {
    case "csv":
      return { name: "signals.csv", content: csvChunks(loaded, positions) };
    case "parquet":
      return { name: "signals.parquet", content: [await parquetBytes(loaded, positions)] };
    case "none":
      return undefined;
  }
}

const CHUNK_BYTES = 1 << 18;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;

/** `timestamp,close,signal`, time and close as they stood; without times the first is empty. */
function* csvChunks({ text }: LoadedBars, positions: Int8Array): Iterable<Uint8Array> {
  if (text === null) throw new TypeError("Cannot write signals.csv: no text was kept");
  const { time, close } = text;
  const header = new TextEncoder().encode("timestamp,close,signal\n");
  let chunk = new Uint8Array(CHUNK_BYTES);
  chunk.set(header);
  let at = header.length;
  for (let t = 0; t < positions.length; t++) {
    // Every byte of a cell may be a quote that is doubled, between two more.
    const most = 2 * (textBytes(time, t) + textBytes(close, t)) + 16;
    if (at + most > chunk.length) {
      yield chunk.subarray(0, at);
      if (most > chunk.length) chunk = new Uint8Array(most);
      at = 0;
    }
    if (time !== null) at = writeCell(chunk, at, { column: time, t });
    chunk[at++] = COMMA;
    at = writeCell(chunk, at, { column: close, t });
    chunk[at++] = COMMA;
    const position = positions[t]!;
    if (position < 0) chunk[at++] = MINUS;
    chunk[at++] = ZERO + Math.abs(position);
    chunk[at++] = LF;
  }
  yield chunk.subarray(0, at);
}

function textBytes(column: TextColumn | null, t: number): number {
  return column === null ? 0 : column.end(t) - column.start(t);
}

/** Writes a text as a cell, in quotes if it would read as something else without them. */
function writeCell(
  chunk: Uint8Array,
  at: number,
  { column, t }: { readonly column: TextColumn; readonly t: number },
): number {
  const { bytes } = column;
  const end = column.end(t);
  let write = at;
  for (let p = column.start(t); p < end; p++) {
    const byte = bytes[p]!;
    if (byte === COMMA || byte === QUOTE || byte === LF || byte === CR) {
      return writeQuoted(chunk, at, textAt(column, t));
    }
    chunk[write++] = byte;
  }
  return write;
}

function writeQuoted(chunk: Uint8Array, at: number, text: Uint8Array): number {
  chunk[at++] = QUOTE;
  for (const byte of text) {
    if (byte === QUOTE) chunk[at++] = QUOTE;
    chunk[at++] = byte;
  }
  chunk[at++] = QUOTE;
  return at;
}

/** Columns time (timestamp in UTC, microseconds; left out without times), close (double), signal (8-bit). */
async function parquetBytes({ bars }: LoadedBars, positions: Int8Array): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const times = bars.times;
  const time = times === null ? [] : [{
    name: "time",
    data: BigInt64Array.from(times, (ms) => BigInt(Math.round(ms * 1000))),
  }];
  const buffer = parquetWriteBuffer({
    columnData: [
      ...time,
      { name: "close", data: bars.close.values },
      { name: "signal", data: Int32Array.from(positions) },
    ],
    schema: [
      { name: "root", num_children: time.length + 2 },
      ...(times === null ? [] : [{
        name: "time",
        type: "INT64" as const,
        repetition_type: "REQUIRED" as const,
        logical_type: {
          type: "TIMESTAMP" as const,
          isAdjustedToUTC: true,
          unit: "MICROS" as const,
        },
      }]),
      { name: "close", type: "DOUBLE", repetition_type: "REQUIRED" },
      {
        name: "signal",
        type: "INT32",
        repetition_type: "REQUIRED",
        logical_type: { type: "INTEGER", bitWidth: 8, isSigned: true },
      },
    ],
    createdBy: "sigrun",
  });
  return new Uint8Array(buffer);
}
