/**
 * The table of a JSON document that holds the bars, as lines of CSV, so that
 * one parser serves all forms.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { quote } from "../../quote.ts";
import { MalformedRecord } from "../delimited/records.ts";
import { type ColumnOverrides, locate, named } from "../header.ts";
import { type JsonTable, jsonTables } from "./json_tables.ts";
import { jsonTree } from "./json_tree.ts";

/** What to do about a document that cannot be read. */
const HINT =
  "Rows are arrays or objects in an array, columns are arrays, or objects are keyed by " +
  "time. Was the file cut off?";

/** Which bars are asked for. */
export interface JsonBarsRequest {
  /** The config's `columns:`. */
  readonly overrides: ColumnOverrides;
  /** The instrument whose rows are taken. */
  readonly symbol?: string | undefined;
  /** The file's path, for messages. */
  readonly path: string;
}

/** Rows as lines of CSV. */
export interface JsonBars {
  /** The titles of the columns, or their numbers from 1. */
  readonly header: readonly string[];
  /** Whether the document names them. */
  readonly hasTitles: boolean;
  /** The rows, without the header, in UTF-8. */
  readonly bytes: Uint8Array;
  /** The key of the instrument that led to the rows; null where there is only one table. */
  readonly symbol: string | null;
}

/**
 * Finds the bars in a JSON document.
 *
 * @throws {UserError} if it is no JSON, has no table, or several that may be the bars
 */
export function jsonBars(bytes: Uint8Array, request: JsonBarsRequest): JsonBars {
  const { path } = request;
  let tables: readonly JsonTable[];
  try {
    tables = jsonTables(jsonTree(bytes), request.overrides.close);
  } catch (error) {
    if (!(error instanceof MalformedRecord)) throw error;
    throw new UserError(`Cannot read ${path}:${error.line}: ${error.message}`, {
      code: "data_invalid",
      hint: HINT,
      cause: error,
    });
  }
  const { table, symbol } = chosen(tables, request);
  const { header, hasTitles } = table;
  return { header, hasTitles, bytes: textOf(table), symbol };
}

function chosen(
  tables: readonly JsonTable[],
  request: JsonBarsRequest,
): { readonly table: JsonTable; readonly symbol: string | null } {
  const { path, symbol } = request;
  const [only] = tables;
  if (only === undefined) {
    throw new UserError(`Cannot read ${path}: it is JSON, and holds no table of bars`, {
      code: "data_invalid",
      hint: HINT,
    });
  }
  if (tables.length === 1) return { table: only, symbol: null };
  const candidates = tables.filter((table) => mayBeBars(table, request));
  if (candidates.length === 1) return { table: candidates[0]!, symbol: null };
  const asked = candidates.filter((table) => symbol !== undefined && table.path.includes(symbol));
  if (asked.length === 1) return { table: asked[0]!, symbol: symbol! };
  throw severalTables(candidates.length === 0 ? tables : candidates, path);
}

/** Whether a table has a close, or may have one. */
function mayBeBars({ header, hasTitles }: JsonTable, request: JsonBarsRequest): boolean {
  const { close } = request.overrides;
  if (close !== undefined) {
    return named(header, close, { column: "close", path: request.path }) !== null;
  }
  return hasTitles ? locate(header, "close", request) !== null : header.length >= 5;
}

/** How many tables are listed. */
const SHOWN = 8;

function severalTables(tables: readonly JsonTable[], path: string): UserError {
  const shown = tables.slice(0, SHOWN).map((table) =>
    `${quote(table.path.join("."), 60)} (${table.rows} row${table.rows === 1 ? "" : "s"})`
  );
  const more = tables.length > SHOWN ? ` and ${tables.length - SHOWN} more` : "";
  const key = tables[0]!.path.findLast((part) =>
    tables.filter((table) => table.path.includes(part)).length === 1
  );
  return new UserError(
    `Cannot read ${path} as one series: it holds ${tables.length} tables: ${
      shown.join(", ")
    }${more}`,
    {
      code: "data_several_instruments",
      hint: key === undefined
        ? "Keep the table of the bars alone."
        : `Take one of them by its key: --set ${JSON.stringify(`symbol=${key}`)}`,
    },
  );
}

/** How many rows are put together before they are encoded. */
const ROWS_AT_ONCE = 4096;

function textOf({ header, rows, cell }: JsonTable): Uint8Array {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    let text = "";
    for (let row = from; row < Math.min(rows, from + ROWS_AT_ONCE); row++) {
      text += `${header.map((_, column) => quoted(cell(row, column))).join(",")}\n`;
    }
    pieces.push(encoder.encode(text));
  }
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function quoted(text: string): string {
  return /[",\r\n#]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
