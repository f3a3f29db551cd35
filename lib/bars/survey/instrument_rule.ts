/**
 * Whether the rows of a file are those of several instruments though no title
 * says so: times repeat or start anew, and between the values of one column
 * alone. Sides, sessions and weekdays are text that repeats, too, but times go
 * on among them. Pure.
 *
 * @module
 */

import { directionOf } from "./time_cells.ts";
import type { CellTexts, Survey } from "./survey.ts";

/** A column that separates rows whose times are in order only within its values. */
export interface HiddenInstruments {
  /** Index of its field. */
  readonly field: number;
  /** How many rows each value has. */
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * The column that separates the rows; null if there is none.
 *
 * @param time the field of the times
 * @param known fields that are known to be something else
 */
export function hiddenInstruments(
  { columns, rows }: Survey,
  { time, known }: { readonly time: number; readonly known: readonly number[] },
): HiddenInstruments | null {
  const times = columns[time]!.times;
  if (times === null || times.direction === "strict" || rows < 4) return null;
  for (const { field, texts } of columns) {
    if (field === time || known.includes(field) || texts === null) continue;
    const values = texts.different.length;
    if (values < 2 || values * 2 > rows || !separates(texts, times.ms)) continue;
    const counts = new Map(texts.different.map((text) => [text, 0]));
    for (const code of texts.codes) {
      const text = texts.different[code]!;
      counts.set(text, counts.get(text)! + 1);
    }
    return { field, counts };
  }
  return null;
}

/** Whether times are in one direction, each another one, within every value. */
function separates({ different, codes }: CellTexts, ms: Float64Array): boolean {
  const groups = different.map((): number[] => []);
  for (let row = 0; row < ms.length; row++) groups[codes[row]!]!.push(ms[row]!);
  return groups.filter(({ length }) => length > 1).length > 1 &&
    groups.every((group) => directionOf(Float64Array.from(group)) === "strict");
}
