/**
 * The hash of what was understood, whatever the file looked like: two files
 * with the same times and values hash alike, however they quote, end lines or
 * order columns.
 *
 * @module
 */

import { COLUMN_NAMES, type ColumnName, type Units } from "../experiment.ts";
import type { KeptBars } from "./quality/repeated_times.ts";
import { Sha256 } from "../sha256.ts";
import type { Times } from "./time/times.ts";

/** How many times are written out and hashed at once. */
const TIMES_AT_ONCE = 1 << 15;

/** Times per run of equal steps from which on the runs are hashed in place of the times. */
const RUN_LENGTH = 16;

/**
 * SHA-256 over the times and the given columns of the bars, as `sha256:…`.
 * Hashed are, for the time and each column in the order of
 * {@linkcode COLUMN_NAMES}, a line with name, form, decimals and count, then
 * the numbers: little-endian doubles, or decimal text where they are wider.
 * Of times that are regular it is the first one, and a step and how often it
 * comes for each run of equal steps.
 */
export async function rowsHash(
  bars: KeptBars,
  columns: readonly ColumnName[],
): Promise<string> {
  const hash = new Sha256();
  const add = async (name: string, units: Units, decimals: number): Promise<void> => {
    const form = units instanceof Float64Array ? "f64le" : "text";
    await hash.update(`${name} ${form} ${decimals} ${units.length}\n`);
    await hash.update(
      units instanceof Float64Array
        ? littleEndian(units)
        : units.map((unit) => `${unit}\n`).join(""),
    );
  };
  const { times } = bars;
  if (times !== null) {
    const runs = runsOf(times);
    if (runs !== null) {
      await hash.update(`time runs 3 ${times.length}\n`);
      await hash.update(littleEndian(runs));
    } else {
      await hash.update(`time f64le 3 ${times.length}\n`);
      const room = new Float64Array(Math.min(TIMES_AT_ONCE, times.length));
      for (let t = 0; t < times.length; t += room.length) {
        const some = room.subarray(0, times.length - t);
        times.fill(some, t);
        await hash.update(littleEndian(some));
      }
    }
  }
  for (const name of COLUMN_NAMES) {
    const column = bars[name];
    if (column !== undefined && columns.includes(name)) {
      await add(name, column.units, column.decimals);
    }
  }
  return await hash.digest();
}

/** The first time, then each step and its count; null where that says less or is longer. */
function runsOf(times: Times): Float64Array | null {
  let runs = 0;
  times.eachStep(() => runs++);
  if (runs * RUN_LENGTH >= times.length || !times.areIntegers) return null;
  const numbers = new Float64Array(1 + 2 * runs);
  numbers[0] = times.at(0);
  let at = 1;
  times.eachStep((step, count) => {
    numbers[at++] = step;
    numbers[at++] = count;
  });
  return numbers;
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function littleEndian(units: Float64Array): Uint8Array {
  const bytes = new Uint8Array(units.buffer, units.byteOffset, units.byteLength);
  if (LITTLE_ENDIAN) return bytes;
  const view = new DataView(new ArrayBuffer(units.byteLength));
  units.forEach((unit, t) => view.setFloat64(t * 8, unit, true));
  return new Uint8Array(view.buffer);
}
