/**
 * GitHub Markdown whose foreign text stays text: no markup, no links, no
 * mentions, nothing that leaves its cell.
 *
 * @module
 */

import stringWidth from "string-width";
import { printable } from "../../quote.ts";
import type { TableColumn } from "./table.ts";

const ESCAPES: readonly (readonly [RegExp, string])[] = [
  [/[\\`*[\]|~]/g, "\\$&"],
  // Within a word it is no markup, and names are full of it.
  [/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_"],
  [/&/g, "&amp;"],
  [/</g, "&lt;"],
  [/>/g, "&gt;"],
  // GitHub looks for these in what is rendered, where only a space of no width keeps them apart.
  [/[@#](?=[\p{L}\p{N}])/gu, "$&&#8203;"],
  [/\$/g, "&#36;"],
  [/:(?=\/\/)/g, "&#58;"],
  [/\bwww\./gi, "www&#46;"],
];

/**
 * Text that GitHub shows as it is, within a line or a cell of a table.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { markdownText } from "./markdown.ts";
 *
 * assertEquals(markdownText("a|b `c` signal_rate"), "a\\|b \\`c\\` signal_rate");
 * ```
 */
export function markdownText(text: string): string {
  return ESCAPES.reduce((out, [what, by]) => out.replace(what, by), printable(text));
}

/** A table; titles and cells are foreign text, cells longer than `maxCell` characters are cut. */
export function markdownTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  { maxCell = 100 }: { readonly maxCell?: number } = {},
): string {
  const cell = (text = ""): string => {
    const characters = Array.from(text.slice(0, 2 * maxCell + 2));
    const cut = characters.length > maxCell;
    return markdownText(cut ? `${characters.slice(0, maxCell - 1).join("")}…` : text);
  };
  const lines = [columns.map(({ title }) => title), ...rows]
    .map((cells) => columns.map((_, at) => cell(cells[at])));
  const widths = columns.map((_, at) => Math.max(3, ...lines.map((l) => stringWidth(l[at]!))));
  const padded = lines.map((cells) =>
    cells.map((text, at) => {
      const space = " ".repeat(widths[at]! - stringWidth(text));
      return columns[at]!.align === "right" ? space + text : text + space;
    })
  );
  const rule = columns.map(({ align }, at) =>
    align === "right" ? `${"-".repeat(widths[at]! - 1)}:` : "-".repeat(widths[at]!)
  );
  const [titles, ...body] = padded;
  return [titles!, rule, ...body].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}
