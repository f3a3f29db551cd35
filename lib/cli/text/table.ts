/**
 * Text tables for people.
 *
 * @module
 */

import stringWidth from "string-width";
import { printable } from "../../quote.ts";

/** A cell: foreign text and how it is painted. */
export interface Cell {
  /** The text; it is made printable here. */
  readonly text: string;
  /** Paints it. */
  readonly paint?: (text: string) => string;
}

/** A column's title and side. */
export interface TableColumn {
  /** The title. */
  readonly title: string;
  /** Where its cells stand; default left. */
  readonly align?: "left" | "right";
}

/** How a table is drawn. */
export interface TableOptions {
  /** Paints the titles. */
  readonly paintTitle?: (text: string) => string;
  /** Characters after which a cell is cut; default 40. */
  readonly maxCell?: number;
}

/** A table with a line of titles, columns two spaces apart. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly (Cell | string)[])[],
  { paintTitle = (text) => text, maxCell = 40 }: TableOptions = {},
): string {
  // No more of it than can be seen is made printable: a cell may hold a megabyte.
  const shown = (text: string): string => cut(printable(text.slice(0, 2 * maxCell + 2)), maxCell);
  const titles = columns.map(({ title }): Cell => ({ text: title, paint: paintTitle }));
  const lines = [titles, ...rows].map((cells) =>
    columns.map((_, at): Cell => {
      const cell = cells[at] ?? "";
      return typeof cell === "string" ? { text: shown(cell) } : { ...cell, text: shown(cell.text) };
    })
  );
  const widths = columns.map((_, at) =>
    Math.max(...lines.map((cells) => stringWidth(cells[at]!.text)))
  );
  return lines.map((cells) =>
    cells.map(({ text, paint = (text) => text }, at) => {
      const space = " ".repeat(widths[at]! - stringWidth(text));
      return columns[at]!.align === "right" ? space + paint(text) : paint(text) + space;
    }).join("  ").trimEnd() + "\n"
  ).join("");
}

function cut(text: string, limit: number): string {
  const characters = Array.from(text);
  return characters.length > limit ? `${characters.slice(0, limit - 1).join("")}…` : text;
}
