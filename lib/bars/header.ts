/**
 * Which field of a row is which column, from the names in the header.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { ColumnName } from "../experiment.ts";
import { nearest } from "../nearest.ts";
import { quote } from "../quote.ts";

/** Names of columns as they stand in a file, by what they are; `time: none` for no time. */
export type ColumnOverrides = {
  readonly [K in ColumnName | "time"]?: string | undefined;
};

/** Names under which files keep the time of a bar, best first, in lower case. */
const TIME_NAMES = [
  "timestamp",
  "time",
  "datetime",
  "date",
  "open_time",
  "open time",
  "opentime",
  "unix timestamp",
  "unix",
] as const;

/** A name that a shell takes as it stands between double quotes. */
const PLAIN_NAME = /^[\p{L}\p{N} _.,:()%/+-]{1,60}$/u;

/** Where the wanted columns are. */
export interface ColumnPlan {
  /** Index of the field that holds the time, or null if there is none. */
  readonly time: number | null;
  /** Index of the field of each wanted column, in the order in which they were asked for. */
  readonly fields: readonly { readonly name: ColumnName; readonly field: number }[];
}

/** What is looked for in a header. */
export interface ColumnRequest {
  /** The columns that the experiment reads. */
  readonly wanted: readonly ColumnName[];
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
  const { wanted, overrides } = request;
  return {
    time: planTime(header, request),
    fields: wanted.map((name) => ({
      name,
      field: find(header, { column: name, name: overrides[name] ?? name }, request),
    })),
  };
}

function planTime(header: readonly string[], request: ColumnRequest): number | null {
  const chosen = request.overrides.time;
  if (chosen?.toLowerCase() === "none") return null;
  if (chosen !== undefined) return find(header, { column: "time", name: chosen }, request);
  const names = header.map((name) => name.toLowerCase());
  for (const name of TIME_NAMES) {
    const field = names.indexOf(name);
    if (field !== -1) return field;
  }
  return null;
}

/** The index of the field called `name`, which is to serve as `column`. */
function find(
  header: readonly string[],
  { column, name }: { readonly column: string; readonly name: string },
  { path }: ColumnRequest,
): number {
  const found = header.flatMap((title, field) =>
    title.toLowerCase() === name.trim().toLowerCase() ? [field] : []
  );
  const [field] = found;
  if (field === undefined) throw missingColumn(header, { column, name, path });
  if (found.length > 1) {
    throw new UserError(
      `Cannot read column ${column} of ${path}: ${found.length} columns are named ${quote(name)}`,
      { code: "data_invalid", hint: "Rename all but one of them in the header line." },
    );
  }
  return field;
}

function missingColumn(
  header: readonly string[],
  { column, name, path }: { readonly column: string; readonly name: string; readonly path: string },
): UserError {
  const shown = header.slice(0, 20).map((title) => quote(title, 40)).join(", ");
  const more = header.length > 20 ? ` and ${header.length - 20} more` : "";
  const near = nearest(name, header.filter((title) => title !== ""));
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
