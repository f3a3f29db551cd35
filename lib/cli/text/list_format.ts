/**
 * The forms in which lists are printed: a table for people, JSON, JSON Lines,
 * CSV for spreadsheets, Markdown for pull requests.
 *
 * @module
 */

import { usageError } from "../../errors.ts";
import type { Output } from "../../host.ts";
import { printable } from "../../quote.ts";
import { type Flag, type Flags, JSON_FLAG } from "../commands/command.ts";
import { formatValue } from "./format.ts";
import type { Style } from "./style.ts";
import { type Cell, table, type TableColumn } from "./table.ts";

/** The flags that choose a form. */
export const FORMAT_FLAGS: readonly Flag[] = [
  JSON_FLAG,
  { name: "jsonl", help: "print JSON Lines: one object a line" },
  { name: "csv", help: "print CSV, for spreadsheets" },
  { name: "md", help: "print a Markdown table" },
];

/** A form of a list. */
export type ListFormat = "table" | "json" | "jsonl" | "csv" | "md";

/**
 * The form that was asked for; a table without a flag.
 *
 * @throws {UserError} if there are several
 */
export function listFormat(flags: Flags): ListFormat {
  const asked = (["json", "jsonl", "csv", "md"] as const).filter((name) => flags.has(name));
  if (asked.length > 1) {
    throw usageError(
      `Cannot print ${asked.map((name) => `--${name}`).join(" and ")} at once`,
      "Leave out all but one.",
    );
  }
  return asked[0] ?? "table";
}

/** A cell of a list: its value, and how people read it where that is something else. */
export interface ListCell {
  /** Text, a number, true, false, null, or what JSON has besides. */
  readonly value: unknown;
  /** For people; default the value's own text. */
  readonly text?: string;
  /** Paints it in a table. */
  readonly paint?: (text: string) => string;
}

/** A column of a list. */
export interface ListTitle extends TableColumn {
  /** What it is called in CSV. */
  readonly name: string;
}

/** What {@linkcode writeList} writes. */
export interface ListContent {
  /** The columns. */
  readonly columns: readonly ListTitle[];
  /** The rows, a cell for each column. */
  readonly rows: readonly (readonly ListCell[])[];
}

/** Writes a list as a table, CSV or Markdown. JSON is of the command's own making. */
export async function writeList(
  { columns, rows }: ListContent,
  { format, stdout, style, isContinued = false }: {
    readonly format: Exclude<ListFormat, "json" | "jsonl">;
    /** Whether the titles of CSV were written before. */
    readonly isContinued?: boolean;
    readonly stdout: Output;
    readonly style: Style;
  },
): Promise<void> {
  if (format === "csv") {
    const lines = [
      ...(isContinued ? [] : [columns.map(({ name }) => csvCell(name))]),
      ...rows.map((cells) => cells.map(({ value }) => csvCell(value))),
    ];
    // A terminal is no spreadsheet: there, too, foreign text must command nothing.
    const shown = stdout.isTerminal ? lines.map((cells) => cells.map(printable)) : lines;
    const { stringify } = await import("@std/csv/stringify");
    stdout.write(stringify(shown, { headers: false }));
  } else if (format === "md") {
    const { markdownTable } = await import("./markdown.ts");
    stdout.write(markdownTable(columns, rows.map((cells) => cells.map(textOf))));
  } else {
    const shown = rows.map((cells) =>
      cells.map((cell): Cell | string =>
        cell.paint === undefined ? textOf(cell) : { text: textOf(cell), paint: cell.paint }
      )
    );
    stdout.write(table(columns, shown, { paintTitle: style.bold }));
  }
}

function textOf({ value, text }: ListCell): string {
  return text ?? formatValue(value);
}

/**
 * A value as a cell of CSV. A spreadsheet takes text that begins like a
 * formula for one, and runs it: an apostrophe in front keeps it text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { csvCell } from "./list_format.ts";
 *
 * assertEquals([csvCell("=1+1"), csvCell(-5), csvCell("-5"), csvCell("a=b")], ["'=1+1", "-5", "-5", "a=b"]);
 * ```
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
  return /^[=+\-@\t\r]/.test(text) && !isNumber ? `'${text}` : text;
}
