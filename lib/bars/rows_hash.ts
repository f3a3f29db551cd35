/**
 * The hash of what was understood, whatever the file looked like: two files
 * with the same times and values hash alike, however they quote, end lines or
 * order columns.
 *
 * @module
 */

import { COLUMN_NAMES, type ColumnName, type Units } from "../experiment.ts";
import type { Bars } from "../experiment.ts";
import { Sha256 } from "../sha256.ts";

/**
 * SHA-256 over the times and the given columns of the bars, as `sha256:…`.
 * Hashed are, for the time and each column in the order of
 * {@linkcode COLUMN_NAMES}, a line with name, form, decimals and count, then
 * the numbers: little-endian doubles, or decimal text where they are wider.
 */
export async function rowsHash(bars: Bars, columns: readonly ColumnName[]): Promise<string> {
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
  if (bars.times !== null) await add("time", bars.times, 3);
  for (const name of COLUMN_NAMES) {
    if (columns.includes(name)) await add(name, bars[name].units, bars[name].decimals);
  }
  return await hash.digest();
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function littleEndian(units: Float64Array): Uint8Array {
  const bytes = new Uint8Array(units.buffer, units.byteOffset, units.byteLength);
  if (LITTLE_ENDIAN) return bytes;
  const view = new DataView(new ArrayBuffer(units.byteLength));
  units.forEach((unit, t) => view.setFloat64(t * 8, unit, true));
  return new Uint8Array(view.buffer);
}
