/**
 * Layouts of files without titles, as exchanges and vendors write them. They
 * name what the rows have told, and say where the volume is. Pure.
 *
 * @module
 */

import type { PriceFields } from "./layout_rule.ts";

/** A layout that rows can confirm. */
export interface KnownLayout {
  /** Who writes such files. */
  readonly name: string;
  /** How many columns it has. */
  readonly columns: number;
  /** Where the time is. */
  readonly time: number;
  /** Where the prices are. */
  readonly prices: PriceFields;
  /** Where the volume is; null without one. */
  readonly volume: number | null;
}

/** A layout in one line: `t` time, `o h l c` prices, `v` volume, `-` anything else. */
function layout(name: string, columns: string): KnownLayout {
  const at = (letter: string) => columns.indexOf(letter);
  return {
    name,
    columns: columns.length,
    time: at("t"),
    prices: { open: at("o"), high: at("h"), low: at("l"), close: at("c") },
    volume: at("v") === -1 ? null : at("v"),
  };
}

const LAYOUTS: readonly KnownLayout[] = [
  layout("time and OHLC", "tohlc"),
  layout("time and OHLCV", "tohlcv"),
  layout("Kraken OHLCVT, or Bybit", "tohlcv-"),
  layout("Kraken", "tohlc-v-"),
  layout("Binance klines", "tohlcv------"),
  layout("OKX", "tohlcv---"),
  layout("Bitfinex", "tochlv"),
  layout("KuCoin", "tochlv-"),
  layout("Coinbase", "tlhocv"),
  layout("Gate", "tvchlo"),
  layout("Gate", "t-chlov-"),
  layout("yfinance without a volume", "tchlo"),
  layout("yfinance", "tchlov"),
  layout("yfinance with an adjusted close", "t-chlov"),
  layout("MetaTrader, date and time apart", "t-ohlc"),
  layout("MetaTrader, date and time apart", "t-ohlcv"),
  layout("MetaTrader, date and time apart", "t-ohlcv--"),
];

/** The layout that has these columns, if it is a known one. */
export function knownLayout(
  { columns, time, prices }: Omit<KnownLayout, "name" | "volume">,
): KnownLayout | undefined {
  return LAYOUTS.find((known) =>
    known.columns === columns && known.time === time &&
    (["open", "high", "low", "close"] as const).every((name) => known.prices[name] === prices[name])
  );
}
