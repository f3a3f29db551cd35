/**
 * To which fields of a row the titles belong where there is one fewer of them:
 * R writes the names of rows without a title, others end each row with a
 * delimiter. Pure.
 *
 * @module
 */

import { knownRole } from "../header.ts";
import { isMissing, looksLikeNumber, looksLikeTime, roughNumber } from "./cell_kinds.ts";

/**
 * A name for each field that has a value.
 *
 * @param names the titles
 * @param rows rows of values, all of one length
 * @returns null if the rows do not tell to which fields the titles belong
 */
export function alignedNames(
  names: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] | null {
  const width = rows[0]?.length ?? names.length;
  const endsEmpty = rows.every((cells) => cells.at(-1) === "");
  if (names.length > width) return names.slice(0, width);
  if (names.length === width) {
    return width > 1 && names.at(-1) === "" && endsEmpty ? names.slice(0, -1) : names;
  }
  const fits = typesFit(names, { rows, shift: 0 });
  const fitsShifted = typesFit(names, { rows, shift: 1 });
  const shifted = ["", ...names];
  if (fits && fitsShifted) return endsEmpty && !areCounted(rows) ? names : null;
  if (fits) return endsEmpty ? names : null;
  return fitsShifted ? shifted : null;
}

/** Whether the first fields count the rows. */
function areCounted(rows: readonly (readonly string[])[]): boolean {
  const first = Number(rows[0]?.[0]);
  return rows.every(([cell], at) => Number(cell) === first + at);
}

/** Whether fields can be what the titles say, which stand `shift` fields before them. */
function typesFit(
  names: readonly string[],
  { rows, shift }: { readonly rows: readonly (readonly string[])[]; readonly shift: number },
): boolean {
  const prices = new Map<string, number>();
  for (const [at, name] of names.entries()) {
    const role = knownRole(name);
    if (role === null) continue;
    const cells = rows.map((row) => row[at + shift] ?? "").filter((cell) => !isMissing(cell));
    if (!cells.every(role === "time" ? looksLikeTime : looksLikeNumber)) return false;
    if (role === "close" && cells.length === 0) return false;
    if (role !== "time") prices.set(role, at + shift);
  }
  // A vendor's slip must not count against the titles.
  return rows.filter((row) => !isBar(row, prices)).length * 5 <= rows.length;
}

/** Whether open and close lie between low and high, as far as they are there. */
function isBar(row: readonly string[], prices: ReadonlyMap<string, number>): boolean {
  const [open, high, low, close] = ["open", "high", "low", "close"].map((name) =>
    prices.has(name) ? roughNumber(row[prices.get(name)!] ?? "") : NaN
  );
  return ![open!, low!, close!].some((price) => price > high!) &&
    ![open!, close!].some((price) => price < low!);
}
