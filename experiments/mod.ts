/**
 * The bundled experiments. A new one is a file in this folder and its line
 * here; the imports are literal, so that they need no permission and
 * `deno compile` embeds them. `deno task experiments:new` writes both.
 *
 * @module
 */

import type { ExperimentTable } from "../lib/experiment.ts";

/** Experiments by name, in alphabetical order. */
export const experiments: ExperimentTable = {
  "bollinger-reversal": () => import("./bollinger_reversal.ts"),
  "buy-and-hold": () => import("./buy_and_hold.ts"),
  "donchian-breakout": () => import("./donchian_breakout.ts"),
  "ema-cross": () => import("./ema_cross.ts"),
  "macd": () => import("./macd.ts"),
  "momentum": () => import("./momentum.ts"),
  "random": () => import("./random.ts"),
  "rolling-mean": () => import("./rolling_mean.ts"),
  "rsi-reversal": () => import("./rsi_reversal.ts"),
  "sma-cross": () => import("./sma_cross.ts"),
  "supertrend": () => import("./supertrend.ts"),
  "volatility-filter": () => import("./volatility_filter.ts"),
};
