/**
 * Which field of a row is which column, from the names in the header.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { ColumnName } from "../experiment.ts";
import { nearest } from "../nearest.ts";
import { quote } from "../quote.ts";
import type { Understood, UnderstoodColumn } from "./quality/understood.ts";

/** Names of columns as they stand in a file, by what they are; `time: none` for no time. */
export type ColumnOverrides = {
  readonly [K in ColumnName | "time"]?: string | undefined;
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

/** Where the wanted columns are. */
export interface ColumnPlan {
  /** Index of the field that holds the time, or null if there is none. */
  readonly time: number | null;
  /** Index of the field of each wanted column, in the order in which they were asked for. */
  readonly fields: readonly { readonly name: ColumnName; readonly field: number }[];
  /** The same in words, and what told it. */
  readonly understood: Understood;
}

/** What is looked for in a header. */
export interface ColumnRequest {
  /** The columns that the experiment reads. */
  readonly wanted: readonly ColumnName[];
  /** Columns that are read where the file has them. */
  readonly optional?: readonly ColumnName[];
  /** The config's `columns:`. */
  readonly overrides: ColumnOverrides;
  /** The file's path, for messages. */
  readonly path: string;
}

/**
 * Finds each wanted column by its name, in any case and order.
 *
 * @throws {UserError} if one is missing or there twice; it says which columns
 * there are and which is nearest
 */
export function planColumns(header: readonly string[], request: ColumnRequest): ColumnPlan {
  const { wanted, optional = [], overrides } = request;
  const time = overrides.time?.toLowerCase() === "none" ? null : locate(header, "time", request);
  const fields = [...wanted, ...optional].flatMap((name) => {
    const field = locate(header, name, request);
    if (field !== null) return [{ name, field }];
    if (optional.includes(name)) return [];
    throw missingColumn(header, { column: name, name, path: request.path });
  });
  const told = (name: ColumnName | "time", field: number | null): UnderstoodColumn | null =>
    field === null ? null : {
      title: header[field]!,
      by: overrides[name] === undefined ? "title" : "config",
      why: null,
    };
  const close = fields.find(({ name }) => name === "close")?.field ?? null;
  const understood = {
    close: told("close", close),
    time: told("time", time),
    timeOfDay: null,
    symbol: null,
  };
  return { time, fields, understood };
}

/** The index of the field that is `column`: the one that the config names, or one of a known name. */
function locate(
  header: readonly string[],
  column: ColumnName | "time",
  { overrides, path }: ColumnRequest,
): number | null {
  const chosen = overrides[column];
  if (chosen !== undefined) {
    // The very name, where several differ in nothing but their case.
    const exact = header.indexOf(chosen.trim());
    const field = exact === -1 ? only(header, { column, name: chosen, path }) : exact;
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

/** The index of the one field of that name, in any case; null if there is none. */
function only(
  header: readonly string[],
  { column, name, path }: { readonly column: string; readonly name: string; readonly path: string },
): number | null {
  const found = header.flatMap((title, field) => bareName(title) === bareName(name) ? [field] : []);
  if (found.length > 1) {
    throw new UserError(
      `Cannot read column ${column} of ${path}: ${found.length} columns are named ${quote(name)}`,
      { code: "data_invalid", hint: "Rename all but one of them in the header line." },
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

/** A title in lower case, without the angle brackets of some terminals' exports. */
function bareName(title: string): string {
  return title.trim().replace(/^<(.*)>$/, "$1").toLowerCase();
}

function missingColumn(
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
