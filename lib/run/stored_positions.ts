/**
 * The positions of a run, read back from its signals file.
 *
 * @module
 */

import { join } from "node:path";
import type { RunRecord } from "../registry/record.ts";
import { signalHash } from "./signal.ts";

const LF = 0x0a;
const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;

/**
 * The positions that a run computed; undefined without a signals file, and
 * where what that holds is not what the run computed.
 */
export async function storedPositions(
  { hashes }: Pick<RunRecord, "hashes">,
  directory: string,
): Promise<Int8Array | undefined> {
  for (
    const [name, read] of [["signals.csv", csvPositions], [
      "signals.parquet",
      parquetPositions,
    ]] as const
  ) {
    try {
      const positions = await read(await Deno.readFile(join(directory, name)));
      if (await signalHash(positions) === hashes.signal) return positions;
    } catch {
      // It is missing, or no signals file: there is nothing to compare with.
    }
  }
  return undefined;
}

/** The last cell of each line but the header. */
function csvPositions(bytes: Uint8Array): Int8Array {
  const positions = new Int8Array(bytes.length);
  let count = 0;
  let isQuoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    // A quote within a cell is written twice.
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === LF && !isQuoted) {
      const size = bytes[at - 1]! - ZERO;
      positions[count++] = bytes[at - 2] === MINUS ? -size : size;
    }
  }
  return positions.slice(1, count);
}

async function parquetPositions(bytes: Uint8Array): Promise<Int8Array> {
  const { parquetReadObjects } = await import("hyparquet");
  const rows = await parquetReadObjects({
    file: bytes.buffer as ArrayBuffer,
    columns: ["signal"],
  });
  return Int8Array.from(rows, ({ signal }) => signal);
}
