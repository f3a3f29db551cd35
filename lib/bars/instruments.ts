/**
 * Whose bars the rows of a file are: by the columns that identify an
 * instrument. Bars of two are never read as one series. Pure.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { quote } from "../quote.ts";
import { bareName, columnName, type ColumnOverrides, missingColumn, named } from "./header.ts";
import type { UnderstoodColumn, UnderstoodSymbol } from "./quality/understood.ts";
import type { HiddenInstruments } from "./survey/instrument_rule.ts";
import type { RowFields } from "./time_field.ts";

/** Titles of columns that identify an instrument, the most telling first. */
const TITLES: readonly string[] = [
  "symbol",
  "ticker",
  "ts_code",
  "secid",
  "figi",
  "isin",
  "ric",
  "cusip",
  "instrument_id",
  "instrument id",
  "instrumentid",
  "instrument",
  "instrument_name",
  "contract",
  "product_id",
  "pair",
  "market",
  "asset",
  "asset_id",
  "coin",
  "security",
  "code",
  "name",
  "tic",
  "s",
];

/** How many values a refusal lists. */
const SHOWN = 10;

/** No more different values are counted. */
const MOST_VALUES = 100_000;

const decoder = new TextDecoder();

/** A column that identifies an instrument. */
export interface SymbolColumn extends UnderstoodColumn {
  /** Index of its field. */
  readonly field: number;
}

/** What the config says of instruments. */
export interface SymbolRequest {
  /** The config's `columns:`. */
  readonly overrides: ColumnOverrides;
  /** The instrument whose rows are taken. */
  readonly symbol?: string | undefined;
  /** The file's path, for messages. */
  readonly path: string;
}

/**
 * The columns that identify an instrument, the most telling first.
 *
 * @throws {UserError} if the config names one that is not there
 */
export function symbolColumns(
  header: readonly string[],
  { overrides: { symbol: chosen }, path, symbol }: SymbolRequest,
): readonly SymbolColumn[] {
  if (chosen?.toLowerCase() === "none") return [];
  const titled = TITLES.flatMap((name) =>
    header.flatMap((title, field): SymbolColumn[] =>
      bareName(title) === name ? [{ field, title, by: "title", why: null }] : []
    )
  );
  if (chosen === undefined) {
    if (symbol !== undefined && titled.length === 0) {
      throw missingColumn(header, { column: "symbol", name: "symbol", path });
    }
    return titled;
  }
  const field = named(header, chosen, { column: "symbol", path });
  if (field === null) throw missingColumn(header, { column: "symbol", name: chosen, path });
  return [{ field, title: header[field]!, by: "config", why: null }];
}

/** Tells of each row whether it counts, and of all whether they are of one instrument. */
export class Instruments {
  readonly #columns: readonly SymbolColumn[];
  readonly #request: SymbolRequest;
  readonly #header: readonly string[];
  /** How many rows have each value, by column. */
  readonly #counts: readonly Map<string, number>[];
  readonly #last: (Uint8Array | null)[];
  readonly #lastText: string[];
  #others = 0;

  /** For one file. */
  constructor(
    columns: readonly SymbolColumn[],
    { header, ...request }: SymbolRequest & { readonly header: readonly string[] },
  ) {
    this.#columns = columns;
    this.#request = request;
    this.#header = header;
    this.#counts = columns.map(() => new Map());
    this.#last = columns.map(() => null);
    this.#lastText = columns.map(() => "");
  }

  /** Whether the row is one of the instrument that is asked for. */
  take(bytes: Uint8Array, row: RowFields): boolean {
    const { symbol } = this.#request;
    if (symbol !== undefined && this.#count(bytes, row, 0) !== symbol) {
      this.#others++;
      return false;
    }
    for (let at = symbol === undefined ? 0 : 1; at < this.#columns.length; at++) {
      this.#count(bytes, row, at);
    }
    return true;
  }

  /**
   * The instrument; null if no column names one.
   *
   * @throws {UserError} if the rows are of several, or none is of the one that is asked for
   */
  finish(): UnderstoodSymbol | null {
    const { symbol, path } = this.#request;
    const [column] = this.#columns;
    if (column === undefined) return null;
    if (symbol !== undefined && !this.#counts[0]!.has(symbol)) throw this.#notThere(symbol);
    const several = this.#counts.findIndex((counts, at) =>
      counts.size > 1 && (at > 0 || symbol === undefined)
    );
    if (several !== -1) throw this.#several(several, path);
    const { title, by, why } = column;
    const [only] = this.#counts[0]!.keys();
    return only === undefined
      ? null
      : { title, by, why, symbol: symbol ?? only, otherRows: this.#others };
  }

  /** Counts the value of a column, and gives it. */
  #count(bytes: Uint8Array, { starts, ends }: RowFields, at: number): string {
    const { field } = this.#columns[at]!;
    const [start, end] = [starts[field]!, ends[field]!];
    if (!isSame(this.#last[at]!, bytes, start, end)) {
      this.#last[at] = bytes.slice(start, end);
      this.#lastText[at] = decoder.decode(this.#last[at]!).trim();
    }
    const text = this.#lastText[at]!;
    const counts = this.#counts[at]!;
    const count = counts.get(text);
    if (count !== undefined || counts.size < MOST_VALUES) counts.set(text, (count ?? 0) + 1);
    return text;
  }

  #several(at: number, path: string): UserError {
    const counts = this.#counts[at]!;
    const { title, field } = this.#columns[at]!;
    const [first] = byCount(counts);
    const name = columnName(this.#header, field);
    const isFirst = at === 0;
    const column = isFirst ? "" : ` --set ${JSON.stringify(`columns.symbol=${name}`)}`;
    return new UserError(
      `Cannot read ${path} as one series: its column ${quote(title)} names ${counts.size} ` +
        `instruments: ${listed(counts)}`,
      {
        code: "data_several_instruments",
        hint: `Take one of them: --set ${JSON.stringify(`symbol=${first![0]}`)}${column}. If the ` +
          "column names no instruments: --set columns.symbol=none",
      },
    );
  }

  #notThere(symbol: string): UserError {
    const { title } = this.#columns[0]!;
    const counts = this.#counts[0]!;
    return new UserError(
      `Cannot find symbol ${quote(symbol)} in ${this.#request.path}: its column ` +
        `${quote(title)} has ${listed(counts)}`,
      {
        code: "data_several_instruments",
        hint: `Take one of these: --set ${JSON.stringify(`symbol=${byCount(counts)[0]![0]}`)}`,
      },
    );
  }
}

/** The error that the values of a column separate series though its title names no instruments. */
export function severalHidden(
  header: readonly string[],
  { hidden: { field, counts }, path }: {
    readonly hidden: HiddenInstruments;
    readonly path: string;
  },
): UserError {
  const name = columnName(header, field);
  const [first] = byCount(counts);
  const column = JSON.stringify(`columns.symbol=${name}`);
  return new UserError(
    `Cannot read ${path} as one series: its times start anew between the ${counts.size} values of ` +
      `column ${quote(name)}: ${listed(counts)}`,
    {
      code: "data_several_instruments",
      hint: `If these are instruments, take one: --set ${column} --set ${
        JSON.stringify(`symbol=${first![0]}`)
      }. If not: --set columns.symbol=none`,
    },
  );
}

function isSame(last: Uint8Array | null, bytes: Uint8Array, start: number, end: number): boolean {
  if (last === null || last.length !== end - start) return false;
  for (let at = 0; at < last.length; at++) if (last[at] !== bytes[start + at]) return false;
  return true;
}

/** The values, the most frequent first. */
function byCount(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([, a], [, b]) => b - a);
}

function listed(counts: ReadonlyMap<string, number>): string {
  const shown = byCount(counts).slice(0, SHOWN).map(([value, count]) =>
    `${quote(value, 40)} (${count} row${count === 1 ? "" : "s"})`
  );
  const more = counts.size > SHOWN ? ` and ${counts.size - SHOWN} more` : "";
  return `${shown.join(", ")}${more}`;
}
