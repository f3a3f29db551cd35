/**
 * The signal as a file of the run directory.
 *
 * @module
 */

import type { LoadedBars } from "../bars/load.ts";
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
const MINUS = 0x2d;
const ZERO = 0x30;

/** `timestamp,close,signal`, time and close as they stood; without times the first is empty. */
function* csvChunks({ lines }: LoadedBars, positions: Int8Array): Iterable<Uint8Array> {
  if (lines === null) throw new TypeError("Cannot write signals.csv: no lines were kept");
  let chunk = new Uint8Array(CHUNK_BYTES);
  let at = new TextEncoder().encodeInto("timestamp,close,signal\n", chunk).written;
  const { bytes } = lines;
  for (let t = 0; t < positions.length; t++) {
    const start = lines.start(t);
    const end = lines.end(t);
    const most = end - start + 4;
    if (at + most > chunk.length) {
      yield chunk.subarray(0, at);
      if (most > chunk.length) chunk = new Uint8Array(most);
      at = 0;
    }
    // Lines are short: a loop beats the views that set() would need.
    for (let p = start; p < end; p++) chunk[at++] = bytes[p]!;
    chunk[at++] = COMMA;
    const position = positions[t]!;
    if (position < 0) chunk[at++] = MINUS;
    chunk[at++] = ZERO + Math.abs(position);
    chunk[at++] = LF;
  }
  yield chunk.subarray(0, at);
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
        // As a logical type, strict readers refuse the file: the width is no single byte there.
        converted_type: "INT_8",
      },
    ],
    createdBy: "sigrun",
  });
  return new Uint8Array(buffer);
}
