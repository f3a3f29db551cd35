/**
 * Whether a point or a comma begins the fractions of a column, told from its
 * cells. Pure.
 *
 * @module
 */

import { plainNumber } from "./number_forms.ts";

/** What `decimal_mark` may be. */
export const DECIMAL_MARKS = ["point", "comma"] as const;

/** What begins a fraction. */
export type DecimalMark = typeof DECIMAL_MARKS[number];

/**
 * What a cell says of the mark: it is a number with that one only; with either,
 * and another one, as its comma (`1,234`) or its point (`1.234`) may group
 * thousands; or nothing.
 */
export type MarkEvidence = DecimalMark | "open comma" | "open point" | "none";

/** What a cell says of the mark. */
export function evidenceOf(cell: string): MarkEvidence {
  if (!/[.,]/.test(cell)) return "none";
  const point = plainNumber(cell, "point");
  const comma = plainNumber(cell, "comma");
  if (point === comma) return "none";
  if (comma === null) return "point";
  if (point === null) return "comma";
  return cell.includes(",") ? "open comma" : "open point";
}

/**
 * What the cells of a column say: the mark, once one of them is a number with
 * that one only; else that some may be either, commas before points.
 */
export function columnEvidence(cells: readonly string[]): MarkEvidence {
  const found = cells.map(evidenceOf);
  return found.find((evidence) => evidence === "point" || evidence === "comma") ??
    (["open comma", "open point"] as const).find((open) => found.includes(open)) ?? "none";
}

/**
 * The mark of a column by what its own cells say, else by what the other
 * columns of its file agree on; null where that does not tell. A point is not
 * taken for one that groups as other columns have decimal commas: that is
 * `doubtful`.
 */
export function markOf(
  own: MarkEvidence,
  file: readonly MarkEvidence[],
): DecimalMark | null | "doubtful" {
  if (own === "point" || own === "comma") return own;
  const marks = new Set(file.filter((mark) => mark === "point" || mark === "comma"));
  const [mark = null] = marks.size === 1 ? marks : [];
  return mark === "comma" && own === "open point" ? "doubtful" : mark;
}
