/**
 * `deno task bench:indicators`: how long each indicator takes on 100,000
 * bars: 1 ms is a hundred million bars a second.
 *
 * @module
 */

import type { Bars, Column } from "../../lib/experiment.ts";
import { decimalColumn } from "../../lib/bars/number/decimal_column.ts";
import { randomStreams } from "../../lib/random.ts";
import { atr } from "../../lib/signal/atr.ts";
import { bollinger } from "../../lib/signal/bollinger.ts";
import { donchian } from "../../lib/signal/donchian.ts";
import { ema } from "../../lib/signal/ema.ts";
import { rollingMaximum, rollingMinimum } from "../../lib/signal/extremes.ts";
import { keltner } from "../../lib/signal/keltner.ts";
import { macd } from "../../lib/signal/macd.ts";
import { rma } from "../../lib/signal/rma.ts";
import { roc } from "../../lib/signal/roc.ts";
import { rsi } from "../../lib/signal/rsi.ts";
import { sma } from "../../lib/signal/sma.ts";
import { rollingStdDev } from "../../lib/signal/std_dev.ts";
import { stochastic } from "../../lib/signal/stochastic.ts";
import { supertrend } from "../../lib/signal/supertrend.ts";
import { trueRange } from "../../lib/signal/true_range.ts";
import { rollingVwap, typicalPrice, vwap } from "../../lib/signal/vwap.ts";
import { williamsR } from "../../lib/signal/williams_r.ts";
import { wma } from "../../lib/signal/wma.ts";

const LENGTH = 100_000;

const bars = randomBars();
const { close } = bars;
const { values } = close;
const weighted = { prices: typicalPrice(bars), volumes: bars.volume.values };

/** A random walk in ticks of 0.01 around 10,000. */
function randomBars(): Bars {
  const random = randomStreams(42)("bench");
  const column = (unit: (t: number) => number): Column =>
    decimalColumn(Float64Array.from({ length: LENGTH }, (_, t) => unit(t)), 2);
  let price = 1_000_000;
  const close = column(() => price += random.int(-20, 20));
  const units = close.units as Float64Array;
  return {
    length: LENGTH,
    times: Float64Array.from({ length: LENGTH }, (_, t) => t * 60_000),
    open: close,
    high: column((t) => units[t]! + random.int(0, 20)),
    low: column((t) => units[t]! - random.int(0, 20)),
    close,
    volume: column(() => random.int(0, 1000)),
  };
}

const indicators: Readonly<Record<string, (window: number) => unknown>> = {
  "sma": (window) => sma(close, window),
  "ema": (window) => ema(values, window),
  "wma": (window) => wma(close, window),
  "rma": (window) => rma(values, window),
  "rollingStdDev": (window) => rollingStdDev(close, window),
  "rollingMinimum": (window) => rollingMinimum(values, window),
  "rollingMaximum": (window) => rollingMaximum(values, window),
  "rsi": (window) => rsi(close, window),
  "macd": (window) => macd(values, { fast: window / 2, slow: window, signal: 9 }),
  "bollinger": (window) => bollinger(close, { window, width: 2 }),
  "trueRange": () => trueRange(bars),
  "atr": (window) => atr(bars, window),
  "donchian": (window) => donchian(bars, window),
  "keltner": (window) => keltner(bars, { window, atrWindow: window, multiplier: 2 }),
  "stochastic": (window) => stochastic(bars, { window, smooth: 3, signal: 3 }),
  "williamsR": (window) => williamsR(bars, window),
  "roc": (window) => roc(close, window),
  "supertrend": (window) => supertrend(bars, { window, multiplier: 3 }),
  "vwap": () => vwap(bars, "day"),
  "rollingVwap": (window) => rollingVwap(weighted, window),
};

for (const [name, indicator] of Object.entries(indicators)) {
  // The time must not depend on the window.
  for (const window of indicator.length === 0 ? [0] : [20, 2000]) {
    const what = window === 0 ? name : `${name}, window ${window}`;
    Deno.bench(`${what}, 100,000 bars`, () => void indicator(window));
  }
}
