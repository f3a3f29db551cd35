/**
 * The columns of files without a header line, as exchanges and vendors lay
 * them out.
 *
 * @module
 */

/** A layout: what its source is called, and its columns. */
export interface Layout {
  /** Who writes such files. */
  readonly name: string;
  /** The columns in order. */
  readonly columns: readonly string[];
}

/** The layouts by their number of columns. */
const LAYOUTS: readonly Layout[] = [
  { name: "OHLC", columns: ["time", "open", "high", "low", "close"] },
  { name: "OHLCV", columns: ["time", "open", "high", "low", "close", "volume"] },
  {
    name: "Kraken OHLCVT",
    columns: ["time", "open", "high", "low", "close", "volume", "trades"],
  },
  {
    name: "Binance klines",
    columns: [
      "open_time",
      "open",
      "high",
      "low",
      "close",
      "volume",
      "close_time",
      "quote_volume",
      "count",
      "taker_buy_volume",
      "taker_buy_quote_volume",
      "ignore",
    ],
  },
];

/**
 * The layout of a row without header: by its number of columns, if the second
 * to fifth can be open, high, low and close. Of any other file the columns
 * are called 1, 2, 3, …, so that a config can name them.
 */
export function layoutOf(cells: readonly string[]): Layout {
  const known = LAYOUTS.find(({ columns }) => columns.length === cells.length);
  const [open, high, low, close] = cells.slice(1, 5).map(Number);
  const plausible = high! >= Math.max(open!, close!, low!) && low! <= Math.min(open!, close!);
  if (known !== undefined && plausible) return known;
  return { name: "numbered columns", columns: cells.map((_, at) => String(at + 1)) };
}
