/**
 * Which columns of a file became time and close, and how that was told. Pure.
 *
 * @module
 */

/** What told what a column is: the config, its title, a layout that the rows confirm, or the rows. */
export type ToldBy = "config" | "title" | "layout" | "rows";

/** A column of a file that was given a meaning. */
export interface UnderstoodColumn {
  /** Its title as it stands in the file; of a file without titles its number, from 1. */
  readonly title: string;
  /** What told its meaning. */
  readonly by: ToldBy;
  /** More of that in words: `Binance klines`; null if there is no more. */
  readonly why: string | null;
}

/** The instrument whose rows were taken. */
export interface UnderstoodSymbol extends UnderstoodColumn {
  /** Its symbol, as it stands in that column. */
  readonly symbol: string;
  /** Rows of other instruments, which were passed over. */
  readonly otherRows: number;
}

/** What was understood of a file; null is what it has not, or was not asked for. */
export interface Understood {
  /** The close. */
  readonly close: UnderstoodColumn | null;
  /** The time of a bar, or its date where the time of day is apart. */
  readonly time: UnderstoodColumn | null;
  /** The time of day, where it is apart from the date. */
  readonly timeOfDay: UnderstoodColumn | null;
  /** The instrument, where a column names it. */
  readonly symbol: UnderstoodSymbol | null;
}

/** What was understood, as flat fields with the names under which it is recorded. */
export type UnderstoodFields =
  & Readonly<
    Record<
      | "close_column"
      | "close_told_by"
      | "time_column"
      | "time_told_by"
      | "symbol_column"
      | "symbol",
      string | null
    >
  >
  & { readonly rows_of_other_symbols: number | null };

/** The fields of one file, or of several where they may differ. */
export function understoodFields(files: readonly Understood[]): UnderstoodFields {
  const all = (text: (file: Understood) => string | null): string | null => {
    const texts = new Set(files.map(text).filter((found) => found !== null));
    return texts.size === 0 ? null : [...texts].join("; ");
  };
  return {
    close_column: all(({ close }) => close?.title ?? null),
    close_told_by: all(({ close }) => close === null ? null : toldBy(close)),
    time_column: all(({ time, timeOfDay }) =>
      time === null ? null : [time, timeOfDay].flatMap((part) => part?.title ?? []).join(" + ")
    ),
    time_told_by: all(({ time }) => time === null ? null : toldBy(time)),
    symbol_column: all(({ symbol }) => symbol?.title ?? null),
    symbol: all(({ symbol }) => symbol?.symbol ?? null),
    rows_of_other_symbols: files.every(({ symbol }) => symbol === null)
      ? null
      : files.reduce((sum, { symbol }) => sum + (symbol?.otherRows ?? 0), 0),
  };
}

/** `title`, `rows: the only column of times in one direction`. */
function toldBy({ by, why }: UnderstoodColumn): string {
  return why === null ? by : `${by}: ${why}`;
}
