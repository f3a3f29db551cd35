/**
 * Columns by their titles: those that are known, and those that a config names.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { ColumnName } from "../experiment.ts";
import { nearest } from "../nearest.ts";
import { quote } from "../quote.ts";
import type { Survey } from "./survey/survey.ts";

/**
 * Names of columns as they stand in a file, by what they are; `none` for no
 * time, and for no column that identifies an instrument.
 */
export type ColumnOverrides = {
  readonly [K in ColumnName | "time" | "symbol"]?: string | undefined;
};

/**
 * Names under which files keep a column, best first, in lower case. An
 * adjusted close is another number than the close, and a "price" or "last" may
 * be one: these are offered, not taken.
 */
const ALIASES: Readonly<Record<ColumnName | "time", readonly string[]>> = {
  time: [
    "timestamp",
    "time",
    "datetime",
    "open_time",
    "open time",
    "opentime",
    "unix timestamp",
    "unix_timestamp",
    "unix",
    "date",
    "date_time",
    "date time",
    "date(utc)",
    "time(utc)",
    "t",
  ],
  open: ["open", "open_price", "open price", "o"],
  high: ["high", "high_price", "high price", "h"],
  low: ["low", "low_price", "low price", "l"],
  close: ["close", "close_price", "close price", "closeprice", "close/last", "close*", "c"],
  volume: ["volume", "vol", "vol.", "v"],
};

/** Names that a close is often given, and that are not taken for one. */
const NEARLY_CLOSE = ["price", "last", "last price", "adj close", "adj. close", "adjusted close"];

/** A name that a shell takes as it stands between double quotes. */
const PLAIN_NAME = /^[\p{L}\p{N} _.,:()%/+-]{1,60}$/u;

/** What is looked for in a header. */
export interface ColumnRequest {
  /** The columns that the experiment reads. */
  readonly wanted: readonly ColumnName[];
  /** Columns that are read where the file has them. */
  readonly optional?: readonly ColumnName[];
  /** Prices that are read for checks alone, where the file has them and every row has one. */
  readonly checks?: readonly ColumnName[];
  /** The config's `columns:`. */
  readonly overrides: ColumnOverrides;
  /** The file's path, for messages. */
  readonly path: string;
  /** The instrument whose rows are taken. */
  readonly symbol?: string | undefined;
  /** Whether the file has titles; else its columns are numbered. */
  readonly hasTitles?: boolean;
  /** What all rows say, where the titles alone do not. */
  readonly survey?: Survey | undefined;
}

/**
 * The index of the field that is `column`: the one that the config names, or
 * one of a known name; null if there is none.
 *
 * @throws {UserError} if the config names one that is not there, or two are
 */
export function locate(
  header: readonly string[],
  column: ColumnName | "time",
  { overrides, path }: Pick<ColumnRequest, "overrides" | "path">,
): number | null {
  const chosen = overrides[column];
  if (chosen !== undefined) {
    const field = named(header, chosen, { column, path });
    if (field === null) throw missingColumn(header, { column, name: chosen, path });
    return field;
  }
  for (const name of ALIASES[column]) {
    const field = only(header, { column, name, path });
    if (field !== null) return field;
  }
  // Volumes carry their unit: Volume BTC, volume_usd.
  const volume = header.findIndex((title) => /^volume[ _(]/i.test(title));
  return column === "volume" && volume !== -1 ? volume : null;
}

/**
 * The index of the field that a config names by its title, or by its number
 * from 1 where no title is that; null if there is none.
 *
 * @throws {UserError} if two columns have that title
 */
export function named(
  header: readonly string[],
  chosen: string,
  { column, path }: { readonly column: string; readonly path: string },
): number | null {
  // The very name, where several differ in nothing but their case.
  const exact = header.indexOf(chosen.trim());
  if (exact !== -1 && header.indexOf(chosen.trim(), exact + 1) === -1) return exact;
  const field = only(header, { column, name: chosen, path });
  if (field !== null) return field;
  const number = /^[1-9]\d{0,5}$/.test(chosen.trim()) ? Number(chosen) : 0;
  return number >= 1 && number <= header.length ? number - 1 : null;
}

/** How a config names a field, in the form that a shell takes as it stands: its title or number. */
export function columnOption(
  header: readonly string[],
  { column, field }: { readonly column: string; readonly field: number },
): string {
  return `--set ${JSON.stringify(`columns.${column}=${columnName(header, field)}`)}`;
}

/** The title of a field if a config can name it so, else its number. */
export function columnName(header: readonly string[], field: number): string {
  const title = header[field]!;
  const isOnly = header.filter((other) => bareName(other) === bareName(title)).length === 1;
  return isOnly && PLAIN_NAME.test(title) && title.trim() !== "" ? title : `${field + 1}`;
}

/** The index of the one field of that name, in any case; null if there is none. */
function only(
  header: readonly string[],
  { column, name, path }: { readonly column: string; readonly name: string; readonly path: string },
): number | null {
  const found = header.flatMap((title, field) => bareName(title) === bareName(name) ? [field] : []);
  if (found.length > 1) {
    throw new UserError(
      `Cannot read column ${column} of ${path}: ${found.length} columns are named ${quote(name)}`,
      {
        code: "data_invalid",
        hint: `Name one of them by its number: ${
          found.map((field) => columnOption(header, { column, field })).join(" or ")
        }`,
      },
    );
  }
  return found[0] ?? null;
}

/** What a column of this title is, whatever else the file has; null if that is not known. */
export function knownRole(title: string): ColumnName | "time" | null {
  const bare = bareName(title);
  for (const [role, names] of Object.entries(ALIASES)) {
    if (names.includes(bare)) return role as ColumnName | "time";
  }
  return null;
}

/**
 * A title in lower case, without the angle brackets of some terminals' exports
 * and the numbers of some vendors: `<CLOSE>`, `4. close`.
 */
export function bareName(title: string): string {
  return title.trim().replace(/^<(.*)>$/, "$1").replace(/^\d+[a-z]?\. (?=\D)/, "").toLowerCase();
}

/** The error that a column is not there. */
export function missingColumn(
  header: readonly string[],
  { column, name, path }: { readonly column: string; readonly name: string; readonly path: string },
): UserError {
  const shown = header.slice(0, 20).map((title) => quote(title, 40)).join(", ");
  const more = header.length > 20 ? ` and ${header.length - 20} more` : "";
  const titles = header.filter((title) => title !== "");
  const nearly = column === "close"
    ? titles.find((title) => NEARLY_CLOSE.includes(bareName(title)))
    : undefined;
  const near = nearly ?? nearest(name, titles);
  const example = near !== undefined && PLAIN_NAME.test(near) ? near : "NAME";
  return new UserError(
    `Cannot find column ${quote(name)} in ${path}: it has ${shown}${more}` +
      (near === undefined ? "" : `; the nearest is ${quote(near, 40)}`),
    {
      code: "data_column_missing",
      hint: `If one of them is the ${column}, name it: --set ${
        JSON.stringify(`columns.${column}=${example}`)
      }`,
    },
  );
}
